"""People as pages show them: read once by a query, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contest.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person of an edition. `roles` maps every edition the person belongs to, not only the one in view.

    `link_until` is the last moment of an unused one-time link of this edition, `last_sign_in` that of any session.
    """

    id: int
    public_id: str
    name: str
    email: str | None
    phone: str | None
    locale: str | None
    is_admin: bool
    roles: Mapping[int, frozenset[Role]]
    link_until: datetime | None = None
    last_sign_in: datetime | None = None

    @property
    def contact(self) -> str:
        """Return the e-mail address or the phone number; empty when there is neither."""
        return self.email or self.phone or ""

    def roles_in(self, edition_id: int) -> frozenset[Role]:
        """Return the roles held in an edition."""
        return self.roles.get(edition_id, frozenset())


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in device; `here` marks the one that asks. With `round_id` it is paired for that round only.

    `seen_at` is its last use, to some minutes, and `place` where from, without the end of the address.
    """

    id: int
    device: str
    created_at: datetime
    expires_at: datetime
    here: bool
    seen_at: datetime
    place: str = ""
    round_id: int | None = None


@dataclass(frozen=True, slots=True)
class PairedDevice:
    """A device that is paired for one round, and as whom; `person` is the public id."""

    id: int
    person: str
    name: str
    device: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """An unused one-time link: whose it is and until when it works."""

    user_id: int
    name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """An alarm as its page shows it; `name` is whose account it is, empty when nobody was signed in."""

    id: int
    kind: str
    who: str
    name: str
    user_id: int | None
    subject: str
    count: int
    seconds: int
    at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    note: str

    @property
    def is_open(self) -> bool:
        """Return whether nobody has looked at it yet."""
        return self.acknowledged_at is None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is written to."""

    name: str
    email: str
    locale: str | None
