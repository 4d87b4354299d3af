"""The ladder that settles equal printed results: declared steps, applied in order; what they leave equal stays tied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from contest.editions.rules import Rubric
from contest.errors import RuleBroken

Key = Decimal | Fraction | int


class StepKind(StrEnum):
    """What a step of the ladder compares."""

    CRITERION = "criterion"
    JUDGES_PREFERRING = "judges_preferring"
    HIGHEST_SCORECARD = "highest_scorecard"
    LOWER_SPREAD = "lower_spread"
    EARLIER_ROUND = "earlier_round"
    CHAIR = "chair"


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step; `code` names a criterion or an earlier round ("" for the nearest). `text` as it was declared."""

    kind: StepKind
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the steps look at; by position of the submission throughout.

    `criteria`: printed values in the order of `codes`. `totals`: the exact totals of the counted scorecards by judge.
    `earlier`: printed own results by round, in the order of the rounds. `places`: the chair's written order.
    """

    codes: tuple[str, ...] = ()
    criteria: Sequence[Sequence[Decimal | None]] = ()
    totals: Sequence[Mapping[int, Decimal]] = ()
    earlier: Mapping[str, Sequence[Decimal | None]] = field(default_factory=dict)
    places: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """One place of a group after the ladder: those who share it, the last step that split the group each stood in.

    `awaits_chair`: still tied although the chair decides here, because no written order names any of them.
    """

    members: tuple[int, ...]
    decided_by: str | None
    awaits_chair: bool


def parse(texts: Sequence[str], rubric: Rubric, rounds: Sequence[str] = ()) -> tuple[LadderStep, ...]:
    """Read the declared steps. Raises `RuleBroken` "tie_break_unknown" (step) for one that cannot be carried out."""
    codes = {criterion.code for criterion in rubric.criteria}
    return tuple(_parsed(text, codes, rounds) for text in texts)


def _parsed(text: str, codes: set[str], rounds: Sequence[str]) -> LadderStep:
    name, colon, code = text.partition(":")
    known = {StepKind.CRITERION: codes, StepKind.EARLIER_ROUND: {"", *rounds}}
    if name not in set(StepKind) or code not in known.get(StepKind(name), {""}) or (colon and not code):
        raise RuleBroken("tie_break_unknown", step=text)
    return LadderStep(StepKind(name), code, text)


def settle(group: Sequence[int], steps: Sequence[LadderStep], evidence: Evidence) -> list[Settled]:
    """Split a group of equal results, best first; members of one place come in the order of their positions."""
    chair = any(step.kind is StepKind.CHAIR for step in steps)
    return [
        Settled(part, by, chair and len(part) > 1 and not any(one in evidence.places for one in part))
        for part, by in _settled(tuple(sorted(group)), tuple(steps), evidence, None)
    ]


def _settled(
    group: tuple[int, ...], steps: tuple[LadderStep, ...], evidence: Evidence, by: str | None
) -> Iterator[tuple[tuple[int, ...], str | None]]:
    if len(group) == 1 or not steps:
        yield group, by
        return
    parts = split(group, steps[0], evidence)
    for part in parts:
        yield from _settled(part, steps[1:], evidence, steps[0].text if len(parts) > 1 else by)


def split(group: Sequence[int], step: LadderStep, evidence: Evidence) -> list[tuple[int, ...]]:
    """Split a group by one step, best first; one part when the step does not tell them apart."""
    keys = _KEYS[step.kind](group, step, evidence)
    if keys is None:
        return [tuple(group)]
    parts: dict[Key, list[int]] = defaultdict(list)
    for one in group:
        parts[keys[one]].append(one)
    return [tuple(parts[key]) for key in sorted(parts, reverse=True)]


Keys = Mapping[int, Key] | None
"""By position, the higher the better; None where the step can tell nobody apart."""


def _by_criterion(group: Sequence[int], step: LadderStep, evidence: Evidence) -> Keys:
    column = evidence.codes.index(step.code)
    return _all_or_none({one: evidence.criteria[one][column] for one in group})


def _by_round(group: Sequence[int], step: LadderStep, evidence: Evidence) -> Keys:
    if step.code:
        return _all_or_none({one: evidence.earlier[step.code][one] for one in group})
    for results in reversed(tuple(evidence.earlier.values())):
        keys = _all_or_none({one: results[one] for one in group})
        if keys is not None:
            return keys
    return None


def _by_highest(group: Sequence[int], _step: LadderStep, evidence: Evidence) -> Keys:
    return _all_or_none({one: max(evidence.totals[one].values(), default=None) for one in group})


def _by_spread(group: Sequence[int], _step: LadderStep, evidence: Evidence) -> Keys:
    totals = {one: evidence.totals[one].values() for one in group}
    return _all_or_none({one: min(given) - max(given) if given else None for one, given in totals.items()})


def _by_chair(group: Sequence[int], _step: LadderStep, evidence: Evidence) -> Keys:
    last = max(evidence.places.values(), default=0) + 1
    return {one: -evidence.places.get(one, last) for one in group}


def _by_judges(group: Sequence[int], _step: LadderStep, evidence: Evidence) -> Keys:
    """Count head to head: pairs won less pairs lost; a pair is won where more of the judges of both prefer one."""
    won = dict.fromkeys(group, 0)
    for at, one in enumerate(group):
        for other in group[at + 1 :]:
            lead = preferring(evidence.totals[one], evidence.totals[other])
            outcome = (lead > 0) - (lead < 0)
            won[one] += outcome
            won[other] -= outcome
    return won


def preferring(one: Mapping[int, Decimal], other: Mapping[int, Decimal]) -> int:
    """Return how many more of the judges of both gave `one` the higher total than the other way round."""
    both = ((total, other[judge]) for judge, total in one.items() if judge in other)
    return sum((mine > yours) - (mine < yours) for mine, yours in both)


def _all_or_none(values: Mapping[int, Decimal | None]) -> Keys:
    given = {one: value for one, value in values.items() if value is not None}
    return given if len(given) == len(values) else None


_KEYS: Mapping[StepKind, Callable[[Sequence[int], LadderStep, Evidence], Keys]] = {
    StepKind.CRITERION: _by_criterion,
    StepKind.JUDGES_PREFERRING: _by_judges,
    StepKind.HIGHEST_SCORECARD: _by_highest,
    StepKind.LOWER_SPREAD: _by_spread,
    StepKind.EARLIER_ROUND: _by_round,
    StepKind.CHAIR: _by_chair,
}
