"""What a judge typed into a rubric, read exactly; and the weighted total while it is still being filled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contest.editions.numbers import parse_decimal
from contest.editions.rules import CriterionSpec
from contest.errors import RuleBroken
from contest.judging.papers import Sheet

BUTTONS = 11
"""A scale of at most this many marks is offered as buttons, a longer one is typed."""

# A mark is digits with nothing around them, whoever sends it; a zero has no sign.
_STRANGE = re.compile(r"^\s|\s$|^-0+(?:[.,]0*)?$")
_CODES = {
    "number_invalid": "mark_invalid",
    "number_ambiguous": "mark_ambiguous",
    "score_out_of_range": "mark_out_of_range",
    "score_off_step": "mark_off_step",
}


@dataclass(frozen=True, slots=True)
class MarkProblem:
    """Why one text is no mark: the code of the sentence, the criterion it concerns, and what was typed."""

    code: str
    criterion: CriterionSpec
    text: str = ""


class MarksRefused(RuleBroken):
    """Some texts are no marks of their scale, or marks are missing; nothing is stored."""

    def __init__(self, problems: Sequence[MarkProblem]) -> None:
        super().__init__("marks_refused", count=len(problems))
        self.problems = tuple(problems)


def read_marks(sheet: Sheet, texts: Mapping[str, str], *, complete: bool = False) -> tuple[int | None, ...]:
    """Return the points in the order of the sheet; an absent or empty text is a blank, which is not zero.

    Raises `MarksRefused` with every problem at once; when `complete`, a blank is one. Raises `RuleBroken`
    "criterion_unknown" (criterion) for a text that belongs to no criterion of the sheet.
    """
    unknown = sorted(texts.keys() - {criterion.code for criterion in sheet.criteria})
    if unknown:
        raise RuleBroken("criterion_unknown", criterion=unknown[0][:40])
    read = [_read(criterion, texts.get(criterion.code, "")) for criterion in sheet.criteria]
    problems = [one for one in read if isinstance(one, MarkProblem)]
    points = tuple(None if isinstance(one, MarkProblem) else one for one in read)
    if complete:
        wrong = {problem.criterion.code for problem in problems}
        blank = [c for c, one in zip(sheet.criteria, points, strict=True) if one is None and c.code not in wrong]
        problems += [MarkProblem("mark_missing_here", criterion) for criterion in blank]
    if problems:
        raise MarksRefused(problems)
    return points


def _read(criterion: CriterionSpec, text: str) -> int | MarkProblem | None:
    if not text:
        return None
    if _STRANGE.search(text):
        return MarkProblem("mark_invalid", criterion, text)
    try:
        value = parse_decimal(text)
        points = criterion.points_of(value)
    except RuleBroken as refused:
        return MarkProblem(_CODES[refused.code], criterion, text)
    # More digits than the decimal context keeps would be rounded on the way to a step.
    return points if criterion.value_of(points) == value else MarkProblem("mark_off_step", criterion, text)


def running_total(sheet: Sheet, points: Sequence[int | None]) -> Decimal | None:
    """Return the weighted total of the marks given so far, unrounded; None when there is none."""
    given = [c.weight * c.value_of(p) for c, p in zip(sheet.criteria, points, strict=True) if p is not None]
    return sum(given, Decimal(0)) if given else None


def plain(value: Decimal) -> str:
    """Return a decimal without needless zeros: "8.5", "40", never "4E+1"."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def mark_texts(sheet: Sheet, points: Sequence[int | None]) -> dict[str, str]:
    """Return the marks given, as plain decimals by criterion code."""
    return {
        criterion.code: plain(criterion.value_of(one))
        for criterion, one in zip(sheet.criteria, points, strict=True)
        if one is not None
    }


def stored_points(sheet: Sheet, texts: Mapping[str, str]) -> dict[int, int]:
    """Return points by criterion id from marks as `mark_texts` wrote them; the inverse of it."""
    pairs = zip(sheet.criteria, sheet.ids, strict=True)
    return {i: criterion.points_of(Decimal(texts[criterion.code])) for criterion, i in pairs if criterion.code in texts}


def has_buttons(criterion: CriterionSpec) -> bool:
    """Tell whether the scale is short enough for a row of buttons."""
    return criterion.max_points < BUTTONS


def choices(criterion: CriterionSpec) -> tuple[str, ...]:
    """Return every mark of a scale as a plain decimal, ascending."""
    return tuple(plain(criterion.value_of(points)) for points in range(criterion.max_points + 1))
