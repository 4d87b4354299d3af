"""Alarms of the world: some that nobody has looked at, one that somebody has, and one of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contest.infra.alarms import SITE, Alarm, AlarmKind, hour_of
from contest.infra.db import unit_of_work
from tests.factories import NOON

if TYPE_CHECKING:
    from tests.sweep.world import Side


def raise_some(edition_id: int, side: Side) -> None:
    """Let a captain have been refused often, a judge have changed marks, and the observer have read too much."""
    scope, organiser = f"edition:{edition_id}", side.people_ids["organiser"]
    made = []
    for kind, role, subject in (
        (AlarmKind.REFUSALS, "captain", "people.people"),
        (AlarmKind.CHANGED_SCORES, "judge", side.ids["round_code"][1]),
        (AlarmKind.MASS_READS, "observer", ""),
    ):
        user_id = side.people_ids[role]
        made.append(_row(kind, scope, f"user:{user_id}", subject, user_id))
    made[-1].acknowledged_at, made[-1].acknowledged_by, made[-1].note = NOON, organiser, "Bà quan sát đọc hết."
    with unit_of_work() as session:
        session.add_all(made)
        session.flush()  # their numbers are needed
        side.ids["alarm_id"] = [str(one.id) for one in made]


def raise_for_the_site(own: Side, foreign: Side) -> None:
    """Let somebody who was not signed in have tried many passwords: the business of administrators alone.

    The alarms of editions are none of the site, those of the other edition stand for them.
    """
    with unit_of_work() as session:
        row = _row(AlarmKind.SIGN_INS, SITE, "address:3f2a91c004d7e855", "", None)
        session.add(row)
        session.flush()  # its number is needed
        own.ids["site_alarm_id"], foreign.ids["site_alarm_id"] = [str(row.id)], foreign.ids["alarm_id"]


def _row(kind: AlarmKind, scope: str, who: str, subject: str, user_id: int | None) -> Alarm:
    return Alarm(
        kind=kind, scope=scope, who=who, user_id=user_id, subject=subject, count=60, seconds=600, hour=hour_of(NOON),
        at=NOON, note="",
    )  # fmt: skip
