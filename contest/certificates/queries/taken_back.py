"""Certificates that name somebody who took back the consent to be named, or to take part."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from contest.certificates.models import Certificate
from contest.certificates.veil import names_one
from contest.infra.db import db
from contest.submissions.consenting import Purpose
from contest.submissions.models import Consent, Submission

BETWEEN = "\x1f"
_NAMING = (Purpose.PUBLISH_NAME, Purpose.TAKE_PART)


def names_taken_back() -> ColumnElement[str | None]:
    """Return the names of the certificate's team whose latest word is no, as one text; null when there are none."""
    later, entry = aliased(Consent), aliased(Submission)
    answered = exists().where(
        later.team_id == Consent.team_id,
        later.name_key == Consent.name_key,
        later.purpose == Consent.purpose,
        later.giver == Consent.giver,
        later.id > Consent.id,
    )
    return (
        select(func.aggregate_strings(Consent.name, BETWEEN))
        .join(entry, entry.team_id == Consent.team_id)
        .where(
            entry.id == Certificate.submission_id,
            Consent.purpose.in_(_NAMING),
            Consent.given.is_(False),
            ~answered,
        )
        .correlate(Certificate)
        .scalar_subquery()
    )


def names_in(text: str | None) -> tuple[str, ...]:
    """Return the names of `names_taken_back`, each once."""
    return tuple(dict.fromkeys(text.split(BETWEEN))) if text else ()


def to_reissue(edition_id: int) -> Sequence[Certificate]:
    """Return the valid certificates that still say such a name, by number, in one query."""
    ended = names_taken_back()
    rows = db.session.execute(
        select(Certificate, ended.label("ended"))
        .where(and_(Certificate.edition_id == edition_id, Certificate.revoked_at.is_(None), ended.is_not(None)))
        .order_by(Certificate.sequence)
    )
    return [row.Certificate for row in rows if names_one(json.loads(row.Certificate.content), names_in(row.ended))]


def alias_of(certificate: Certificate) -> str:
    """Return what stands for the name of a valid certificate whose person took back to be named; else an empty text."""
    asked = select(Submission.code, names_taken_back().label("ended")).select_from(Certificate)
    row = db.session.execute(
        asked.join(Submission, Submission.id == Certificate.submission_id).where(Certificate.id == certificate.id)
    ).one_or_none()
    naming = row is not None and names_one(json.loads(certificate.content), names_in(row.ended))
    return str(row.code) if row is not None and naming else ""
