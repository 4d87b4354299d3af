"""The order of presentation by lot: drawn once, repeatable by anybody from the words on the minutes.

Each team's lot is the SHA-256 of the draw's seed and the team's code; the lowest lot presents first. A seed that was
said aloud before the draw (a time, a line of dice) therefore proves that nobody chose the order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contest.errors import RuleBroken


def lot(seed: str, code: str) -> str:
    """Return the lot of one submission, 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}\n{code}".encode()).hexdigest()


def drawn(seed: str, codes: Iterable[str]) -> tuple[str, ...]:
    """Return the codes in the order of their lots, whatever order they came in. Raises `RuleBroken` "seed_empty"."""
    if not seed.strip():
        raise RuleBroken("seed_empty")
    return tuple(sorted(codes, key=lambda code: (lot(seed, code), code)))


@dataclass(frozen=True, slots=True)
class Turn:
    """One presentation. `number` is the lot's place from 1 and never changes; `moved` tells why it comes later."""

    code: str
    number: int
    moved: str = ""
    move: int = 0


def starts(opens: datetime, count: int, minutes: Sequence[int | None]) -> tuple[datetime, ...]:
    """Return when each of `count` turns begins: each takes all the `minutes` together; () when none are set."""
    each = timedelta(minutes=sum(part or 0 for part in minutes))
    return tuple(opens + number * each for number in range(count)) if each else ()


def in_order(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Return the turns as they are called: by lot, and behind all of them those who were moved, in that order."""
    return tuple(sorted(turns, key=lambda turn: (turn.move, turn.number)))


def moved_to_end(turns: Sequence[Turn], code: str, reason: str) -> tuple[Turn, ...]:
    """Move a team that was absent when called behind all others.

    Raises `RuleBroken` "reason_missing" or "not_in_draw" (item).
    """
    if not reason.strip():
        raise RuleBroken("reason_missing")
    if all(turn.code != code for turn in turns):
        raise RuleBroken("not_in_draw", item=code)
    last = max(turn.move for turn in turns)
    return tuple(replace(turn, moved=reason, move=last + 1) if turn.code == code else turn for turn in turns)


def moved_to_place(turns: Sequence[Turn], code: str, place: int, reason: str) -> tuple[Turn, ...]:
    """Call a team at another place than its lot says, from 1; beyond the last place means behind all others.

    The lots stay as they were drawn; only the moved team carries a reason. Raises as `moved_to_end`, and `RuleBroken`
    "place_below_one" (item).
    """
    if not reason.strip():
        raise RuleBroken("reason_missing")
    ordered = list(in_order(turns))
    moving = next((turn for turn in ordered if turn.code == code), None)
    if moving is None:
        raise RuleBroken("not_in_draw", item=code)
    if place < 1:
        raise RuleBroken("place_below_one", item=code)
    ordered.remove(moving)
    ordered.insert(place - 1, replace(moving, moved=reason))
    moves = {turn.code: replace(turn, move=at) for at, turn in enumerate(ordered, start=1)}
    return tuple(moves[turn.code] for turn in turns)
