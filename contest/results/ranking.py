"""Rank what is printed: places within each track, ties settled by the declared ladder or shared (1-2-2-4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from contest.editions.rules import Counting, Decide, RoundRules, Rubric
from contest.judging.numbers import round_half_up
from contest.judging.scoring import (
    Besides,
    OwnResult,
    ResultState,
    Scorecard,
    TotalScale,
    counted_points,
    own_results,
)
from contest.judging.totals import highest_total, scale_factor
from contest.results.inputs import RoundInputs
from contest.results.ladder import Evidence, LadderStep, Settled, parse, settle
from contest.results.ruling_values import place_of
from contest.results.rulings import Ruling, RulingKind

SELF = "self"
AGREEMENT = "agreement"
PER_CENT = 100


class StandingStatus(StrEnum):
    """Whether a submission takes part in the ranking."""

    RANKED = "ranked"
    INCOMPLETE = "incomplete"
    UNSCORED = "unscored"


class Reason(StrEnum):
    """Why a submission has no rank."""

    NO_SCORECARD = "no_scorecard"
    TOO_FEW_JUDGES = "too_few_judges"
    TOO_FEW_TO_TRIM = "too_few_to_trim"
    NOT_MEASURED = "not_measured"
    CARRY_MISSING = "carry_missing"
    NO_AGREEMENT = "no_agreement"


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a ranking.

    `result` and `own_result` are printed, `value` is the same number as `result` for comparing; all three are None
    without a result. `rank` is None unless the status is RANKED; `reason` (a `Reason`) says why. `judges` counts the
    scorecards that entered. `decided_by` is the last step of the ladder that split the tie in which the line stood, or
    "agreement"; None where the result alone decided, or where nothing did. `awaits_chair`: tied until the chair orders
    it in writing. `band` is a code. `spread` is the distance of the highest and the lowest exact total, after
    `scale_to`, rounded for print; None below two scorecards. `alarm`: it is wider than the rules allow and not settled.
    `criteria` holds printed values in the order of `rubric.criteria`. `ledger` is the sum of points given and taken.
    `note` as in `OwnResult`.
    """

    submission: int
    track: int | None
    rank: int | None
    result: str | None
    own_result: str | None
    status: StandingStatus
    judges: int
    tied: bool
    value: Decimal | None
    reason: str | None = None
    decided_by: str | None = None
    awaits_chair: bool = False
    band: str | None = None
    spread: Decimal | None = None
    alarm: bool = False
    criteria: tuple[Decimal | None, ...] = ()
    ledger: Decimal = Decimal(0)
    note: str | None = None


def rank(inputs: RoundInputs) -> tuple[Standing, ...]:
    """Rank the submissions of a round.

    The answer is ordered by track (those without one last), then by rank, then the incomplete, then the unscored.
    Within a tie, and among the unranked, lines follow the positions of the submissions: that order has no meaning.

    INCOMPLETE: a result, if there is one, is shown but takes no rank and no advancing place. UNSCORED: the rubric has
    criteria for judges and no scorecard counts. Tracks are ranked apart. Where the jury's agreement decides, a rank is
    the agreed one and numbers stand beside. Raises what `own_results` and `ladder.parse` raise, and `RuleBroken`
    "ruling_place_invalid" (value) for a ruling that is no place.
    """
    steps = parse(inputs.rules.tie_breaks, inputs.rubric, tuple(inputs.earlier))
    own = round_results(inputs)
    lines = _Lines(inputs, own).all()
    if inputs.rules.decide is Decide.AGREEMENT:
        lines = _agreed(lines, places_of(inputs.rulings, RulingKind.AGREED_RANK))
    tracks: dict[int | None, list[Standing]] = {}
    for line in lines:
        tracks.setdefault(line.track, []).append(line)
    evidence = evidence_of(inputs, own)
    ordered = sorted(tracks, key=lambda track: (track is None, track or 0))
    return tuple(line for track in ordered for line in _in_order(tracks[track], inputs.rules, steps, evidence))


def round_results(inputs: RoundInputs) -> tuple[OwnResult, ...]:
    """Return the results of this round alone, by position. Raises what `own_results` raises."""
    return own_results(inputs.rules, inputs.rubric, inputs.cards, len(inputs.tracks), besides_of(inputs))


