"""The committee's pages: consents of all members, papers that are filed, how the edition asks, and in which words."""

from __future__ import annotations

from flask import abort, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions import services as editions
from contest.editions.facts import EditionFacts
from contest.editions.views.guards import organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.papers.services import received_scan
from contest.privacy.forms.consents import GIVER_WORDS, PURPOSE_WORDS, SHORT_WORDS, PaperForm, PrivacyForm, TextForm
from contest.privacy.queries.consents import scan_of
from contest.privacy.views.blueprint import blueprint
from contest.privacy.views.showing import PurposeLine, lines_of, lines_of_all
from contest.submissions.consenting import Giver, Means, Purpose
from contest.submissions.queries.consent_texts import words_of
from contest.submissions.queries.consents import MemberConsents, members_with_consents, privacy_rules_of
from contest.submissions.services.consent_giving import member_with_consents
from contest.submissions.services.consent_texts import write_text
from contest.submissions.services.consents import Scan, Word, say
from contest.web.messages import sentence

BASE = "/e/<edition_code>/organise/privacy"
MOST_SHOWN = 2_000


@blueprint.get(f"{BASE}/consents")
@organisers_only
def all_consents(edition: EditionFacts) -> ResponseReturnValue:
    now = clock.now()
    members = members_with_consents(edition.id)[:MOST_SHOWN]
    rows: list[tuple[MemberConsents, tuple[PurposeLine, ...]]] = list(
        zip(members, lines_of_all(edition.id, members, now), strict=True)
    )
    return render_template(
        "privacy/consents.html",
        rows=rows,
        lacking=sum(not lines[0].given for _one, lines in rows),
        required=privacy_rules_of(edition.id).required,
        short=SHORT_WORDS,
    )


def _paper_page(
    edition: EditionFacts, member: MemberConsents, form: PaperForm, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "privacy/paper.html",
        member=member,
        lines=lines_of(edition.id, member, clock.now()),
        form=form,
        purposes=PURPOSE_WORDS,
        givers=GIVER_WORDS,
    )
    return page, status


@blueprint.get(f"{BASE}/consents/<int:member_id>")
@organisers_only
def one_member(edition: EditionFacts, member_id: int) -> ResponseReturnValue:
    return _paper_page(edition, member_with_consents(edition.id, member_id), PaperForm(formdata=None))


@blueprint.post(f"{BASE}/consents/<int:member_id>/paper")
@organisers_only
def file_paper(edition: EditionFacts, member_id: int) -> ResponseReturnValue:
    member, form = member_with_consents(edition.id, member_id), PaperForm()
    upload = form.scan.data
    if not form.validate_on_submit():
        return _paper_page(edition, member, form, 422)
    if not form.purposes or not upload:
        form.form_errors.append(_("Tick what the paper says yes to and choose its scan."))
        return _paper_page(edition, member, form, 422)
    try:
        with (
            received_scan(current_app.extensions["storage"], upload.stream, filename=upload.filename or "") as scan,
            unit_of_work(),
        ):
            say(
                team_id=member.team_id,
                name=member.name,
                purposes=form.purposes,
                givers=form.givers,
                given=True,
                word=Word(
                    Means.PAPER,
                    giver_name=form.guardian.data or "",
                    attested_by=form.attested.data or "",
                    scan=Scan(scan.stored.key, scan.filename, scan.content_type, scan.stored.sha256),
                ),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _paper_page(edition, member, form, 422)
    flash(_("The paper is filed, with its SHA-256 and your name."), "success")
    return redirect(url_for("privacy.one_member", edition_code=edition.code, member_id=member_id), 303)


@blueprint.get(f"{BASE}/papers/<consent_record>")
@organisers_only
def scan(edition: EditionFacts, consent_record: str) -> ResponseReturnValue:
    found = scan_of(edition.id, consent_record)
    if found is None or found.scan_key is None:
        abort(404)
    try:
        stream = current_app.extensions["storage"].open(found.scan_key)
    except FileNotFoundError:
        abort(404)
    answer = send_file(stream, mimetype=found.scan_type, as_attachment=True, download_name=found.scan_name, max_age=0)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _settings_page(edition: EditionFacts, form: PrivacyForm, status: int = 200) -> ResponseReturnValue:
    texts = [
        (purpose, audience, words_of(edition.id, purpose, audience, "vi"))
        for purpose in Purpose
        for audience in (Giver.CHILD, Giver.GUARDIAN)
    ]
    page = render_template("privacy/settings.html", form=form, texts=texts, purposes=PURPOSE_WORDS, givers=GIVER_WORDS)
    return page, status


@blueprint.get(f"{BASE}/settings")
@organisers_only
def settings(edition: EditionFacts) -> ResponseReturnValue:
    rules = privacy_rules_of(edition.id)
    data = {name: getattr(rules, name) for name in ("required", "country", "guardian_under", "contact")}
    return _settings_page(edition, PrivacyForm(formdata=None, data={**data, "ask": rules.ask.value}))


@blueprint.post(f"{BASE}/settings")
@organisers_only
def save_settings(edition: EditionFacts) -> ResponseReturnValue:
    form = PrivacyForm()
    if not form.validate_on_submit():
        return _settings_page(edition, form, 422)
    try:
        with unit_of_work():
            editions.set_privacy_rules(
                edition_id=edition.id, rules=form.rules(), actor_id=current_user.id, now=clock.now()
            )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _settings_page(edition, form, 422)
    flash(_("Saved."), "success")
    return redirect(url_for("privacy.settings", edition_code=edition.code), 303)


def _text_page(purpose: Purpose, audience: Giver, form: TextForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "privacy/text.html",
        form=form,
        purpose=purpose,
        audience=audience,
        purposes=PURPOSE_WORDS,
        givers=GIVER_WORDS,
    )
    return page, status


def _which(purpose: str, audience: str) -> tuple[Purpose, Giver]:
    try:
        found = Purpose(purpose), Giver(audience)
    except ValueError:
        abort(404)
    if found[1] is Giver.OF_AGE:  # reads the words of the members
        abort(404)
    return found


@blueprint.get(f"{BASE}/texts/<purpose>/<audience>")
@organisers_only
def text(edition: EditionFacts, purpose: str, audience: str) -> ResponseReturnValue:
    which = _which(purpose, audience)
    data = {f"words_{one}": words_of(edition.id, *which, one) for one in ("vi", "en")}
    return _text_page(*which, TextForm(formdata=None, data=data))


@blueprint.post(f"{BASE}/texts/<purpose>/<audience>")
@organisers_only
def save_text(edition: EditionFacts, purpose: str, audience: str) -> ResponseReturnValue:
    which, form = _which(purpose, audience), TextForm()
    if not form.validate_on_submit():
        return _text_page(*which, form, 422)
    try:
        with unit_of_work():
            for one in ("vi", "en"):
                write_text(
                    edition_id=edition.id,
                    purpose=which[0],
                    audience=which[1],
                    language=one,
                    words=form[f"words_{one}"].data or "",
                    actor_id=current_user.id,
                    now=clock.now(),
                )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _text_page(*which, form, 422)
    flash(_("Saved. Whoever agrees from now on reads these words; earlier consents keep theirs."), "success")
    return redirect(url_for("privacy.settings", edition_code=edition.code), 303)
