"""Everything that makes a round's results, read from the rows as they stand now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.models import Field, Track
from contest.editions.phases import FROZEN
from contest.editions.queries import rounds_of, tracks_of
from contest.editions.rules import LocalText
from contest.infra.db import db
from contest.judging.models import MeasuredScore
from contest.judging.queries.rounds import participants
from contest.judging.queries.scores import score_table
from contest.results.building import track_positions
from contest.results.inputs import RoundInputs
from contest.results.ladder import StepKind
from contest.results.measured import Measurements, measured_marks
from contest.results.models import Adjustment, RulingRow
from contest.results.queries.snapshots import frozen_report, latest_snapshot
from contest.results.ranking import SELF, round_results
from contest.results.report import Entrant, JudgeEntry, Named
from contest.results.rulings import LedgerEntry, Ruling
from contest.submissions.models import Submission, Team, TeamMember

Own = Mapping[str, Decimal | None]
"""Printed own results by the code of the submission."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The inputs of a round and what its positions stand for."""

    inputs: RoundInputs
    tracks: tuple[Named, ...]
    entrants: tuple[Entrant, ...]
    judges: tuple[JudgeEntry, ...]


def gather(edition: EditionFacts, round_: RoundFacts, *, with_earlier: bool = True) -> Gathered:
    """Read a round, in a number of queries that depends on its rules and never on its size.

    Earlier rounds are read only where the rules look at them: the frozen results of a finalised one, else its marks.
    """
    ids = participants(round_)
    table = score_table(round_, ids)
    entrants = _entrants(edition.id, ids)
    tracks = tuple(Named(track.code, LocalText(track.name_vi, track.name_en)) for track in tracks_of(edition.id))
    positions = track_positions(tracks, entrants)
    inputs = RoundInputs(
        rules=round_.rules,
        rubric=round_.rubric,
        tracks=positions,
        cards=table.cards,
        measured=_measured(round_, ids, positions) if round_.rubric.measured else (),
        earlier=_earlier(edition, round_, entrants) if with_earlier else {},
        ledger=_ledger(round_.id, ids),
        rulings=_rulings(round_.id, ids),
    )
    judges = tuple(JudgeEntry(judge.code, judge.name, judge.organisation) for judge in table.judges)
    return Gathered(inputs, tracks, tuple(entrants), judges)


def _earlier(
    edition: EditionFacts, round_: RoundFacts, entrants: Sequence[Entrant]
) -> dict[str, tuple[Decimal | None, ...]]:
    wanted = _wanted(round_)
    if not wanted:
        return {}
    before = [one for one in rounds_of(edition.id) if one.position < round_.position]
    found = {one.code: _own_results(edition, one) for one in before if one.code in wanted or "" in wanted}
    return {code: tuple(own.get(entrant.code) for entrant in entrants) for code, own in found.items()}


def _wanted(round_: RoundFacts) -> set[str]:
    """Return the codes of the earlier rounds that the rules look at; "" stands for all of them."""
    steps = (step.partition(":") for step in round_.rules.tie_breaks)
    carried = {code for code, _ in round_.rules.carry if code != SELF}
    return carried | {code for name, _, code in steps if name == StepKind.EARLIER_ROUND}


def _own_results(edition: EditionFacts, round_: RoundFacts) -> Own:
    snapshot = latest_snapshot(round_.id) if round_.state in FROZEN else None
    if snapshot is not None:
        lines = frozen_report(snapshot.id).lines
        return {one.entrant.code: None if one.own_result is None else Decimal(one.own_result) for one in lines}
    gathered = gather(edition, round_, with_earlier=False)
    own = round_results(gathered.inputs)
    return {entrant.code: result.value for entrant, result in zip(gathered.entrants, own, strict=True)}


def _measured(
    round_: RoundFacts, ids: Sequence[int], tracks: Sequence[int | None]
) -> tuple[Mapping[str, Fraction], ...]:
    specs = dict(zip(round_.criterion_ids, round_.rubric.criteria, strict=True))
    marks: dict[int, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    raw: dict[int, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    rows = db.session.execute(
        select(MeasuredScore.criterion_id, MeasuredScore.submission_id, MeasuredScore.points, MeasuredScore.raw)
        .where(MeasuredScore.criterion_id.in_(round_.criterion_ids))
        .order_by(MeasuredScore.id)
    )
    for row in rows:
        spec = specs[row.criterion_id]
        if row.points is not None:
            marks[row.submission_id][spec.code].append(spec.value_of(row.points))
        elif row.raw is not None:
            raw[row.submission_id][spec.code].append(row.raw)
    entered = [Measurements(marks[one], raw[one]) for one in ids]
    return measured_marks(round_.rubric, tracks, entered)


def _ledger(round_id: int, ids: Sequence[int]) -> tuple[tuple[LedgerEntry, ...], ...]:
    rows = db.session.execute(
        select(Adjustment.submission_id, Adjustment.points, Adjustment.reason, Adjustment.author)
        .where(Adjustment.round_id == round_id, Adjustment.withdrawn_at.is_(None))
        .order_by(Adjustment.id)
    )
    entries: dict[int, list[LedgerEntry]] = defaultdict(list)
    for row in rows:
        entries[row.submission_id].append(LedgerEntry(row.points, row.reason, row.author))
    return tuple(tuple(entries[one]) for one in ids) if entries else ()


def _rulings(round_id: int, ids: Sequence[int]) -> tuple[Ruling, ...]:
    """Return the decisions that stand; those about a submission that takes no part any more are left out."""
    place: dict[int | None, int | None] = {None: None, **{one: at for at, one in enumerate(ids)}}
    rows = db.session.execute(
        select(RulingRow.kind, RulingRow.submission_id, RulingRow.value, RulingRow.reason, RulingRow.author)
        .where(RulingRow.round_id == round_id, RulingRow.revoked_at.is_(None))
        .order_by(RulingRow.id)
    )
    return tuple(
        Ruling(row.kind, place[row.submission_id], row.value, row.reason, row.author)
        for row in rows
        if row.submission_id in place
    )


def _entrants(edition_id: int, ids: Sequence[int]) -> list[Entrant]:
    rows = db.session.execute(
        select(
            Submission.id,
            Submission.code,
            Submission.title,
            Submission.team_id,
            Team.name,
            Team.school,
            Team.mentor_name,
            Track.code.label("track"),
            Field.code.label("field"),
        )
        .join(Team, Team.id == Submission.team_id)
        .outerjoin(Track, Track.id == Submission.track_id)
        .outerjoin(Field, Field.id == Submission.field_id)
        .where(Submission.edition_id == edition_id)
    )
    members = _members(edition_id)
    found = {
        row.id: Entrant(
            row.code,
            row.title,
            row.name,
            row.school,
            members.get(row.team_id, ()),
            row.mentor_name,
            row.track,
            row.field,
        )
        for row in rows
    }
    return [found[submission_id] for submission_id in ids]


def _members(edition_id: int) -> dict[int, tuple[str, ...]]:
    rows = db.session.execute(
        select(TeamMember.team_id, TeamMember.name)
        .join(Team, Team.id == TeamMember.team_id)
        .where(Team.edition_id == edition_id)
        .order_by(TeamMember.team_id, TeamMember.position)
    )
    names: dict[int, list[str]] = defaultdict(list)
    for team_id, name in rows:
        names[team_id].append(name)
    return {team_id: tuple(listed) for team_id, listed in names.items()}
