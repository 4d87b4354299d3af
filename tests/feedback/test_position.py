"""Where a team stands: quartiles that give no other team away, and an order drawn by a seed."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.queries import round_by_id
from contest.feedback.position import FEWEST_TEAMS, PARTS, line_of, mixed, positions, shuffled
from contest.results.queries import report_of
from tests.feedback.conftest import Judged

VALUES = st.lists(st.floats(0, 10), min_size=FEWEST_TEAMS, max_size=40).map(sorted)


@given(VALUES)
def test_quartiles_lie_in_order_within_the_field(values: list[float]) -> None:
    low, middle, high = (mixed(values, share) for share in (0.25, 0.5, 0.75))
    assert values[0] - 1e-9 <= low <= middle + 1e-9
    assert middle - 1e-9 <= high <= values[-1] + 1e-9


@given(st.integers(FEWEST_TEAMS, 40), st.sampled_from((0.25, 0.5, 0.75)))
def test_no_quartile_is_made_of_one_team_alone(count: int, share: float) -> None:
    weights = [mixed([0.0] * place + [1.0] * (count - place), share) for place in range(count + 1)]
    assert max(before - after for before, after in pairwise(weights)) < 1


@given(st.text(min_size=1, max_size=10), st.sets(st.text(max_size=8), max_size=12), st.text(max_size=8))
def test_an_order_is_drawn_once_and_another_comment_moves_none(seed: str, keys: set[str], more: str) -> None:
    order = shuffled(seed, keys)
    assert sorted(order) == sorted(keys)
    assert shuffled(seed, sorted(keys, reverse=True)) == order
    assert tuple(one for one in shuffled(seed, keys | {more}) if one != more) == tuple(o for o in order if o != more)


def test_orders_differ_between_letters() -> None:
    assert len({shuffled(f"s{number}", "abcd") for number in range(50)}) > 10


def test_positions_of_a_round(app: Flask, judged: Judged) -> None:
    del app
    round_ = round_by_id(judged.round.id)
    assert round_ is not None
    report, _snapshot = report_of(judged.facts, round_)
    line = line_of(report, judged.submissions[0].code)
    assert line is not None
    found = positions(report, line)
    assert [one.code for one in found] == ["C1", "C2", "C3", "C4"]
    assert found[0].own == "0.50"
    assert found[0].field is not None
    for quartile in found[0].field:
        assert (Fraction(quartile) * PARTS / 10).denominator == 1
    assert found[0].median_share == pytest.approx(0.35)
    assert line_of(report, "BT-???") is None


def test_a_small_field_is_not_told(app: Flask, judged: Judged) -> None:
    del app
    round_ = round_by_id(judged.round.id)
    assert round_ is not None
    report, _snapshot = report_of(judged.facts, round_)
    few = type(report)(**{**{name: getattr(report, name) for name in report.__slots__}, "lines": report.lines[:3]})
    assert {one.field for one in positions(few, few.lines[0])} == {None}
