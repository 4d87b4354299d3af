"""Whom certificates name: volunteers, and consents to print the names of young people."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.certificates.forms import ConsentForm, VolunteersForm
from contest.certificates.kinds import Basis
from contest.certificates.queries.people import members_of, volunteers_of
from contest.certificates.queries.register import today_in
from contest.certificates.roll import OF_AGE
from contest.certificates.services import people as services
from contest.certificates.views.blueprint import blueprint
from contest.certificates.views.organiser import BASE
from contest.editions.facts import EditionFacts
from contest.editions.views.guards import organisers_only
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.submissions.consenting import age_at
from contest.web.doubled import may_repeat
from contest.web.forms import ActionForm, whole
from contest.web.messages import sentence

may_repeat("member")


def asked_members() -> list[int]:
    """Return the members that were ticked; one that is no number names nobody."""
    try:
        return [whole(one) for one in request.form.getlist("member")]
    except ValueError as refused:
        raise NotFound from refused


def recorded(edition: EditionFacts, form: ConsentForm, *, captain_id: int | None = None) -> bool:
    """Record what was ticked and say for how many; False, with its words in the form, when the form is refused."""
    asked = asked_members()
    if not form.validate_on_submit() or not asked:
        if not asked:
            form.form_errors.append(_("Tick at least one person."))
        return False
    with unit_of_work():
        count = services.record_consents(
            edition_id=edition.id,
            member_ids=asked,
            basis=Basis(form.basis.data),
            how=form.how.data or "",
            actor_id=current_user.id,
            now=clock.now(),
            captain_id=captain_id,
        )
    flash(ngettext("Recorded for %(num)s person.", "Recorded for %(num)s people.", count), "success")
    return True


@blueprint.get(f"{BASE}/consents")
@organisers_only
def consents(edition: EditionFacts) -> ResponseReturnValue:
    return _consents_page(edition, ConsentForm(formdata=None))


def _consents_page(edition: EditionFacts, form: ConsentForm) -> str:
    today = today_in(edition, clock.now())
    members = members_of(edition.id)
    ages = {one.member_id: age_at(one.birth_date, today) for one in members if one.birth_date}
    return render_template(
        "certificates/consents.html", members=members, ages=ages, of_age=OF_AGE, form=form, Basis=Basis
    )


@blueprint.post(f"{BASE}/consents")
@organisers_only
def record(edition: EditionFacts) -> ResponseReturnValue:
    form = ConsentForm()
    if not recorded(edition, form):
        return _consents_page(edition, form), 422
    return redirect(url_for("certificates.consents", edition_code=edition.code), 303)


@blueprint.post(f"{BASE}/consents/<consent_id>/end")
@organisers_only
def end(edition: EditionFacts, consent_id: str) -> ResponseReturnValue:
    if ActionForm().validate_on_submit():
        with unit_of_work():
            services.end_consent(edition_id=edition.id, public_id=consent_id, actor_id=current_user.id, now=clock.now())
        flash(_("Noted as taken back. Revoke the certificates that bear the name."), "success")
    return redirect(url_for("certificates.consents", edition_code=edition.code), 303)


@blueprint.get(f"{BASE}/volunteers")
@organisers_only
def volunteers(edition: EditionFacts) -> ResponseReturnValue:
    return _volunteers_page(edition, VolunteersForm(formdata=None))


def _volunteers_page(edition: EditionFacts, form: VolunteersForm) -> str:
    return render_template("certificates/volunteers.html", people=volunteers_of(edition.id), form=form)


@blueprint.post(f"{BASE}/volunteers")
@organisers_only
def add(edition: EditionFacts) -> ResponseReturnValue:
    form = VolunteersForm()
    if not form.validate_on_submit():
        return _volunteers_page(edition, form), 422
    try:
        people = form.read()
        with unit_of_work():
            count = services.add_volunteers(
                edition_id=edition.id, people=people, actor_id=current_user.id, now=clock.now()
            )
    except RuleBroken as refused:
        form.people.errors = [sentence(refused)]
        return _volunteers_page(edition, form), 422
    flash(ngettext("%(num)s volunteer was added.", "%(num)s volunteers were added.", count), "success")
    return redirect(url_for("certificates.volunteers", edition_code=edition.code), 303)


@blueprint.post(f"{BASE}/volunteers/<volunteer_id>/remove")
@organisers_only
def remove(edition: EditionFacts, volunteer_id: str) -> ResponseReturnValue:
    if ActionForm().validate_on_submit():
        with unit_of_work():
            services.remove_volunteer(
                edition_id=edition.id, public_id=volunteer_id, actor_id=current_user.id, now=clock.now()
            )
        flash(_("Taken off the list."), "success")
    return redirect(url_for("certificates.volunteers", edition_code=edition.code), 303)
