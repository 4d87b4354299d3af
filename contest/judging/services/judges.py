"""Judges come onto the panel, change and leave it. Each gets an account, none has to register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from contest.accounts import services as accounts
from contest.accounts.models import Membership, User
from contest.accounts.roles import JURY, Role
from contest.editions.services.rows import edition_row
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.judging.models import (
    Assignment,
    Conflict,
    DismissedFinding,
    Judge,
    JudgeBid,
    Sponsorship,
    TitlesAnswer,
)
from contest.judging.panel_list import PanelEntry, next_codes
from contest.judging.queries.begun import untouched
from contest.judging.services.gone import take_away
from contest.judging.services.panel_changes import need_reason, note_change
from contest.judging.states import PanelChangeKind
from contest.letters import fold


def add_judge(*, edition_id: int, entry: PanelEntry, actor_id: int | None, now: datetime, reason: str = "") -> int:
    """Put one judge on the panel and return the new id. Raises what `add_judges` raises."""
    return add_judges(edition_id=edition_id, entries=[entry], actor_id=actor_id, now=now, reason=reason)[0]


def add_judges(
    *, edition_id: int, entries: Sequence[PanelEntry], actor_id: int | None, now: datetime, reason: str = ""
) -> tuple[int, ...]:
    """Put judges on the panel, all or none, and return their ids in the order of the entries.

    The account with the entry's e-mail or phone becomes the judge's, else one without a password is made. An entry
    without a code gets the next free one. Once a round has its first score, a judge comes late and `reason` says why.
    Raises `RuleBroken` "reason_needed" (`round`), "judge_listed", "judge_code_taken", "contacts_differ",
    "account_closed", "edition_archived".
    """
    edition_row(edition_id)
    late = need_reason(edition_id, reason)
    taken = set(db.session.scalars(select(Judge.code).where(Judge.edition_id == edition_id)))
    fresh = iter(next_codes([*taken, *(entry.code for entry in entries)], len(entries)))
    rows = []
    for entry in entries:
        code = entry.code or next(fresh)
        if fold(code) in map(fold, taken):
            raise RuleBroken("judge_code_taken", judge=code)
        taken.add(code)
        rows.append(_added(edition_id, entry, code, actor_id, now))
        if late:
            note_change(rows[-1], PanelChangeKind.LATE, late, edition_id=edition_id, actor_id=actor_id, now=now)
    return tuple(row.id for row in rows)


def _added(edition_id: int, entry: PanelEntry, code: str, actor_id: int | None, now: datetime) -> Judge:
    user = _account(edition_id, entry, actor_id, now)
    before = db.session.scalar(select(Judge.name).where(Judge.edition_id == edition_id, Judge.user_id == user.id))
    if before is not None:
        raise RuleBroken("judge_listed", name=before)
    row = Judge(edition_id=edition_id, user_id=user.id, code=code, **_values(entry))
    db.session.add(row)
    db.session.flush()  # the id goes into the trace and back to the caller
    if entry.chair:
        accounts.grant_role(user_id=user.id, edition_id=edition_id, role=Role.CHAIR, actor_id=actor_id, now=now)
    _trace("judge.added", row, actor_id, now)
    return row


def _account(edition_id: int, entry: PanelEntry, actor_id: int | None, now: datetime) -> User:
    try:
        return accounts.add_person(
            name=entry.name,
            edition_id=edition_id,
            role=Role.JUDGE,
            actor_id=actor_id,
            now=now,
            email=entry.email or None,
            phone=entry.phone or None,
        )
    except RuleBroken as refused:
        if refused.code == "login_taken":
            raise RuleBroken("contacts_differ") from refused
        raise


def _values(entry: PanelEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "email": entry.email,
        "phone": entry.phone,
        "organisation": entry.organisation,
        "fields": ";".join(entry.fields),
        "languages": entry.languages,
        "profile": entry.profile,
        "experience": entry.experience,
        "min_load": entry.min_load,
        "max_load": entry.max_load,
    }


def change_judge(
    *,
    edition_id: int,
    judge_id: int,
    entry: PanelEntry,
    follow_account: bool,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Change a judge's particulars; the code stays.

    With `follow_account`, an account that nobody has set a password for gets the new name, e-mail and phone, too.
    Raises `NotFound`, `RuleBroken` "contacts_differ" or "edition_archived".
    """
    edition_row(edition_id)
    row = judge_row(edition_id, judge_id)
    values = _values(entry)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    if follow_account and {"name", "email", "phone"} & set(changed):
        _correct_account(row, entry, actor_id, now)
    chair = _set_chair(row, chair=entry.chair, actor_id=actor_id, now=now)
    if changed or chair:
        _trace("judge.changed", row, actor_id, now, fields=[*changed, *chair])


