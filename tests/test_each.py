"""The test over many: it fails with every value that fails, and does not pass over nothing."""

from __future__ import annotations

import pytest

from tests.each import for_each


def even(value: int) -> None:
    assert value % 2 == 0, f"{value} is odd"


def test_every_value_that_fails_is_named() -> None:
    for_each([2, 4])(even)()
    with pytest.raises(pytest.fail.Exception) as told:
        for_each([1, 2, 3], ids=lambda value: f"number {value}")(even)()
    assert [line for line in str(told.value).splitlines() if line.startswith("number")] == [
        "number 1: 1 is odd",
        "number 3: 3 is odd",
    ]


def test_nothing_to_look_at_fails() -> None:
    with pytest.raises(AssertionError, match="nothing to look at"):
        for_each([])(even)()


@for_each([1, 2])
def test_fixtures_arrive_beside_the_value(value: int, request: pytest.FixtureRequest) -> None:
    assert value in (1, 2)
    assert request.node.name == "test_fixtures_arrive_beside_the_value"
