"""How an edition treats conflicts of interest, and what was looked at already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.accounts.models import User
from contest.editions.models import Edition
from contest.infra.db import db
from contest.judging.conflicts import ConflictReason, colleagues
from contest.judging.models import ConflictSettings, DismissedFinding, Judge, Sponsorship, UnitAlias
from contest.judging.queries.panel import PanelJudge
from contest.judging.states import Colleagues
from contest.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class ConflictRules:
    """What judges of one unit on one submission are, and whether teams may name judges."""

    colleagues: Colleagues = Colleagues.WARN
    teams_declare: bool = False


def rules_of(edition_id: int) -> ConflictRules:
    """Return the rules of an edition, in one query."""
    row = db.session.get(ConflictSettings, edition_id)
    return ConflictRules() if row is None else ConflictRules(row.colleagues, row.teams_declare)


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A finding that an organiser looked at and found to be no conflict."""

    judge: str
    person: str
    submission: str
    submission_public_id: str
    kind: ConflictReason
    evidence: str
    reason: str
    by: str
    at: datetime


def dismissals_of(edition_id: int) -> tuple[Dismissal, ...]:
    """Return what was dismissed, the latest first, in one query."""
    judge = select(User.public_id).where(User.id == Judge.user_id).correlate(Judge).scalar_subquery()
    rows = db.session.execute(
        select(DismissedFinding, Judge.name, judge.label("person"), Submission.code, Submission.public_id, User.name)
        .join(Judge, Judge.id == DismissedFinding.judge_id)
        .join(Submission, Submission.id == DismissedFinding.submission_id)
        .outerjoin(User, User.id == DismissedFinding.dismissed_by)
        .where(Judge.edition_id == edition_id)
        .order_by(DismissedFinding.id.desc())
    )
    return tuple(
        Dismissal(name, person, code, public_id, row.kind, row.evidence, row.reason, by or "", row.dismissed_at)
        for row, name, person, code, public_id, by in rows
    )


def sponsors_of(edition_id: int) -> Mapping[int, Sponsorship]:
    """Return the judges who are confined to the prize of a sponsor, by id, in one query."""
    rows = db.session.scalars(
        select(Sponsorship).join(Judge, Judge.id == Sponsorship.judge_id).where(Judge.edition_id == edition_id)
    )
    return {row.judge_id: row for row in rows}


def colleagues_of(edition_id: int, judges: Sequence[PanelJudge]) -> tuple[frozenset[tuple[int, int]], bool]:
    """Return the pairs of positions of judges from one school or firm, and whether they may never sit together.

    One query. Where they are simply allowed there are no pairs.
    """
    rows = db.session.execute(
        select(ConflictSettings.colleagues, UnitAlias.name, UnitAlias.other)
        .select_from(Edition)
        .outerjoin(ConflictSettings, ConflictSettings.edition_id == Edition.id)
        .outerjoin(UnitAlias, UnitAlias.edition_id == Edition.id)
        .where(Edition.id == edition_id)
        .order_by(UnitAlias.id)
    ).all()
    rule = (rows[0].colleagues if rows else None) or Colleagues.WARN
    if rule is Colleagues.ALLOW:
        return frozenset(), False
    aliases = [(row.name, row.other) for row in rows if row.name is not None]
    found = colleagues([judge.organisation for judge in judges], aliases)
    return frozenset(found), rule is Colleagues.NEVER
