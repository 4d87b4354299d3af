"""Before anybody is invited: how many judges an entry can have in the time that judges give. Whole minutes, exact."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to do: numbers from 0 on, `minutes` for reading and scoring one entry from 1 on.

    `available` are the minutes that one judge gives, `wanted` the judges per entry.
    """

    entries: int
    minutes: int
    available: int
    judges: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Capacity:
    """What follows. `each`: entries that a judge has time for. `possible`: judges that every entry can have.

    `needed`: judges for the number wanted, None when a judge has no time for a single entry. `spare`: minutes of all
    judges together that are left when the wanted number is done, below 0 when they are short. `busiest`: minutes of
    the judge who has most to do then, the entries being shared out evenly. `full`: everybody can judge everything,
    which takes each judge `full_minutes`.
    """

    each: int
    possible: int
    needed: int | None
    spare: int
    busiest: int
    full: bool
    full_minutes: int

    @property
    def enough(self) -> bool:
        """Whether a judge has time for at least one entry."""
        return self.needed is not None


def capacity(work: Work) -> Capacity:
    """Return what the judges can do. No judge sees an entry twice, so an entry never has more judges than there are."""
    each = min(work.available // work.minutes, work.entries)
    seats = work.entries * work.wanted
    return Capacity(
        each=each,
        possible=min(work.judges, work.judges * each // work.entries) if work.entries else work.judges,
        needed=_needed(work, each),
        spare=work.judges * work.available - seats * work.minutes,
        busiest=_up(seats, work.judges) * work.minutes if work.judges else 0,
        full=work.judges > 0 and each >= work.entries,
        full_minutes=work.entries * work.minutes,
    )


def _needed(work: Work, each: int) -> int | None:
    if not work.entries or not work.wanted:
        return 0
    return max(work.wanted, _up(work.entries * work.wanted, each)) if each else None


def _up(count: int, size: int) -> int:
    return -(-count // size)
