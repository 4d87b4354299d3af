"""What single marks mean, as organisers type it: one mark per line, `8: Giá trị rõ, người dùng thử khen`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from contest.editions.numbers import parse_decimal, plain
from contest.editions.rules import CriterionSpec, Guidance, LocalText
from contest.errors import RuleBroken

MOST = 101
_LINE = re.compile(r"\s*([+-]?[0-9.,]+)\s*[:=–-]\s*(\S.*)")


def parse_guidance(vi: str, en: str = "") -> tuple[Guidance, ...]:
    """Read both languages and bring their marks together, lowest first.

    Raises `RuleBroken` "guidance_line_invalid", "guidance_twice" (both with `line` and
    `language`) or "guidance_too_long" (`limit`).
    """
    meanings = _meanings(vi, "vi"), _meanings(en, "en")
    marks = sorted({*meanings[0], *meanings[1]})
    if len(marks) > MOST:
        raise RuleBroken("guidance_too_long", limit=MOST)
    return tuple(Guidance(mark, LocalText(meanings[0].get(mark, ""), meanings[1].get(mark, ""))) for mark in marks)


def _meanings(text: str, language: str) -> dict[Decimal, str]:
    found: dict[Decimal, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        mark, meaning = _line(line, number, language)
        if mark in found:
            raise RuleBroken("guidance_twice", line=number, language=language, mark=mark)
        found[mark] = meaning
    return found


def _line(line: str, number: int, language: str) -> tuple[Decimal, str]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise RuleBroken("guidance_line_invalid", line=number, language=language)
    try:
        return parse_decimal(match[1]), match[2].strip()
    except RuleBroken as refused:
        raise RuleBroken("guidance_line_invalid", line=number, language=language) from refused


def check_guidance(spec: CriterionSpec) -> None:
    """Refuse guidance for a mark that the scale does not have. Raises `RuleBroken` "guidance_off_scale" (`mark`)."""
    for one in spec.guidance:
        try:
            spec.points_of(one.mark)
        except RuleBroken as refused:
            raise RuleBroken("guidance_off_scale", criterion=spec.code, mark=one.mark) from refused


def format_guidance(guidance: Iterable[Guidance], language: str, separator: str = ",") -> str:
    """Write one language's meanings as `parse_guidance` reads them, with the decimal mark of the page."""
    lines = ((plain(one.mark).replace(".", separator), getattr(one.text, language)) for one in guidance)
    return "\n".join(f"{mark}: {meaning}" for mark, meaning in lines if meaning)
