"""The names that everybody at a contest knows, so that nobody takes one as a password; later packages offer theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

SITE = ("Bảng Vàng",)
Source = Callable[[], Iterable[str]]
_sources: list[Source] = []


def source(function: Source) -> Source:
    """Register a function that yields names, such as those of the editions."""
    _sources.append(function)
    return function


def contest_names() -> tuple[str, ...]:
    """Return the name of the site and all names that are offered now."""
    return (*SITE, *(name for offer in _sources for name in offer() if name))
