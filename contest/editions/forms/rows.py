"""Rows of a form added, removed and moved by the server, so that no script is needed and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

Row = dict[str, list[str]]
_ACTION = re.compile(r"(remove|up|down):([0-9]{1,3})")


def is_row_action(action: str) -> bool:
    """Tell whether a button's value changes rows instead of saving."""
    return action in ("add", "usual") or _ACTION.fullmatch(action) is not None


def rearranged(
    data: MultiDict[str, str], prefix: str, action: str, added: Sequence[Mapping[str, Sequence[str]]]
) -> MultiDict[str, str]:
    """Return the form data with its rows changed as the button says and numbered from zero.

    Rows are the keys `<prefix>-<number>-<name>`. "add" and "usual" append the rows of `added`; an impossible move
    changes nothing.
    """
    key = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,3}})-(.+)")
    others: MultiDict[str, str] = MultiDict()
    rows: dict[int, Row] = {}
    for name, values in data.lists():
        found = key.fullmatch(name)
        if found is None:
            others.setlist(name, values)
        else:
            rows.setdefault(int(found[1]), {})[found[2]] = list(values)
    changed = _changed([rows[number] for number in sorted(rows)], action, added)
    for number, row in enumerate(changed):
        for name, values in row.items():
            others.setlist(f"{prefix}-{number}-{name}", values)
    return others


def _changed(rows: list[Row], action: str, added: Sequence[Mapping[str, Sequence[str]]]) -> list[Row]:
    found = _ACTION.fullmatch(action)
    if found is None:
        return [*rows, *({name: list(values) for name, values in one.items()} for one in added)]
    verb, place = found[1], int(found[2])
    target = place + {"up": -1, "down": 1}.get(verb, 0)
    if not (0 <= place < len(rows) and 0 <= target < len(rows)):
        return rows
    moving = rows.pop(place)
    if verb != "remove":
        rows.insert(target, moving)
    return rows