def besides_of(inputs: RoundInputs) -> Besides:
    """Return what enters the results beside the scorecards."""
    missing: dict[int, frozenset[str]] = {}
    for ruling in inputs.rulings:
        if ruling.kind is RulingKind.MISSING_PART and ruling.submission is not None:
            missing[ruling.submission] = missing.get(ruling.submission, frozenset()) | {ruling.value}
    points = {
        position: sum((Fraction(entry.points) for entry in entries), Fraction(0))
        for position, entries in enumerate(inputs.ledger)
        if entries
    }
    return Besides(tracks=inputs.tracks, measured=inputs.measured, missing=missing, points=points)


def places_of(rulings: Iterable[Ruling], kind: RulingKind) -> dict[int, int]:
    """Return the written places of one kind by position; the last ruling counts. Raises "ruling_place_invalid"."""
    return {r.submission: place_of(r.value) for r in rulings if r.kind is kind and r.submission is not None}


def evidence_of(inputs: RoundInputs, own: Sequence[OwnResult]) -> Evidence:
    """Return what the steps of the ladder look at."""
    return Evidence(
        codes=tuple(criterion.code for criterion in inputs.rubric.criteria),
        criteria=[one.per_criterion for one in own],
        totals=[dict(one.totals) for one in own],
        earlier=inputs.earlier,
        places=places_of(inputs.rulings, RulingKind.CHAIR_ORDER),
    )


def judge_totals(
    rubric: Rubric, scorecards: Iterable[Scorecard], counting: Counting = Counting.SUBMITTED
) -> dict[tuple[int, int], Decimal]:
    """Return the exact totals of the scorecards that count, by (submission, judge): the matrix of the exports."""
    scale = TotalScale(rubric)
    counted = ((card, counted_points(card, counting)) for card in scorecards)
    return {(c.submission, c.judge): scale.decimal(scale.total(points)) for c, points in counted if points is not None}


class _Lines:
    """The lines of a round before anybody is placed."""

    def __init__(self, inputs: RoundInputs, own: Sequence[OwnResult]) -> None:
        self.inputs, self.own, rules = inputs, own, inputs.rules
        self.judged = bool(inputs.rubric.judged)
        factor = scale_factor(inputs.rubric, rules.scale_to)
        self.factor = factor
        self.limit = None if rules.spread_alarm is None else Fraction(rules.spread_alarm) / PER_CENT
        self.widest = highest_total(inputs.rubric.judged) * factor
        self.settled = {r.submission for r in inputs.rulings if r.kind is RulingKind.SPREAD_SETTLED}
        self.bands = sorted(rules.bands, key=lambda band: band.lowest, reverse=True)

    def all(self) -> list[Standing]:
        """Return one line per submission, by position."""
        return [self._line(position, own) for position, own in enumerate(self.own)]

    def _line(self, position: int, own: OwnResult) -> Standing:
        result = total_result(self.inputs, position, own.value)
        reason = self._reason(own, result)
        spread = self._spread(own)
        entries = self.inputs.ledger[position] if self.inputs.ledger else ()
        return Standing(
            submission=position,
            track=self.inputs.tracks[position],
            rank=None,
            result=None if result is None else f"{result:f}",
            own_result=None if own.value is None else f"{own.value:f}",
            status=_status(reason),
            judges=own.judges,
            tied=False,
            value=result,
            reason=reason,
            band=self._band(result),
            spread=None if spread is None else round_half_up(spread, self.inputs.rules.decimals),
            alarm=self._alarm(position, spread),
            criteria=own.per_criterion,
            ledger=sum((entry.points for entry in entries), Decimal(0)),
            note=own.note,
        )

    def _reason(self, own: OwnResult, result: Decimal | None) -> Reason | None:
        if own.state is ResultState.UNSCORED:
            return Reason.NO_SCORECARD
        if own.state is ResultState.NOT_MEASURED:
            return Reason.NOT_MEASURED
        if own.state is ResultState.TOO_FEW_TO_TRIM:
            return Reason.TOO_FEW_TO_TRIM
        if self.judged and own.judges < self.inputs.rules.min_judges:
            return Reason.TOO_FEW_JUDGES
        return Reason.CARRY_MISSING if result is None else None

    def _spread(self, own: OwnResult) -> Fraction | None:
        totals = [total for _, total in own.totals]
        return None if len(totals) < 2 else Fraction(max(totals) - min(totals)) * self.factor  # noqa: PLR2004 - a pair

    def _alarm(self, position: int, spread: Fraction | None) -> bool:
        if self.limit is None or not spread or position in self.settled:
            return False
        return spread > self.limit * self.widest

    def _band(self, result: Decimal | None) -> str | None:
        return next((band.code for band in self.bands if result is not None and result >= band.lowest), None)


