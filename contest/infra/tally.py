"""What happens often and is told seldom: counted in memory, taken out together when some time has passed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from contest.infra import cache

LENGTH = timedelta(minutes=10)
MOST_KEYS = 200
OTHERS = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something happened, from its first to its last time."""

    key: Hashable
    times: int
    first: datetime
    last: datetime


class Tally:
    """Counts by key over `length`. Keys beyond `most` are counted together under `OTHERS`: a flood fills nothing."""

    def __init__(self, *, length: timedelta = LENGTH, most: int = MOST_KEYS) -> None:
        self._length, self._most = length, most
        self._counts: dict[Hashable, Counted] = {}
        self._since: datetime | None = None
        self._lock = Lock()
        cache.forget_with(self)

    def add(self, key: Hashable, now: datetime) -> None:
        """Count one."""
        with self._lock:
            if key not in self._counts and len(self._counts) >= self._most:
                key = OTHERS
            before = self._counts.get(key, Counted(key, 0, now, now))
            self._counts[key] = replace(before, times=before.times + 1, last=now)
            self._since = self._since or now

    def is_due(self, now: datetime) -> bool:
        """Tell whether what was counted first lies further back than the length."""
        since = self._since
        return since is not None and now - since >= self._length

    def take(self) -> list[Counted]:
        """Return what was counted, in the order of its first times, and begin anew."""
        with self._lock:
            taken, self._counts, self._since = list(self._counts.values()), {}, None
        return taken

    def give_back(self, taken: list[Counted]) -> None:
        """Count again what could not be told."""
        with self._lock:
            for one in taken:
                now = self._counts.get(one.key, replace(one, times=0))
                self._counts[one.key] = Counted(one.key, one.times + now.times, one.first, max(one.last, now.last))
                self._since = min(self._since or one.first, one.first)

    def clear(self) -> None:
        """Forget everything."""
        self.take()
