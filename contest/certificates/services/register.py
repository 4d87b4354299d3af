"""The register: certificates are issued in one act for a kind, revoked with a reason, and issued anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update

from contest.certificates.content import content_of, number_text
from contest.certificates.kinds import Kind
from contest.certificates.look import Look
from contest.certificates.models import Certificate, CertificateFile
from contest.certificates.queries.people import behind_submissions
from contest.certificates.queries.register import look_of, member_behind, roll_of, today_in
from contest.certificates.roll import Candidate, hold_of
from contest.certificates.texts import tidy
from contest.editions.facts import EditionFacts
from contest.editions.models import Round
from contest.editions.services.rows import edition_row, trace
from contest.errors import NotFound, RuleBroken
from contest.infra import mail
from contest.infra.db import db
from contest.infra.signing import canonical_json, fingerprint
from contest.infra.storage import Stored


def issue(*, edition: EditionFacts, kind: Kind, actor_id: int | None, now: datetime) -> int:
    """Enter everybody of a kind who is ready into the register and return how many those were.

    Asked again, it adds only who is new: nobody gets two of the same, and one that was revoked is not given again.
    Numbers follow each other without a gap, because the edition is held meanwhile. Raises `RuleBroken`
    "edition_archived", or "certificates_<want>" (`round`) while nothing is final.
    """
    edition_row(edition.id)
    look, behind = look_of(edition.id).look, behind_submissions(edition.id)
    roll = roll_of(edition, kind, look, behind)
    if roll.want is not None:
        raise RuleBroken(f"certificates_{roll.want.value}", round=roll.about)
    today = today_in(edition, now)
    known = set(db.session.scalars(select(Certificate.subject).where(Certificate.edition_id == edition.id)))
    ready = [
        one
        for one in roll.candidates
        if one.subject not in known and hold_of(one, member_behind(one, behind), today) is None
    ]
    numbers = _numbers(edition.id)
    rounds = _ids(edition.id)
    for one in ready:
        entry = _entry(edition, one, look, next(numbers), today)
        _place(entry, one, rounds, behind[one.submission].submission_id if one.submission in behind else None)
        entry.issued_at, entry.issued_by = now, actor_id
        db.session.add(entry)
    if ready:
        facts: dict[str, Any] = {"kind": kind.value, "count": len(ready)}
        trace("certificates.issued", edition_id=edition.id, actor_id=actor_id, now=now, **facts)
    return len(ready)


def _numbers(edition_id: int) -> Iterator[int]:
    last = db.session.scalar(select(func.max(Certificate.sequence)).where(Certificate.edition_id == edition_id)) or 0
    while True:
        last += 1
        yield last


def _ids(edition_id: int) -> dict[str, int]:
    rows = db.session.execute(select(Round.code, Round.id).where(Round.edition_id == edition_id))
    return {row.code: row.id for row in rows}


def _entry(
    edition: EditionFacts, one: Candidate, look: Look, sequence: int, today: date, name: str = ""
) -> Certificate:
    number = number_text(sequence, today.year, look.series)
    content = content_of(
        one, look, number=number, contest=edition.name, organiser=edition.organiser, day=today, name=name
    )
    return Certificate(
        edition_id=edition.id, sequence=sequence, number=number, kind=one.kind, subject=one.subject,
        name=content["name"][:200], content=canonical_json(content), fingerprint=fingerprint(content),
    )  # fmt: skip


def _place(entry: Certificate, one: Candidate, rounds: dict[str, int], submission_id: int | None) -> None:
    """Note what the entry rests on and whose it is."""
    if one.source is not None:
        entry.round_id = rounds[one.source.round]
        entry.snapshot_version, entry.list_version = one.source.version, one.source.list_version
    # A mentor is not the team: its captain sees the certificates of the team only.
    entry.submission_id = submission_id if one.source is not None else None
    entry.user_id, entry.email = one.user_id, one.email


def revoke(*, edition_id: int, public_id: str, reason: str, actor_id: int | None, now: datetime) -> None:
    """Take a certificate back; its number stays in the register and is never given again.

    Raises `NotFound`, `RuleBroken` "edition_archived" or "certificate_revoked" (`number`).
    """
    _revoked(edition_id, public_id, reason, actor_id, now)


def _revoked(edition_id: int, public_id: str, reason: str, actor_id: int | None, now: datetime) -> Certificate:
    edition_row(edition_id)
    row = db.session.scalar(
        select(Certificate).where(Certificate.edition_id == edition_id, Certificate.public_id == public_id)
    )
    if row is None:
        raise NotFound
    if row.revoked_at is not None:
        raise RuleBroken("certificate_revoked", number=row.number)
    row.revoked_at, row.revoked_by, row.revoked_reason = now, actor_id, reason
    facts = {"number": row.number, "reason": reason}
    trace(
        "certificates.revoked", edition_id=edition_id, actor_id=actor_id, now=now, subject=f"certificate:{public_id}",
        **facts,
    )  # fmt: skip
    return row


def reissue(
    *, edition: EditionFacts, public_id: str, name: str, reason: str, actor_id: int | None, now: datetime
) -> Certificate:
    """Revoke a certificate and issue the same anew under the next number, with today's texts; return the new entry.

    `name`: as it should stand, when it was misspelt, or the code of the entry for somebody who is not to be named;
    empty keeps the one of the results. Raises as `revoke`, and
    `RuleBroken` "certificate_not_on_roll" when it no longer follows from the results, "certificate_held" when the
    person's consent is missing. Flushes, so that the old one makes room for the new.
    """
    old = _revoked(edition.id, public_id, reason, actor_id, now)
    look, behind = look_of(edition.id).look, behind_submissions(edition.id)
    roll = roll_of(edition, old.kind, look, behind)
    one = next((one for one in roll.candidates if one.subject == old.subject), None)
    if one is None:
        raise RuleBroken("certificate_not_on_roll", number=old.number)
    today = today_in(edition, now)
    # Who is not to be named may hold one all the same: the code of the entry stands for the name.
    if tidy(name) != one.submission and hold_of(one, member_behind(one, behind), today) is not None:
        raise RuleBroken("certificate_held", name=one.name)
    db.session.flush()  # of one subject only one may be valid at any moment
    entry = _entry(edition, one, look, next(_numbers(edition.id)), today, name)
    _place(entry, one, _ids(edition.id), behind[one.submission].submission_id if one.submission in behind else None)
    entry.issued_at, entry.issued_by, entry.replaces_id = now, actor_id, old.id
    db.session.add(entry)
    db.session.flush()  # its public id goes into the trace and into an address
    trace(
        "certificates.reissued", edition_id=edition.id, actor_id=actor_id, now=now,
        subject=f"certificate:{entry.public_id}", number=entry.number, replaces=old.number,
    )  # fmt: skip
    return entry


def mail_one(*, certificate_id: int, subject: str, body: str, now: datetime) -> bool:
    """Put the mail about a certificate into the outbox, once in its life; tell whether it was put there now."""
    taken = (
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.mailed_at.is_(None), Certificate.revoked_at.is_(None))
        .values(mailed_at=now)
        .returning(Certificate.edition_id, Certificate.email, Certificate.name)
    )
    row = db.session.execute(taken).one_or_none()
    if row is None or not row.email:
        return False
    mail.enqueue(
        scope=f"edition:{row.edition_id}", recipient=row.email, recipient_name=row.name, subject=subject, body=body,
        now=now,
    )  # fmt: skip
    return True


def keep_file(
    *, edition_id: int, stored: Stored, filename: str, content_type: str, count: int, actor_id: int | None,
    now: datetime,
) -> CertificateFile:  # fmt: skip
    """Note a file that is whole on disk. Flushes for its public id."""
    row = CertificateFile(
        edition_id=edition_id, storage_key=stored.key, filename=filename, content_type=content_type, size=stored.size,
        sha256=stored.sha256, count=count, made_at=now, made_by=actor_id,
    )  # fmt: skip
    db.session.add(row)
    trace(
        "certificates.file_made", edition_id=edition_id, actor_id=actor_id, now=now, count=count, sha256=stored.sha256
    )
    db.session.flush()  # the page of the job shows the public id
    return row


def content_in(row: Certificate) -> dict[str, Any]:
    """Return what a certificate says, as it was issued."""
    read: dict[str, Any] = json.loads(row.content)
    return read
