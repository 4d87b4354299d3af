"""Conflicts of interest that the data themselves give away, whatever the spelling.

What is found here is compared after folding, so it errs towards finding too much: `An` and `Ân` are one name to it.
Whoever assigns judges treats every finding as a conflict until an organiser has looked at it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contest.likeness import email_key, name_forms, phone_key, same_person, same_unit, unit_of, units_agree

__all__ = [
    "ConflictFound",
    "ConflictReason",
    "JudgeFacts",
    "SubmissionFacts",
    "email_key",
    "find_conflicts",
    "phone_key",
    "same_person",
    "same_unit",
]


class ConflictReason(StrEnum):
    """Why a judge must not see a submission."""

    DECLARED = "declared"
    MEMBER = "member"
    MENTOR = "mentor"
    SAME_UNIT = "same_unit"
    SAME_CONTACT = "same_contact"


@dataclass(frozen=True, slots=True)
class JudgeFacts:
    """What is known of a judge."""

    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """What is known of the people behind a submission; `emails` and `phones` are the team's."""

    members: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    mentor: str = ""
    mentor_email: str = ""
    mentor_phone: str = ""
    school: str = ""


@dataclass(frozen=True, slots=True, order=True)
class ConflictFound:
    """One reason for one pair, by positions."""

    judge: int
    submission: int
    reason: ConflictReason


_Key = tuple[ConflictReason, Hashable]


def find_conflicts(
    judges: Sequence[JudgeFacts], submissions: Sequence[SubmissionFacts], declared: Iterable[tuple[int, int]] = ()
) -> tuple[ConflictFound, ...]:
    """Find every reason for every (judge, submission), in ascending order; a pair may have several.

    `declared` holds known pairs of positions. The work grows with the people named and the findings, not with
    judges x submissions.
    """
    found = {ConflictFound(judge, submission, ConflictReason.DECLARED) for judge, submission in declared}
    index: dict[_Key, list[int]] = {}
    for position, facts in enumerate(submissions):
        for trait in set(_team_keys(facts)):
            index.setdefault(trait, []).append(position)
    units = [unit_of(facts.school) for facts in submissions]
    for judge, person in enumerate(judges):
        for reason, key in _judge_keys(person):
            found.update(ConflictFound(judge, submission, reason) for submission in index.get((reason, key), ()))
        unit = unit_of(person.organisation)
        candidates = index.get((ConflictReason.SAME_UNIT, unit.name), ()) if unit else ()
        agreeing = (submission for submission in candidates if units_agree(unit, units[submission]))
        found.update(ConflictFound(judge, submission, ConflictReason.SAME_UNIT) for submission in agreeing)
    return tuple(sorted(found))


def _team_keys(facts: SubmissionFacts) -> Iterator[_Key]:
    for member in facts.members:
        yield from ((ConflictReason.MEMBER, form) for form in name_forms(member))
    yield from ((ConflictReason.MENTOR, form) for form in name_forms(facts.mentor))
    yield from _contact_keys((*facts.emails, facts.mentor_email), (*facts.phones, facts.mentor_phone))
    unit = unit_of(facts.school)
    if unit:
        yield ConflictReason.SAME_UNIT, unit.name


def _judge_keys(person: JudgeFacts) -> Iterator[_Key]:
    for form in name_forms(person.name):
        yield ConflictReason.MEMBER, form
        yield ConflictReason.MENTOR, form
    yield from _contact_keys(person.emails, person.phones)


def _contact_keys(emails: Iterable[str], phones: Iterable[str]) -> Iterator[_Key]:
    keys = [("email", email_key(email)) for email in emails] + [("phone", phone_key(phone)) for phone in phones]
    yield from ((ConflictReason.SAME_CONTACT, (kind, key)) for kind, key in keys if key)
