"""Tracks and fields as organisers type them: one per line, `code = Tên tiếng Việt | English name`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contest.editions.codes import check_code, free_code, slug
from contest.editions.rules import LocalText
from contest.errors import RuleBroken

LONGEST_NAME = 200
MOST = 60


@dataclass(frozen=True, slots=True)
class Division:
    """A track or a field."""

    code: str
    name: LocalText


USUAL_TRACKS = (
    Division("hoc-sinh", LocalText("Học sinh", "Pupils")),
    Division("sinh-vien", LocalText("Sinh viên", "Students")),
    Division("thanh-nien", LocalText("Thanh niên", "Young people")),
)
USUAL_FIELDS = (
    Division("chinh-quyen-so", LocalText("Chính quyền số", "Digital government")),
    Division("kinh-te-so", LocalText("Kinh tế số", "Digital economy")),
    Division("xa-hoi-so", LocalText("Xã hội số", "Digital society")),
    Division("thuong-mai-dien-tu", LocalText("Thương mại điện tử", "E-commerce")),
    Division("thanh-toan", LocalText("Thanh toán không tiền mặt", "Cashless payment")),
    Division("fintech", LocalText("Công nghệ tài chính", "Fintech")),
    Division("edtech", LocalText("Công nghệ giáo dục", "Edtech")),
    Division("healthtech", LocalText("Công nghệ y tế", "Healthtech")),
    Division("nha-thong-minh", LocalText("Nhà thông minh", "Smart home")),
    Division("do-thi-thong-minh", LocalText("Đô thị thông minh", "Smart city")),
    Division("logistics", LocalText("Logistics", "Logistics")),
    Division("du-lich", LocalText("Du lịch", "Tourism")),
)


def parse_divisions(text: str) -> tuple[Division, ...]:
    """Read one division per line; blank lines do not count, a missing code is made from the name.

    Raises `RuleBroken` with the `line` number: "division_code_invalid", "division_without_name", "division_too_long",
    "division_twice", "divisions_too_many".
    """
    found: list[Division] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        division = _parse_line(line, number, {known.code for known in found})
        if division.code in {known.code for known in found}:
            raise RuleBroken("division_twice", line=number, item=division.code)
        found.append(division)
    if len(found) > MOST:
        raise RuleBroken("divisions_too_many", limit=MOST)
    return tuple(found)


def _parse_line(line: str, number: int, taken: set[str]) -> Division:
    given, equals, names = line.partition("=") if "=" in line else ("", "", line)
    vi, _, en = (" ".join(part.split()) for part in names.partition("|"))
    if not vi and not en:
        raise RuleBroken("division_without_name", line=number)
    if max(len(vi), len(en)) > LONGEST_NAME:
        raise RuleBroken("division_too_long", line=number, limit=LONGEST_NAME)
    code = given.strip() if equals else free_code(slug(vi or en) or f"d{number}", taken)
    try:
        return Division(check_code(code), LocalText(vi, en))
    except RuleBroken as refused:
        raise RuleBroken("division_code_invalid", line=number, item=code[:LONGEST_NAME]) from refused


def format_divisions(divisions: Iterable[Division]) -> str:
    """Write divisions as `parse_divisions` reads them."""
    return "\n".join(f"{one.code} = {one.name.vi}" + (f" | {one.name.en}" if one.name.en else "") for one in divisions)


def with_usual(text: str, usual: Sequence[Division]) -> str:
    """Return what was typed with the usual divisions added that it lacks, by code or by Vietnamese name."""
    lines = [line for line in text.splitlines() if line.strip()]
    codes = {line.partition("=")[0].strip() for line in lines if "=" in line}
    names = {slug(line.rpartition("=")[2].partition("|")[0]) for line in lines}
    missing = [one for one in usual if one.code not in codes and slug(one.name.vi) not in names]
    return "\n".join([*lines, *format_divisions(missing).splitlines()])
