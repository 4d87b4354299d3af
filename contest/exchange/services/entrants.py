"""Teams with their submissions, and judges with their accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from contest.accounts.logins import normal_email
from contest.accounts.models import Membership, User
from contest.accounts.roles import Role
from contest.errors import RuleBroken
from contest.exchange.bundle.model import BundleJudge, BundleSubmission
from contest.exchange.services.bulk import Values, insert_ids, insert_rows
from contest.exchange.services.frame import Frame
from contest.infra.db import db
from contest.judging.models import Judge
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team, TeamMember

_AT_ONCE = 500  # values in one question; the databases take no more than some thousands


def add_submissions(submissions: Sequence[BundleSubmission], frame: Frame, now: datetime) -> dict[str, int]:
    """Write a team for each submission and return the submissions' ids by code."""
    teams = insert_ids(Team, [_team(each, frame, now) for each in submissions])
    insert_rows(
        TeamMember,
        [
            {"team_id": team_id, "name": name, "position": place}
            for team_id, each in zip(teams, submissions, strict=True)
            for place, name in enumerate(each.members, start=1)
        ],
    )
    rows = [_submission(each, team_id, frame, now) for team_id, each in zip(teams, submissions, strict=True)]
    return {each.code: row_id for each, row_id in zip(submissions, insert_ids(Submission, rows), strict=True)}


def _team(each: BundleSubmission, frame: Frame, now: datetime) -> Values:
    return {
        "edition_id": frame.edition_id,
        "name": each.team,
        "school": each.school,
        "email": each.email,
        "phone": each.phone,
        "mentor_name": each.mentor,
        "mentor_email": each.mentor_email,
        "mentor_phone": each.mentor_phone,
        "created_at": now,
    }


def _submission(each: BundleSubmission, team_id: int, frame: Frame, now: datetime) -> Values:
    return {
        "edition_id": frame.edition_id,
        "team_id": team_id,
        "code": each.code,
        "title": each.title,
        "summary": each.summary,
        "track_id": frame.tracks.get(each.track),
        "field_id": frame.fields.get(each.field),
        "status": each.status,
        "status_reason": each.status_reason,
        "created_at": now,
        "updated_at": now,
        "submitted_at": None if each.status is SubmissionStatus.DRAFT else now,
        "entered_at": None if each.status is SubmissionStatus.DRAFT else now,
    }


def add_judges(judges: Sequence[BundleJudge], frame: Frame, now: datetime) -> dict[str, int]:
    """Write the judges, each with an account and the judge's role, and return their ids by code.

    An account with the judge's e-mail is taken, otherwise one without a password is made. Two judges with one address
    get two accounts: the second one has no address to sign in with. A phone number that anybody has stays a contact.
    """
    people = _accounts(judges, now)
    insert_rows(
        Membership,
        [{"user_id": user_id, "edition_id": frame.edition_id, "role": Role.JUDGE} for user_id in people],
    )
    rows = [
        {
            "edition_id": frame.edition_id,
            "user_id": user_id,
            "code": each.code,
            "name": each.name,
            "email": each.email,
            "phone": each.phone,
            "organisation": each.organisation,
            "fields": ";".join(each.fields),
            "languages": ";".join(each.languages),
            "experience": each.experience,
            "profile": each.profile,
            "min_load": each.min_load,
            "max_load": each.max_load,
        }
        for user_id, each in zip(people, judges, strict=True)
    ]
    return {each.code: row_id for each, row_id in zip(judges, insert_ids(Judge, rows), strict=True)}


def _accounts(judges: Sequence[BundleJudge], now: datetime) -> list[int]:
    """Return the account of each judge, found or made."""
    addresses = [_login(each.email) for each in judges]
    known = _owners(User.email, [address for address in addresses if address])
    phones = set(_owners(User.phone, [each.phone for each in judges if each.phone]))
    found: list[int | None] = []
    fresh: list[Values] = []
    seen: set[str] = set()
    for each, address in zip(judges, addresses, strict=True):
        again = address in seen
        seen.add(address)
        owner = known.get(address) if address and not again else None
        found.append(owner)
        if owner is not None:
            continue
        phone = each.phone if each.phone and each.phone not in phones else None
        phones.add(each.phone)
        email = address if address and not again else None
        fresh.append({"name": each.name, "email": email, "phone": phone, "created_at": now})
    made = iter(insert_ids(User, fresh))
    return [next(made) if owner is None else owner for owner in found]


def _login(email: str) -> str:
    """Return the address as an account keeps it, "" for one that nobody can sign in with."""
    try:
        return normal_email(email)
    except RuleBroken:
        return ""


def _owners(column: InstrumentedAttribute[str | None], values: Sequence[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for part in _parts(values):
        rows = db.session.execute(select(column, User.id).where(column.in_(part)))
        found.update({value: user_id for value, user_id in rows if value})
    return found


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
