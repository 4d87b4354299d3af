"""What the organiser types or imports for a criterion that judges do not fill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from contest.editions.measures import Conversion
from contest.editions.numbers import parse_decimal
from contest.editions.rules import CriterionSpec, Source
from contest.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Imported:
    """A file read against the round: texts by submission code, and what is wrong by row.

    `problems` hold (row, code of the problem, what stands there); a submission that is not in the file is not touched.
    """

    texts: Mapping[str, str]
    problems: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A number and the mark that it becomes, for showing: a mark with endless places is cut at 28 digits."""

    number: Decimal
    mark: Decimal


def read_number(spec: CriterionSpec, text: str) -> Decimal | None:
    """Read one cell; an empty one is "not measured".

    A count of votes is a whole number from 0, a measured number any number, a mark must lie on the scale.
    Raises `RuleBroken` "number_invalid", "number_ambiguous", "count_not_whole" (value), "score_out_of_range",
    "score_off_step".
    """
    if not text.strip():
        return None
    value = parse_decimal(text)
    if spec.measure is None:
        spec.points_of(value)
    elif spec.source is Source.AUDIENCE and (value < 0 or value % 1):
        raise RuleBroken("count_not_whole", value=value)
    return value


def read_rows(rows: Iterable[tuple[int, str, str]], codes: Iterable[str]) -> Imported:
    """Match rows (number, submission, value) with the submissions of the round, whatever their capitals.

    Problems: "unknown_submission", "submission_again".
    """
    known = {code.casefold(): code for code in codes}
    texts: dict[str, str] = {}
    problems = []
    for number, submission, value in rows:
        code = known.get(submission.strip().casefold())
        if code is None:
            problems.append((number, "unknown_submission", submission.strip()))
        elif code in texts:
            problems.append((number, "submission_again", code))
        else:
            texts[code] = value.strip()
    return Imported(texts, tuple(problems))


def example_of(spec: CriterionSpec, entered: Iterable[Decimal]) -> tuple[Example, ...]:
    """Return the best and the worst of the numbers with their marks, to show what the declared conversion does.

    Nothing without a measure. Where nothing was entered yet, the ends of a line stand in; the others have none.
    """
    measure = spec.measure
    if measure is None:
        return ()
    numbers = sorted(set(entered))
    if (
        not numbers
        and measure.conversion is Conversion.LINEAR
        and measure.best is not None
        and measure.worst is not None
    ):
        numbers = [measure.worst, measure.best]
    shares = measure.shares(numbers)
    width = spec.maximum - spec.minimum
    found = [
        Example(number, spec.minimum + width * share.numerator / share.denominator)
        for number, share in zip(numbers, shares, strict=True)
        if share is not None
    ]
    ends = sorted(found, key=lambda one: one.mark, reverse=True)
    return (ends[0], ends[-1]) if len(ends) > 1 else tuple(ends)
