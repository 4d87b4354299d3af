"""The people of an edition: roles given and taken, ways in handed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts import policy, services
from contest.accounts.devices import device_name
from contest.accounts.forms import GIVABLE, ROLE_WORDS, PersonForm, ProofForm, RoleForm, SheetForm
from contest.accounts.logins import normal_login
from contest.accounts.people import Device, PersonFacts
from contest.accounts.queries import devices_of, people_of, person_of
from contest.accounts.roles import Role
from contest.accounts.second.queries import has_second_factor
from contest.accounts.second.services import remove_everything
from contest.accounts.views.account import this_account
from contest.accounts.views.mailed import mail_invitation
from contest.accounts.views.notices import tell
from contest.accounts.views.proving import proven
from contest.accounts.views.sheets import issue_cards, qr_sheet
from contest.editions.facts import EditionFacts
from contest.editions.policy import can_organise
from contest.editions.queries import round_heads
from contest.editions.views.guards import organisers_only
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.limits import failed, limiter
from contest.web.messages import sentence
from contest.web.navigation import NavItem, provider

blueprint = Blueprint("people", __name__)
ROLE_ORDER = tuple(Role)


@provider
def menu(edition: EditionFacts | None, identity: Any) -> Iterator[NavItem]:
    if edition is not None and can_organise(identity, edition):
        yield NavItem(_("People"), url_for("people.people", edition_code=edition.code), "people", 70)
        yield NavItem(_("Outbox"), url_for("outbox.outbox", edition_code=edition.code), "envelope", 75)


def _list(edition: EditionFacts, form: PersonForm) -> str:
    everybody = people_of(edition.id, clock.now())
    groups = [(role, [person for person in everybody if role in person.roles_in(edition.id)]) for role in ROLE_ORDER]
    return render_template(
        "editions/people.html", form=form, groups=[group for group in groups if group[1]], total=len(everybody)
    )


@blueprint.get("/e/<edition_code>/organise/people")
@organisers_only
def people(edition: EditionFacts) -> ResponseReturnValue:
    return _list(edition, PersonForm())


@blueprint.post("/e/<edition_code>/organise/people")
@organisers_only
@proven
def add(edition: EditionFacts) -> ResponseReturnValue:
    form = PersonForm()
    if not form.validate_on_submit():
        return _list(edition, form), 422
    email, phone = normal_login(form.contact.data) if form.contact.data else ("", "")
    try:
        with unit_of_work():
            user = services.add_person(
                name=form.name.data or "",
                email=email or None,
                phone=phone or None,
                role=Role(form.role.data),
                edition_id=edition.id,
                actor_id=current_user.id,
                now=clock.now(),
            )
            public_id, name = user.public_id, user.name
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _list(edition, form), 422
    flash(_("%(name)s is on the list. Now hand over a way in.", name=name), "success")
    return _to_person(edition, public_id)


@blueprint.post("/e/<edition_code>/organise/people/sheet")
@organisers_only
@proven
def sheet(edition: EditionFacts) -> ResponseReturnValue:
    chosen = set(SheetForm().person.data or [])
    found = [person for person in people_of(edition.id, clock.now()) if person.public_id in chosen]
    back = url_for("people.people", edition_code=edition.code)
    if not found:
        flash(_("Tick the people first, then print their codes."), "warning")
        return redirect(back, 303)
    return qr_sheet(found, edition, back_href=back)


def _load(edition: EditionFacts, public_id: str) -> PersonFacts:
    person = person_of(edition.id, public_id, clock.now())
    if person is None:
        raise NotFound
    return person


def _to_person(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    return redirect(url_for("people.person", edition_code=edition.code, public_id=public_id), 303)


@blueprint.get("/e/<edition_code>/organise/people/<public_id>")
@organisers_only
def person(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    return _person_page(edition, _load(edition, public_id), RoleForm())


def _person_page(edition: EditionFacts, found: PersonFacts, form: RoleForm, proof: ProofForm | None = None) -> str:
    held = sorted(found.roles_in(edition.id), key=ROLE_ORDER.index)
    form.role.choices = [(role.value, ROLE_WORDS[role]) for role in GIVABLE if role not in held]
    return render_template(
        "editions/people_person.html",
        person=found,
        form=form,
        held=held,
        givable=GIVABLE,
        may_issue=policy.can_issue_link(current_user, found),
        devices=_devices(found),
        rounds={one.id: one.name for one in round_heads(edition.id)},
        device_name=device_name,
        sends_mail=bool(current_app.config["SMTP_URL"]),
        second_step=_removable(found),
        proof=proof or ProofForm(formdata=None),
    )


def _removable(found: PersonFacts) -> bool:
    return policy.can_remove_second_factor(current_user) and has_second_factor(found.id)


@blueprint.post("/e/<edition_code>/organise/people/<public_id>/second-step/remove")
@limiter.limit("10 per 15 minutes", key_func=this_account, deduct_when=failed)
@organisers_only
def remove_second_factor(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    found, form, now = _load(edition, public_id), ProofForm(), clock.now()
    if not policy.can_remove_second_factor(current_user):
        raise NotFound
    if not form.validate_on_submit():
        return _person_page(edition, found, RoleForm(formdata=None), form), 422
    with unit_of_work():
        remove_everything(user_id=found.id, actor_id=current_user.id, now=now)
        tell(found.id, "removed", now)
    flash(_("%(name)s signs in without a second step, and on every device anew.", name=found.name), "success")
    return _to_person(edition, public_id)


def _devices(found: PersonFacts) -> list[Device]:
    # Whom the organiser may let in, the organiser may also put out.
    if not policy.can_issue_link(current_user, found):
        return []
    return devices_of(found.id, current_user.session, clock.now())


@blueprint.post("/e/<edition_code>/organise/people/<public_id>/devices/<int:session_id>/end")
@organisers_only
def end_device(edition: EditionFacts, public_id: str, session_id: int) -> ResponseReturnValue:
    found = _load(edition, public_id)
    if session_id not in {one.id for one in _devices(found)}:
        raise NotFound
    with unit_of_work():
        services.end_device(session_id=session_id, user_id=found.id, actor_id=current_user.id, now=clock.now())
    flash(_("The device is cut off: its next request asks to sign in."), "success")
    return _to_person(edition, public_id)


@blueprint.post("/e/<edition_code>/organise/people/<public_id>/roles")
@organisers_only
@proven
def grant(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    found, form = _load(edition, public_id), RoleForm()
    if not form.validate_on_submit():
        return _person_page(edition, found, form), 422
    with unit_of_work():
        services.grant_role(
            user_id=found.id,
            edition_id=edition.id,
            role=Role(form.role.data),
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("The role is given. It holds from the next page on."), "success")
    return _to_person(edition, public_id)


@blueprint.post("/e/<edition_code>/organise/people/<public_id>/roles/remove")
@organisers_only
@proven
def remove_role(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    found = _load(edition, public_id)
    role = next((role for role in GIVABLE if role == request.form.get("role")), None)
    if role is None:
        raise NotFound
    try:
        with unit_of_work():
            services.revoke_role(
                user_id=found.id, edition_id=edition.id, role=role, actor_id=current_user.id, now=clock.now()
            )
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _person_page(edition, _load(edition, public_id), RoleForm(formdata=None)), 409
    flash(_("The role is taken back."), "success")
    if found.id == current_user.id:
        return redirect("/", 303)
    gone = found.roles_in(edition.id) == {role}
    return (
        redirect(url_for("people.people", edition_code=edition.code), 303) if gone else _to_person(edition, public_id)
    )


def _refuse_reaching_too_far(found: PersonFacts) -> None:
    if not policy.can_issue_link(current_user, found):
        raise RuleBroken("link_reaches_too_far", name=found.name)


@blueprint.post("/e/<edition_code>/organise/people/<public_id>/link")
@organisers_only
@proven
def issue(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    found = _load(edition, public_id)
    _refuse_reaching_too_far(found)
    # Shown in the answer to the POST and never again: the database keeps hashes only.
    return render_template("editions/people_link.html", person=found, way=issue_cards([found], edition)[0])


@blueprint.post("/e/<edition_code>/organise/people/<public_id>/link/mail")
@organisers_only
@proven
def mail_link(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    found = _load(edition, public_id)
    if found.email is None:
        raise NotFound
    with unit_of_work():
        mail_invitation(found, edition, private=not policy.can_issue_link(current_user, found))
    flash(_("The mail to %(address)s is in the outbox.", address=found.email), "success")
    return _to_person(edition, public_id)


@blueprint.post("/e/<edition_code>/organise/people/<public_id>/links/revoke")
@organisers_only
def revoke(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    found = _load(edition, public_id)
    with unit_of_work():
        services.revoke_links(user_id=found.id, edition_id=edition.id, actor_id=current_user.id, now=clock.now())
    flash(_("All unused links and codes of %(name)s are worthless now.", name=found.name), "success")
    return _to_person(edition, public_id)
