"""Roles of a person in an edition, and who the signed-in person is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    """What a person may be in one edition; several at once are possible."""

    ORGANISER = "organiser"
    SECRETARY = "secretary"
    CHAIR = "chair"
    JUDGE = "judge"
    CAPTAIN = "captain"
    MEMBER = "member"
    MENTOR = "mentor"
    OBSERVER = "observer"


COMMITTEE = frozenset({Role.ORGANISER, Role.SECRETARY})
JURY = frozenset({Role.CHAIR, Role.JUDGE})
TEAM = frozenset({Role.CAPTAIN, Role.MEMBER, Role.MENTOR})


@dataclass(frozen=True, slots=True)
class Identity:
    """The signed-in person as one request sees them: read once, never written.

    `session` is the opaque token of the session row; `roles` maps edition ids to the roles held there. With `round_id`
    the device is paired for one round: the person is a judge on it and nothing else. `signed_in_at` is the last moment
    when somebody proved on this device who they are, `seen_at` the last use that was noted.
    """

    id: int
    name: str
    session: str
    locale: str | None = None
    is_admin: bool = False
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False
    round_id: int | None = None
    signed_in_at: datetime | None = None
    seen_at: datetime | None = None

    def signed_in_within(self, span: timedelta, now: datetime) -> bool:
        """Tell whether this device signed in no longer ago than `span`: somebody has just proved who they are."""
        return self.signed_in_at is not None and now - self.signed_in_at <= span

    def get_id(self) -> str:
        """Return what Flask-Login keeps in the cookie: the session token, never the user's number."""
        return self.session

    def roles_in(self, edition_id: int) -> frozenset[Role]:
        """Return the roles held in an edition; empty when none."""
        return self.roles.get(edition_id, frozenset())

    def holds(self, edition_id: int, *wanted: Role) -> bool:
        """Tell whether any of the wanted roles is held in the edition."""
        return not self.roles_in(edition_id).isdisjoint(wanted)


@dataclass(frozen=True, slots=True)
class Nobody:
    """The visitor who has not signed in."""

    id: None = None
    name: str = ""
    locale: str | None = None
    is_admin: bool = False
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    is_authenticated: bool = False
    is_active: bool = False
    is_anonymous: bool = True
    round_id: None = None

    def get_id(self) -> None:
        """Return nothing: there is no session."""

    def roles_in(self, edition_id: int) -> frozenset[Role]:
        """Return no roles."""
        del edition_id
        return frozenset()

    def holds(self, edition_id: int, *wanted: Role) -> bool:
        """Tell that no role is held."""
        del edition_id, wanted
        return False
