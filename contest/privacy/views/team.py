"""The consents of a team's members, on its captain's account."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.privacy.forms.consents import (
    GIVER_WORDS,
    KIND_WORDS,
    PURPOSE_WORDS,
    SHORT_WORDS,
    GiveForm,
    GuardianForm,
    RequestForm,
)
from contest.privacy.kinds import AskedBy, RequestKind
from contest.privacy.queries.requests import requests_about
from contest.privacy.services import requests as asking
from contest.privacy.views.blueprint import blueprint
from contest.privacy.views.showing import lines_of, lines_of_all, mail_link, offered
from contest.submissions.consenting import OWN, Giver, Means, Purpose
from contest.submissions.facts import Access
from contest.submissions.queries.consents import MemberConsents, members_with_consents, privacy_rules_of
from contest.submissions.queries.facts import team_of
from contest.submissions.services import consent_giving as giving
from contest.submissions.services.consent_links import issue_link
from contest.submissions.services.consents import Word, member_of
from contest.submissions.views.guards import own_submission
from contest.web.forms import ActionForm
from contest.web.limits import limiter
from contest.web.messages import sentence

BASE = "/e/<edition_code>/team/<submission_id>/consents"


@blueprint.get(BASE)
@own_submission
def consents(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    now = clock.now()
    members = members_with_consents(edition.id, team_ids=[access.team_id])
    return render_template(
        "privacy/team.html",
        access=access,
        members=list(zip(members, lines_of_all(edition.id, members, now), strict=True)),
        required=privacy_rules_of(edition.id).required,
        short=SHORT_WORDS,
        givers=GIVER_WORDS,
    )


def _member_page(
    edition: EditionFacts,
    access: Access,
    member: MemberConsents,
    *,
    give: GiveForm | None = None,
    guardian: GuardianForm | None = None,
    request: RequestForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    form, now = give or GiveForm(formdata=None), clock.now()
    texts = offered(form, edition.id, Giver.CHILD)
    lines = lines_of(edition.id, member, now)
    page = render_template(
        "privacy/member.html",
        access=access,
        member=member,
        lines=lines,
        texts=texts,
        form=form,
        guardian=guardian or GuardianForm(formdata=None),
        request_form=request or RequestForm(formdata=None),
        speaks=giving.own_giver(edition.id, member, now) is not None,
        needs_guardian=any(Giver.GUARDIAN in line.missing for line in lines),
        asked=requests_about(*member.key),
        purposes=PURPOSE_WORDS,
        givers=GIVER_WORDS,
        kinds=KIND_WORDS,
    )
    return page, status


def _found(edition: EditionFacts, access: Access, member_id: int) -> MemberConsents:
    return giving.member_with_consents(edition.id, member_id, team_id=access.team_id)


def _back(edition: EditionFacts, access: Access, member_id: int) -> ResponseReturnValue:
    target = url_for("privacy.member", edition_code=edition.code, submission_id=access.public_id, member_id=member_id)
    return redirect(target, 303)


@blueprint.get(f"{BASE}/<int:member_id>")
@own_submission
def member(edition: EditionFacts, access: Access, member_id: int) -> ResponseReturnValue:
    return _member_page(edition, access, _found(edition, access, member_id))


@blueprint.post(f"{BASE}/<int:member_id>/give")
@own_submission
def give_own(edition: EditionFacts, access: Access, member_id: int) -> ResponseReturnValue:
    form, found = GiveForm(), _found(edition, access, member_id)
    if not form.validate_on_submit():
        return _member_page(edition, access, found, give=form, status=422)
    try:
        with unit_of_work():
            giving.give_own(
                edition_id=edition.id,
                member=found,
                ticked=form.ticked,
                signed=form.signed.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _member_page(edition, access, found, give=form, status=422)
    flash(_("Recorded. It can be taken back at any time on this page."), "success")
    return _back(edition, access, member_id)


@blueprint.post(f"{BASE}/<int:member_id>/take-back/<purpose>")
@own_submission
def take_back_own(edition: EditionFacts, access: Access, member_id: int, purpose: str) -> ResponseReturnValue:
    found = _found(edition, access, member_id)
    if purpose not in {one.value for one in Purpose}:
        raise NotFound
    if ActionForm().validate_on_submit():
        now = clock.now()
        own = giving.own_giver(edition.id, found, now) or Giver.CHILD
        with unit_of_work():
            giving.take_back(
                member=found,
                purposes=[Purpose(purpose)],
                givers=[own if own in OWN else Giver.CHILD],
                word=Word(Means.SITE, by_team=True),
                actor_id=current_user.id,
                now=now,
            )
        flash(_("Taken back. It holds from now on."), "success")
    return _back(edition, access, member_id)


# The rule of three mails a day to one guardian is in the service; this only stops a machine.
@blueprint.post(f"{BASE}/<int:member_id>/guardian")
@limiter.limit("60 per minute")
@own_submission
def ask_guardian(edition: EditionFacts, access: Access, member_id: int) -> ResponseReturnValue:
    form, found = GuardianForm(), _found(edition, access, member_id)
    if not form.validate_on_submit():
        return _member_page(edition, access, found, guardian=form, status=422)
    try:
        with unit_of_work():
            now, email = clock.now(), (form.email.data or "").strip().lower()
            issued = issue_link(
                member=member_of(edition.id, member_id, team_id=access.team_id),
                giver=Giver.GUARDIAN,
                giver_name=form.guardian.data or "",
                email=email,
                actor_id=current_user.id,
                now=now,
            )
            mail_link(edition, found, token=issued.token, guardian=form.guardian.data or "", email=email, now=now)
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _member_page(edition, access, found, guardian=form, status=422)
    flash(_("A link is on its way to %(name)s. Whoever has it can agree without an account.", name=form.guardian.data))
    return _back(edition, access, member_id)


@blueprint.post(f"{BASE}/<int:member_id>/request")
@limiter.limit("60 per minute")
@own_submission
def ask(edition: EditionFacts, access: Access, member_id: int) -> ResponseReturnValue:
    form, found, team = RequestForm(), _found(edition, access, member_id), team_of(access.team_id)
    if not form.validate_on_submit():
        return _member_page(edition, access, found, request=form, status=422)
    try:
        with unit_of_work():
            asking.ask(
                edition_id=edition.id,
                kind=RequestKind(form.kind.data),
                about=asking.About(found.name, found.team_id),
                asker=asking.Asker(AskedBy.PERSON, current_user.name, team.email if team else ""),
                words=form.words.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _member_page(edition, access, found, request=form, status=422)
    flash(_("Your request has reached the organising committee."), "success")
    return _back(edition, access, member_id)
