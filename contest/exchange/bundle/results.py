"""Finalised rounds as files that anybody can check: a contest bundle made of frozen snapshots alone.

Nothing in it is read from live data, so the same snapshots always give the same bytes, whatever is changed later.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from contest.commitments import reveal
from contest.editions.rules import LocalText, Per, RoundKind
from contest.exchange.bundle.dump import dump_bundle
from contest.exchange.bundle.model import (
    Bundle,
    BundleAdjustment,
    BundleAdvancement,
    BundleEdition,
    BundleField,
    BundleJudge,
    BundleRound,
    BundleScore,
    BundleScorecard,
    BundleSubmission,
    BundleTrack,
)
from contest.exchange.bundle.rows import shielded
from contest.exchange.bundle.settle import settled
from contest.judging.scoring import Scorecard
from contest.judging.states import ScorecardStatus
from contest.results.advancement import Cut, advance, written
from contest.results.frozen import thaw
from contest.results.inputs import RoundInputs
from contest.results.replay import inputs_from_report, standing_of
from contest.results.report import Entrant, RoundReport
from contest.results.verify_results import COMPARED, FORMAT, RESULTS, SNAPSHOTS


@dataclass(frozen=True, slots=True)
class FrozenRound:
    """A snapshot with all that made it; `payload` is its canonical JSON, as it was stored.

    Positions in `inputs` are those of `entries`, the codes of the submissions.
    """

    version: int
    fingerprint: str
    payload: str
    report: RoundReport
    inputs: RoundInputs

    @property
    def code(self) -> str:
        """The round's code."""
        return self.report.round

    @property
    def entries(self) -> tuple[str, ...]:
        """The codes of the submissions."""
        return tuple(line.entrant.code for line in self.report.lines)


def read_frozen(
    version: int, fingerprint: str, payload: str, names: Mapping[str, list[str]] | None = None
) -> FrozenRound:
    """Return a stored snapshot as a frozen round, with the names beside it in its report.

    Raises `KeyError` or `TypeError` for one of an unknown format.
    """
    report = thaw(json.loads(reveal(payload, names or {}))).report
    return FrozenRound(version, fingerprint, payload, report, inputs_from_report(report))


def results_files(rounds: Sequence[FrozenRound]) -> dict[str, bytes]:
    """Return file name -> bytes for at least one finalised round, in the order of the rounds.

    The contest bundle, the snapshots byte for byte, what was published (results.json), and three tables that a contest
    bundle does not need: participants.csv, rulings.csv and converted.csv (marks that no judge gave).
    """
    files = dump_bundle(_bundle(rounds))
    files |= {f"{SNAPSHOTS}{each.code}.json": each.payload.encode() for each in rounds}
    files[RESULTS] = _json({"format": FORMAT, "rounds": [_published(each) for each in rounds]})
    files["participants.csv"] = _csv(("round", "submission"), ((r.code, e) for r in rounds for e in sorted(r.entries)))
    for name, header, rows in (
        ("rulings.csv", _RULINGS, [row for each in rounds for row in _rulings(each)]),
        ("converted.csv", _CONVERTED, [row for each in rounds for row in _converted(each)]),
    ):
        if rows:
            files[name] = _csv(header, rows)
    return files


_RULINGS = ("round", "kind", "submission", "value", "reason", "author")
_CONVERTED = ("round", "submission", "criterion", "mark")


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([shielded(cell) for cell in row] for row in rows)
    return stream.getvalue().encode()


def _published(each: FrozenRound) -> dict[str, Any]:
    lines = [asdict(line) for line in each.report.lines]
    cut = _cut(each)
    return {
        "round": each.code,
        "version": each.version,
        "fingerprint": each.fingerprint,
        "lines": [{"submission": line["entrant"]["code"], **{name: line[name] for name in COMPARED}} for line in lines],
        "earlier": {
            code: {line["entrant"]["code"]: line["earlier"][column] for line in lines}
            for column, code in enumerate(each.report.earlier)
        },
        **({} if cut is None else {"advancing": sorted(each.entries[position] for position in cut.advancing)}),
    }


