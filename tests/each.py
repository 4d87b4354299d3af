"""One test over many files: it names every file that fails, and costs one test instead of thousands."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pytest

Value = TypeVar("Value")


def for_each(
    values: Iterable[Value], *, ids: Callable[[Value], str] = str
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run the test with each of `values` as its first argument; fail with what each one that failed said.

    The other arguments are fixtures, as usual. No values at all fail: nothing would be looked at.
    """
    every = list(values)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        _first, *others = inspect.signature(test).parameters.values()

        def over_all(**fixtures: Any) -> None:
            assert every, "there is nothing to look at"
            failed: dict[str, str] = {}
            for value in every:
                try:
                    test(value, **fixtures)
                except AssertionError as error:
                    failed[ids(value)] = str(error)
            if failed:
                pytest.fail("\n\n".join(f"{name}: {said}" for name, said in failed.items()), pytrace=False)

        over_all.__name__, over_all.__doc__, over_all.__module__ = test.__name__, test.__doc__, test.__module__
        over_all.__signature__ = inspect.Signature(others)  # type: ignore[attr-defined]  # read by pytest for fixtures
        return over_all

    return decorate
