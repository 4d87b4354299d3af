"""Let go of what is too old, by the schedule of each edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, update

from contest.infra import audit
from contest.infra.db import db
from contest.privacy.classes import Keep
from contest.privacy.models import RetentionRules
from contest.privacy.queries.aging import Aging, Old, aging_editions, old_rows, people_due
from contest.privacy.queries.people import person_of
from contest.privacy.retention import TERMS, checked
from contest.privacy.services.erasing import Erased, erase
from contest.submissions.models import Submission, Team, TeamMember

# What names another row goes first.
ORDER = ("consents", "consent_links")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: `edition` is None for what belongs to accounts."""

    keep: Keep
    edition: str | None
    table: str
    count: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What goes, or would: lines of the report, stored files, and the people that were erased."""

    lines: tuple[Line, ...]
    files: tuple[str, ...]
    people: tuple[Erased, ...]


def report(*, now: datetime, edition_id: int | None = None) -> tuple[Line, ...]:
    """Return what would go at `now`, changing nothing."""
    editions = aging_editions(edition_id)
    found = list(old_rows(editions, now, ways_in=edition_id is None))
    return (*_lines(found), *_people_lines(people_due(editions, now)))


def _lines(found: Iterable[Old]) -> tuple[Line, ...]:
    lines = (Line(one.keep, one.edition, one.table.name, one.count) for one in found)
    return tuple(one for one in lines if one.count)


def _people_lines(people: Iterable[tuple[str, object]]) -> tuple[Line, ...]:
    counted = Counter(code for code, _ in people)
    return tuple(Line(Keep.ACCOUNTS, code, "users", count) for code, count in sorted(counted.items()))


def retain(*, folder: Path, now: datetime) -> Kept:
    """Delete what is too old and erase people whose time is over, in the running unit of work.

    The caller deletes the files after the commit.
    """
    editions = aging_editions()
    found = list(old_rows(editions, now))
    lines = _lines(found)
    files = {key for one in found for key in one.files()}
    for one in sorted(found, key=lambda old: ORDER.index(old.table.name) if old.table.name in ORDER else len(ORDER)):
        db.session.execute(delete(one.table).where(one.where), execution_options={"synchronize_session": False})
    for edition in editions:
        _empty_entries(edition, now)
    people = list(people_due(editions, now))
    erased = [
        erase(subject, folder=folder, actor_id=None, now=now) for _, subject in people if person_of(subject).known
    ]
    said = (*lines, *_people_lines(people))
    if said:
        counts = {f"{one.edition or 'accounts'}:{one.table}": one.count for one in said}
        audit.record(at=now, actor_id=None, scope="accounts", action="data.let_go", counts=counts)
    db.session.expire_all()
    return Kept(said, tuple(sorted(files)), tuple(erased))


def _empty_entries(edition: Aging, now: datetime) -> None:
    """Entries that are over keep their code, title, team, marks and ranks."""
    term = next(one for one in TERMS if one.keep is Keep.ENTRIES)
    if not edition.due(term, now):
        return
    db.session.execute(update(Submission).where(Submission.edition_id == edition.id).values(summary=""))
    mentor = ("mentor_name", "mentor_email", "mentor_phone", "mentor_school")
    empty = dict.fromkeys(("email", "phone", *mentor), "")
    teams = Team.edition_id == edition.id
    db.session.execute(update(Team).where(teams).values(**empty))
    values = {"birth_date": None, "age_band": None, "school": ""}
    own = TeamMember.team.has(teams)
    db.session.execute(update(TeamMember).where(own).values(**values), execution_options={"synchronize_session": False})


def set_days(*, edition_id: int, days: Mapping[str, int], actor_id: int | None, now: datetime) -> None:
    """Set how many days an edition keeps each class. Raises `RuleBroken` "retention_days"."""
    chosen = checked(days)
    row = db.session.get(RetentionRules, edition_id)
    before = {} if row is None else dict(row.days)
    if row is None:
        row = RetentionRules(edition_id=edition_id, days=chosen, updated_at=now, updated_by=actor_id)
        db.session.add(row)
    row.days, row.updated_at, row.updated_by = chosen, now, actor_id
    audit.record(
        at=now, actor_id=actor_id, scope=f"edition:{edition_id}", action="retention.set", before=before, after=chosen
    )
