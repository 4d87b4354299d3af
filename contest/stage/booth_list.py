"""A list of booths: number; row; size; power; who stands there; kind. Pasted lines, cells from Excel, or a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contest.letters import fold
from contest.stage.booths import Kind

MOST_BOOTHS = 500
LONGEST = {"number": 12, "zone": 60, "size": 20, "who": 200}
COLUMNS = ("number", "zone", "size", "power", "who", "kind")
_RANGE = re.compile(r"(?P<letters>[^\d\s]*)(?P<first>\d{1,3})\s*[-–]\s*(?P=letters)(?P<last>\d{1,3})")
_YES = frozenset(map(fold, ("1", "x", "có", "co", "yes", "y", "true", "điện", "có điện", "power", "✓")))
_NO = frozenset(map(fold, ("", "0", "-", "–", "không", "khong", "no", "n", "false", "không điện")))
_HEADS = frozenset(map(fold, ("số", "số gian", "gian", "number", "booth")))
_MEANT: Mapping[str, str] = {
    fold(word): column
    for column, words in {
        "number": ("số", "số gian", "gian", "gian hàng", "gian trưng bày", "number", "booth"),
        "zone": ("dãy", "dãy gian", "dãy gian trưng bày", "khu", "row", "row of booths", "zone"),
        "size": ("kích thước", "cỡ", "size"),
        "power": ("điện", "có điện", "cần điện", "power"),
        "who": ("đơn vị", "đơn vị trưng bày", "tên", "đội", "who", "who stands there", "name"),
        "kind": ("loại", "loại đơn vị", "kind", "kind of guest"),
    }.items()
    for word in words
}
_KINDS: Mapping[str, Kind] = {
    fold(word): kind
    for kind, words in {
        Kind.TEAM: ("team", "đội", "đội thi"),
        Kind.COMPANY: ("company", "doanh nghiệp", "công ty", ""),
        Kind.EXPERT: ("expert", "chuyên gia"),
        Kind.SPONSOR: ("sponsor", "nhà tài trợ", "tài trợ"),
    }.items()
    for word in words
}


@dataclass(frozen=True, slots=True)
class ListProblem:
    """What is wrong with a list: a code with facts, among them the line from 1."""

    code: str
    facts: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class BoothRow:
    """One booth of the list; `who` is empty for a free one."""

    number: str
    zone: str = ""
    size: str = ""
    power: bool = False
    who: str = ""
    kind: Kind = Kind.COMPANY


@dataclass(frozen=True, slots=True)
class BoothList:
    """The booths of a list, or what is wrong with it, line by line; with problems nothing may be used."""

    rows: tuple[BoothRow, ...] = ()
    problems: tuple[ListProblem, ...] = ()


def read_booths(text: str) -> BoothList:
    """Read a pasted list; "A1-A10" stands for ten booths alike. Codes of problems: see `_row`."""
    rows: list[BoothRow] = []
    problems: list[ListProblem] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in re.split(r"[\t;|]", line)]
        if not any(cells) or (not rows and fold(cells[0]) in _HEADS):
            continue
        found = _row(cells)
        if isinstance(found, ListProblem):
            problems.append(ListProblem(found.code, {**found.facts, "line": number}))
            continue
        for row in _spread(found):
            if row.number in seen:
                problems.append(
                    ListProblem("booth_twice", {"line": number, "item": row.number, "other": seen[row.number]})
                )
            seen[row.number] = number
            rows.append(row)
    if not rows and not problems:
        problems.append(ListProblem("booths_none", {}))
    if len(rows) > MOST_BOOTHS:
        problems.append(ListProblem("booths_many", {"limit": MOST_BOOTHS}))
    return BoothList((), tuple(problems)) if problems else BoothList(tuple(rows))


def lines_of(header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> str:
    """Return a sheet as the list that it stands for, line 7 of it being row 7 of the sheet.

    `rows`: number of the row, from 2, and its cells. Columns go by their names when the header has one for the number
    of the booth, others are left out; without it they go by their order, and the header is a row like all others.
    """
    at = {_MEANT[fold(name)]: place for place, name in reversed(list(enumerate(header))) if fold(name) in _MEANT}
    places = [at.get(name) for name in COLUMNS] if "number" in at else list(range(len(header)))
    lines = {1: "" if "number" in at else _line(header)}
    for number, cells in rows:
        lines[number] = _line([cells[place] if place is not None else "" for place in places])
    return "\n".join(lines.get(number, "") for number in range(1, max(lines) + 1))


def _line(cells: Sequence[str]) -> str:
    """Return cells as a line; what parts cells or lines becomes a comma or a space, and a guarded formula is bare."""
    plain = (" ".join(re.sub(r"[;|]", ",", cell).split()) for cell in cells)
    bare = [cell[1:] if re.match(r"'[=+\-@]", cell) else cell for cell in plain]
    return "; ".join(bare).rstrip("; ")


def _row(cells: Sequence[str]) -> BoothRow | ListProblem:
    """Return one line as a row, or "booth_columns", "booth_number", "booth_long", "booth_power", "booth_kind"."""
    if any(cells[len(COLUMNS) :]):
        return ListProblem("booth_columns", {"count": len(cells), "limit": len(COLUMNS)})
    given = dict(zip(COLUMNS, [*cells, *[""] * len(COLUMNS)], strict=False))
    if not given["number"]:
        return ListProblem("booth_number", {})
    for name, limit in LONGEST.items():
        if len(given[name]) > limit:
            return ListProblem("booth_long", {"item": given[name][:40], "limit": limit})
    power, kind = fold(given["power"]), _KINDS.get(fold(given["kind"]))
    if power not in _YES | _NO:
        return ListProblem("booth_power", {"item": given["power"][:40]})
    if kind is None:
        return ListProblem("booth_kind", {"item": given["kind"][:40]})
    return BoothRow(given["number"], given["zone"], given["size"], power in _YES, given["who"], kind)


def _spread(row: BoothRow) -> Iterator[BoothRow]:
    """Yield the booths that a line stands for."""
    found = _RANGE.fullmatch(row.number)
    if found is None or row.who or int(found["last"]) < int(found["first"]):
        yield row
        return
    for number in range(int(found["first"]), int(found["last"]) + 1):
        yield BoothRow(f"{found['letters']}{number}", row.zone, row.size, row.power)
