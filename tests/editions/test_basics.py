from __future__ import annotations

import pytest

from contest.editions.basics import Basics, RoundBasics, timezones
from contest.editions.rules import LocalText, RoundKind
from contest.errors import RuleBroken
from tests.editions.samples import at, basics

NAME = LocalText("Mùa thu")


def test_a_name_is_enough() -> None:
    assert Basics(NAME).timezone == "Asia/Ho_Chi_Minh"
    assert Basics(NAME).languages == ("vi", "en")
    assert "Asia/Ho_Chi_Minh" in timezones()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": LocalText()}, "edition_without_name"),
        ({"timezone": "Mars/Olympus"}, "timezone_unknown"),
        ({"timezone": "../etc/passwd"}, "timezone_unknown"),
        ({"languages": ()}, "languages_unknown"),
        ({"languages": ("vi", "fr")}, "languages_unknown"),
        ({"submissions_open": at(1), "submissions_close": at(1)}, "window_reversed"),
        ({"submissions_open": at(2), "submissions_close": at(1)}, "window_reversed"),
    ],
)
def test_settings_that_no_page_could_show(values: dict[str, object], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        basics(**values)
    assert refused.value.code == code


def test_half_a_window_is_a_draft_not_an_error() -> None:
    assert basics(submissions_open=None).submissions_open is None
    assert basics(submissions_close=None).submissions_close is None


def test_a_round_needs_a_name_and_time_that_runs_forward() -> None:
    assert RoundBasics(NAME, RoundKind.FINAL).opens_at is None
    with pytest.raises(RuleBroken, match="round_without_name"):
        RoundBasics(LocalText(), RoundKind.FINAL)
    with pytest.raises(RuleBroken, match="round_window_reversed"):
        RoundBasics(NAME, RoundKind.FINAL, at(1), at(1))
