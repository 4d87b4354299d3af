"""How fair and how sure a round's ranking is, in facts: what the fairness page tells.

Works on a report, frozen or live. Positions are those of the report's lines and judges; numbers are points of the
printed scale. Fair scores are rounded like results, so that they are those of a round that ranks by them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from contest.editions.rules import Aggregate, Combine, Decide
from contest.judging.calibration import Calibration, Method
from contest.judging.numbers import round_half_up
from contest.judging.relative import SHOWN_DIGITS
from contest.lazy import lazy
from contest.results.fair_cards import Group, Table, groups_of
from contest.results.inputs import RoundInputs
from contest.results.replay import inputs_from_report
from contest.results.report import RoundReport
from contest.results.robustness import Chances, Change, leave_one_out, podium_of, rank_chances, tie_bands

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
else:
    np = lazy("numpy")

TOPS = (1, 3)
PODIUM = 3
LEVEL = 0.9
REACH = 1.645  # standard deviations on either side that hold 90 % of a normal distribution
MOST_DRAWN, FEWEST_DRAWS, MOST_DRAWS = 2_000_000, 400, 4_000
MOST_EXAMPLES = 20
MOST_CARDS = 10_000  # beyond, leaving each judge out in turn takes longer than a page may
FEWEST_TO_LEAVE_OUT = 3
STRICTEST = 3  # the strictest third of the judges are "among the strictest"
NOT_LINKED = "judges_not_linked"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why fair and raw differ.

    `code`: none, strict or kind (`some` of the `judges` are in that third of the panel), stricter or kinder (all of
    them together), few (more or fewer scorecards than the others have).
    """

    code: str
    some: int
    judges: int


@dataclass(frozen=True, slots=True)
class FairLine:
    """A submission that can be ranked. Ranks are within its track, by printed numbers; equal ones share.

    `low` and `high` hold 90 % of what the whole panel would give it, `best` and `worst` 90 % of its ranks. `band`
    numbers those that cannot be told apart.
    """

    position: int
    raw: Decimal
    raw_rank: int
    fair: Decimal
    fair_rank: int
    low: float
    high: float
    best: int
    worst: int
    first: float
    podium: float
    band: int
    reason: Reason

    @property
    def change(self) -> Decimal:
        """By how much the fair score lies above the raw one."""
        return self.fair - self.raw


@dataclass(frozen=True, slots=True)
class ExampleCard:
    """One scorecard of the worked example: the total, what its judge adds, what is left."""

    total: Decimal
    severity: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class Example:
    """The method on real numbers: one submission, its scorecards, their mean after severity is taken off."""

    position: int
    cards: tuple[ExampleCard, ...]
    raw: Decimal
    mean: Decimal
    fair: Decimal


@dataclass(frozen=True, slots=True)
class Trials:
    """What leaving one thing out does; podium and winners are positions, `judges` those behind `Change.which`.

    `method` is the one that is varied. `cards` names submission and judge of each scorecard.
    """

    method: str
    podium: tuple[int, ...]
    winners: tuple[int, ...]
    changes: tuple[Change, ...]
    judges: tuple[int, ...]
    criteria: int
    cards: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class TrackFairness:
    """One track, `track` its place in the report (None: without). `note` says why there are no fair scores, if none.

    `lines` are in fair order. `parts` are the groups of submissions that share no judge, where there are several.
    """

    track: int | None
    note: str | None
    lines: tuple[FairLine, ...]
    example: Example | None
    trials: Trials | None
    parts: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class JudgeSeverity:
    """What a judge adds to a score (below 0 is strict), with the ends of its 90 % interval."""

    judge: int
    severity: float
    low: float
    high: float
    cards: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """The whole round. `official`: the round's own rule takes severity off; else all of this is advice.

    `totals_only`: the results look at more than the judges' totals, or in another way; this page does not.
    """

    official: bool
    totals_only: bool
    tracks: tuple[TrackFairness, ...]
    judges: tuple[JudgeSeverity, ...]


def fairness_of(report: RoundReport) -> Fairness:
    """Return the facts, the judges from the strictest to the kindest. Deterministic."""
    inputs = inputs_from_report(report)
    work = _Work(inputs, Table.of(inputs), [line.judges >= inputs.rules.min_judges for line in report.lines])
    tracks = dict.fromkeys(inputs.tracks)
    return Fairness(
        official=inputs.rules.aggregate is Aggregate.SEVERITY,
        totals_only=_looks_at_more(inputs),
        tracks=tuple(work.track(one) for one in tracks),
        judges=tuple(sorted(work.severities(), key=lambda one: (one.severity, one.judge))),
    )