def _correct_account(row: Judge, entry: PanelEntry, actor_id: int | None, now: datetime) -> None:
    try:
        accounts.correct_person(
            user_id=row.user_id,
            name=entry.name,
            email=entry.email or None,
            phone=entry.phone or None,
            actor_id=actor_id,
            now=now,
        )
    except RuleBroken as refused:
        if refused.code == "login_taken":  # the contact is somebody else's
            raise RuleBroken("contacts_differ") from refused
        raise


def _set_chair(row: Judge, *, chair: bool, actor_id: int | None, now: datetime) -> list[str]:
    held = Role.CHAIR in _roles(row)
    if chair and not held:
        accounts.grant_role(user_id=row.user_id, edition_id=row.edition_id, role=Role.CHAIR, actor_id=actor_id, now=now)
    if held and not chair:
        accounts.revoke_role(
            user_id=row.user_id, edition_id=row.edition_id, role=Role.CHAIR, actor_id=actor_id, now=now
        )
    return ["chair"] if chair != held else []


def remove_judge(*, edition_id: int, judge_id: int, actor_id: int | None, now: datetime, reason: str = "") -> None:
    """Take a judge off the panel with all assignments that were not begun, conflicts and the roles of the jury.

    The account stays. Once a round has its first score, `reason` says why. Raises `NotFound`, `RuleBroken`
    "judge_has_scorecards" (`name`, `count`), "reason_needed" (`round`), "edition_archived".
    """
    edition_row(edition_id)
    row = judge_row(edition_id, judge_id)
    # Taken first: a judge who is saving right now ends before the count, or finds the assignment gone.
    held = db.session.scalars(select(Assignment.id).where(Assignment.judge_id == row.id).with_for_update()).all()
    begun = db.session.scalar(select(func.count()).where(Assignment.id.in_(held), ~untouched()))
    if begun:
        raise RuleBroken("judge_has_scorecards", name=row.name, count=begun)
    because = need_reason(edition_id, reason)
    if because:
        note_change(row, PanelChangeKind.REMOVED, because, edition_id=edition_id, actor_id=actor_id, now=now)
    take_away(Assignment.judge_id == row.id)
    for said in (Conflict, DismissedFinding, Sponsorship, JudgeBid, TitlesAnswer):
        db.session.execute(delete(said).where(said.judge_id == row.id))
    for role in sorted(JURY & _roles(row)):
        accounts.revoke_role(user_id=row.user_id, edition_id=edition_id, role=role, actor_id=actor_id, now=now)
    _trace("judge.removed", row, actor_id, now, name=row.name, assignments=len(held), reason=because)
    db.session.delete(row)


def judge_row(edition_id: int, judge_id: int) -> Judge:
    """Take a judge of the edition for a change. Raises `NotFound`."""
    row = db.session.scalar(select(Judge).where(Judge.edition_id == edition_id, Judge.id == judge_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def _roles(row: Judge) -> frozenset[Role]:
    held = select(Membership.role).where(Membership.user_id == row.user_id, Membership.edition_id == row.edition_id)
    return frozenset(db.session.scalars(held))


def _trace(action: str, row: Judge, actor_id: int | None, now: datetime, **facts: Any) -> None:
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{row.edition_id}",
        action=action,
        subject=f"judge:{row.id}",
        code=row.code,
        **facts,
    )
