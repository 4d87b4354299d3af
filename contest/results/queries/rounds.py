"""Reads about results: the live report of a round, and its frozen snapshots."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from contest.accounts.models import User
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.models import Field, Track
from contest.editions.phases import RoundState
from contest.editions.queries import tracks_of
from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.infra.db import db, plain_rows
from contest.judging.models import Advancement
from contest.judging.queries.rounds import participants
from contest.judging.queries.scores import score_table
from contest.results.models import Adjustment, Snapshot
from contest.results.report import Entrant, JudgeEntry, Named, RoundReport, build_report, from_payload
from contest.submissions.models import Submission, Team, TeamMember


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """A snapshot without its payload."""

    id: int
    version: int
    fingerprint: str
    created_at: datetime
    created_by: str


def live_report(edition: EditionFacts, round_: RoundFacts) -> RoundReport:
    """Return the report of the marks as they stand now, in eight queries whatever the size.

    Raises `RuleBroken` "not_supported_yet" for settings that the engine cannot execute, the ledger of adjustments
    among them, and what `ranking.rank` raises.
    """
    if db.session.scalar(select(Adjustment.id).where(Adjustment.round_id == round_.id).limit(1)) is not None:
        raise RuleBroken("not_supported_yet", settings=("adjustments",))
    ids = participants(round_)
    table = score_table(round_, ids)
    return build_report(
        edition,
        round_,
        tracks=[Named(track.code, LocalText(track.name_vi, track.name_en)) for track in tracks_of(edition.id)],
        entrants=_entrants(edition.id, ids),
        judges=[JudgeEntry(judge.code, judge.name, judge.organisation) for judge in table.judges],
        cards=table.cards,
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


_LATEST = (
    select(
        Snapshot.id,
        Snapshot.version,
        Snapshot.fingerprint,
        Snapshot.created_at,
        User.name.label("created_by"),
    )
    .outerjoin(User, User.id == Snapshot.created_by)
    .where(Snapshot.round_id == bindparam("round_id"))
    .order_by(Snapshot.version.desc())
    .limit(1)
)


def latest_snapshot(round_id: int) -> SnapshotLine | None:
    """Return the newest snapshot of a round without its payload; none before the round was closed."""
    row = plain_rows(_LATEST, round_id=round_id).one_or_none()
    if row is None:
        return None
    return SnapshotLine(row.id, row.version, row.fingerprint, row.created_at, row.created_by or "")


def frozen_report(snapshot_id: int) -> RoundReport:
    """Return the report that a snapshot holds."""
    payload = db.session.scalars(select(Snapshot.payload).where(Snapshot.id == snapshot_id)).one()
    return from_payload(json.loads(payload))


def advanced_into(round_id: int) -> frozenset[str]:
    """Return the codes of the submissions that advanced into a round."""
    rows = db.session.scalars(
        select(Submission.code)
        .join(Advancement, Advancement.submission_id == Submission.id)
        .where(Advancement.round_id == round_id)
    )
    return frozenset(rows)


def report_of(edition: EditionFacts, round_: RoundFacts) -> tuple[RoundReport, SnapshotLine | None]:
    """Return the frozen report of a closed round with its snapshot, or the live one without.

    Raises what `live_report` raises.
    """
    if round_.state in (RoundState.CLOSED, RoundState.PUBLISHED):
        snapshot = latest_snapshot(round_.id)
        if snapshot is not None:
            return frozen_report(snapshot.id), snapshot
    return live_report(edition, round_), None
