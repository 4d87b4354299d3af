"""What is held about the person of a request: hand it out, or erase it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from contest.accounts.views.proving import proven
from contest.editions.facts import EditionFacts
from contest.editions.views.guards import organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.copies import current_copies
from contest.infra.db import unit_of_work
from contest.infra.shredding import shred
from contest.infra.storage import current_storage
from contest.privacy import services
from contest.privacy.forms.erasing import EraseForm
from contest.privacy.models import PrivacyRequest
from contest.privacy.persons import Person, Subject
from contest.privacy.queries.asked import request_in, subject_of
from contest.privacy.queries.files import NamingFile, files_naming
from contest.privacy.queries.people import person_of
from contest.privacy.queries.plan import plan_of
from contest.privacy.views.blueprint import blueprint
from contest.privacy.views.organiser import BASE
from contest.privacy.views.own import handed_out
from contest.web.messages import sentence

TABLE_WORDS: dict[str, Any] = {
    "users": _l("Accounts"),
    "team_members": _l("Entries in lists of members"),
    "teams": _l("Teams"),
    "submissions": _l("Entries"),
    "part_answers": _l("Answers"),
    "submission_files": _l("Files of the entry"),
    "receipts": _l("Receipts"),
    "consents": _l("Consents"),
    "consent_links": _l("Links for consents"),
    "certificates": _l("Certificates"),
    "certificate_files": _l("Files made for download"),
    "outbox_mails": _l("Mails"),
    "snapshots": _l("Frozen results"),
    "award_lists": _l("Settled awards"),
    "audit_entries": _l("Words in the audit trail"),
    "user_sessions": _l("Signed-in devices"),
    "memberships": _l("Roles"),
    "sign_in_links": _l("Sign-in links"),
    "privacy_requests": _l("Requests"),
    "judges": _l("Judges"),
    "volunteers": _l("Helpers"),
    "files": _l("Stored files"),
}
PERSON = f"{BASE}/requests/<privacy_request>/person"


def _asked(edition: EditionFacts, public_id: str) -> tuple[PrivacyRequest, Subject | None]:
    request = request_in(edition.id, public_id) or abort(404)
    return request, subject_of(request)


def _page(
    request: PrivacyRequest,
    subject: Subject | None,
    form: EraseForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    person = None if subject is None else person_of(subject)
    known = person is not None and person.known
    counts = plan_of(person, "").counts if person is not None and known else {}
    page = render_template(
        "privacy/person.html",
        row=request,
        known=known,
        counts=_told(counts),
        files=_files(person),
        alone=person is not None and bool(person.sole),
        form=form or EraseForm(request.name, formdata=None),
    )
    return page, status


def _files(person: Person | None) -> tuple[NamingFile, ...]:
    known = person is not None and person.known
    return files_naming(person, current_storage(), current_copies()) if person is not None and known else ()


def _told(counts: dict[str, int]) -> list[tuple[Any, int]]:
    """Return the counts in words, those of small tables together."""
    told = [(TABLE_WORDS[name], number) for name, number in counts.items() if name in TABLE_WORDS]
    rest = sum(number for name, number in counts.items() if name not in TABLE_WORDS)
    return [*told, (_("Other rows"), rest)] if rest else told


@blueprint.get(PERSON)
@organisers_only
@proven
def person(edition: EditionFacts, privacy_request: str) -> ResponseReturnValue:
    return _page(*_asked(edition, privacy_request))


@blueprint.post(f"{PERSON}/data")
@organisers_only
@proven
def hand_out(edition: EditionFacts, privacy_request: str) -> ResponseReturnValue:
    request, subject = _asked(edition, privacy_request)
    if subject is None or not person_of(subject).known:
        return _page(request, None, status=409)
    return handed_out(subject, f"edition:{edition.id}", f"request:{request.public_id}")


@blueprint.post(f"{PERSON}/erase")
@organisers_only
@proven
def erase(edition: EditionFacts, privacy_request: str) -> ResponseReturnValue:
    request, subject = _asked(edition, privacy_request)
    if subject is None:
        return _page(request, None, status=409)
    form = EraseForm(request.name)
    if not form.validate_on_submit():
        return _page(request, subject, form, 422)
    # Before the transaction: reading files takes longer than others may have to wait.
    naming = [one.public_id for one in _files(person_of(subject))]
    folder, actor_id = Path(current_app.config["DATA_DIR"]), current_user.id
    try:
        with unit_of_work():
            done = services.erase(subject, folder=folder, actor_id=actor_id, now=clock.now(), naming=naming)
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _page(*_asked(edition, privacy_request), form, 422)
    services.finish([done], storage=current_storage(), data_dir=folder)
    if shred():
        flash(_("Erased. Where the name stood, “%(alias)s” stands now.", alias=done.alias), "success")
    else:
        flash(_("Erased. The old bytes leave the disk at the next clean-up: somebody was reading just now."), "success")
    return redirect(url_for("privacy.request_page", edition_code=edition.code, privacy_request=privacy_request), 303)
