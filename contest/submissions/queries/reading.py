"""A submission as it is read: by its team before handing in, by judges, by the committee."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from contest.editions.models import Field, Track
from contest.editions.parts import PartKind
from contest.editions.queries import parts_of
from contest.editions.rules import LocalText
from contest.infra.db import db
from contest.submissions.facts import LinkView, ReceiptFacts, SubmissionView, TeamView, TextView
from contest.submissions.links import is_link, read_link
from contest.submissions.models import PartAnswer, Receipt, Submission, Team, TeamMember
from contest.submissions.queries.contents import files_of


def submission_view(submission_id: int, *, blind: bool = False) -> SubmissionView | None:
    """Return everything a judge may see, in five queries (four when blind: no team, and files without their names)."""
    return _view(Submission.id == submission_id, blind=blind)


def view_by_public_id(edition_id: int, public_id: str, *, blind: bool = False) -> SubmissionView | None:
    """Return `submission_view` of a submission of this edition by the code in its address."""
    return _view((Submission.edition_id == edition_id) & (Submission.public_id == public_id), blind=blind)


def _view(which: ColumnElement[bool], *, blind: bool) -> SubmissionView | None:
    row = db.session.execute(
        select(Submission, Team, Track, Field)
        .join(Team, Team.id == Submission.team_id)
        .outerjoin(Track, Track.id == Submission.track_id)
        .outerjoin(Field, Field.id == Submission.field_id)
        .where(which)
    ).one_or_none()
    if row is None:
        return None
    submission: Submission = row.Submission
    parts = parts_of(submission.edition_id)
    answers = _answers(submission.id)
    given = [(part, answers[part_id]) for part_id, part in parts.items() if part_id in answers]
    return SubmissionView(
        id=submission.id,
        public_id=submission.public_id,
        edition_id=submission.edition_id,
        code=submission.code,
        title=submission.title,
        summary=submission.summary,
        status=submission.status,
        track=_wording(row.Track),
        field=_wording(row.Field),
        texts=tuple(TextView(part, text) for part, text in given if part.kind is PartKind.TEXT),
        links=tuple(
            LinkView(part, read_link(text)) for part, text in given if part.kind is PartKind.LINK and is_link(text)
        ),
        files=files_of(submission.id, parts, blind_code=submission.code if blind else ""),
        team=None if blind else _team(row.Team),
    )


def _answers(submission_id: int) -> dict[int, str]:
    rows = db.session.execute(
        select(PartAnswer.part_id, PartAnswer.text).where(PartAnswer.submission_id == submission_id)
    )
    return {row.part_id: row.text for row in rows}


def _wording(row: Track | Field | None) -> LocalText | None:
    return None if row is None else LocalText(row.name_vi, row.name_en)


def _team(team: Team) -> TeamView:
    members = db.session.scalars(
        select(TeamMember.name).where(TeamMember.team_id == team.id).order_by(TeamMember.position)
    )
    return TeamView(name=team.name, school=team.school, members=tuple(members), mentor=team.mentor_name)


def receipts_of(submission_id: int) -> tuple[ReceiptFacts, ...]:
    """Return the receipts, oldest first, in one query."""
    rows = db.session.scalars(select(Receipt).where(Receipt.submission_id == submission_id).order_by(Receipt.id))
    return tuple(
        ReceiptFacts(number=number, at=row.at, manifest=row.manifest, fingerprint=row.fingerprint)
        for number, row in enumerate(rows, start=1)
    )
