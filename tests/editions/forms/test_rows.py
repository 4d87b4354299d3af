from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from contest.editions.forms.rows import is_row_action, rearranged

POSTED = MultiDict(
    [
        ("csrf_token", "x"),
        ("parts-0-name", "Một"),
        ("parts-2-name", "Hai"),
        ("parts-2-accept", "pdf"),
        ("parts-2-accept", "image"),
        ("parts-7-name", "Ba"),
        ("parts-7-max", "không phải số"),
    ]
)


def shown(data: MultiDict[str, str]) -> dict[str, list[str]]:
    return {name: values for name, values in data.lists() if name.startswith("parts")}


@pytest.mark.parametrize("action", ["add", "usual", "remove:0", "up:12", "down:3"])
def test_buttons_that_change_rows(action: str) -> None:
    assert is_row_action(action)


@pytest.mark.parametrize(
    "action", ["", "save", "next", "remove", "remove:", "remove:-1", "remove:0x", "up:1234", "Add"]
)
def test_buttons_that_do_not(action: str) -> None:
    assert not is_row_action(action)


def test_a_removed_row_closes_the_gap_and_keeps_what_was_typed() -> None:
    found = rearranged(POSTED, "parts", "remove:0", [])
    assert shown(found) == {
        "parts-0-name": ["Hai"],
        "parts-0-accept": ["pdf", "image"],
        "parts-1-name": ["Ba"],
        "parts-1-max": ["không phải số"],
    }
    assert found["csrf_token"] == "x"


def test_new_rows_come_last() -> None:
    found = rearranged(POSTED, "parts", "add", [{"name": [""], "accept": ["pdf"]}])
    assert (found["parts-3-name"], found.getlist("parts-3-accept")) == ("", ["pdf"])
    assert shown(rearranged(MultiDict(), "parts", "add", [{"name": ["Mới"]}])) == {"parts-0-name": ["Mới"]}


@pytest.mark.parametrize(
    ("action", "order"),
    [
        ("up:1", ["Hai", "Một", "Ba"]),
        ("down:1", ["Một", "Ba", "Hai"]),
        ("up:0", ["Một", "Hai", "Ba"]),
        ("down:2", ["Một", "Hai", "Ba"]),
        ("remove:9", ["Một", "Hai", "Ba"]),
    ],
)
def test_rows_trade_places_and_impossible_moves_change_nothing(action: str, order: list[str]) -> None:
    found = rearranged(POSTED, "parts", action, [])
    assert [found[f"parts-{place}-name"] for place in range(3)] == order


def test_only_the_named_rows_are_touched() -> None:
    data = MultiDict([("parts2-0-name", "a"), ("parts-x-name", "b"), ("parts-5-name", "c")])
    assert dict(rearranged(data, "parts", "up:0", [])) == {
        "parts2-0-name": "a",
        "parts-x-name": "b",
        "parts-0-name": "c",
    }


@given(st.lists(st.sampled_from(["up:0", "up:2", "down:0", "down:1", "remove:1", "add"]), min_size=1, max_size=12))
def test_rows_stay_numbered_from_zero(actions: list[str]) -> None:
    data = POSTED.copy()
    for action in actions:
        data = rearranged(data, "parts", action, [{"name": ["neu"]}])
    numbers = sorted({int(name.split("-")[1]) for name in shown(data)})
    assert numbers == list(range(len(numbers)))
