"""The text that is shown for a consent."""

from __future__ import annotations

from sqlalchemy import select

from contest.editions.models import Edition
from contest.editions.privacy import privacy_from_json
from contest.infra.db import db
from contest.submissions.consent_words import audience_of, filled, usual_words
from contest.submissions.consenting import Giver, Purpose
from contest.submissions.models import ConsentText


def words_of(edition_id: int, purpose: Purpose, giver: Giver, language: str) -> str:
    """Return the organiser's latest words for a purpose, or the usual ones, with their placeholders."""
    audience = audience_of(giver)
    written = db.session.scalar(
        select(ConsentText.words)
        .where(
            ConsentText.edition_id == edition_id,
            ConsentText.purpose == purpose,
            ConsentText.audience == audience,
            ConsentText.language == language,
            ConsentText.by_id.is_not(None),
        )
        .order_by(ConsentText.version.desc())
        .limit(1)
    )
    return written or usual_words(purpose, audience, language)


def shown_text(edition_id: int, purpose: Purpose, giver: Giver, language: str) -> str:
    """Return the words that a person is shown, filled in: the organiser's latest, or the usual ones."""
    edition = db.session.execute(
        select(Edition.name_vi, Edition.name_en, Edition.organiser, Edition.contact, Edition.privacy_rules).where(
            Edition.id == edition_id
        )
    ).one()
    name = edition.name_vi if language == "vi" or not edition.name_en else edition.name_en
    asked = "Ban Tổ chức" if language == "vi" else "the organising committee"
    values = {
        "contest": name,
        "organiser": edition.organiser or asked,
        "contact": privacy_from_json(edition.privacy_rules or {}).contact or edition.contact or asked,
    }
    return filled(words_of(edition_id, purpose, giver, language), values)
