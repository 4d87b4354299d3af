"""Reads about awards: how they are declared, what was decided in writing, and the lists that were settled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from contest.accounts.models import User
from contest.commitments import reveal
from contest.editions.facts import RoundHead
from contest.editions.phases import FROZEN
from contest.editions.queries import rounds_of
from contest.editions.rules import LocalText
from contest.infra.db import db
from contest.results import award_list
from contest.results.award_list import AwardList, Source, list_awards
from contest.results.award_rules import AwardSpec
from contest.results.awards import Choice
from contest.results.models import Award, AwardChoice
from contest.results.models import AwardList as AwardListRow
from contest.results.queries.snapshots import frozen_report, latest_snapshot
from contest.results.report import RoundReport
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """A written decision on an award as its page lists it; no submission: a place was left empty."""

    id: int
    award: str
    submission: str | None
    title: str
    votes: int | None
    reason: str
    author: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class SettledList:
    """A settled list without its payload."""

    id: int
    version: int
    fingerprint: str
    reason: str
    created_at: datetime
    created_by: str
    published_at: datetime | None


def award_specs(edition_id: int) -> tuple[AwardSpec, ...]:
    """Return the awards of an edition as declared, the highest first."""
    rows = db.session.scalars(select(Award).where(Award.edition_id == edition_id).order_by(Award.position))
    return tuple(spec_of(row) for row in rows)


def spec_of(row: Award) -> AwardSpec:
    """Return an award's row as data."""
    return AwardSpec(
        code=row.code,
        name=LocalText(row.name_vi, row.name_en),
        round=row.round_code,
        track=row.track_code,
        places=row.places,
        exclusive=row.exclusive,
        by=row.by,
        scope=row.scope,
        criterion=row.criterion_code,
        band=row.band_code,
        threshold=row.threshold,
        ties=row.ties,
        amount=row.amount,
        sponsor=row.sponsor,
    )


def choices_of(edition_id: int) -> tuple[ChoiceLine, ...]:
    """Return the written decisions that stand, the oldest first."""
    rows = db.session.execute(
        select(
            AwardChoice.id,
            Award.code.label("award"),
            Submission.code.label("submission"),
            Submission.title,
            AwardChoice.votes,
            AwardChoice.reason,
            AwardChoice.author,
            AwardChoice.decided_at,
        )
        .join(Award, Award.id == AwardChoice.award_id)
        .outerjoin(Submission, Submission.id == AwardChoice.submission_id)
        .where(Award.edition_id == edition_id, AwardChoice.revoked_at.is_(None))
        .order_by(AwardChoice.id)
    )
    return tuple(
        ChoiceLine(
            row.id, row.award, row.submission, row.title or "", row.votes, row.reason, row.author, row.decided_at
        )
        for row in rows
    )


def awards_now(edition_id: int) -> AwardList:
    """Return who would get which award on the frozen results as they stand; rounds that are not final are pending."""
    rounds = rounds_of(edition_id)
    specs = in_rounds(award_specs(edition_id), rounds)
    choices = [Choice(one.award, one.submission, one.votes) for one in choices_of(edition_id)]
    return list_awards(specs, _reports(specs, rounds), choices, _gone(edition_id))


def in_rounds(specs: Sequence[AwardSpec], rounds: Sequence[RoundHead]) -> tuple[AwardSpec, ...]:
    """Give awards that name no round the last one."""
    last = rounds[-1].code if rounds else ""
    return tuple(spec if spec.round else replace(spec, round=last) for spec in specs)


def _reports(specs: Sequence[AwardSpec], rounds: Sequence[RoundHead]) -> dict[str, tuple[RoundReport, Source]]:
    needed = {spec.round for spec in specs}
    found = {}
    for round_ in rounds:
        snapshot = latest_snapshot(round_.id) if round_.code in needed and round_.state in FROZEN else None
        if snapshot is not None:
            source = Source(round_.code, snapshot.version, snapshot.fingerprint)
            found[round_.code] = (frozen_report(snapshot.id), source)
    return found


def _gone(edition_id: int) -> frozenset[str]:
    rows = db.session.scalars(
        select(Submission.code).where(
            Submission.edition_id == edition_id, Submission.status != SubmissionStatus.SUBMITTED
        )
    )
    return frozenset(rows)


def latest_list(edition_id: int, *, published: bool = False) -> SettledList | None:
    """Return the newest settled list, or the newest that is public."""
    chosen = (
        select(AwardListRow, User.name)
        .outerjoin(User, User.id == AwardListRow.created_by)
        .where(AwardListRow.edition_id == edition_id)
        .order_by(AwardListRow.version.desc())
        .limit(1)
    )
    if published:
        chosen = chosen.where(AwardListRow.published_at.is_not(None))
    found = db.session.execute(chosen).one_or_none()
    if found is None:
        return None
    row, name = found
    return SettledList(row.id, row.version, row.fingerprint, row.reason, row.created_at, name or "", row.published_at)


def settled_awards(list_id: int) -> AwardList:
    """Return the awards that a settled list holds."""
    row = db.session.execute(select(AwardListRow.payload, AwardListRow.names).where(AwardListRow.id == list_id)).one()
    return award_list.from_payload(json.loads(reveal(row.payload, row.names)))