def _cut(each: FrozenRound) -> Cut | None:
    """Draw the line through the frozen numbers; who left the contest afterwards is not in them."""
    rule, report = each.inputs.rules.advance, each.report
    if rule is None or not rule.has_line:
        return None
    fields = {code: position for position, code in enumerate(sorted(_fields(report)))}
    tracks = {track.code: position for position, track in enumerate(report.tracks)}
    return advance(
        [standing_of(report, position) for position in range(len(report.lines))],
        rule,
        [fields.get(line.entrant.field or "") for line in report.lines],
        floors=[criterion.floor for criterion in each.inputs.rubric.criteria],
        decided=written(each.inputs.rulings, {Per.FIELD: fields, Per.TRACK: tracks, Per.ALL: {}}[rule.per]),
    )


def _fields(report: RoundReport) -> set[str]:
    return {line.entrant.field for line in report.lines if line.entrant.field}


def _rulings(each: FrozenRound) -> Iterator[tuple[str, ...]]:
    for one in each.inputs.rulings:
        entry = "" if one.submission is None else each.entries[one.submission]
        yield each.code, one.kind.value, entry, one.value, one.reason, one.author


def _converted(each: FrozenRound) -> Iterator[tuple[str, ...]]:
    for entry, marks in zip(each.entries, each.inputs.measured, strict=False):
        for criterion, mark in sorted(marks.items()):
            yield each.code, entry, criterion, str(Fraction(mark))


def _bundle(rounds: Sequence[FrozenRound]) -> Bundle:
    newest = rounds[-1].report
    entrants = {line.entrant.code: line.entrant for each in rounds for line in each.report.lines}
    judges = {judge.code: judge for each in rounds for judge in each.report.judges}
    tracks = {track.code: track.name for each in rounds for track in each.report.tracks}
    fields = {code for each in rounds for code in _fields(each.report)}
    return settled(
        Bundle(
            edition=BundleEdition(
                code=newest.edition,
                name=newest.edition_name,
                organiser=newest.organiser,
                timezone=newest.timezone,
                tracks=tuple(BundleTrack(code, name) for code, name in tracks.items()),
                fields=tuple(BundleField(code, LocalText(code)) for code in sorted(fields)),
                rounds=tuple(_round(each) for each in rounds),
            ),
            submissions=tuple(_submission(entrants[code]) for code in sorted(entrants)),
            judges=tuple(BundleJudge(one.code, one.name, organisation=one.organisation) for one in judges.values()),
            scores=tuple(score for each in rounds for score in _scores(each)),
            scorecards=tuple(_card(each, card) for each in rounds for card in each.inputs.cards),
            adjustments=tuple(one for each in rounds for one in _adjustments(each)),
            advancements=tuple(BundleAdvancement(each.code, e) for each in rounds[1:] for e in each.entries),
        )
    )


def _round(each: FrozenRound) -> BundleRound:
    return BundleRound(
        code=each.code,
        name=each.report.round_name,
        kind=RoundKind(each.report.kind),
        rules=each.inputs.rules,
        criteria=each.inputs.rubric,
    )


def _submission(entrant: Entrant) -> BundleSubmission:
    return BundleSubmission(
        code=entrant.code,
        title=entrant.title,
        team=entrant.team,
        track=entrant.track or "",
        field=entrant.field or "",
        school=entrant.school,
        members=entrant.members,
        mentor=entrant.mentor,
    )


def _card(each: FrozenRound, card: Scorecard) -> BundleScorecard:
    status = ScorecardStatus.SUBMITTED if card.submitted else ScorecardStatus.DRAFT
    status = ScorecardStatus.ABSTAINED if card.abstained else status
    status = ScorecardStatus.RECUSED if card.recused else status
    return BundleScorecard(each.code, each.report.judges[card.judge].code, each.entries[card.submission], status)


def _scores(each: FrozenRound) -> Iterator[BundleScore]:
    """Yield the marks that are given; papers of those who recused or abstained have none that mean anything."""
    criteria = each.inputs.rubric.judged
    for card in each.inputs.cards:
        if card.recused or card.abstained:
            continue
        judge, entry = each.report.judges[card.judge].code, each.entries[card.submission]
        for criterion, points in zip(criteria, card.points, strict=True):
            if points is not None:
                yield BundleScore(each.code, judge, entry, criterion.code, points)


def _adjustments(each: FrozenRound) -> Iterator[BundleAdjustment]:
    for entry, ledger in zip(each.entries, each.inputs.ledger, strict=False):
        for one in ledger:
            yield BundleAdjustment(each.code, entry, one.points, one.reason, one.author)


def fingerprints(rounds: Sequence[FrozenRound]) -> Mapping[str, str]:
    """Return round code -> fingerprint of its snapshot."""
    return {each.code: each.fingerprint for each in rounds}
