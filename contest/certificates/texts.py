"""Texts with placeholders: an allow-list, no logic; and names as certificates compare and print them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from contest.letters import fold

PLACEHOLDERS = (
    *("name", "award", "team", "title", "school", "track", "task"),
    *("contest", "organiser", "number", "date", "year"),
)
_BRACE = re.compile(r"\{([^{}\n]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be filled in: the text between the braces as typed, and where it stands, both from 1."""

    line: int
    column: int
    found: str


def first_fault(text: str) -> Fault | None:
    """Return the first unknown placeholder or lonely brace of a text."""
    for match in _BRACE.finditer(text):
        if match[1] is None or match[1] not in PLACEHOLDERS:
            before = text[: match.start()]
            return Fault(before.count("\n") + 1, match.start() - (before.rfind("\n") + 1) + 1, match[0])
    return None


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its placeholders filled in once: what a value holds is never read again."""
    return tidy(_BRACE.sub(lambda match: values.get(match[1] or "", ""), text))


def tidy(text: str) -> str:
    """Return NFC text with single spaces, each line by itself, without empty lines and control characters."""
    lines = (" ".join(_seen(line).split()) for line in unicodedata.normalize("NFC", text).split("\n"))
    return "\n".join(line for line in lines if line)


def _seen(line: str) -> str:
    # Joiners hold emoji together, and marks of direction hold mixed lines of Arabic in order.
    kept = {"\u200d", "\u200e", "\u200f"}
    return "".join(
        char if char in kept or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"} else " "
        for char in line
    )


def file_stem(text: str) -> str:
    """Return the name as part of a file name: plain letters, digits and hyphens, at most 60."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:60].strip("-")
