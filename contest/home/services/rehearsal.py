"""A rehearsal: an edition's settings with invented people and random marks, begun and wiped in one step each."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from contest.editions.models import Edition
from contest.editions.phases import EditionState
from contest.editions.queries import rounds_of
from contest.editions.services import copy_for_rehearsal
from contest.editions.services.rows import any_edition_row, trace
from contest.errors import RuleBroken
from contest.home.rehearsal.chance import MOST_JUDGES, MOST_TEAMS, Fill, Wish
from contest.home.services.rehearsal_entrants import add_entrants, seat_the_chair
from contest.home.services.rehearsal_scores import score_rounds
from contest.infra import wiping

WINDOW = timedelta(days=7)


def start_rehearsal(*, edition_id: int, wish: Wish, actor_id: int, now: datetime) -> int:
    """Create the rehearsal of an edition and return its id; the actor becomes its organiser.

    Nothing of the edition's teams, judges, conflicts, scores or results is read. Raises `NotFound`, `RuleBroken`
    "rehearsal_size" (`teams`, `judges`), "rehearsal_rounds" (`count`), "rehearsal_round_empty" (`round`),
    "rehearsal_of_rehearsal", "rehearsal_exists" (`edition`).
    """
    _check(edition_id, wish)
    row = copy_for_rehearsal(edition_id=edition_id, actor_id=actor_id, now=now)
    _open(row, wish, now)
    chance = random.Random(wish.seed)  # noqa: S311  # nosec B311  # invented marks, no secrets
    entrants = add_entrants(row.id, wish, chance, now)
    score_rounds(row.id, wish, entrants, chance, actor_id=actor_id, now=now)
    # Last, because results are confirmed by the chair where there is one, and nobody invented may act.
    seat_the_chair(row.id, entrants)
    for scope in (edition_id, row.id):
        trace(
            "rehearsal.started",
            edition_id=scope,
            actor_id=actor_id,
            now=now,
            code=row.code,
            teams=len(entrants.teams),
            judges=len(entrants.judges),
            rounds=wish.rounds,
            fill=wish.fill.value,
            seed=wish.seed,
        )
    return row.id


def _check(edition_id: int, wish: Wish) -> None:
    if not (1 <= wish.teams <= MOST_TEAMS and 1 <= wish.judges <= MOST_JUDGES):
        raise RuleBroken("rehearsal_size", teams=MOST_TEAMS, judges=MOST_JUDGES)
    rounds = rounds_of(edition_id)
    if wish.fill is Fill.TEAMS:
        return
    if not 1 <= wish.rounds <= len(rounds):
        raise RuleBroken("rehearsal_rounds", count=len(rounds))
    empty = next((one for one in rounds[: wish.rounds] if not one.rubric.criteria), None)
    if empty is not None:
        raise RuleBroken("rehearsal_round_empty", round=empty.code)


def _open(row: Edition, wish: Wish, now: datetime) -> None:
    """Announce it to its own people: teams may still write when nothing is scored, else the window is over."""
    row.state = EditionState.ANNOUNCED
    row.submissions_open = now - WINDOW
    row.submissions_close = now + WINDOW if wish.fill is Fill.TEAMS else now - timedelta(days=1)


def start_afresh(
    *, edition_id: int, wish: Wish, running_id: int, confirmation: str, actor_id: int, now: datetime
) -> tuple[int, Wiped]:
    """Wipe the running rehearsal of an edition and start another one, both or neither. Raises what the two raise."""
    gone = wipe_rehearsal(edition_id=running_id, confirmation=confirmation, actor_id=actor_id, now=now)
    if gone.original_id != edition_id:
        raise RuleBroken("not_a_rehearsal")
    return start_rehearsal(edition_id=edition_id, wish=wish, actor_id=actor_id, now=now), gone


@dataclass(frozen=True, slots=True)
class Wiped:
    """What is gone: rows by table. `files` are for the caller to delete once the rows are."""

    original_id: int
    counts: dict[str, int]
    files: list[str]


def wipe_rehearsal(*, edition_id: int, confirmation: str, actor_id: int | None, now: datetime) -> Wiped:
    """Delete a rehearsal with every row that hangs on it; the audit trail stays.

    Raises `NotFound`, `RuleBroken` "not_a_rehearsal" for any other edition, whatever was typed, and
    "rehearsal_code_wrong" (`edition`) unless its code was typed.
    """
    row = any_edition_row(edition_id)
    if row.rehearsal_of_id is None:
        raise RuleBroken("not_a_rehearsal")
    if confirmation.strip() != row.code:
        raise RuleBroken("rehearsal_code_wrong", edition=row.code)
    original, code = row.rehearsal_of_id, row.code
    counts, files = wiping.wipe(edition_id)
    for scope in (edition_id, original):
        trace("rehearsal.wiped", edition_id=scope, actor_id=actor_id, now=now, code=code, rows=sum(counts.values()))
    return Wiped(original, counts, files)
