"""What the pages of consents share: the words to read, the state of each purpose, the mails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import get_locale

from contest.editions.facts import EditionFacts
from contest.editions.privacy import AgePolicy
from contest.infra import mail
from contest.privacy.forms.consents import GiveForm
from contest.privacy.models import PrivacyRequest
from contest.submissions.consent_words import digest
from contest.submissions.consenting import OWN, Giver, Purpose
from contest.submissions.queries.consent_texts import shown_text
from contest.submissions.queries.consents import MemberConsents, Said, day_in, privacy_rules_of
from contest.web.formats import local
from contest.web.mailing import absolute, render_mail


@dataclass(frozen=True, slots=True)
class PurposeLine:
    """One purpose for one member: whose word is missing, whether given, and the latest record."""

    purpose: Purpose
    missing: tuple[Giver, ...]
    last: Said | None
    own: bool | None
    guardian: bool | None

    @property
    def given(self) -> bool:
        """Whether everybody who is asked has agreed."""
        return not self.missing


def lines_of(edition_id: int, member: MemberConsents, now: datetime) -> tuple[PurposeLine, ...]:
    """Return the state of each purpose for a member."""
    return lines_of_all(edition_id, [member], now)[0]


def lines_of_all(edition_id: int, members: Sequence[MemberConsents], now: datetime) -> list[tuple[PurposeLine, ...]]:
    """Return the state of each purpose for each member, in two queries for any number."""
    day = day_in(edition_id, now)
    policy = privacy_rules_of(edition_id).policy(day)
    return [_lines(member, policy, day) for member in members]


def _lines(member: MemberConsents, policy: AgePolicy, day: date) -> tuple[PurposeLine, ...]:
    return tuple(
        PurposeLine(
            purpose,
            member.missing(purpose, policy, day),
            member.last(purpose),
            next((yes for giver, yes in member.words.get(purpose, {}).items() if giver in OWN), None),
            member.words.get(purpose, {}).get(Giver.GUARDIAN),
        )
        for purpose in Purpose
    )


def language() -> str:
    """Return the language in which the reader sees the page."""
    return "en" if str(get_locale()) == "en" else "vi"


def offered(form: GiveForm, edition_id: int, giver: Giver) -> dict[str, str]:
    """Put the fingerprints of the words into the form and return the words by purpose."""
    chosen = language()
    form.language.data = chosen
    texts = {one.value: shown_text(edition_id, one, giver, chosen) for one in Purpose}
    for name, words in texts.items():
        form[f"{name}_seen"].data = digest(words)
    return texts


def mail_link(
    edition: EditionFacts, member: MemberConsents, *, token: str, guardian: str, email: str, now: datetime
) -> None:
    """Put the mail with a guardian's link into the outbox; part of the running unit of work."""
    subject, body = render_mail(
        "privacy/guardian",
        language(),
        edition_name=local(edition.name),
        organiser=edition.organiser,
        name=guardian,
        member=member.name,
        team=member.team,
        url=absolute(url_for("privacy.link", token=token)),
    )
    mail.enqueue(
        scope=f"edition:{edition.id}", recipient=email, recipient_name=guardian, subject=subject, body=body, now=now
    )


def mail_answer(edition: EditionFacts, row: PrivacyRequest, words: str, now: datetime) -> None:
    """Mail what was said about a request to who asked, when an address is known."""
    if not row.email:
        return
    subject, body = render_mail(
        "privacy/answer", None, edition_name=local(edition.name), name=row.asker, code=row.public_id, words=words
    )
    mail.enqueue(
        scope=f"edition:{edition.id}",
        recipient=row.email,
        recipient_name=row.asker,
        subject=subject,
        body=body,
        now=now,
    )
