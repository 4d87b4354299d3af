"""The organiser's overview: where the edition stands, what is missing, what comes next; and the acts on its state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from contest.accounts.roles import Identity, Nobody
from contest.editions import services
from contest.editions.agenda import next_act, timeline
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.forms.rounds import KIND_WORDS
from contest.editions.moments import offset_label
from contest.editions.phases import RoundState
from contest.editions.policy import can_organise, can_see_committee_pages
from contest.editions.queries import FEWEST_OBSERVERS, edition_by_code, observers_of, round_head
from contest.editions.readiness import gaps
from contest.editions.views.blueprint import blueprint
from contest.editions.views.checklist import Readiness, href_of, readiness
from contest.editions.views.guards import committee_readers, organisers_only
from contest.editions.views.overview_cards import cards
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.messages import sentence
from contest.web.navigation import NavItem, provider

EDITION_ACTS: dict[str, tuple[Callable[..., None], Any]] = {
    "announce": (services.announce, _l("The edition is announced: everybody sees it now.")),
    "unannounce": (services.unannounce, _l("The edition is a draft again.")),
    "archive": (services.archive, _l("The edition is archived: it can be read, not changed.")),
    "restore": (services.restore, _l("The edition is out of the archive.")),
}


@provider
def menu(edition: EditionFacts | None, identity: Identity | Nobody) -> Iterator[NavItem]:
    if edition is None:
        return
    if can_see_committee_pages(identity, edition):
        yield NavItem(_("Overview"), url_for("editions.overview", edition_code=edition.code), "house", 10)
    if can_organise(identity, edition):
        yield NavItem(_("Set-up"), url_for("editions.setup", edition_code=edition.code), "sliders", 20)


def _page(edition: EditionFacts, status: int = 200) -> ResponseReturnValue:
    now = clock.now()
    state = readiness(edition)
    rounds = state.set_up.rounds
    page = render_template(
        "editions/overview.html",
        readiness=state,
        cards=cards(edition, current_user),
        rounds=rounds,
        entries=timeline(edition, rounds, now),
        window=edition.window(now).value,
        next=next_act(edition, rounds, ready=state.ready, now=now),
        mend_href=_mend_href(edition, state),
        few_observers=_few_observers(edition, rounds),
        may_organise=can_organise(current_user, edition),
        kind_words=KIND_WORDS,
        zone=offset_label(edition.timezone, now),
    )
    return page, status


def _few_observers(edition: EditionFacts, rounds: Iterable[RoundFacts]) -> bool:
    if edition.is_test or not any(one.state is RoundState.SCORING for one in rounds):
        return False
    return len(observers_of(f"edition:{edition.id}")) < FEWEST_OBSERVERS


def _mend_href(edition: EditionFacts, state: Readiness) -> str:
    missing = gaps(state.checks)
    return href_of(edition, missing[0]) if missing else ""


@blueprint.get("/e/<edition_code>/organise/")
@committee_readers
def overview(edition: EditionFacts) -> ResponseReturnValue:
    return _page(edition)


@blueprint.post("/e/<edition_code>/organise/<any(announce, unannounce, archive, restore):verb>")
@organisers_only
def edition_act(edition: EditionFacts, verb: str) -> ResponseReturnValue:
    act, words = EDITION_ACTS[verb]
    return _done(edition, words, lambda: act(edition_id=edition.id, actor_id=current_user.id, now=clock.now()))


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/open")
@organisers_only
def open_round(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    found = round_head(edition.id, round_code)
    if found is None:
        raise NotFound
    return _done(
        edition,
        _("Scoring is open."),
        lambda: services.open_scoring(round_id=found.id, actor_id=current_user.id, now=clock.now()),
    )


def _done(edition: EditionFacts, words: Any, act: Callable[[], None]) -> ResponseReturnValue:
    try:
        with unit_of_work():
            act()
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _page(edition_by_code(edition.code) or edition, 409)
    flash(words, "success")
    return redirect(url_for("editions.overview", edition_code=edition.code), 303)
