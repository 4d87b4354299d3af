"""In which order a judge reads: shuffled per judge and round against order bias, the same on every visit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contest.judging.papers import UNFINISHED, DeskRow, PaperState

_MASK = (1 << 64) - 1


def _stir(value: int) -> int:
    """Mix 64 bits well (splitmix64, Steele et al. 2014): neighbouring numbers come out far apart."""
    value = (value + 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def reading_key(judge_id: int, round_id: int, assignment_id: int) -> tuple[int, int]:
    """Return the sorting key of one assignment; it depends on nothing else, so later assignments move nobody."""
    return _stir(_stir(_stir(judge_id) ^ round_id) ^ assignment_id), assignment_id


def in_reading_order(rows: Iterable[DeskRow], *, judge_id: int, round_id: int) -> tuple[DeskRow, ...]:
    """Return the rows as this judge reads them."""
    return tuple(sorted(rows, key=lambda row: reading_key(judge_id, round_id, row.id)))


def next_unfinished(rows: Sequence[DeskRow], after: str = "") -> DeskRow | None:
    """Return the next paper to work on, going round from the one whose public id is `after`, never that one itself.

    Those not started come before drafts, so that nobody circles among drafts while others wait.
    """
    start = next((place for place, row in enumerate(rows, start=1) if row.public_id == after), 0)
    waiting = [row for row in (*rows[start:], *rows[:start]) if row.state in UNFINISHED and row.public_id != after]
    return next((row for row in waiting if row.state is PaperState.NOT_STARTED), waiting[0] if waiting else None)
