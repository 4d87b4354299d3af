"""Which consents a member's age asks for on a day, and what the records of consents say together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contest.editions.privacy import AgeBand, AgePolicy


class Purpose(StrEnum):
    """What a consent is for; each is given and taken back by itself."""

    TAKE_PART = "take_part"
    PUBLISH_NAME = "publish_name"
    PUBLISH_PHOTO = "publish_photo"
    KEEP_ALUMNI = "keep_alumni"


class Giver(StrEnum):
    """Who consents: the child, the parent or guardian, or a member who is of age."""

    CHILD = "child"
    GUARDIAN = "guardian"
    OF_AGE = "of_age"


class Means(StrEnum):
    """How a consent came in: on the team's page, by a link of one's own, on paper, or as somebody's word about it."""

    SITE = "site"
    LINK = "link"
    PAPER = "paper"
    TOLD = "told"


OWN = frozenset({Giver.CHILD, Giver.OF_AGE})
"""The two ways of a member's own word."""


@dataclass(frozen=True, slots=True)
class Age:
    """What is known of a member's age: the date of birth, or a band of ages, or nothing."""

    birth_date: date | None = None
    band: AgeBand | None = None

    def at(self, day: date) -> int | None:
        """Return the whole years, the lowest of a band; none when nothing is known."""
        if self.birth_date is not None:
            return age_at(self.birth_date, day)
        return None if self.band is None else self.band.youngest


def age_at(birth: date, day: date) -> int:
    """Return the whole years of age; who was born on 29 February is a year older on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def needed(age: Age, policy: AgePolicy, day: date) -> tuple[Giver, ...]:
    """Return whose consents are needed on a day; of an unknown age those of a child.

    Under 7 a guardian speaks for the child, then both, and from the age of the policy the young person alone.
    """
    years = age.at(day)
    if years is None:
        return Giver.CHILD, Giver.GUARDIAN
    if years < policy.own_from:
        return (Giver.GUARDIAN,)
    if years < policy.guardian_under:
        return Giver.CHILD, Giver.GUARDIAN
    return (Giver.CHILD,) if years < policy.of_age else (Giver.OF_AGE,)


Records = Mapping[Giver, bool]
"""The latest word of each giver for one purpose: True given, False taken back or refused."""


def latest(records: Iterable[tuple[Purpose, Giver, bool]]) -> dict[Purpose, dict[Giver, bool]]:
    """Return the latest word by purpose and giver of records in the order in which they were made.

    The member's own word is one, whether it was given as a child or of age: the later one ends the other.
    """
    found: dict[Purpose, dict[Giver, bool]] = {}
    for purpose, giver, given in records:
        held = found.setdefault(purpose, {})
        if giver in OWN:
            for one in OWN:
                held.pop(one, None)
        held[giver] = given
    return found


def missing(records: Records, age: Age, policy: AgePolicy, day: date) -> tuple[Giver, ...]:
    """Return whose word is missing or was taken back; empty when the purpose is consented to.

    A word that was taken back counts even where it was not needed. That a member is of age, recorded where no age is
    known, stands for both words.
    """
    given = {giver for giver, yes in records.items() if yes}
    ended = {giver for giver, yes in records.items() if not yes}
    if age.at(day) is None and Giver.OF_AGE in given and not ended:
        return ()
    wanted = needed(age, policy, day)
    absent = [one for one in wanted if not given & (OWN if one in OWN else {one})]
    absent += [one for one in ended if one not in absent and not (one in OWN and given & OWN)]
    return tuple(sorted(set(absent), key=lambda one: list(Giver).index(one)))


def consented(records: Records, age: Age, policy: AgePolicy, day: date) -> bool:
    """Tell whether every word that is needed was given and none was taken back."""
    return not missing(records, age, policy, day)
