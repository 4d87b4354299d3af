"""How a result came about, step by step: the marks, what was dropped, moved, rounded and added, what settled the place.

Pure: a step is a code with facts, exact numbers among them; `exports.explain_words` turns each into one sentence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contest.editions.rules import Combine, CriterionSpec, Source
from contest.judging.explaining import AggregateSteps, Step
from contest.judging.numbers import round_half_up
from contest.judging.scoring import (
    COMPARING,
    NO_PARTS,
    Besides,
    Scorecard,
    TotalScale,
    counted_points,
    measured_mark,
    own_results,
    waived,
)
from contest.judging.totals import highest_total, scale_factor
from contest.results.inputs import RoundInputs
from contest.results.ladder import StepKind
from contest.results.ranking import Reason, Standing, StandingStatus, besides_of, carried, rank
from contest.results.replay import inputs_from_report, line_inputs, standing_of, standings_of
from contest.results.report import RoundReport
from contest.results.rulings import Ruling, RulingKind

__all__ = ["Explainer", "Peers", "Step", "explain", "explain_line", "explain_report"]


@dataclass(frozen=True, slots=True)
class Peers:
    """How many lines of the track are ranked, have the same printed result, and share the rank; itself included."""

    ranked: int
    equal: int
    sharing: int


Place = tuple[object, str | None, int | None]
"""Track, printed result and rank of a ranked line."""


class _Counts:
    """The peers of all lines, counted once."""

    def __init__(self, places: Iterable[Place]) -> None:
        listed = list(places)
        self.ranked = Counter(track for track, _, _ in listed)
        self.equal = Counter((track, result) for track, result, _ in listed)
        self.sharing = Counter((track, place) for track, _, place in listed)

    def of(self, place: Place) -> Peers:
        track, result, number = place
        return Peers(self.ranked[track], self.equal[track, result], self.sharing[track, number])


def explain(inputs: RoundInputs, submission: int) -> tuple[Step, ...]:
    """Return the steps to the result and place of one submission; for several, use one `Explainer`."""
    return Explainer(inputs).steps(submission)


def explain_line(report: RoundReport, position: int) -> tuple[Step, ...]:
    """Return the steps of the line at `position`, reading no more of the report than they need."""
    line, standing = report.lines[position], standing_of(report, position)
    counts = _Counts((one.entrant.track, one.result, one.rank) for one in report.lines if one.rank is not None)
    peers = counts.of((line.entrant.track, line.result, line.rank))
    if report.rules.get("aggregate") in {one.value for one in COMPARING}:
        return Explainer(inputs_from_report(report), [standing]).steps(position, peers)
    lone = Explainer(line_inputs(report, line), [_moved(standing)])
    return lone.steps(0, peers)


def explain_report(report: RoundReport) -> Explainer:
    """Return what explains the lines of a report, by their positions; its numbers are not computed again."""
    return Explainer(inputs_from_report(report), standings_of(report))


def _moved(standing: Standing) -> Standing:
    values = {name: getattr(standing, name) for name in Standing.__dataclass_fields__}
    return Standing(**{**values, "submission": 0})


class Explainer:
    """Explains the lines of one round; what all of them need is computed once."""

    def __init__(self, inputs: RoundInputs, standings: Iterable[Standing] | None = None) -> None:
        """`standings` as `ranking.rank` gave them, if they are at hand."""
        self.inputs, self.rules, self.rubric = inputs, inputs.rules, inputs.rubric
        self.standings = {one.submission: one for one in (rank(inputs) if standings is None else standings)}
        self.besides: Besides = besides_of(inputs)
        self.scale, self.judged = TotalScale(inputs.rubric), inputs.rubric.judged
        self.factor = scale_factor(inputs.rubric, inputs.rules.scale_to)
        self.cards: dict[int, list[Scorecard]] = defaultdict(list)
        for card in sorted(inputs.cards, key=lambda one: one.judge):
            self.cards[card.submission].append(card)
        self.rulings: dict[int | None, list[Ruling]] = defaultdict(list)
        for ruling in inputs.rulings:
            self.rulings[ruling.submission].append(ruling)
        self.counts = _Counts(
            (one.track, one.result, one.rank) for one in self.standings.values() if one.rank is not None
        )
        totals = self._totals() if inputs.rules.aggregate in COMPARING else None
        self.aggregates = AggregateSteps(inputs.rules, totals, inputs.tracks)

    def steps(self, submission: int, peers: Peers | None = None) -> tuple[Step, ...]:
        """Return the steps of one submission, in the order of the arithmetic."""
        line = self.standings[submission]
        peers = peers or self.counts.of((line.track, line.result, line.rank))
        return (
            *self._missing_parts(submission),
            *self._papers(submission),
            *self._own(submission, line),
            *self._carried(submission, line),
            *self._spread(line),
            *self._place(line, peers),
        )

    # The marks

    def _lowest(self, submission: int) -> frozenset[int]:
        return waived(self.rubric, self.besides.missing.get(submission, NO_PARTS))

    def _points(self, submission: int) -> dict[int, tuple[int, ...]]:
        """Return the points of the scorecards that count, by judge."""
        lowest = self._lowest(submission)
        entering = {
            card.judge: counted_points(card, self.rules.counting, lowest) for card in self.cards.get(submission, ())
        }
        return {judge: points for judge, points in entering.items() if points is not None and self.judged}

    def _totals(self) -> tuple[tuple[tuple[int, Fraction], ...], ...]:
        everybody = range(len(self.inputs.tracks))
        return tuple(tuple(self._scaled(self._points(position)).items()) for position in everybody)

    def _scaled(self, points: Mapping[int, tuple[int, ...]]) -> dict[int, Fraction]:
        return {judge: Fraction(self._total(given)) * self.factor for judge, given in points.items()}

    def _total(self, points: tuple[int, ...]) -> Decimal:
        return self.scale.decimal(self.scale.total(points))

    def _missing_parts(self, submission: int) -> Iterator[Step]:
        for ruling in self.rulings.get(submission, ()):
            if ruling.kind is RulingKind.MISSING_PART:
                codes = tuple(c.code for c in self.rubric.criteria if c.part and c.part == ruling.value)
                yield Step("part_missing", _written(ruling, part=ruling.value, criteria=codes))

    def _papers(self, submission: int) -> Iterator[Step]:
        counted = self._points(submission)
        for card in self.cards.get(submission, ()) if self.judged else ():
            points = counted.get(card.judge)
            if points is None:
                yield Step("card_out", {"judge": card.judge, "state": _why_out(card)})
                continue
            terms = tuple((c.code, c.value_of(mark), c.weight) for c, mark in zip(self.judged, points, strict=True))
            yield Step("card", {"judge": card.judge, "terms": terms, "total": self._total(points)})

    # The result of this round

    def _own(self, submission: int, line: Standing) -> Iterator[Step]:
        points = self._points(submission)
        if line.own_result is None:
            yield from self._without_result(submission, line)
            return
        if self.rules.combine is Combine.CRITERION:
            yield from self._by_criterion(submission, points)
        else:
            yield from self._by_scorecard(submission, points)
        exact = self._exact(submission)
        for entry in self.inputs.ledger[submission] if self.inputs.ledger else ():
            yield Step("ledger", {"points": entry.points, "reason": entry.reason, "author": entry.author})
        value = Decimal(line.own_result)
        yield Step("rounded", {"exact": exact, "decimals": self.rules.decimals, "value": value})
        if line.reason == Reason.TOO_FEW_JUDGES:
            yield Step("too_few_judges", {"judges": line.judges, "needed": self.rules.min_judges})

    def _exact(self, submission: int) -> Fraction:
        """Return what was rounded: the engine's own number, from this submission alone where methods allow."""
        if self.rules.aggregate in COMPARING:
            value = self.aggregates.value(submission)
            extra = sum((product for *_, product in self._products(submission)), Fraction(0))
            return (value or Fraction(0)) + extra + self.besides.points.get(submission, Fraction(0))
        missing = self.besides.missing.get(submission)
        alone = Besides(
            measured=self.inputs.measured[submission : submission + 1],
            missing={0: missing} if missing else {},
            points={0: self.besides.points.get(submission, Fraction(0))},
        )
        cards = [
            Scorecard(card.judge, 0, card.points, card.submitted, card.recused, card.abstained)
            for card in self.cards.get(submission, ())
        ]
        (own,) = own_results(self.rules, self.rubric, cards, 1, alone)
        return own.exact or Fraction(0)

    def _without_result(self, submission: int, line: Standing) -> Iterator[Step]:
        if not self._points(submission) and self.judged:
            yield Step("no_scorecard", {})
            return
        codes = tuple(c.code for c in self.rubric.measured if self._mark(c, submission) is None)
        if codes:
            yield Step("not_measured", {"criteria": codes})
            return
        yield Step("too_few_to_trim", {"judges": line.judges, "needed": self.aggregates.fewest})

    def _by_scorecard(self, submission: int, points: Mapping[int, tuple[int, ...]]) -> Iterator[Step]:
        scaled = self._scaled(points)
        if self.rules.scale_to is not None:
            maximum = highest_total(self.rubric.criteria)
            totals = tuple(scaled.items())
            yield Step("scaled", {"maximum": maximum, "scale_to": self.rules.scale_to, "totals": totals})
        if self.judged:
            yield from self.aggregates.of_totals(submission, scaled)
        for criterion, mark, product in self._products(submission):
            facts = {"criterion": criterion.code, "source": criterion.source.value, "mark": mark}
            yield Step("measured", {**facts, "weight": criterion.weight, "product": product})

    def _products(self, submission: int) -> list[tuple[CriterionSpec, Fraction, Fraction]]:
        marks = ((criterion, self._mark(criterion, submission)) for criterion in self.rubric.measured)
        return [(c, mark, Fraction(c.weight) * mark * self.factor) for c, mark in marks if mark is not None]

    def _mark(self, criterion: CriterionSpec, submission: int) -> Fraction | None:
        marks = self.inputs.measured[submission] if self.inputs.measured else {}
        return measured_mark(criterion, marks, self.besides.missing.get(submission, NO_PARTS))

    def _by_criterion(self, submission: int, points: Mapping[int, tuple[int, ...]]) -> Iterator[Step]:
        columns = iter(tuple(zip(*points.values(), strict=True)))
        total = Decimal(0)
        for criterion in self.rubric.criteria:
            if criterion.source is Source.JUDGES:
                marks = [Fraction(criterion.value_of(one)) for one in next(columns)]
                value = self.aggregates.combined(marks)
                yield from self.aggregates.of_marks(criterion.code, marks)
            else:
                value = self._mark(criterion, submission) or Fraction(0)
            printed = round_half_up(value, self.rules.decimals)
            product = round_half_up(Fraction(printed) * Fraction(criterion.weight), self.rules.decimals)
            total += product
            facts = {"criterion": criterion.code, "source": criterion.source.value, "exact": value, "value": printed}
            yield Step("weighted", {**facts, "weight": criterion.weight, "product": product})
        yield Step("summed", {"total": total})
        if self.rules.scale_to is not None:
            facts = {"maximum": highest_total(self.rubric.criteria), "scale_to": self.rules.scale_to}
            yield Step("sum_scaled", {**facts, "total": total, "value": Fraction(total) * self.factor})

    # The result with earlier rounds, and the place

    def _carried(self, submission: int, line: Standing) -> Iterator[Step]:
        if not self.rules.carry or line.own_result is None:
            return
        parts = carried(self.inputs, submission, Decimal(line.own_result))
        missing = tuple(code for code, _, value in parts if value is None)
        if missing:
            yield Step("carry_missing", {"rounds": missing})
            return
        exact = sum((Fraction(weight) * Fraction(value or 0) for _, weight, value in parts), Fraction(0))
        facts = {"terms": tuple(parts), "exact": exact, "decimals": self.rules.decimals}
        yield Step("carried", {**facts, "value": line.value})

    def _spread(self, line: Standing) -> Iterator[Step]:
        if line.spread is None or self.rules.spread_alarm is None:
            return
        limit = Fraction(self.rules.spread_alarm) / 100 * highest_total(self.judged) * self.factor
        facts = {"spread": line.spread, "limit": limit, "per_cent": self.rules.spread_alarm}
        settled = [one for one in self.rulings.get(line.submission, ()) if one.kind is RulingKind.SPREAD_SETTLED]
        if line.alarm:
            yield Step("spread_alarm", facts)
        elif settled:
            yield Step("spread_settled", _written(settled[-1], **facts))

    def _place(self, line: Standing, peers: Peers) -> Iterator[Step]:
        if line.band is not None:
            yield Step("band", {"band": line.band, "result": line.value})
        if line.status is not StandingStatus.RANKED:
            yield Step("no_rank", {"reason": line.reason})
            return
        if line.decided_by == "agreement":
            yield from self._agreed(line)
            return
        alone = peers.equal == 1
        facts = {"rank": line.rank, "ranked": peers.ranked, "result": line.value}
        yield Step("placed" if alone else "equal_results", {**facts, "equal": peers.equal})
        if line.decided_by is not None:
            yield self._decided(line)
        if line.tied:
            yield Step("awaits_chair" if line.awaits_chair else "shared", {**facts, "sharing": peers.sharing})

    def _agreed(self, line: Standing) -> Iterator[Step]:
        for ruling in self.rulings.get(line.submission, ())[::-1]:
            if ruling.kind is RulingKind.AGREED_RANK:
                yield Step("agreed", _written(ruling, rank=line.rank))
                return

    def _decided(self, line: Standing) -> Step:
        kind, _, code = (line.decided_by or "").partition(":")
        facts: dict[str, Any] = {"kind": kind, "code": code, "rank": line.rank}
        codes = [criterion.code for criterion in self.rubric.criteria]
        totals = [self._total(given) for given in self._points(line.submission).values()]
        if kind == StepKind.CRITERION:
            facts["value"] = line.criteria[codes.index(code)]
        elif kind == StepKind.HIGHEST_SCORECARD:
            facts["value"] = max(totals)
        elif kind == StepKind.LOWER_SPREAD:
            facts["value"] = max(totals) - min(totals)
        elif kind == StepKind.CHAIR:
            orders = [one for one in self.rulings.get(line.submission, ()) if one.kind is RulingKind.CHAIR_ORDER]
            facts |= _written(orders[-1]) if orders else {"reason": "", "author": ""}
        return Step(f"decided_{kind}", facts)


def _written(ruling: Ruling, **facts: Any) -> dict[str, Any]:
    return {**facts, "reason": ruling.reason, "author": ruling.author}


def _why_out(card: Scorecard) -> str:
    if card.recused or card.abstained:
        return "recused" if card.recused else "abstained"
    return "missing" if all(mark is None for mark in card.points) else "draft"
