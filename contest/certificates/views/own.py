"""The certificates of the person who is signed in, once they may be known; and a captain's word about consents."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.roles import Identity, Nobody, Role
from contest.certificates.forms import KIND_WORDS, ConsentForm
from contest.certificates.kinds import Basis
from contest.certificates.queries.people import members_of
from contest.certificates.queries.register import own_certificates, today_in
from contest.certificates.roll import OF_AGE
from contest.certificates.services import people as services
from contest.certificates.services.register import content_in
from contest.certificates.views.blueprint import own
from contest.certificates.views.people import recorded
from contest.certificates.views.register import pdf_of
from contest.editions.facts import EditionFacts
from contest.editions.views.guards import edition_guard
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.submissions.consenting import age_at
from contest.web.forms import ActionForm
from contest.web.navigation import NavItem, provider

ROLES = (Role.CAPTAIN, Role.JUDGE, Role.CHAIR, Role.MEMBER, Role.MENTOR)


def _may_hold(identity: Identity | Nobody, edition: EditionFacts) -> bool:
    return identity.holds(edition.id, *ROLES)


def _leads(identity: Identity | Nobody, edition: EditionFacts) -> bool:
    return identity.holds(edition.id, Role.CAPTAIN)


holders_only = edition_guard(_may_hold, "holder")
captains_only = edition_guard(_leads, "captain")
BASE = "/e/<edition_code>/my-certificates"


@provider
def nav(edition: EditionFacts | None, identity: Identity | Nobody) -> list[NavItem]:
    # The same before and after the ceremony: the entry tells nothing.
    if edition is None or not identity.holds(edition.id, *ROLES):
        return []
    return [NavItem(_("My certificates"), url_for("certificate.mine", edition_code=edition.code), "award", order=68)]


@own.get(BASE)
@holders_only
def mine(edition: EditionFacts) -> ResponseReturnValue:
    return _page(edition, ConsentForm(formdata=None))


def _page(edition: EditionFacts, form: ConsentForm) -> str:
    today = today_in(edition, clock.now())
    captain = current_user.holds(edition.id, Role.CAPTAIN)
    members = members_of(edition.id, captain_id=current_user.id) if captain else ()
    return render_template(
        "certificates/mine.html",
        rows=[(row, content_in(row)) for row in own_certificates(edition.id, current_user.id)],
        kinds=KIND_WORDS,
        members=members,
        ages={one.member_id: age_at(one.birth_date, today) for one in members if one.birth_date},
        of_age=OF_AGE,
        form=form,
        Basis=Basis,
    )


@own.get(f"{BASE}/<own_certificate>/certificate.pdf")
@holders_only
def own_pdf(edition: EditionFacts, own_certificate: str) -> ResponseReturnValue:
    held = own_certificates(edition.id, current_user.id)
    row = next((row for row in held if row.public_id == own_certificate), None)
    if row is None:
        abort(404)
    return pdf_of(edition, row)


@own.post(f"{BASE}/consents")
@captains_only
def record(edition: EditionFacts) -> ResponseReturnValue:
    form = ConsentForm()
    if not recorded(edition, form, captain_id=current_user.id):
        return _page(edition, form), 422
    return redirect(url_for("certificate.mine", edition_code=edition.code), 303)


@own.post(f"{BASE}/consents/<own_consent>/end")
@captains_only
def end(edition: EditionFacts, own_consent: str) -> ResponseReturnValue:
    if ActionForm().validate_on_submit():
        with unit_of_work():
            services.end_consent(
                edition_id=edition.id,
                public_id=own_consent,
                actor_id=current_user.id,
                now=clock.now(),
                captain_id=current_user.id,
            )
        flash(_("Noted as taken back. The committee sees it."), "success")
    return redirect(url_for("certificate.mine", edition_code=edition.code), 303)
