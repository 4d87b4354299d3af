"""Who of the committee has a stake in a submission, and which rounds are closed to such a person. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contest.accounts.roles import Role
from contest.likeness import email_key, phone_key, same_person

UNLINKED = frozenset({Role.MEMBER, Role.MENTOR})
"""Roles that name no team: who holds one may belong to any."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the committee; the account's own e-mail and phone number."""

    id: int
    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class TeamContacts:
    """What a team says of its captain and mentor."""

    captain_id: int | None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    mentor: str = ""
    mentor_reachable: bool = False


@dataclass(frozen=True, slots=True)
class RoundPlace:
    """A round in its order: whether an entry of the person takes part, and whether its results are published."""

    id: int
    takes_part: bool
    published: bool


def has_stake(person: Person, team: TeamContacts) -> bool:
    """Tell whether the person leads the team, shares an e-mail or phone number with it, or mentors it.

    A mentor of the same name is the person unless the team gives a mentor's e-mail or phone number, which tell better.
    """
    if team.captain_id == person.id:
        return True
    if email_key(person.email) in set(map(email_key, team.emails)) - {""}:
        return True
    if phone_key(person.phone) in set(map(phone_key, team.phones)) - {""}:
        return True
    return not team.mentor_reachable and same_person(person.name, team.mentor)


def closed_rounds(rounds: Sequence[RoundPlace]) -> frozenset[int]:
    """Return the rounds of which the person sees no marks: the first unpublished one of the own entry, and all after.

    Later rounds are closed too, because who is in them tells how the earlier one ended.
    """
    first = next((place for place, one in enumerate(rounds) if one.takes_part and not one.published), len(rounds))
    return frozenset(one.id for one in rounds[first:])
