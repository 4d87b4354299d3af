"""The page on which a team writes its submission: save, autosave, files, preview."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import BinaryIO

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.parts import PartSpec
from contest.editions.phases import Window
from contest.editions.queries import extensions_of
from contest.errors import NotFound, Refused, RuleBroken, StorageFull
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.infra.partial import current_partials
from contest.infra.scanner import current_scanner
from contest.submissions import queries, services
from contest.submissions.completeness import SUMMARY_WORDS, checklist, part_key
from contest.submissions.facts import Access
from contest.submissions.forms.draft import DraftForm, draft_form
from contest.submissions.lifecycle import Act, SubmissionStatus, allows
from contest.submissions.queries import Desk
from contest.submissions.views import wording
from contest.submissions.views.blueprint import blueprint
from contest.submissions.views.consent_lines import consent_lines
from contest.submissions.views.eligibility import eligibility_lines
from contest.submissions.views.guards import own_submission
from contest.submissions.views.quota import quota
from contest.submissions.views.tus import own_partial
from contest.web.forms import ActionForm


def address(edition: EditionFacts, access: Access, endpoint: str = "draft", anchor: str = "") -> str:
    """Return the address of one of the team's pages."""
    return url_for(
        f"submissions.{endpoint}",
        edition_code=edition.code,
        submission_id=access.public_id,
        _anchor=anchor or None,
    )


def accepts(edition: EditionFacts, access: Access, now: datetime) -> bool:
    """Tell whether the team may write: until the deadline, and a draft also in the minutes of grace."""
    return edition.accepts_submissions(now) or grace_ends(edition, access, now) is not None


def grace_ends(edition: EditionFacts, access: Access, now: datetime) -> datetime | None:
    """Return when the minutes of grace end, for a draft inside them."""
    if access.status is not SubmissionStatus.DRAFT or not edition.accepts_late(now) or not edition.submissions_close:
        return None
    return edition.submissions_close + timedelta(minutes=edition.grace_minutes)


def _page(edition: EditionFacts, access: Access, desk: Desk, form: DraftForm, *, stale: bool = False) -> str:
    now = clock.now()
    open_now = accepts(edition, access, now)
    page = address(edition, access)
    return render_template(
        "submissions/draft.html",
        desk=desk,
        form=form,
        access=access,
        action=ActionForm(),
        editable=open_now and allows(desk.status, Act.EDIT),
        open_now=open_now,
        over=edition.window(now) is Window.AFTER and not open_now,
        grace_ends=grace_ends(edition, access, now),
        extensions=[one for one in extensions_of(edition.id) if not one.round_code],
        findings=eligibility_lines(edition, access),
        stale=stale,
        lines=[*(wording.line(item, "") for item in desk.items), *consent_lines(edition, access, now)],
        page=page,
        uploads=address(edition, access, "begin_upload"),
        limits=wording.limits,
        summary_words=SUMMARY_WORDS,
        download=partial(_download, edition, access),
    )


def _download(edition: EditionFacts, access: Access, file_id: str) -> str:
    return url_for("submissions.team_file", edition_code=edition.code, submission_id=access.public_id, file_id=file_id)


def _blind_copy(edition: EditionFacts, access: Access, file_id: str) -> str:
    return url_for(
        "submissions.team_judges_copy", edition_code=edition.code, submission_id=access.public_id, file_id=file_id
    )


