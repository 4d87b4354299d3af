"""The committee's menu entries and overview cards about judging."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from contest.accounts.roles import Identity, Nobody
from contest.editions.facts import EditionFacts
from contest.editions.phases import RoundState
from contest.editions.policy import can_see_committee_pages
from contest.editions.queries import round_heads
from contest.editions.views.overview_cards import Card, card_provider
from contest.judging.queries.panel import Work, judges_of, work_by_round
from contest.judging.queries.stakes import rounds_closed_to
from contest.web.formats import local
from contest.web.navigation import NavItem, provider


@provider
def panel_items(edition: EditionFacts | None, identity: Identity | Nobody) -> Iterable[NavItem]:
    if edition is not None and can_see_committee_pages(identity, edition):
        code = edition.code
        yield NavItem(_("Judges"), url_for("panel.judges", edition_code=code), "award", order=40)
        yield NavItem(_("Assign and follow"), url_for("assignments.rounds", edition_code=code), "list-check", order=45)


@card_provider
def panel_cards(edition: EditionFacts, identity: Identity | Nobody) -> Iterable[Card]:
    judges = judges_of(edition.id)
    waiting = sum(judge.last_sign_in is None for judge in judges)
    yield Card(
        title=_("Judges"),
        value=str(len(judges)),
        hint=ngettext("%(num)s has not signed in yet", "%(num)s have not signed in yet", waiting) if waiting else "",
        href=url_for("panel.judges", edition_code=edition.code),
        order=40,
    )
    work = work_by_round(edition.id)
    scoring = [one for one in round_heads(edition.id) if one.state is RoundState.SCORING]
    closed = rounds_closed_to(edition.code, identity) if scoring else ()
    for one in scoring:
        if one.code not in closed:
            done = work.get(one.id, Work())
            yield Card(
                title=_("Scorecards handed in"),
                value=f"{done.done}/{done.assigned}",
                hint=local(one.name),
                href=url_for("progress.progress", edition_code=edition.code, round_code=one.code),
                order=45,
            )
