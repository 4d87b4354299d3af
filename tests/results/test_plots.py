"""Plots as places along the width."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from contest.results.views.plots import Bar, plot


@pytest.fixture(autouse=True)
def in_english(app: Flask) -> Iterator[None]:
    with app.test_request_context(headers={"Cookie": "locale=en"}):
        yield


def test_the_ends_of_all_bars_span_the_plot() -> None:
    figure = plot([Bar("a", "", 2, 6, 4, 10), Bar("b", "", 0, 5, 5)])
    first, second = figure.rows
    assert (first.low, first.high, first.dot, first.ring) == ("22.40%", "59.20%", "40.80%", "96.00%")
    assert (second.low, second.high, second.dot, second.ring) == ("4.00%", "50.00%", "50.00%", "")


def test_marks_stand_at_round_numbers() -> None:
    figure = plot([Bar("a", "", 0, 10, 5)])
    assert [(one.label, one.at) for one in figure.ticks] == [
        ("0", "4.00%"),
        ("2", "22.40%"),
        ("4", "40.80%"),
        ("6", "59.20%"),
        ("8", "77.60%"),
        ("10", "96.00%"),
    ]
    fine = plot([Bar("a", "", -0.06, 0.11, 0)])
    assert [(one.label, one.zero) for one in fine.ticks] == [
        ("-0.05", False),
        ("0.00", True),
        ("0.05", False),
        ("0.10", False),
    ]


def test_zero_and_the_bars_of_the_other_part_fit_in() -> None:
    figure = plot([Bar("a", "", 2, 4, 3)], zero=True, like=[Bar("b", "", 3, 8, 5)])
    assert figure.rows[0].low == "27.00%"
    assert [one.label for one in figure.ticks if one.zero] == ["0"]


@pytest.mark.parametrize("value", [0.0, 7.25])
def test_one_value_alone_divides_nothing_by_zero(value: float) -> None:
    figure = plot([Bar("a", "", value, value, value)])
    assert figure.rows[0].dot == "4.00%"
    assert plot([]).rows == []