def _looks_at_more(inputs: RoundInputs) -> bool:
    rules = inputs.rules
    plain = rules.combine is Combine.SCORECARD and rules.aggregate in (Aggregate.MEAN, Aggregate.SEVERITY)
    besides = inputs.rubric.measured or rules.carry or inputs.ledger or rules.decide is Decide.AGREEMENT
    return not plain or bool(besides)


def places(values: Mapping[int, Decimal]) -> dict[int, int]:
    """Return ranks by key: 1 is the highest, equal values share (1-2-2-4)."""
    counts, before, ranks = Counter(values.values()), 0, {}
    for value in sorted(counts, reverse=True):
        ranks[value] = before + 1
        before += counts[value]
    return {key: ranks[value] for key, value in values.items()}


class _Work:
    """A round with what is looked up once."""

    def __init__(self, inputs: RoundInputs, table: Table, enough: Sequence[bool]) -> None:
        self.inputs, self.table, self.enough = inputs, table, enough
        self.decimals = inputs.rules.decimals
        self.groups = groups_of(table)
        self.group_of = {one: group for group in self.groups for one in group.members}

    def severities(self) -> list[JudgeSeverity]:
        """Return the judges of all groups that could be compared."""
        counts = Counter(judge for given in self.table.given for judge, _ in given)
        return [
            JudgeSeverity(
                judge, float(severity), float(severity - REACH * sd), float(severity + REACH * sd), counts[judge]
            )
            for group in self.groups
            if group.fit is not None
            for judge, severity, sd in zip(group.judges, group.fit.severity, group.fit.severity_sd, strict=True)
        ]

    def track(self, track: int | None) -> TrackFairness:
        """Return one track."""
        scored = [one for one, own in enumerate(self.inputs.tracks) if own == track and self.table.given[one]]
        ranked = [one for one in scored if self.enough[one]]
        groups = list({id(self.group_of[one]): self.group_of[one] for one in scored}.values())
        note = _note(groups)
        fit = groups[0].fit if groups and note is None else None
        lines = _Track(self, groups[0], fit, ranked).lines() if fit is not None and ranked else ()
        parts = tuple((tuple(one for one in scored if self.group_of[one] is g), g.judges) for g in groups)
        return TrackFairness(
            track=track,
            note=note,
            lines=lines,
            example=self._example(groups[0], lines) if lines else None,
            trials=self._trials(ranked) if note != NOT_LINKED else None,
            parts=parts if len(parts) > 1 else (),
        )

    def printed(self, value: float | Fraction) -> Decimal:
        """Return a number as results are printed; floats lose their noise first, as in the ranking."""
        exact = value if isinstance(value, Fraction) else Fraction(Decimal(f"{float(value):.{SHOWN_DIGITS}f}"))
        return round_half_up(exact, self.decimals)

    def _example(self, group: Group, lines: Sequence[FairLine]) -> Example:
        """Take the submission with the largest change that the mean of what is left explains to the last digit."""
        changed = sorted(lines, key=lambda line: (-abs(line.change), line.fair_rank, line.position))[:MOST_EXAMPLES]
        examples = (self._worked(group, line) for line in changed)
        return max(examples, key=lambda one: (one.mean == one.fair, abs(one.fair - one.raw)))

    def _worked(self, group: Group, line: FairLine) -> Example:
        cards = []
        for judge, total in self.table.given[line.position]:
            points, severity = self.table.points(total), self.printed(group.severities()[judge])
            cards.append(ExampleCard(self.printed(points), severity, self.printed(points - Fraction(severity))))
        mean = self.printed(sum((Fraction(card.left) for card in cards), Fraction(0)) / len(cards))
        return Example(line.position, tuple(cards), line.raw, mean, line.fair)

    def _trials(self, ranked: Sequence[int]) -> Trials | None:
        cards, judges = self.table.cards(ranked)
        if len(judges) < FEWEST_TO_LEAVE_OUT or len(ranked) < 2 or len(cards.judge) > MOST_CARDS:  # noqa: PLR2004 - a choice
            return None
        method = Method.SEVERITY if self.inputs.rules.aggregate is Aggregate.SEVERITY else Method.MEAN
        podium, winners = podium_of(cards.fit(method).shown, PODIUM, self.decimals)
        return Trials(
            method=method.value,
            podium=tuple(ranked[one] for one in podium),
            winners=tuple(ranked[one] for one in winners),
            changes=tuple(
                Change(
                    one.without,
                    one.which,
                    tuple(ranked[at] for at in one.podium),
                    tuple(ranked[at] for at in one.winners),
                    one.podium_changes,
                    one.winner_changes,
                )
                for one in leave_one_out(cards, method=method, size=PODIUM, places=self.decimals)
            ),
            judges=judges,
            criteria=len(cards.weights),
            cards=tuple((ranked[s], judges[j]) for s, j in zip(cards.submission, cards.judge, strict=True)),
        )


