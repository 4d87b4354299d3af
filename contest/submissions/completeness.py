"""What a submission must hold, and what is still missing, too long or too large."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from contest.editions.parts import PartKind, PartSpec
from contest.submissions.links import is_link

SUMMARY_WORDS = 200
LONGEST_TITLE = 200
LONGEST_TEXT = 40_000
MEGABYTE = 1 << 20
TITLE, SUMMARY, TRACK, FIELD = "title", "summary", "track", "field"


class Flaw(StrEnum):
    """Why a part is not good enough to be handed in."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    NOT_A_LINK = "not_a_link"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Requirements:
    """What an edition asks: its parts in order, and whether a track and a field must be chosen."""

    parts: tuple[PartSpec, ...] = ()
    with_track: bool = False
    with_field: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What a team has written and uploaded.

    `track` and `field` are codes; `texts` (also links) and `files` go by part code, a file is its size in bytes.
    `infected` names the parts whose file a virus scanner has refused.
    """

    title: str = ""
    summary: str = ""
    track: str | None = None
    field: str | None = None
    texts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    files: Mapping[str, int] = dataclasses.field(default_factory=dict)
    infected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist.

    `key` is "title", "summary", "track", "field" or "part-<code>"; `amount` and `limit` count words of a text or bytes
    of a file (0 where there is nothing to count).
    """

    key: str
    required: bool
    given: bool
    part: PartSpec | None = None
    flaw: Flaw | None = None
    amount: int = 0
    limit: int = 0


def count_words(text: str) -> int:
    """Count the words as text editors do: pieces between spaces that hold a letter or a digit."""
    return sum(any(c.isalnum() for c in piece) for piece in text.split())


def part_key(code: str) -> str:
    """Return the key of a part in checklists and forms."""
    return f"part-{code}"


def checklist(content: Content, wanted: Requirements) -> tuple[Item, ...]:
    """Return every line of the checklist in the order of the form, flawed or not."""
    items = [_choice(TITLE, content.title), _text(SUMMARY, None, content.summary, SUMMARY_WORDS, required=True)]
    if wanted.with_track:
        items.append(_choice(TRACK, content.track))
    if wanted.with_field:
        items.append(_choice(FIELD, content.field))
    return (*items, *(_part(part, content) for part in wanted.parts))


def flaws(content: Content, wanted: Requirements) -> tuple[Item, ...]:
    """Return the lines that forbid handing in; empty when the submission is complete."""
    return tuple(item for item in checklist(content, wanted) if item.flaw is not None)


def _choice(key: str, value: str | None) -> Item:
    return Item(key=key, required=True, given=bool(value), flaw=None if value else Flaw.MISSING)


def _text(key: str, part: PartSpec | None, text: str, limit: int, *, required: bool) -> Item:
    words = count_words(text)
    flaw = Flaw.TOO_LONG if words > limit else None
    if not words and required:
        flaw = Flaw.MISSING
    return Item(key=key, required=required, given=words > 0, part=part, flaw=flaw, amount=words, limit=limit)


def _part(part: PartSpec, content: Content) -> Item:
    key, text = part_key(part.code), content.texts.get(part.code, "")
    if part.kind is PartKind.TEXT:
        return _text(key, part, text, part.max_words, required=part.required)
    if part.kind is PartKind.LINK:
        return _link(key, part, text)
    return _file(key, part, content.files.get(part.code), infected=part.code in content.infected)


def _link(key: str, part: PartSpec, text: str) -> Item:
    flaw = Flaw.MISSING if part.required and not text else None
    if text and not is_link(text):
        flaw = Flaw.NOT_A_LINK
    return Item(key=key, required=part.required, given=bool(text), part=part, flaw=flaw)


def _file(key: str, part: PartSpec, size: int | None, *, infected: bool) -> Item:
    limit = part.max_mb * MEGABYTE
    flaw = Flaw.MISSING if part.required and size is None else None
    if size is not None and size > limit:
        flaw = Flaw.TOO_LARGE
    if infected:
        flaw = Flaw.QUARANTINED
    return Item(
        key=key, required=part.required, given=size is not None, part=part, flaw=flaw, amount=size or 0, limit=limit
    )
