"""The texts that people consent to: shown, kept with their version, and rewritten by an organiser."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from contest.editions.services.rows import edition_row, trace
from contest.errors import RuleBroken
from contest.infra.db import db
from contest.submissions.consent_words import LANGUAGES, LONGEST_WORDS, audience_of, digest
from contest.submissions.consenting import Giver, Purpose
from contest.submissions.models import ConsentText
from contest.submissions.queries.consent_texts import shown_text, words_of


def keep_text(
    *, edition_id: int, purpose: Purpose, giver: Giver, language: str, seen: str, actor_id: int | None, now: datetime
) -> int:
    """Return the row of the text that is shown now, kept as a new version when it was not; flushes for its id.

    `seen` is the SHA-256 of what the person has read. Raises `RuleBroken` "consent_text_changed" when it is another
    one by now.
    """
    words = shown_text(edition_id, purpose, giver, language)
    if digest(words) != seen:
        raise RuleBroken("consent_text_changed")
    audience = audience_of(giver)
    found = db.session.scalar(
        select(ConsentText.id)
        .where(
            ConsentText.edition_id == edition_id,
            ConsentText.purpose == purpose,
            ConsentText.audience == audience,
            ConsentText.language == language,
            ConsentText.sha256 == seen,
        )
        .order_by(ConsentText.version.desc())
        .limit(1)
    )
    if found is not None:
        return found
    return _added(edition_id, purpose, audience, language, words, shown=True, actor_id=actor_id, now=now).id


def write_text(
    *,
    edition_id: int,
    purpose: Purpose,
    audience: Giver,
    language: str,
    words: str,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Write other words for a purpose; what was consented to before stays with its own version.

    Raises `RuleBroken` "edition_archived", "consent_text_empty", "consent_text_too_long" (`most`).
    """
    edition_row(edition_id)
    said = words.replace("\r\n", "\n").strip()
    if not said or language not in LANGUAGES:
        raise RuleBroken("consent_text_empty")
    if len(said) > LONGEST_WORDS:
        raise RuleBroken("consent_text_too_long", most=LONGEST_WORDS)
    if said == words_of(edition_id, purpose, audience, language):
        return
    row = _added(edition_id, purpose, audience, language, said, shown=False, actor_id=actor_id, now=now)
    facts = {"purpose": purpose.value, "audience": audience.value, "language": language}
    trace(
        "consent.text_written", edition_id=edition_id, actor_id=actor_id, now=now, version=row.version,
        sha256=row.sha256, **facts,
    )  # fmt: skip


def _added(
    edition_id: int,
    purpose: Purpose,
    audience: Giver,
    language: str,
    words: str,
    *,
    shown: bool,
    actor_id: int | None,
    now: datetime,
) -> ConsentText:
    latest = db.session.scalar(
        select(func.max(ConsentText.version)).where(
            ConsentText.edition_id == edition_id,
            ConsentText.purpose == purpose,
            ConsentText.audience == audience,
            ConsentText.language == language,
        )
    )
    row = ConsentText(
        edition_id=edition_id, purpose=purpose, audience=audience, language=language, version=(latest or 0) + 1,
        words=words, sha256=digest(words), at=now, by_id=None if shown else actor_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()  # its id is part of the record
    return row
