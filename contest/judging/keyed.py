"""A score sheet on paper, typed in twice: what the two persons typed has to agree line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contest.editions.rules import CriterionSpec
from contest.errors import RuleBroken
from contest.judging.papers import PaperState, Sheet
from contest.judging.states import KeyedState


@dataclass(frozen=True, slots=True)
class KeyedFacts:
    """What one person typed from a sheet; `marks` are plain decimals by criterion code."""

    id: int
    state: KeyedState
    rubric_version: int
    marks: Mapping[str, str]
    feedback: str
    photo_key: str | None
    keyed_at: datetime
    keyed_by: int
    keyed_by_name: str
    decided_at: datetime | None
    decided_by_name: str
    decision: str


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One sheet of a round: whose, for which submission, and how far it is.

    `state` is that of the judge's scorecard, `keyed` that of the sheet typed in last, if one was.
    """

    public_id: str
    judge_code: str
    judge_name: str
    judge_user_id: int
    code: str
    title: str
    state: PaperState
    keyed: KeyedState | None
    keyed_by: int | None
    keyed_by_name: str


class SheetsDiffer(RuleBroken):
    """The second person read something else on the paper than the first; `criteria` are the lines that differ.

    What the first typed is not told: both are to look at the paper, not at each other.
    """

    def __init__(self, criteria: Sequence[CriterionSpec]) -> None:
        super().__init__("sheets_differ", count=len(criteria))
        self.criteria = tuple(criteria)


def differing(sheet: Sheet, first: Mapping[str, str], second: Mapping[str, str]) -> tuple[CriterionSpec, ...]:
    """Return the criteria with different marks, in the order of the sheet; both are plain decimals by code."""
    return tuple(one for one in sheet.criteria if first.get(one.code) != second.get(one.code))
