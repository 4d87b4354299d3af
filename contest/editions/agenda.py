"""Where an edition stands: its dates in order, and the one act that comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contest.editions.facts import EditionFacts, RoundHead
from contest.editions.phases import EditionState, RoundState, Window

_AHEAD = frozenset({RoundState.DRAFT, RoundState.OPEN})  # nobody scores yet


class Act(StrEnum):
    """What the organiser does next."""

    MEND = "mend"
    ANNOUNCE = "announce"
    WAIT_FOR_OPENING = "wait_for_opening"
    COLLECT = "collect"
    OPEN_ROUND = "open_round"
    FOLLOW_SCORING = "follow_scoring"
    DECIDE_ROUND = "decide_round"
    FINISH = "finish"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class NextAct:
    """The next act; `round` is set when it is about one."""

    act: Act
    round: RoundHead | None = None


def next_act(edition: EditionFacts, rounds: Sequence[RoundHead], *, ready: bool, now: datetime) -> NextAct:
    """Tell what comes next. Rounds are in their order; the first that is not published counts."""
    if edition.state is EditionState.ARCHIVED:
        return NextAct(Act.NOTHING)
    if edition.state is EditionState.DRAFT:
        return NextAct(Act.ANNOUNCE if ready else Act.MEND)
    current = next((one for one in rounds if one.state is not RoundState.PUBLISHED), None)
    waiting = {Window.BEFORE: Act.WAIT_FOR_OPENING, Window.OPEN: Act.COLLECT}.get(edition.window(now))
    # Scoring may begin while teams still submit; then the round is what matters.
    if waiting is not None and (current is None or current.state in _AHEAD):
        return NextAct(waiting)
    if current is None:
        return NextAct(Act.FINISH)
    acts = {**dict.fromkeys(_AHEAD, Act.OPEN_ROUND), RoundState.SCORING: Act.FOLLOW_SCORING}
    return NextAct(acts.get(current.state, Act.DECIDE_ROUND), current)


class EntryKind(StrEnum):
    """What a line of the timeline marks."""

    SUBMISSIONS = "submissions"
    ROUND = "round"


class Place(StrEnum):
    """Where a line of the timeline lies."""

    PAST = "past"
    NOW = "now"
    UPCOMING = "upcoming"
    UNSET = "unset"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline, with its times (either may be unset)."""

    kind: EntryKind
    begins: datetime | None
    ends: datetime | None
    place: Place
    round: RoundHead | None = None


def timeline(edition: EditionFacts, rounds: Sequence[RoundHead], now: datetime) -> tuple[Entry, ...]:
    """Return the submission window and the rounds, in their order."""
    opens, closes = edition.submissions_open, edition.submissions_close
    first = Entry(EntryKind.SUBMISSIONS, opens, closes, _place(opens, closes, now))
    return (first, *(_round_entry(one, now) for one in rounds))


def _round_entry(one: RoundHead, now: datetime) -> Entry:
    # The state is what happened; the window only what was planned.
    happened = Place.NOW if one.state is RoundState.SCORING else Place.PAST
    place = _planned(one, now) if one.state in _AHEAD else happened
    return Entry(EntryKind.ROUND, one.opens_at, one.closes_at, place, one)


def _planned(one: RoundHead, now: datetime) -> Place:
    place = _place(one.opens_at, one.closes_at, now)
    return place if place is Place.UNSET else Place.UPCOMING


def _place(begins: datetime | None, ends: datetime | None, now: datetime) -> Place:
    if begins is None and ends is None:
        return Place.UNSET
    if begins is not None and now < begins:
        return Place.UPCOMING
    return Place.NOW if ends is None or now < ends else Place.PAST