def _note(groups: Sequence[Group]) -> str | None:
    if not groups:
        return "no_scorecard"
    return NOT_LINKED if len(groups) > 1 else groups[0].note


class _Track:
    """The ranked submissions of one track, all in one group with a fit."""

    def __init__(self, work: _Work, group: Group, fit: Calibration, ranked: Sequence[int]) -> None:
        self.work, self.group, self.ranked = work, group, ranked
        place = {one: at for at, one in enumerate(group.members)}
        columns = np.array([place[one] for one in ranked])
        n = min(max(MOST_DRAWN // len(group.members), FEWEST_DRAWS), MOST_DRAWS)
        self.draws: Floats = fit.draw(n, 0)[:, columns]
        self.shown: Floats = fit.shown[columns]
        self.severity = group.severities()
        self.third = _thirds(self.severity)

    def lines(self) -> tuple[FairLine, ...]:
        """Return the lines in fair order, equal ones by position."""
        chances, bands = rank_chances(self.draws, TOPS, level=LEVEL), tie_bands(self.draws, level=LEVEL)
        low, high = np.quantile(self.draws, ((1 - LEVEL) / 2, (1 + LEVEL) / 2), axis=0)
        fair = {one: self.work.printed(float(shown)) for one, shown in zip(self.ranked, self.shown, strict=True)}
        raw = {one: self.work.printed(self.work.table.mean(one)) for one in self.ranked}
        ranks = places(raw), places(fair)
        lines = [
            self._line(
                at, (raw[one], fair[one]), (ranks[0][one], ranks[1][one]), (low[at], high[at]), chances, bands[at]
            )
            for at, one in enumerate(self.ranked)
        ]
        return tuple(sorted(lines, key=lambda line: (line.fair_rank, line.position)))

    def _line(
        self,
        at: int,
        scores: tuple[Decimal, Decimal],
        ranks: tuple[int, int],
        ends: tuple[float, float],
        chances: Chances,
        band: int,
    ) -> FairLine:
        return FairLine(
            position=self.ranked[at],
            raw=scores[0],
            raw_rank=ranks[0],
            fair=scores[1],
            fair_rank=ranks[1],
            low=float(ends[0]),
            high=float(ends[1]),
            best=int(chances.best[at]),
            worst=int(chances.worst[at]),
            first=float(chances.chance[0][at]),
            podium=float(chances.chance[1][at]),
            band=int(band),
            reason=self._reason(self.ranked[at], scores[1] - scores[0]),
        )

    def _reason(self, position: int, change: Decimal) -> Reason:
        judges = [judge for judge, _ in self.work.table.given[position]]
        count, up = len(judges), change > 0
        if not change:
            return Reason("none", 0, count)
        taken_off = -sum(self.severity[judge] for judge in judges) / count
        if (taken_off > 0) is not up or abs(float(change) - taken_off) > abs(taken_off):
            return Reason("few", 0, count)
        some = sum(self.third[judge] == ("strict" if up else "kind") for judge in judges)
        return Reason(("strict" if up else "kind") if some else ("stricter" if up else "kinder"), some, count)


def _thirds(severity: Mapping[int, float]) -> dict[int, str]:
    """Return who is among the strictest or kindest third of the judges, and stricter or kinder than the panel."""
    ordered = sorted(severity, key=severity.__getitem__)
    size = len(ordered) // STRICTEST
    found = dict.fromkeys(ordered, "")
    found |= {judge: "strict" for judge in ordered[:size] if severity[judge] < 0}
    return found | {judge: "kind" for judge in ordered[len(ordered) - size :] if severity[judge] > 0}
