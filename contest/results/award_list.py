"""The list of awards: who gets what, with the names to read aloud, as it is shown, settled and published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from contest.editions.rules import LocalText
from contest.results.award_rules import AwardSpec, EmptyReason
from contest.results.awards import Candidate, Choice, Outcome, PassedOver, decide_awards
from contest.results.report import Entrant, Line, RoundReport

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Source:
    """The frozen ranking that awards were decided on."""

    round: str
    version: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Prize:
    """One winner as printed; `amount` in dong."""

    submission: str
    title: str
    team: str
    school: str
    members: tuple[str, ...]
    rank: int | None
    result: str | None
    shared: bool
    amount: int


@dataclass(frozen=True, slots=True)
class AwardLine:
    """One award in one track (None: over all) with its winners."""

    code: str
    name: LocalText
    sponsor: str
    round: str
    track: str | None
    track_name: LocalText
    amount: int
    winners: tuple[Prize, ...]
    passed_over: tuple[PassedOver, ...]
    awaiting: tuple[str, ...]
    empty: int
    empty_reason: EmptyReason | None
    leftover: int


@dataclass(frozen=True, slots=True)
class AwardList:
    """All awards of an edition, the highest first, and the rankings that they rest on.

    `pending`: rounds with awards whose results are not final yet.
    """

    sources: tuple[Source, ...]
    lines: tuple[AwardLine, ...]
    pending: tuple[str, ...] = ()

    @property
    def awaiting(self) -> tuple[AwardLine, ...]:
        """The awards for which the chair has to choose."""
        return tuple(line for line in self.lines if line.awaiting)

    @property
    def total(self) -> int:
        """All the money given, in dong."""
        return sum(prize.amount for line in self.lines for prize in line.winners)


def list_awards(
    specs: Sequence[AwardSpec],
    reports: Mapping[str, tuple[RoundReport, Source]],
    choices: Iterable[Choice] = (),
    gone: frozenset[str] = frozenset(),
) -> AwardList:
    """Decide the awards on the frozen reports of their rounds and put the names to them.

    `gone`: codes of submissions that were withdrawn or disqualified since. A round that is not in `reports` is pending.
    """
    needed = tuple(dict.fromkeys(spec.round for spec in specs))
    rankings = {code: candidates_of(report, gone) for code, (report, _source) in reports.items()}
    tracks = tuple(dict.fromkeys(track.code for code in needed if code in reports for track in reports[code][0].tracks))
    by_code = {spec.code: spec for spec in specs}
    lines = {code: {line.entrant.code: line for line in report.lines} for code, (report, _source) in reports.items()}
    return AwardList(
        sources=tuple(reports[code][1] for code in needed if code in reports),
        lines=tuple(
            _line(by_code[one.award], one, reports[by_code[one.award].round][0], lines[by_code[one.award].round])
            for one in decide_awards(specs, rankings, choices, tracks)
        ),
        pending=tuple(code for code in needed if code not in reports),
    )


def candidates_of(report: RoundReport, gone: frozenset[str] = frozenset()) -> tuple[Candidate, ...]:
    """Return the lines of a report as candidates."""
    codes = [criterion.code for criterion in report.rubric]
    return tuple(
        Candidate(
            submission=line.entrant.code,
            track=line.entrant.track,
            rank=line.rank,
            result=None if line.result is None else Decimal(line.result),
            # Snapshots of the first format hold no values of criteria.
            values={
                code: Decimal(value) for code, value in zip(codes, line.criteria, strict=False) if value is not None
            },
            band=line.band,
            gone=line.entrant.code in gone,
        )
        for line in report.lines
    )


def _values(codes: Sequence[str], line: Line) -> dict[str, Decimal]:
    # Snapshots of the first format hold no values of criteria.
    pairs = zip(codes, line.criteria, strict=False)
    return {code: Decimal(value) for code, value in pairs if value is not None}


def _line(spec: AwardSpec, outcome: Outcome, report: RoundReport, lines: Mapping[str, Line]) -> AwardLine:
    return AwardLine(
        code=spec.code,
        name=spec.name,
        sponsor=spec.sponsor,
        round=spec.round,
        track=outcome.track,
        track_name=report.track_name(outcome.track),
        amount=spec.amount,
        winners=tuple(
            _prize(lines[one.submission].entrant, lines[one.submission].result, one.rank, one.amount, shared=one.shared)
            for one in outcome.winners
        ),
        passed_over=outcome.passed_over,
        awaiting=outcome.awaiting,
        empty=outcome.empty,
        empty_reason=outcome.empty_reason,
        leftover=outcome.leftover,
    )


def _prize(entrant: Entrant, result: str | None, rank: int | None, amount: int, *, shared: bool) -> Prize:
    return Prize(
        entrant.code, entrant.title, entrant.team, entrant.school, entrant.members, rank, result, shared, amount
    )


def to_payload(awards: AwardList) -> dict[str, Any]:
    """Return the list as plain JSON values; `from_payload` reads it back equal."""
    return {"format": FORMAT, **asdict(awards)}


def from_payload(payload: Mapping[str, Any]) -> AwardList:
    """Read a list back. Raises `KeyError` on a payload of another format."""
    if payload["format"] != FORMAT:
        raise KeyError(payload["format"])
    return AwardList(
        sources=tuple(Source(**source) for source in payload["sources"]),
        lines=tuple(_read_line(line) for line in payload["lines"]),
        pending=tuple(payload["pending"]),
    )


def _read_line(data: Mapping[str, Any]) -> AwardLine:
    reason = data["empty_reason"]
    texts = {
        "name": LocalText(**data["name"]),
        "track_name": LocalText(**data["track_name"]),
        "winners": tuple(Prize(**{**one, "members": tuple(one["members"])}) for one in data["winners"]),
        "passed_over": tuple(PassedOver(**one) for one in data["passed_over"]),
        "awaiting": tuple(data["awaiting"]),
        "empty_reason": None if reason is None else EmptyReason(reason),
    }
    return AwardLine(**{**data, **texts})
