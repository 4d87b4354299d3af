"""Where frozen results name people. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Change = Callable[[str], str]

ALWAYS = frozenset({"members", "mentor", "author", "confirmed_by", "correction"})
"""Keys whose text, or texts, are a person's name or free words."""
INSIDE = frozenset(
    {("judges", "name"), ("council", "name"), ("rulings", "reason"), ("entries", "reason")},
)
"""(list, key): what is a name or free words in the items of that list only."""
TITLED = ("team", "title")
"""Texts of the entry itself: they stay, unless they hold the full name of a member."""
FULL = 2


def with_people(payload: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """Return the payload of a snapshot or of a list of awards with each text about a person changed."""
    walked: dict[str, Any] = _walked(dict(payload), "", change)
    return walked


def _walked(value: Any, parent: str, change: Change) -> Any:
    if isinstance(value, Mapping):
        inside = {key: _one(key, held, parent, change) for key, held in value.items()}
        return _titled(inside, value, change) if "members" in value else inside
    if isinstance(value, list | tuple):
        return [_walked(one, parent, change) for one in value]
    return value


def _one(key: str, held: Any, parent: str, change: Change) -> Any:
    if key in ALWAYS or (parent, key) in INSIDE:
        if isinstance(held, str):
            return change(held)
        if isinstance(held, list | tuple):
            return [change(one) if isinstance(one, str) else _walked(one, key, change) for one in held]
    return _walked(held, key, change)


def _titled(changed: dict[str, Any], entrant: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """Change what names a member in full: a team of one may bear its member's name."""
    full = [name.casefold() for name in entrant["members"] if len(name.split()) >= FULL]
    for key in TITLED:
        text = entrant.get(key, "")
        if any(name in text.casefold() for name in full):
            changed[key] = change(text)
    return changed
