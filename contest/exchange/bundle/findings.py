"""Problems and warnings gathered while a bundle is read, and the checks on single texts that both halves share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from difflib import get_close_matches

from contest.editions.numbers import parse_plain
from contest.editions.rules import CriterionSpec
from contest.errors import Problem, RuleBroken
from contest.exchange.cleaning import clean_block, clean_text

MAX_PROBLEMS = 200
MAX_CODE = 40
MAX_LINE = 200
MAX_BLOCK = 20_000
MAX_NUMBER = 20
_CODE = re.compile(r"\w[\w.\-]*")
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LAYOUT = frozenset("\t\n\r")
_MAYBE_GROUPED = re.compile(r"[+-]?0*[1-9][0-9]{0,2}[.,][0-9]{3}")

Place = tuple[str, int | None, str | None]  # file, row, column


class Findings:
    """An ordered list of what is wrong, up to `MAX_PROBLEMS`, and of what is only odd."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def add(self, place: Place, code: str, **facts: object) -> None:
        """Note a problem; facts become text or integers."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(_problem(place, code, facts))

    def warn(self, place: Place, code: str, **facts: object) -> None:
        """Note something odd that does not stop a load."""
        if len(self.warnings) < MAX_PROBLEMS:
            self.warnings.append(_problem(place, code, facts))

    def broken(self, place: Place, error: RuleBroken) -> None:
        """Note a refusal of the core."""
        self.add(place, error.code, **error.facts)


def _problem(place: Place, code: str, facts: dict[str, object]) -> Problem:
    file, row, column = place
    return Problem(file, row, column, code, {name: _fact(value) for name, value in facts.items()})


def _fact(value: object) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return plain(value) if isinstance(value, Decimal) else clean_text(str(value))[:80]


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and without idle zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that was probably meant, or ""."""
    return next(iter(get_close_matches(word[:60], sorted(known), 1)), "")


def check_text(findings: Findings, place: Place, text: str, limit: int, *, block: bool = False) -> str:
    """Return the text in its canonical form; forbidden characters and excess length become problems."""
    if not text.isascii() or not text.isprintable():
        for mark in text:
            hidden = mark not in _LAYOUT and unicodedata.category(mark) in ("Cc", "Cs")
            if hidden or mark in _TURNS:
                findings.add(place, "control_character", mark=f"U+{ord(mark):04X}")
                return ""
    clean = clean_block(text) if block else clean_text(text)
    if len(clean) > limit:
        findings.add(place, "text_too_long", limit=limit, length=len(clean))
        return ""
    return clean


def check_code(findings: Findings, place: Place, text: str) -> str:
    """Return a code of the document (track, round, criterion …): letters, digits, `_`, `-`, `.`."""
    code = check_text(findings, place, text, MAX_CODE)
    if code and not _CODE.fullmatch(code):
        findings.add(place, "code_invalid", value=code)
        return ""
    return code


def check_number(text: str, *, comma_may_group: bool = True) -> Decimal:
    """Read an exact number of the document: a point is always decimal, a comma unless it may group thousands.

    Raises `RuleBroken` "number_invalid" or "number_ambiguous".
    """
    value = _bounded(text)
    if comma_may_group and "," in text and _MAYBE_GROUPED.fullmatch(text.strip()):
        raise RuleBroken("number_ambiguous", text=text.strip())
    return value


def check_mark(text: str, criterion: CriterionSpec) -> int:
    """Read a mark as points. `1.000` is refused only when a thousand is a mark of this criterion, too.

    Raises `RuleBroken` "number_invalid", "number_ambiguous", "score_out_of_range" or "score_off_step".
    """
    value = _bounded(text)
    if mark_is_ambiguous(text, criterion):
        raise RuleBroken("number_ambiguous", text=text.strip())
    return criterion.points_of(value)


def mark_is_ambiguous(text: str, criterion: CriterionSpec) -> bool:
    """Tell whether the text could also be a grouped thousand within the scale."""
    if not _MAYBE_GROUPED.fullmatch(text.strip()):
        return False
    return criterion.minimum <= _bounded(text) * 1_000 <= criterion.maximum


def _bounded(text: str) -> Decimal:
    if len(text.strip()) > MAX_NUMBER:
        raise RuleBroken("number_invalid", text=text.strip()[:MAX_NUMBER])
    return parse_plain(text)
