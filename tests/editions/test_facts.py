from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from contest.editions.parts import PartKind, PartSpec
from contest.editions.phases import EditionState, RoundState, Window
from contest.editions.rules import LocalText
from tests.editions.samples import at, edition_facts, round_facts
from tests.factories import NOON

TICK = timedelta(microseconds=1)


def test_an_edition_knows_its_window() -> None:
    assert edition_facts().window(NOON) is Window.OPEN
    assert edition_facts().window(at(7)) is Window.AFTER
    assert edition_facts().accepts_submissions(at(7) - TICK)
    assert not edition_facts().accepts_submissions(at(7))
    assert not edition_facts(state=EditionState.DRAFT).accepts_submissions(NOON)


@pytest.mark.parametrize(
    ("opens", "closes", "now", "expected"),
    [
        (None, None, NOON, True),
        (at(0), at(1), at(0) - TICK, False),
        (at(0), at(1), at(0), True),
        (at(0), at(1), at(1) - TICK, True),
        (at(0), at(1), at(1), False),
        (at(0), None, at(9), True),
        (None, at(1), at(-9), True),
        (None, at(1), at(2), False),
    ],
)
def test_scoring_is_open_within_the_window_of_a_scoring_round(
    opens: datetime | None, closes: datetime | None, now: datetime, *, expected: bool
) -> None:
    for state in RoundState:
        found = round_facts(state=state, opens_at=opens, closes_at=closes).scoring_open(now)
        assert found is (expected and state is RoundState.SCORING)
        recusal = round_facts(state=state, opens_at=opens, closes_at=closes).recusal_open(now)
        assert recusal is (found or state is RoundState.OPEN)


def test_a_part_lists_the_endings_it_takes() -> None:
    both = PartSpec("slide", LocalText("Slide"), PartKind.FILE, accept=("pdf", "slides", "unknown"))
    assert both.extensions == (".pdf", ".pptx")
    assert PartSpec("text", LocalText("Văn bản"), PartKind.TEXT).extensions == ()
