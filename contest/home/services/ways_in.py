"""One-time links for whoever starts the demo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from contest.accounts.services import issue_link
from contest.home.queries import demo_people

LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class WayIn:
    """A fresh link of one role."""

    role: str
    name: str
    token: str


def ways_in(*, secret_key: str, now: datetime) -> list[WayIn]:
    """Issue a link for an organiser, a judge and a captain of the newest test edition; none without such an edition."""
    return [
        WayIn(
            role=person.role.value,
            name=person.name,
            token=issue_link(
                user_id=person.user_id,
                edition_id=person.edition_id,
                secret_key=secret_key,
                actor_id=None,
                now=now,
                life=LIFE,
            ).token,
        )
        for person in demo_people()
    ]
