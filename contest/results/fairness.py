"""How fair and how sure a round's ranking is, in facts: what the fairness page tells.

Works on a report, frozen or live. Positions are those of the report's lines and judges; numbers are points of the
printed scale. Fair scores are rounded like results, so that they are those of a round that ranks by them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from contest.editions.rules import Aggregate, Combine, Decide
from contest.judging.calibration import Calibration, Method
from contest.judging.numbers import round_half_up
from contest.judging.relative import SHOWN_DIGITS
from contest.lazy import lazy
from contest.results.fair_cards import Group, Table, groups_of
from contest.results.fair_facts import (
    Example,
    ExampleCard,
    FairLine,
    Fairness,
    JudgeSeverity,
    Marking,
    Opinion,
    Part,
    Reason,
    TrackFairness,
    Trials,
)
from contest.results.inputs import RoundInputs
from contest.results.replay import inputs_from_report
from contest.results.report import RoundReport
from contest.results.robustness import Chances, leave_one_out, podium_of, rank_chances, tie_bands

__all__ = ["FairLine", "Fairness", "TrackFairness", "fairness_of", "places"]

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
CEILING_SHARE, CEILING_FROM = 0.05, 60  # so many totals at the top of so many submissions: they say "at least this"
FEWEST_TO_SPREAD = 4
NARROW, WIDE = 0.6, 1.6  # of the usual spread of a judge's totals


def fairness_of(report: RoundReport) -> Fairness:
    """Return the facts, the judges from the strictest to the kindest. Deterministic."""
    inputs = inputs_from_report(report)
    work = _Work(inputs, Table.of(inputs), [line.judges >= inputs.rules.min_judges for line in report.lines])
    tracks = dict.fromkeys(inputs.tracks)
    return Fairness(
        official=work.official,
        totals_only=work.totals_only,
        tracks=tuple(work.track(one) for one in tracks),
        judges=tuple(sorted(work.severities(), key=lambda one: (one.severity, one.judge))),
        markings=tuple(work.markings()),
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
        self.official = inputs.rules.aggregate is Aggregate.SEVERITY
        self.totals_only = _looks_at_more(inputs)
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

    def markings(self) -> Iterator[Marking]:
        """Yield how each judge with a scorecard marked, by position."""
        totals: dict[int, list[int]] = defaultdict(list)
        for given in self.table.given:
            for judge, total in given:
                totals[judge].append(total)
        spread = {judge: float(np.std(own)) for judge, own in totals.items() if len(own) >= FEWEST_TO_SPREAD}
        usual = float(np.median(list(spread.values()))) if len(spread) >= FEWEST_TO_LEAVE_OUT else 0.0
        notes = {judge: group.note for group in self.groups for judge in group.judges}
        for judge, own in sorted(totals.items()):
            lowest, highest = (self.printed(self.table.points(end)) for end in (min(own), max(own)))
            yield Marking(judge, len(own), lowest, highest, _spread_word(spread.get(judge), usual), notes[judge])

    def track(self, track: int | None) -> TrackFairness:
        """Return one track."""
        scored = [one for one, own in enumerate(self.inputs.tracks) if own == track and self.table.given[one]]
        ranked = [one for one in scored if self.enough[one]]
        groups = list({id(self.group_of[one]): self.group_of[one] for one in scored}.values())
        note = _note(groups)
        view = _view(self, groups[0], ranked) if groups and note is None else None
        trials, untried = self._trials(groups[0], ranked, note) if len(groups) == 1 else (None, None)
        lines = view.lines() if view else ()
        return TrackFairness(
            track=track,
            note=note,
            lines=lines,
            second=view.second.value if view else "",
            opinions=view.opinions(lines) if view else (),
            example=self._example(groups[0], lines) if lines else None,
            trials=trials,
            untried=untried,
            parts=tuple(self._part(group, scored) for group in groups) if len(groups) > 1 else (),
        )

    def _part(self, group: Group, scored: Sequence[int]) -> Part:
        submissions = tuple(one for one in scored if self.group_of[one] is group)
        pairs = [(one, judge) for one in submissions for judge, _ in self.table.given[one]]
        judges = {judge for _, judge in pairs}
        view = _view(self, group, [one for one in submissions if self.enough[one]])
        return Part(
            submissions,
            tuple(judge for judge in group.judges if judge in judges),
            tuple(pairs),
            group.note,
            view.lines() if view else (),
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

    def _trials(self, group: Group, ranked: Sequence[int], note: str | None) -> tuple[Trials, None] | tuple[None, str]:
        """Leave one thing out at a time of all that the group tells; only the ranked submissions have a place."""
        cards, judges = self.table.cards(group.members)
        if len(judges) < FEWEST_TO_LEAVE_OUT or len(ranked) < 2:  # noqa: PLR2004 - one alone wins whatever happens
            return None, "few"
        if len(cards.judge) > MOST_CARDS:
            return None, "many"
        method = Method.SEVERITY if self.official and note is None else Method.MEAN
        placed = np.isin(group.members, ranked)
        full = cards.fit(method)
        before = podium_of(np.where(placed, full.shown, np.nan), PODIUM, self.decimals)
        others = Method.SEVERITY, Method.MEAN, _second_method(full)
        changes = leave_one_out(cards, method=method, size=PODIUM, places=self.decimals, placed=placed, others=others)

        def named(places: Sequence[int]) -> tuple[int, ...]:
            return tuple(group.members[at] for at in places)

        podium, winners = map(named, before)
        pairs = zip(cards.submission, cards.judge, strict=True)
        return Trials(
            method=method.value,
            podium=podium,
            winners=winners,
            changes=tuple(replace(one, podium=named(one.podium), winners=named(one.winners)) for one in changes),
            judges=judges,
            criteria=len(cards.weights),
            cards=tuple((group.members[submission], judges[judge]) for submission, judge in pairs),
        ), None


def _spread_word(own: float | None, usual: float) -> str:
    if own is None or not usual:
        return ""
    return "narrow" if own < NARROW * usual else "wide" if own > WIDE * usual else "usual"


def _note(groups: Sequence[Group]) -> str | None:
    if not groups:
        return "no_scorecard"
    return NOT_LINKED if len(groups) > 1 else groups[0].note


def _view(work: _Work, group: Group, ranked: Sequence[int]) -> _Track | None:
    return _Track(work, group, group.fit, ranked) if group.fit is not None and ranked else None


class _Track:
    """The ranked submissions of one track, all in one group with a fit."""

    def __init__(self, work: _Work, group: Group, fit: Calibration, ranked: Sequence[int]) -> None:
        self.work, self.group, self.ranked = work, group, ranked
        place = {one: at for at, one in enumerate(group.members)}
        columns = np.array([place[one] for one in ranked])
        n = min(max(MOST_DRAWN // len(group.members), FEWEST_DRAWS), MOST_DRAWS)
        self.draws: Floats = fit.draw(n, 0, columns)
        self.shown: Floats = fit.shown[columns]
        self.second = _second_method(fit)
        self.other: Floats = work.table.fit(group.members, group.judges, self.second).shown[columns]
        self.severity = group.severities()
        self.third = _thirds(self.severity)

    def lines(self) -> tuple[FairLine, ...]:
        """Return the lines in fair order, equal ones by position."""
        chances, bands = rank_chances(self.draws, TOPS, level=LEVEL), tie_bands(self.draws, level=LEVEL)
        low, high = np.quantile(self.draws, ((1 - LEVEL) / 2, (1 + LEVEL) / 2), axis=0)
        raw = {one: self.work.printed(self.work.table.mean(one)) for one in self.ranked}
        scores = raw, self._printed(self.shown), self._printed(self.other)
        ranks = [places(one) for one in scores]
        lines = [
            self._line(
                at,
                [one[position] for one in scores],
                [one[position] for one in ranks],
                (low[at], high[at]),
                chances,
                bands[at],
            )
            for at, position in enumerate(self.ranked)
        ]
        return tuple(sorted(lines, key=lambda line: (line.fair_rank, line.position)))

    def opinions(self, lines: Sequence[FairLine]) -> tuple[Opinion, ...]:
        """Return the podium by the plain mean, by the fair scores and by the second opinion."""
        rule = Method.SEVERITY if self.work.official else Method.MEAN
        official = None if self.work.totals_only else rule
        ranks = {
            Method.MEAN: [(line.raw_rank, line.position) for line in lines],
            Method.SEVERITY: [(line.fair_rank, line.position) for line in lines],
            self.second: [(line.second_rank, line.position) for line in lines],
        }
        return tuple(
            Opinion(method.value, method is official, tuple(one for one in sorted(found) if one[0] <= PODIUM))
            for method, found in ranks.items()
        )

    def _printed(self, shown: Floats) -> dict[int, Decimal]:
        return {one: self.work.printed(float(score)) for one, score in zip(self.ranked, shown, strict=True)}

    def _line(
        self,
        at: int,
        scores: Sequence[Decimal],
        ranks: Sequence[int],
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
            second=scores[2],
            second_rank=ranks[2],
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


def _second_method(fit: Calibration) -> Method:
    """Return whom to ask for a second opinion: who knows of the ceiling where many totals stand at it."""
    score = fit.model.panel.score
    piled = np.count_nonzero(score >= score.max()) > CEILING_SHARE * len(score)
    return Method.CEILING if piled and len(fit.shown) >= CEILING_FROM else Method.ROBUST


def _thirds(severity: Mapping[int, float]) -> dict[int, str]:
    """Return who is among the strictest or kindest third of the judges, and stricter or kinder than the panel."""
    ordered = sorted(severity, key=severity.__getitem__)
    size = len(ordered) // STRICTEST
    found = dict.fromkeys(ordered, "")
    found |= {judge: "strict" for judge in ordered[:size] if severity[judge] < 0}
    return found | {judge: "kind" for judge in ordered[len(ordered) - size :] if severity[judge] > 0}
