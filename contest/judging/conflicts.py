"""Conflicts of interest that the data themselves give away, whatever the spelling.

What is found here is compared after folding, so it errs towards finding too much: `An` and `Ân` are one name to it.
Whoever assigns judges treats every finding as a conflict until an organiser has looked at it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contest.judging.alike import NameIndex, UnitIndex
from contest.letters import fold
from contest.likeness import Aliases, email_key, phone_key, same_person, same_unit

__all__ = [
    "DECLARABLE",
    "ConflictFound",
    "ConflictReason",
    "JudgeFacts",
    "SubmissionFacts",
    "colleagues",
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
    RELATIVE = "relative"
    EMPLOYER = "employer"
    SPONSOR = "sponsor"
    COLLEAGUE = "colleague"


# What people declare; what the data give away needs no declaration, a sponsor is set on the judge.
DECLARABLE = (
    ConflictReason.RELATIVE,
    ConflictReason.MENTOR,
    ConflictReason.MEMBER,
    ConflictReason.SAME_UNIT,
    ConflictReason.EMPLOYER,
    ConflictReason.DECLARED,
)


@dataclass(frozen=True, slots=True)
class JudgeFacts:
    """What is known of a judge."""

    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """What is known of the people behind a submission; `emails` and `phones` are the team's.

    `other_schools` are those that the members and the mentor name for themselves.
    """

    members: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    mentor: str = ""
    mentor_email: str = ""
    mentor_phone: str = ""
    school: str = ""
    other_schools: tuple[str, ...] = ()

    def schools(self) -> Iterator[str]:
        """Yield every school and unit named, the team's first."""
        yield from filter(None, (self.school, *self.other_schools))


@dataclass(frozen=True, slots=True, order=True)
class ConflictFound:
    """One reason for one pair, by positions, and the two texts that agree.

    `alike`: the texts are not one after folding, only much alike, so somebody has to say whether they mean the same.
    """

    judge: int
    submission: int
    reason: ConflictReason
    mine: str = ""
    theirs: str = ""
    alike: bool = False

    @property
    def evidence(self) -> tuple[str, str, str]:
        """What was seen; other spellings of the same texts give the same."""
        return self.reason.value, fold(self.mine), fold(self.theirs)


_Key = tuple[ConflictReason, Hashable]


def find_conflicts(
    judges: Sequence[JudgeFacts],
    submissions: Sequence[SubmissionFacts],
    declared: Iterable[tuple[int, int]] = (),
    *,
    aliases: Iterable[tuple[str, str]] = (),
) -> tuple[ConflictFound, ...]:
    """Find every reason for every (judge, submission) with its evidence, in ascending order; a pair may have several.

    `declared` holds known pairs of positions, `aliases` pairs of names that mean one unit. The work grows with the
    people named and the findings, not with judges x submissions.
    """
    found = {ConflictFound(judge, submission, ConflictReason.DECLARED) for judge, submission in declared}
    found.update(_by_key(judges, submissions))
    found.update(_by_name(judges, submissions))
    found.update(_by_unit(judges, submissions, Aliases(aliases)))
    return tuple(sorted(found))


def _by_key(judges: Sequence[JudgeFacts], submissions: Sequence[SubmissionFacts]) -> Iterator[ConflictFound]:
    """Yield shared mailboxes and telephones, in any spelling."""
    index: dict[Hashable, list[tuple[int, str]]] = {}
    for position, facts in enumerate(submissions):
        for key, text in _contacts((*facts.emails, facts.mentor_email), (*facts.phones, facts.mentor_phone)):
            index.setdefault(key, []).append((position, text))
    for judge, person in enumerate(judges):
        for key, mine in _contacts(person.emails, person.phones):
            for submission, theirs in index.get(key, ()):
                yield ConflictFound(judge, submission, ConflictReason.SAME_CONTACT, mine, theirs)


def _contacts(emails: Iterable[str], phones: Iterable[str]) -> Iterator[tuple[Hashable, str]]:
    keys = [(("email", email_key(email)), email) for email in emails]
    keys += [(("phone", phone_key(phone)), phone) for phone in phones]
    yield from ((key, text) for key, text in keys if key[1])


def _by_name(judges: Sequence[JudgeFacts], submissions: Sequence[SubmissionFacts]) -> Iterator[ConflictFound]:
    people: dict[str, set[tuple[ConflictReason, int]]] = {}
    for position, facts in enumerate(submissions):
        for name in facts.members:
            people.setdefault(name, set()).add((ConflictReason.MEMBER, position))
        people.setdefault(facts.mentor, set()).add((ConflictReason.MENTOR, position))
    index = NameIndex(people)
    for judge, person in enumerate(judges):
        for theirs, alike in index.matches(person.name):
            for reason, submission in people[theirs]:
                yield ConflictFound(judge, submission, reason, person.name, theirs, alike)


def _by_unit(
    judges: Sequence[JudgeFacts], submissions: Sequence[SubmissionFacts], aliases: Aliases
) -> Iterator[ConflictFound]:
    schools: dict[str, set[int]] = {}
    for position, facts in enumerate(submissions):
        for school in facts.schools():
            schools.setdefault(school, set()).add(position)
    index = UnitIndex(schools, aliases)
    for judge, person in enumerate(judges):
        for theirs, alike in index.matches(person.organisation):
            for submission in schools[theirs]:
                yield ConflictFound(judge, submission, ConflictReason.SAME_UNIT, person.organisation, theirs, alike)


def colleagues(organisations: Sequence[str], aliases: Iterable[tuple[str, str]] = ()) -> tuple[tuple[int, int], ...]:
    """Return the pairs of positions, ascending, whose organisations are one unit; look-alikes are none."""
    places: dict[str, list[int]] = {}
    for position, text in enumerate(organisations):
        places.setdefault(text, []).append(position)
    index = UnitIndex(places, Aliases(aliases))
    found: set[tuple[int, int]] = set()
    for mine, here in places.items():
        there = [place for theirs, alike in index.matches(mine) if not alike for place in places[theirs]]
        found.update((one, other) for one in here for other in there if one < other)
    return tuple(sorted(found))
