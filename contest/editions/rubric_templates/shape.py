"""What a rubric template consists of, and a short way to write its criteria."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from contest.editions.rules import CriterionSpec, Guidance, LocalText, Rubric, Source

Words = tuple[str, str]
"""A wording: Vietnamese, English."""


@dataclass(frozen=True, slots=True)
class RubricTemplate:
    """A rubric to start from. `source` says where it was published; `note` what the source leaves open."""

    key: str
    name: LocalText
    source: str
    rubric: Rubric
    note: LocalText


def criterion(
    code: str,
    words: Words,
    maximum: str,
    *,
    weight: str = "1",
    minimum: str = "0",
    step: str = "1",
    about: Words = ("", ""),
    marks: Sequence[tuple[str, str, str]] = (),
) -> CriterionSpec:
    """Return a criterion; `marks` are (mark, Vietnamese meaning, English meaning)."""
    return CriterionSpec(
        code=code,
        name=LocalText(*words),
        minimum=Decimal(minimum),
        maximum=Decimal(maximum),
        step=Decimal(step),
        weight=Decimal(weight),
        guidance=tuple(Guidance(Decimal(mark), LocalText(vi, en)) for mark, vi, en in marks),
        description=LocalText(*about),
    )


def by_organiser(spec: CriterionSpec) -> CriterionSpec:
    """Return the criterion as one that the organiser fills (attendance and the like)."""
    return replace(spec, source=Source.ORGANISER)


def made(key: str, name: Words, source: str, *criteria: CriterionSpec, note: Words = ("", "")) -> RubricTemplate:
    """Return a template of these criteria."""
    return RubricTemplate(key, LocalText(*name), source, Rubric(criteria), LocalText(*note))
