"""Files that a team keeps and in which somebody's name stands: the blindness check, asked about one person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from contest.infra.copies import Copies
from contest.infra.db import db
from contest.infra.inspection import Words
from contest.infra.storage import Storage
from contest.privacy.models import Erasure
from contest.privacy.persons import Person
from contest.submissions.models import Submission, SubmissionFile
from contest.submissions.traces import Kind, Name, Place, Source, Trace, traces

SHORTEST_NICKNAME = 5


@dataclass(frozen=True, slots=True)
class NamingFile:
    """A file of an entry, also a `replaced` one; `unread`: nobody could read it, so that somebody has to look."""

    public_id: str
    entry: str
    filename: str
    found: tuple[Trace, ...]
    unread: bool
    replaced: bool


@dataclass(frozen=True, slots=True)
class FileLeft:
    """A file that was listed when somebody was erased, and is still there."""

    public_id: str
    entry: str
    submission: str
    filename: str
    replaced: bool


def known_as(person: Person) -> tuple[Name, ...]:
    """Return by what a person is known here: names, contacts, and nicknames, which stand before the @ of a mail."""
    mails = sorted(one for one in person.contacts if "@" in one)
    nicknames = {mail.partition("@")[0] for mail in mails}
    return (
        *(Name(Kind.PERSON, name) for name in sorted(person.names)),
        *(Name(Kind.MAIL, mail) for mail in mails),
        *(Name(Kind.PHONE, phone) for phone in sorted(person.contacts) if "@" not in phone),
        *(Name(Kind.TEAM, nick) for nick in sorted(nicknames) if sum(map(str.isalpha, nick)) >= SHORTEST_NICKNAME),
    )


def files_naming(person: Person, storage: Storage, copies: Copies) -> tuple[NamingFile, ...]:
    """Return the files of the person's entries that stay and name the person, or that nobody could read."""
    rows = db.session.execute(
        select(SubmissionFile, Submission.code)
        .join(Submission, Submission.id == SubmissionFile.submission_id)
        .where(Submission.id.in_(sorted(person.entries)), Submission.team_id.not_in(sorted(person.sole)))
        .order_by(Submission.id, SubmissionFile.id)
    )
    names = known_as(person)
    looked = (_looked(row.SubmissionFile, row.code, names, storage, copies) for row in rows)
    return tuple(one for one in looked if one.found or one.unread)


def _looked(row: SubmissionFile, code: str, names: Sequence[Name], storage: Storage, copies: Copies) -> NamingFile:
    words = _words(row, storage, copies)
    unread = not words.read or not any(text.strip() for text in words.text)
    found = traces(names, _sources(row.filename, words))
    return NamingFile(row.public_id, code, row.filename, found, unread, row.superseded_at is not None)


def _words(row: SubmissionFile, storage: Storage, copies: Copies) -> Words:
    try:
        with storage.open(row.storage_key) as stream:
            return copies.words(row.sha256, stream, row.content_type)
    except FileNotFoundError:
        return Words(read=False)


def _sources(filename: str, words: Words) -> Iterator[Source]:
    yield Source(Place.FILE_NAME, filename)
    for number, text in enumerate(words.text, start=1):
        yield Source(Place.FILE_TEXT, text, number=number)
    for note, text in words.notes.items():
        yield Source(Place.FILE_NOTE, text, note=note)


def files_left(edition_id: int) -> tuple[FileLeft, ...]:
    """Return the files of an edition that an erasure has listed and nobody has decided about, by entry."""
    listed = {one for files in db.session.scalars(select(Erasure.files)) for one in files}
    if not listed:
        return ()
    rows = db.session.execute(
        select(SubmissionFile, Submission.code, Submission.public_id.label("submission"))
        .join(Submission, Submission.id == SubmissionFile.submission_id)
        .where(Submission.edition_id == edition_id, SubmissionFile.public_id.in_(sorted(listed)))
        .order_by(Submission.id, SubmissionFile.id)
    )
    return tuple(
        FileLeft(
            row.SubmissionFile.public_id,
            row.code,
            row.submission,
            row.SubmissionFile.filename,
            row.SubmissionFile.superseded_at is not None,
        )
        for row in rows
    )
