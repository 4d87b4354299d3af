"""The organiser's list of submissions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, func, select

from contest.editions.models import Field, Track
from contest.editions.rules import LocalText
from contest.infra.db import db
from contest.letters import fold
from contest.submissions.codes import code_key
from contest.submissions.completeness import Content, Requirements, flaws
from contest.submissions.facts import ListRow
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team
from contest.submissions.queries.contents import contents_of, requirements_of

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What the organiser looks for; none and "" mean all. `track` and `field` are codes; `text` is compared folded."""

    status: SubmissionStatus | None = None
    track: str = ""
    field: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of the list: its rows, how many match in all, the page's number from 1 and how many pages there are."""

    rows: tuple[ListRow, ...]
    total: int
    number: int
    pages: int


def submission_list(edition_id: int, filters: Filters, *, page: int = 1, size: int = PAGE_SIZE) -> ListPage:
    """Return one page of the submissions that match, by code, in seven queries whatever their number."""
    matching = sorted(_matching(edition_id, filters), key=lambda row: code_key(row.code))
    pages = max(1, -(-len(matching) // size))
    number = min(max(page, 1), pages)
    shown = matching[(number - 1) * size : number * size]
    wanted = requirements_of(edition_id)
    contents = contents_of([row.id for row in shown])
    rows = tuple(_row(row, contents[row.id], wanted) for row in shown)
    return ListPage(rows=rows, total=len(matching), number=number, pages=pages)


def status_counts(edition_id: int) -> dict[SubmissionStatus, int]:
    """Return how many submissions are in each state (0 included), in one query."""
    counted = (
        select(Submission.status, func.count()).where(Submission.edition_id == edition_id).group_by(Submission.status)
    )
    counts = Counter({row[0]: row[1] for row in db.session.execute(counted)})
    return {status: counts[status] for status in SubmissionStatus}


def _matching(edition_id: int, filters: Filters) -> list[Row[tuple[object, ...]]]:
    wanted = (
        select(
            Submission.id,
            Submission.public_id,
            Submission.code,
            Submission.title,
            Submission.status,
            Submission.submitted_at,
            Submission.updated_at,
            Team.name.label("team_name"),
            Team.school,
            Track.name_vi.label("track_vi"),
            Track.name_en.label("track_en"),
            Field.name_vi.label("field_vi"),
            Field.name_en.label("field_en"),
        )
        .join(Team, Team.id == Submission.team_id)
        .outerjoin(Track, Track.id == Submission.track_id)
        .outerjoin(Field, Field.id == Submission.field_id)
        .where(Submission.edition_id == edition_id)
    )
    if filters.status is not None:
        wanted = wanted.where(Submission.status == filters.status)
    if filters.track:
        wanted = wanted.where(Track.code == filters.track)
    if filters.field:
        wanted = wanted.where(Field.code == filters.field)
    return _holding(db.session.execute(wanted).all(), filters.text)  # type: ignore[arg-type]  # rows of exactly these columns


def _holding(rows: Sequence[Row[tuple[object, ...]]], text: str) -> list[Row[tuple[object, ...]]]:
    words = fold(text).split()
    found = []
    for row in rows:
        searched = fold(f"{row.code} {row.title} {row.team_name} {row.school}")
        if all(word in searched for word in words):
            found.append(row)
    return found


def _row(row: Row[tuple[object, ...]], content: Content, wanted: Requirements) -> ListRow:
    return ListRow(
        public_id=row.public_id,
        code=row.code,
        title=row.title,
        team_name=row.team_name,
        school=row.school,
        status=row.status,
        track=None if row.track_vi is None else LocalText(row.track_vi, row.track_en),
        field=None if row.field_vi is None else LocalText(row.field_vi, row.field_en),
        submitted_at=row.submitted_at,
        updated_at=row.updated_at,
        missing=flaws(content, wanted),
    )
