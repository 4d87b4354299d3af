"""Where a submission names its people: what a blind judge would read it by.

Accents and case do not matter. A name counts whole, by its last two words, glued together and by initials with dots.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from contest.letters import fold
from contest.phones import normal_phone

GLUED = 8
AROUND = 40
MOST_OF_A_SOURCE = 20
_WORD = re.compile(r"[^\W_]+")
# No part before the sign is longer than 64 letters; without that limit a long text costs the square of its length.
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_DIGITS = re.compile(r"\+?\d[\d .\-()]{7,18}\d")
# Words before the name of a school that do not make it known.
_KINDS = frozenset(
    {"thpt", "thcs", "truong", "dai", "hoc", "dh", "cao", "dang", "cd", "chuyen", "tieu", "trung", "university"}
)


class Kind(StrEnum):
    """Whose name it is."""

    TEAM = "team"
    SCHOOL = "school"
    PERSON = "person"
    MAIL = "mail"
    PHONE = "phone"


class Place(StrEnum):
    """Where it stands. A blind judge gets no file names and no notes of programs, but all the rest."""

    TITLE = "title"
    SUMMARY = "summary"
    PART = "part"
    FILE_TEXT = "file_text"
    FILE_NAME = "file_name"
    FILE_NOTE = "file_note"


HIDDEN = frozenset({Place.FILE_NAME, Place.FILE_NOTE})


@dataclass(frozen=True, slots=True)
class Name:
    """Something by which the people behind a submission are known."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A text of a submission. `part` is the code of the part, `number` the page or slide (0 for none)."""

    place: Place
    text: str
    part: str = ""
    number: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """A name in a text: `before`, `found` and `after` are as they are written there."""

    name: Name
    source: Source
    before: str
    found: str
    after: str

    @property
    def hidden(self) -> bool:
        """Whether a blind judge does not get to see it anyway."""
        return self.source.place in HIDDEN


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    start: int
    end: int


def traces(names: Iterable[Name], sources: Iterable[Source]) -> tuple[Trace, ...]:
    """Return what stands where, in the order of the sources and of the text; each spot once."""
    wanted = tuple(dict.fromkeys(name for name in names if name.text.strip()))
    found: list[Trace] = []
    for source in sources:
        # PDFs often keep accents apart from their letters.
        whole = replace(source, text=unicodedata.normalize("NFC", source.text))
        found += list(_in_source(wanted, whole))[:MOST_OF_A_SOURCE]
    return tuple(found)


def _in_source(names: Sequence[Name], source: Source) -> Iterator[Trace]:
    words = [_Word(fold(one[0]), one.start(), one.end()) for one in _WORD.finditer(source.text)]
    spots = [(*spot, name) for name in names for spot in _spots(name, source.text, words)]
    end = -1
    # The longest of what begins at one place; what lies inside another is not said again.
    for start, stop, name in sorted(spots, key=lambda spot: (spot[0], -spot[1], spot[2].kind)):
        if start >= end:
            end = stop
            yield _trace(name, source, start, stop)


def _trace(name: Name, source: Source, start: int, stop: int) -> Trace:
    text, first, last = source.text, max(0, start - AROUND), stop + AROUND
    before = ("… " if first else "") + _on_one_line(text[first:start]).removeprefix(" ")
    after = _on_one_line(text[stop:last]).removesuffix(" ") + (" …" if last < len(text) else "")
    return Trace(name, source, before, text[start:stop], after)


def _on_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _spots(name: Name, text: str, words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    if name.kind is Kind.MAIL:
        yield from (one.span() for one in _MAIL.finditer(text) if one[0].casefold() == name.text.casefold())
    elif name.kind is Kind.PHONE:
        wanted = normal_phone(name.text)
        yield from (one.span() for one in _DIGITS.finditer(text) if wanted and normal_phone(one[0]) == wanted)
    else:
        for pattern in _patterns(name):
            yield from _runs(pattern, words)
        if name.kind is Kind.PERSON:
            yield from _initials(name.text, text)


def _patterns(name: Name) -> Iterator[tuple[str, ...]]:
    """Yield the runs of words that give a name away."""
    words = tuple(fold(one) for one in _WORD.findall(name.text))
    if sum(map(len, words)) > 2:  # noqa: PLR2004  "A1" would be everywhere
        yield words
    if name.kind is Kind.PERSON and len(words) > 2:  # noqa: PLR2004  family name, middle name, given name
        yield words[-2:]
    if name.kind is Kind.SCHOOL:
        own = words
        while own and own[0] in _KINDS:
            own = own[1:]
        if len(own) > 1 and own != words:
            yield own


def _runs(pattern: Sequence[str], words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """Yield where the words stand in a row, or glued together in one."""
    length, glued = len(pattern), "".join(pattern)
    for at, word in enumerate(words):
        if word.folded == pattern[0] and [one.folded for one in words[at : at + length]] == list(pattern):
            yield word.start, words[at + length - 1].end
        elif length > 1 and len(glued) >= GLUED and glued in word.folded:
            yield word.start, word.end


def _initials(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield "T.A.D." of Trần Anh Dũng: capitals with dots; without them they may be any short word."""
    letters = [f"[{fold(word[0]).upper()}{word[0].upper()}]" for word in _WORD.findall(name)]
    if len(letters) > 1:
        spelled = r"(?<!\w)" + r"\.\s?".join(letters) + r"(?:\.|(?!\w))"
        yield from (one.span() for one in re.finditer(spelled, text))
