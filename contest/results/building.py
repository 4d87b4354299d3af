"""From the inputs of a round to its report: the ranking, with all that led to it, as printed text."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.rules import CriterionSpec, Source
from contest.editions.rules_json import rules_to_json
from contest.judging.scoring import Scorecard, TotalScale, counted_points, measured_mark, waived
from contest.results.inputs import RoundInputs
from contest.results.ranking import Standing, besides_of, rank
from contest.results.report import (
    Cell,
    CriterionLine,
    Entrant,
    JudgeEntry,
    LedgerLine,
    Line,
    Named,
    RoundReport,
    RulingLine,
)
from contest.results.rulings import Ruling


def track_positions(tracks: Sequence[Named], entrants: Sequence[Entrant]) -> tuple[int | None, ...]:
    """Return the position of each entrant's track, None for "no track"."""
    place = {track.code: position for position, track in enumerate(tracks)}
    return tuple(None if entrant.track is None else place[entrant.track] for entrant in entrants)


def build_report(
    edition: EditionFacts,
    round_: RoundFacts,
    *,
    tracks: Sequence[Named],
    entrants: Sequence[Entrant],
    judges: Sequence[JudgeEntry],
    inputs: RoundInputs,
) -> RoundReport:
    """Rank the entrants and gather the report; positions of `inputs` refer to `entrants`, `judges` and `tracks`.

    Raises what `ranking.rank` raises.
    """
    lines = _Lines(inputs, entrants)
    criteria = [_criterion(position, criterion) for position, criterion in enumerate(inputs.rubric.criteria)]
    return RoundReport(
        edition=edition.code,
        edition_name=edition.name,
        organiser=edition.organiser,
        timezone=edition.timezone,
        round=round_.code,
        round_name=round_.name,
        kind=round_.kind.value,
        rubric_version=round_.rubric_version,
        rules=rules_to_json(inputs.rules),
        criteria=tuple(one for one in criteria if one.source == Source.JUDGES),
        tracks=tuple(tracks),
        judges=tuple(judges),
        lines=tuple(lines.line(standing) for standing in rank(inputs)),
        measured=tuple(one for one in criteria if one.source != Source.JUDGES),
        earlier=tuple(inputs.earlier),
        rulings=tuple(
            RulingLine(r.kind.value, None if r.submission is None else entrants[r.submission].code, *_words(r))
            for r in inputs.rulings
        ),
    )


def _words(ruling: Ruling) -> tuple[str, str, str]:
    return ruling.value, ruling.reason, ruling.author


def _criterion(position: int, spec: CriterionSpec) -> CriterionLine:
    return CriterionLine(
        code=spec.code,
        name=spec.name,
        minimum=format(spec.minimum, "f"),
        maximum=format(spec.maximum, "f"),
        step=format(spec.step, "f"),
        weight=format(spec.weight, "f"),
        position=position,
        source=spec.source.value,
        floor=_text(spec.floor),
        part=spec.part,
    )


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


class _Lines:
    """Lines of standings, with what is looked up once for all of them."""

    def __init__(self, inputs: RoundInputs, entrants: Sequence[Entrant]) -> None:
        self.inputs, self.entrants = inputs, entrants
        self.scale, self.criteria = TotalScale(inputs.rubric), inputs.rubric.judged
        self.missing = besides_of(inputs).missing
        self.cards: list[list[Scorecard]] = [[] for _ in entrants]
        for card in sorted(inputs.cards, key=lambda card: card.judge):
            self.cards[card.submission].append(card)

    def line(self, standing: Standing) -> Line:
        """Return the line of one standing."""
        at = standing.submission
        entries = self.inputs.ledger[at] if self.inputs.ledger else ()
        return Line(
            entrant=self.entrants[at],
            rank=standing.rank,
            result=standing.result,
            own_result=standing.own_result,
            status=standing.status.value,
            judges=standing.judges,
            tied=standing.tied,
            cells=tuple(self._cell(card) for card in self.cards[at]),
            reason=None if standing.reason is None else str(standing.reason),
            decided_by=standing.decided_by,
            awaits_chair=standing.awaits_chair,
            band=standing.band,
            spread=_text(standing.spread),
            alarm=standing.alarm,
            note=standing.note,
            criteria=tuple(_text(value) for value in standing.criteria),
            measured=self._measured(at),
            earlier=tuple(_text(results[at]) for results in self.inputs.earlier.values()),
            ledger=format(standing.ledger, "f"),
            entries=tuple(LedgerLine(format(one.points, "f"), one.reason, one.author) for one in entries),
        )

    def _measured(self, at: int) -> tuple[str | None, ...]:
        given = self.inputs.measured[at] if self.inputs.measured else {}
        marks = (measured_mark(criterion, given) for criterion in self.inputs.rubric.measured)
        return tuple(None if mark is None else str(mark) for mark in marks)

    def _cell(self, card: Scorecard) -> Cell:
        missing = self.missing.get(card.submission)
        lowest = waived(self.inputs.rubric, missing) if missing else frozenset[int]()
        counted = counted_points(card, self.inputs.rules.counting, lowest) if self.criteria else None
        marks = tuple(
            None if points is None else format(criterion.value_of(points), "f")
            for criterion, points in zip(self.criteria, card.points, strict=True)
        )
        total = None if counted is None else format(self.scale.decimal(self.scale.total(counted)), "f")
        return Cell(judge=card.judge, state=_state(card, counts=counted is not None), total=total, marks=marks)


def _state(card: Scorecard, *, counts: bool) -> str:
    if card.recused or card.abstained:
        return card.state(0).value if card.points else ("recused" if card.recused else "abstained")
    if card.submitted and counts:
        return "submitted"
    return "missing" if all(points is None for points in card.points) else "draft"
