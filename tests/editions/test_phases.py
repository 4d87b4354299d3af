from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from contest.editions.phases import (
    EditionState,
    RoundState,
    Verb,
    Window,
    accepts_submissions,
    moved,
    verbs_from,
    window_at,
)
from contest.errors import RuleBroken
from tests.editions.samples import at
from tests.factories import NOON

TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "window"),
    [
        (at(0) - TICK, Window.BEFORE),
        (at(0), Window.OPEN),
        (at(1) - TICK, Window.OPEN),
        (at(1), Window.AFTER),
        (at(9), Window.AFTER),
    ],
)
def test_the_opening_moment_is_in_and_the_closing_moment_is_out(now: object, window: Window) -> None:
    assert window_at(at(0), at(1), now) is window  # type: ignore[arg-type]  # parametrized
    announced = accepts_submissions(EditionState.ANNOUNCED, at(0), at(1), now)  # type: ignore[arg-type]  # parametrized
    assert announced is (window is Window.OPEN)


def test_half_a_window_is_unset() -> None:
    assert window_at(None, at(1), NOON) is window_at(at(0), None, NOON) is Window.UNSET


@pytest.mark.parametrize("state", [EditionState.DRAFT, EditionState.ARCHIVED])
def test_only_announced_editions_take_submissions(state: EditionState) -> None:
    assert not accepts_submissions(state, at(-1), at(1), NOON)


ALLOWED = {
    (RoundState.DRAFT, Verb.OPEN): RoundState.OPEN,
    (RoundState.DRAFT, Verb.START): RoundState.SCORING,
    (RoundState.OPEN, Verb.START): RoundState.SCORING,
    (RoundState.SCORING, Verb.CLOSE): RoundState.CLOSED,
    (RoundState.CLOSED, Verb.REOPEN): RoundState.SCORING,
    (RoundState.CLOSED, Verb.CONFIRM): RoundState.CONFIRMED,
    (RoundState.CONFIRMED, Verb.UNCONFIRM): RoundState.CLOSED,
    (RoundState.CONFIRMED, Verb.FINALISE): RoundState.FINALISED,
    (RoundState.FINALISED, Verb.PUBLISH): RoundState.PUBLISHED,
    (RoundState.FINALISED, Verb.CORRECT): RoundState.CLOSED,
    (RoundState.PUBLISHED, Verb.CORRECT): RoundState.CLOSED,
}


@pytest.mark.parametrize(("state", "verb"), list(product(RoundState, Verb)))
def test_a_round_moves_only_along_its_ways(state: RoundState, verb: Verb) -> None:
    if (state, verb) in ALLOWED:
        assert moved(state, verb) is ALLOWED[state, verb]
        return
    with pytest.raises(RuleBroken) as refused:
        moved(state, verb)
    assert (refused.value.code, refused.value.facts) == (f"round_cannot_{verb.value}", {})


@pytest.mark.parametrize("state", list(RoundState))
def test_a_state_names_the_verbs_that_lead_on(state: RoundState) -> None:
    assert set(verbs_from(state)) == {verb for before, verb in ALLOWED if before is state}