@blueprint.get("/e/<edition_code>/team/<submission_id>/")
@own_submission
def draft(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    desk = queries.desk_of(access)
    return _page(edition, access, desk, draft_form(desk))


@blueprint.post("/e/<edition_code>/team/<submission_id>/")
@own_submission
def save(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    desk = queries.desk_of(access)
    form = draft_form(desk)
    if not form.validate_on_submit():
        return _page(edition, access, desk, form), 422
    try:
        _save(access, form)
    except (RuleBroken, StorageFull) as refused:
        return _refused(edition, access, form, refused)
    except NotFound:  # the file was removed in another tab: it is gone, which was the wish
        return redirect(address(edition, access), 303)
    if form.check.data:
        return redirect(address(edition, access, "check"), 303)
    flash(_("Saved."), "success")
    uploaded = form.touched_part
    return redirect(address(edition, access, anchor=part_key(uploaded) if uploaded else ""), 303)


def _save(access: Access, form: DraftForm) -> None:
    """Save texts and files together or not at all; the bytes of a refused upload are removed again."""
    with ExitStack() as stack:
        received = [_received(stack, file) for file in [*_sent_along(stack, form), *_sent_before(stack, access, form)]]
        stack.enter_context(unit_of_work())
        now, actor = clock.now(), current_user.id
        services.save_draft(
            submission_id=access.id, version=form.version.data or 0, draft=form.draft, actor_id=actor, now=now
        )
        for file in received:
            services.add_file(submission_id=access.id, received=file, actor_id=actor, now=now, quota=quota())
        if form.remove.data:
            services.remove_file(submission_id=access.id, file_public_id=form.remove.data, actor_id=actor, now=now)
    for name in form.arrived:
        current_partials().drop(name)


@dataclass(frozen=True, slots=True)
class _Incoming:
    """A file as it came; `sha256` is what its sender says of it, or ""."""

    part: PartSpec
    filename: str
    stream: BinaryIO
    sha256: str = ""


def _received(stack: ExitStack, file: _Incoming) -> services.Received:
    storage = current_app.extensions["storage"]
    return stack.enter_context(
        services.received_file(
            storage,
            file.stream,
            filename=file.filename,
            part=file.part,
            sha256=file.sha256,
            scanner=current_scanner(),
        )
    )


def _sent_along(stack: ExitStack, form: DraftForm) -> Iterator[_Incoming]:
    """Yield the files that came with the form."""
    for part, sent in form.uploads:
        stack.callback(sent.close)
        yield _Incoming(part, sent.filename or "", sent.stream)  # type: ignore[arg-type]  # an IO of bytes


def _sent_before(stack: ExitStack, access: Access, form: DraftForm) -> Iterator[_Incoming]:
    """Yield the files that came in pieces and that the form names; raise `RuleBroken` "upload_unfinished"."""
    for name in form.arrived:
        partial = own_partial(access, name)
        part = None if partial is None else form.file_part(partial.facts["part"])
        if partial is None or part is None or not partial.whole:
            raise RuleBroken("upload_unfinished")
        stream = stack.enter_context(current_partials().open(partial))
        yield _Incoming(part, partial.facts["filename"], stream, partial.facts["sha256"])


def _refused(edition: EditionFacts, access: Access, form: DraftForm, refused: Refused) -> ResponseReturnValue:
    desk = queries.desk_of(access)
    if refused.code == "stale_version":
        form.read_again(desk.version)
        return _page(edition, access, desk, form, stale=True), 409
    words = wording.refusal(refused, desk)
    key = part_key(str(refused.facts.get("part_code", "")))
    if key in form:
        form[key].errors = [*form[key].errors, words]
    else:
        form.form_errors.append(words)
    return _page(edition, access, desk, form), 507 if isinstance(refused, StorageFull) else 422


@blueprint.post("/e/<edition_code>/team/<submission_id>/autosave")
@own_submission
def autosave(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    del edition
    desk = queries.desk_of(access)
    form = draft_form(desk)
    if not form.validate_on_submit():
        errors = {field.name: list(field.errors) for field in form if field.errors}
        return jsonify(errors=errors, message=_("Not saved: some fields need another look")), 422
    try:
        with unit_of_work():
            saved = services.save_draft(
                submission_id=access.id,
                version=form.version.data or 0,
                draft=form.draft,
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        return _refused_json(access, refused)
    remarks = wording.remarks(checklist(saved.content, desk.wanted))
    return jsonify(saved_at=saved.saved_at.isoformat(), version=saved.version, errors=remarks)


def _refused_json(access: Access, refused: RuleBroken) -> ResponseReturnValue:
    desk = queries.desk_of(access)
    message = wording.refusal(refused, desk)
    if refused.code == "stale_version":
        content = desk.content
        current = {
            "title": content.title,
            "summary": content.summary,
            "track": content.track or "",
            "field": content.field or "",
            **{part_key(code): text for code, text in content.texts.items()},
        }
        return jsonify(error=refused.code, message=message, version=desk.version, current=current), 409
    keys = refused.facts.get("items", ())
    return jsonify(error=refused.code, message=message, errors=dict.fromkeys(keys, message)), 422


@blueprint.get("/e/<edition_code>/team/<submission_id>/preview")
@own_submission
def preview(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    blind = request.args.get("blind") == "1"
    return render_template(
        "submissions/preview.html",
        view=queries.submission_view(access.id, blind=blind),
        back_href=address(edition, access),
        download=partial(_blind_copy if blind else _download, edition, access),
        for_committee=False,
        blind=blind,
        other_href=address(edition, access, "preview") + ("" if blind else "?blind=1"),
        names_href=address(edition, access, "team_names"),
    )
