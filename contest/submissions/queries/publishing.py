"""Whose names and pictures may stand on public pages now."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select

from contest.infra.db import db
from contest.submissions.consenting import Purpose
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Consent, Submission, Team
from contest.submissions.public_names import PublicNames
from contest.submissions.queries.consents import MemberConsents, day_in, members_with_consents, privacy_rules_of


class Mark(NamedTuple):
    """What changes when the answer of `public_names` may change: what was rendered for one holds for an equal one."""

    consents: int
    held: int
    day: date


def publishing_mark(edition_id: int, day: date) -> Mark:
    """Return the mark of an edition on a day, in one query."""
    said = (
        select(func.coalesce(func.max(Consent.id), 0) + func.count(Consent.id))
        .join(Team, Team.id == Consent.team_id)
        .where(Team.edition_id == edition_id)
        .scalar_subquery()
    )
    held = (
        select(func.count(Submission.id))
        .where(Submission.edition_id == edition_id, Submission.status == SubmissionStatus.HELD)
        .scalar_subquery()
    )
    row = db.session.execute(select(said.label("said"), held.label("held"))).one()
    return Mark(row.said, row.held, day)


def public_names(edition_id: int, now: datetime) -> PublicNames:
    """Return what may be told of each submission, in five queries.

    A picture needs the consent of every member where the edition waits for consents; elsewhere it is shown until one of
    them takes back.
    """
    rules, day = privacy_rules_of(edition_id), day_in(edition_id, now)
    policy = rules.policy(day)
    members: dict[int, list[MemberConsents]] = {}
    for one in members_with_consents(edition_id):
        members.setdefault(one.team_id, []).append(one)

    def agreed(one: MemberConsents, purpose: Purpose) -> bool:
        return not one.missing(purpose, policy, day)

    def pictured(one: MemberConsents) -> bool:
        said = one.words.get(Purpose.PUBLISH_PHOTO, {})
        return agreed(one, Purpose.PUBLISH_PHOTO) if rules.required else all(said.values())

    def gone(one: MemberConsents) -> bool:
        return not all(one.words.get(Purpose.TAKE_PART, {}).values())

    entries = db.session.execute(
        select(Submission.code, Submission.team_id).where(Submission.edition_id == edition_id).order_by(Submission.id)
    ).all()
    team_of = {row.code: members.get(row.team_id, []) for row in entries}
    return PublicNames(
        named={
            code: frozenset(one.key[1] for one in team if agreed(one, Purpose.PUBLISH_NAME))
            for code, team in team_of.items()
        },
        people={code: tuple(one.name for one in team) for code, team in team_of.items()},
        hidden=frozenset(code for code, team in team_of.items() if any(map(gone, team))),
        photos=frozenset(code for code, team in team_of.items() if all(map(pictured, team))),
    )
