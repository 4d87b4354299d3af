"""What goes on by itself: while a round is being scored, the end of the audit trail is signed and mailed."""

from __future__ import annotations

from contest.editions.queries import editions_in_scoring
from contest.infra import background, clock, heads
from contest.infra.db import unit_of_work

LOOK_SECONDS = 60


@background.every(LOOK_SECONDS)
def sign_heads() -> None:
    """Keep a head of each edition with a round in scoring, as often as the setting says and when something is new."""
    for scope in [f"edition:{one.id}" for one in editions_in_scoring()]:
        if heads.is_due(scope, now=clock.now()):
            with unit_of_work():
                heads.keep_when_due(scope, now=clock.now())