def _status(reason: Reason | None) -> StandingStatus:
    if reason is None:
        return StandingStatus.RANKED
    return StandingStatus.UNSCORED if reason is Reason.NO_SCORECARD else StandingStatus.INCOMPLETE


def carried(inputs: RoundInputs, position: int, own: Decimal | None) -> list[tuple[str, Decimal, Decimal | None]]:
    """Return the round's code, weight and printed own result of each part of a carried result; () without a carry."""
    missing: tuple[Decimal | None, ...] = (None,) * len(inputs.tracks)
    return [
        (code, weight, own if code == SELF else inputs.earlier.get(code, missing)[position])
        for code, weight in inputs.rules.carry
    ]


def total_result(inputs: RoundInputs, position: int, own: Decimal | None) -> Decimal | None:
    """Return the printed result with the earlier rounds carried in; None where any part of it is missing."""
    if own is None or not inputs.rules.carry:
        return own
    parts = carried(inputs, position, own)
    exact = [Fraction(weight) * Fraction(value) for _, weight, value in parts if value is not None]
    return round_half_up(sum(exact, Fraction(0)), inputs.rules.decimals) if len(exact) == len(parts) else None


def _agreed(lines: Sequence[Standing], ranks: Mapping[int, int]) -> list[Standing]:
    """Give the agreed ranks; a line without one is not ranked, whatever its numbers say."""
    return [
        replace(line, rank=ranks[line.submission], status=StandingStatus.RANKED, reason=None, decided_by=AGREEMENT)
        if line.submission in ranks
        else replace(line, status=StandingStatus.INCOMPLETE, reason=Reason.NO_AGREEMENT)
        for line in lines
    ]


def _in_order(
    track: Sequence[Standing], rules: RoundRules, steps: Sequence[LadderStep], evidence: Evidence
) -> list[Standing]:
    ranked = [line for line in track if line.status is StandingStatus.RANKED]
    placed = _shared(ranked) if rules.decide is Decide.AGREEMENT else _placed(ranked, steps, evidence)
    incomplete = [line for line in track if line.status is StandingStatus.INCOMPLETE]
    unscored = [line for line in track if line.status is StandingStatus.UNSCORED]
    return placed + incomplete + unscored


def _shared(ranked: Sequence[Standing]) -> list[Standing]:
    """Mark those who share a rank that was given to them."""
    counts = Counter(line.rank for line in ranked)
    marked = [replace(line, tied=counts[line.rank] > 1) for line in ranked]
    return sorted(marked, key=lambda line: line.rank or 0)


def _placed(ranked: Sequence[Standing], steps: Sequence[LadderStep], evidence: Evidence) -> list[Standing]:
    """Give ranks within one track: a rank is one more than the number of those who stand before."""
    groups: dict[Decimal, list[int]] = defaultdict(list)
    for line in ranked:
        if line.value is not None:
            groups[line.value].append(line.submission)
    by_position = {line.submission: line for line in ranked}
    placed: list[Standing] = []
    for value in sorted(groups, reverse=True):
        for part in settle(groups[value], steps, evidence):
            placed += _at(len(placed) + 1, part, by_position)
    return placed


def _at(place: int, part: Settled, lines: Mapping[int, Standing]) -> list[Standing]:
    tied = len(part.members) > 1
    return [
        replace(lines[one], rank=place, tied=tied, decided_by=part.decided_by, awaits_chair=part.awaits_chair)
        for one in part.members
    ]
