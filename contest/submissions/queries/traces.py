"""The names behind a submission, and every text in which they may stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from contest.accounts.models import User
from contest.infra.copies import Copies
from contest.infra.db import db
from contest.infra.inspection import Words
from contest.infra.storage import Storage
from contest.submissions.facts import FileView, SubmissionView
from contest.submissions.models import Submission, Team, TeamMember
from contest.submissions.traces import Kind, Name, Place, Source, Trace, traces


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found, and the files that nobody could read: pictures of text are not read either."""

    found: tuple[Trace, ...]
    unread: tuple[FileView, ...]


def names_of(submission_id: int) -> tuple[Name, ...]:
    """Return by what the people of a submission are known, in two queries."""
    row = db.session.execute(
        select(Team, User.name, User.email, User.phone)
        .join(Submission, Submission.team_id == Team.id)
        .outerjoin(User, User.id == Team.captain_id)
        .where(Submission.id == submission_id)
    ).one()
    team: Team = row.Team
    members = db.session.execute(
        select(TeamMember.name, TeamMember.school).where(TeamMember.team_id == team.id).order_by(TeamMember.position)
    ).all()
    schools = (team.school, team.mentor_school, *(member.school for member in members))
    people = (row.name or "", *(member.name for member in members), team.mentor_name)
    return (
        Name(Kind.TEAM, team.name),
        *(Name(Kind.SCHOOL, school) for school in schools if school),
        *(Name(Kind.PERSON, person) for person in people if person),
        *(Name(Kind.MAIL, mail) for mail in (row.email, team.email, team.mentor_email) if mail),
        *(Name(Kind.PHONE, phone) for phone in (row.phone, team.phone, team.mentor_phone) if phone),
    )


def read_for_names(view: SubmissionView, storage: Storage, copies: Copies) -> Reading:
    """Return where an open view of a submission names its people; reads each file once, then from what was kept."""
    sources, unread = list(_typed(view)), []
    for file in view.files:
        sources.append(Source(Place.FILE_NAME, file.name, file.part.code))
        words = _words(file, storage, copies)
        sources += _of_file(file, words)
        if not words.read or (file.kind == "image" or not any(text.strip() for text in words.text)):
            unread.append(file)
    return Reading(traces(names_of(view.id), sources), tuple(unread))


def _typed(view: SubmissionView) -> Iterator[Source]:
    yield Source(Place.TITLE, view.title)
    yield Source(Place.SUMMARY, view.summary)
    for answer in view.texts:
        yield Source(Place.PART, answer.text, answer.part.code)
    for link in view.links:
        yield Source(Place.PART, link.link.url, link.part.code)


def _of_file(file: FileView, words: Words) -> Iterator[Source]:
    for number, text in enumerate(words.text, start=1):
        yield Source(Place.FILE_TEXT, text, file.part.code, number)
    for note, text in words.notes.items():
        yield Source(Place.FILE_NOTE, text, file.part.code, note=note)


def _words(file: FileView, storage: Storage, copies: Copies) -> Words:
    if file.closed:
        return Words(read=False)
    try:
        with storage.open(file.storage_key) as stream:
            return copies.words(file.sha256, stream, file.content_type)
    except FileNotFoundError:
        return Words(read=False)
