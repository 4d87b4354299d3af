from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from contest.editions.agenda import Act, EntryKind, Place, next_act, timeline
from contest.editions.phases import EditionState, RoundState
from tests.editions.samples import at, edition_facts, round_facts
from tests.factories import NOON

TICK = timedelta(microseconds=1)
DRAFT, OPEN, SCORING, CLOSED, FINALISED, PUBLISHED = (
    round_facts(state.value, state=state)
    for state in (
        *(RoundState.DRAFT, RoundState.OPEN, RoundState.SCORING),
        *(RoundState.CLOSED, RoundState.FINALISED, RoundState.PUBLISHED),
    )
)
AFTER = at(8)


@pytest.mark.parametrize(
    ("edition", "rounds", "now", "act", "code"),
    [
        ({"state": EditionState.DRAFT}, [], NOON, Act.MEND, None),
        ({"state": EditionState.DRAFT}, [DRAFT], NOON, Act.ANNOUNCE, None),
        ({"state": EditionState.ARCHIVED}, [SCORING], NOON, Act.NOTHING, None),
        ({}, [DRAFT], at(-8), Act.WAIT_FOR_OPENING, None),
        ({}, [DRAFT], NOON, Act.COLLECT, None),
        ({}, [], NOON, Act.COLLECT, None),
        ({}, [SCORING], NOON, Act.FOLLOW_SCORING, "scoring"),
        ({}, [OPEN], NOON, Act.COLLECT, None),
        ({}, [DRAFT], AFTER, Act.OPEN_ROUND, "draft"),
        ({}, [OPEN], AFTER, Act.OPEN_ROUND, "open"),
        ({}, [SCORING, DRAFT], AFTER, Act.FOLLOW_SCORING, "scoring"),
        ({}, [CLOSED, DRAFT], AFTER, Act.DECIDE_ROUND, "closed"),
        ({}, [FINALISED, DRAFT], AFTER, Act.DECIDE_ROUND, "finalised"),
        ({}, [PUBLISHED, DRAFT], AFTER, Act.OPEN_ROUND, "draft"),
        ({}, [PUBLISHED], AFTER, Act.FINISH, None),
        ({"submissions_open": None}, [DRAFT], NOON, Act.OPEN_ROUND, "draft"),
    ],
)
def test_one_act_comes_next(
    edition: dict[str, object], rounds: list[object], now: datetime, act: Act, code: str | None
) -> None:
    found = next_act(edition_facts(**edition), rounds, ready=act is not Act.MEND, now=now)  # type: ignore[arg-type]  # parametrized
    assert found.act is act
    assert (found.round.code if found.round else None) == code


def test_the_timeline_begins_with_the_window_and_follows_the_rounds() -> None:
    planned = round_facts("r1", opens_at=at(8), closes_at=at(9))
    found = timeline(edition_facts(), [planned, DRAFT], NOON)
    assert [(entry.kind, entry.place, entry.begins, entry.ends) for entry in found] == [
        (EntryKind.SUBMISSIONS, Place.NOW, at(-7), at(7)),
        (EntryKind.ROUND, Place.UPCOMING, at(8), at(9)),
        (EntryKind.ROUND, Place.UNSET, None, None),
    ]
    assert [entry.round for entry in found] == [None, planned, DRAFT]


@pytest.mark.parametrize(
    ("now", "place"),
    [(at(-7) - TICK, Place.UPCOMING), (at(-7), Place.NOW), (at(7) - TICK, Place.NOW), (at(7), Place.PAST)],
)
def test_where_the_window_lies(now: datetime, place: Place) -> None:
    assert timeline(edition_facts(), [], now)[0].place is place


def test_half_a_window_still_has_its_place() -> None:
    assert timeline(edition_facts(submissions_open=None), [], NOON)[0].place is Place.NOW
    assert timeline(edition_facts(submissions_close=None), [], NOON)[0].place is Place.NOW
    unset = edition_facts(submissions_open=None, submissions_close=None)
    assert timeline(unset, [], NOON)[0].place is Place.UNSET


def test_a_rounds_state_counts_more_than_its_plan() -> None:
    rounds = [
        round_facts("a", state=RoundState.SCORING, opens_at=at(5), closes_at=at(6)),
        round_facts("b", state=RoundState.CLOSED, opens_at=at(5), closes_at=at(6)),
        round_facts("c", state=RoundState.PUBLISHED, opens_at=at(5), closes_at=at(6)),
        round_facts("o", state=RoundState.OPEN, opens_at=at(5), closes_at=at(6)),
        # Planned for yesterday and never opened: still to come.
        round_facts("d", opens_at=at(-2), closes_at=at(-1)),
    ]
    places = [entry.place for entry in timeline(edition_facts(), rounds, NOON)[1:]]
    assert places == [Place.NOW, Place.PAST, Place.PAST, Place.UPCOMING, Place.UPCOMING]
