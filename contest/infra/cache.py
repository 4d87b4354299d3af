"""Small caches of frozen things inside one process. Only what never changes under its key may go in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar
from weakref import WeakSet

Value = TypeVar("Value")


class Forgetful(Protocol):
    """What a process holds in memory and can do without."""

    def clear(self) -> None:
        """Forget everything."""


_all: WeakSet[Forgetful] = WeakSet()


def forget_with(held: Forgetful) -> None:
    """Let `clear_all` empty this as well, as long as it lives."""
    _all.add(held)


class FrozenCache(Generic[Value]):
    """The last `size` values by key, e.g. a rubric's fragment by (round id, rubric version, locale)."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()
        forget_with(self)

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the kept value, or make and keep it. Two threads may both make it; both values are equal."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        value = make()
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()


def clear_all() -> None:
    """Forget every cache of the process (after a restore, and between tests)."""
    for held in list(_all):
        held.clear()
