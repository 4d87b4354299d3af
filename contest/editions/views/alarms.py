"""The alarms of an edition for its organisers, those of the site for administrators; each is looked at once."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField
from wtforms.validators import Length

from contest.accounts.queries import alarms_of, open_alarms
from contest.accounts.roles import Identity, Nobody
from contest.editions.facts import EditionFacts
from contest.editions.policy import can_organise
from contest.editions.queries import round_heads
from contest.editions.views import alarm_words as words
from contest.editions.views.guards import organisers_only
from contest.editions.views.overview_cards import Card, Person, card_provider
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.alarms import SITE, acknowledge
from contest.infra.db import unit_of_work
from contest.web import messages
from contest.web.forms import Form, no_nul
from contest.web.guards import administrator
from contest.web.navigation import NavItem, provider

blueprint = Blueprint("alarms", __name__)
MOST = 200
LONGEST_NOTE = 500
messages.register(
    {
        "alarm_about_you": _l("This alarm is about your own account: another person notes that it was looked at."),
        "alarm_acknowledged": _l("Somebody has looked at this alarm already."),
        "alarm_note": _l("This note cannot be kept: it has 500 letters at most."),
    }
)


class NoteForm(Form):
    note = StringField(_l("Note"), [Length(max=LONGEST_NOTE), no_nul])


def scope_of(edition: EditionFacts) -> str:
    return f"edition:{edition.id}"


@card_provider
def open_ones(edition: EditionFacts, person: Person) -> Iterator[Card]:
    if not can_organise(person, edition):
        return
    number = open_alarms(scope_of(edition))
    if number:
        yield Card(
            _("Open alarms"), str(number), _("somebody should look"),
            url_for("alarms.listed", edition_code=edition.code), order=1,
        )  # fmt: skip


@provider
def menu(edition: EditionFacts | None, identity: Identity | Nobody) -> Iterator[NavItem]:
    if edition is None and identity.is_admin:
        yield NavItem(_("Alarms"), url_for("alarms.of_site"), "exclamation-triangle", 90)


def _page(scope: str, edition: EditionFacts | None) -> str:
    lines = alarms_of(scope, most=MOST)
    rounds = {one.code: one.name for one in round_heads(edition.id)} if edition else {}
    return render_template("editions/alarms.html", lines=lines, words=words, rounds=rounds)


def _look_at(scope: str, alarm_id: int, back: str) -> ResponseReturnValue:
    form = NoteForm()
    if not form.validate_on_submit():
        raise RuleBroken("alarm_note")
    note = " ".join((form.note.data or "").split())
    with unit_of_work():
        acknowledge(alarm_id=alarm_id, scope=scope, note=note, actor_id=current_user.id, now=clock.now())
    flash(_("Noted: you have looked at this alarm."), "success")
    return redirect(back, 303)


@blueprint.get("/e/<edition_code>/organise/alarms")
@organisers_only
def listed(edition: EditionFacts) -> ResponseReturnValue:
    return _page(scope_of(edition), edition)


@blueprint.post("/e/<edition_code>/organise/alarms/<int:alarm_id>")
@organisers_only
def look_at(edition: EditionFacts, alarm_id: int) -> ResponseReturnValue:
    return _look_at(scope_of(edition), alarm_id, url_for("alarms.listed", edition_code=edition.code))


@blueprint.get("/alarms")
@administrator
def of_site() -> ResponseReturnValue:
    return _page(SITE, None)


@blueprint.post("/alarms/<int:site_alarm_id>")
@administrator
def look_at_site(site_alarm_id: int) -> ResponseReturnValue:
    return _look_at(SITE, site_alarm_id, url_for("alarms.of_site"))
