"""What a paper is made of: one list of blocks, set as PDF by typst and written as Word from the same values.

Texts are what stands on the paper, to the letter; nothing in them is markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an official paper; `superior` and `number` may be empty."""

    superior: str
    issuer: str
    number: str
    motto: tuple[str, str]
    place_and_day: str
    kind: str = "head"


@dataclass(frozen=True, slots=True)
class Title:
    """The name of the paper in capitals, and what it is about under it."""

    text: str
    about: str = ""
    kind: str = "title"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the paper."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph. `lead` stands bold in front; `style`: "", "bold", "italic" or "centre" (bold, in the middle)."""

    text: str
    lead: str = ""
    style: str = ""
    kind: str = "para"


@dataclass(frozen=True, slots=True)
class Items:
    """A list, numbered or with dashes."""

    texts: tuple[str, ...]
    numbered: bool = False
    kind: str = "items"


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels with what is written behind them; an empty value is a dotted line to write on."""

    pairs: tuple[tuple[str, str], ...]
    kind: str = "fields"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width, and where its cells stand ("left", "centre" or "right")."""

    title: str
    width: float = 1.0
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading that repeats on each page; `bold` lists rows in bold, `tall` leaves room to sign."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    bold: tuple[int, ...] = ()
    tall: bool = False
    small: bool = False
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Lines:
    """Dotted lines to write on."""

    count: int
    kind: str = "lines"


@dataclass(frozen=True, slots=True)
class Signer:
    """One who signs: what as, what is asked for, and a name if it is known."""

    role: str
    note: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs, side by side; `copies` are those who get the paper (nơi nhận), at the left."""

    signers: tuple[Signer, ...]
    copies: tuple[str, ...] = ()
    copies_title: str = ""
    kind: str = "signatures"


@dataclass(frozen=True, slots=True)
class Break:
    """A new page that counts as the first of its own paper."""

    kind: str = "break"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `share` of the whole width from 0 to 1, and the number as printed."""

    label: str
    share: float
    text: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart. In Word it is a table of the same numbers."""

    title: str
    heads: tuple[str, str]
    bars: tuple[Bar, ...]
    kind: str = "bars"


@dataclass(frozen=True, slots=True)
class Span:
    """One row of a spread: places of lowest, middle and highest from 0 to 1, every value as a dot, and words."""

    label: str
    low: float
    middle: float
    high: float
    dots: tuple[float, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Spans:
    """How values spread, on one scale whose ends are printed. In Word it is a table of the same numbers."""

    title: str
    heads: tuple[str, str]
    ends: tuple[str, str]
    spans: tuple[Span, ...]
    kind: str = "spans"


@dataclass(frozen=True, slots=True)
class Code:
    """A text as a QR code (`svg` is its picture), with words beside it that say what it holds."""

    text: str
    svg: str
    words: str
    kind: str = "code"


Block = Head | Title | Heading | Para | Items | Fields | Table | Lines | Signatures | Break | Bars | Spans | Code


@dataclass(frozen=True, slots=True)
class Document:
    """A paper as blocks. `foot` stands small at the foot of each page; `mark` across each page of a test."""

    title: str
    language: str
    foot: str
    blocks: tuple[Block, ...]
    landscape: bool = False
    size: float = 13
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A badge: who wears it, what as, of where, with a code and the picture (by name) of a QR code."""

    name: str
    role: str
    detail: str
    code: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """Badges of a contest, eight on a sheet of A4. `hint` says what the QR code is for."""

    title: str
    language: str
    foot: str
    contest: str
    organiser: str
    hint: str
    cards: tuple[Card, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    mark: str = ""


def numbered(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return the rows with their number from 1 in front."""
    return tuple((str(number), *row) for number, row in enumerate(rows, start=1))
