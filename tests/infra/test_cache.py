"""Small caches of frozen things."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest

from contest.infra.cache import FrozenCache, clear_all


def test_a_value_is_made_once_per_key() -> None:
    made: list[int] = []
    cache: FrozenCache[str] = FrozenCache(4)

    def make() -> str:
        made.append(1)
        return "fragment"

    assert [cache.get(("r1", 3, "vi"), make) for _ in range(3)] == ["fragment"] * 3
    assert len(made) == 1
    assert cache.get(("r1", 4, "vi"), make) == "fragment"
    assert len(made) == 2


def test_what_was_asked_for_last_stays() -> None:
    cache: FrozenCache[int] = FrozenCache(2)
    assert [cache.get(key, lambda: 1) for key in ("a", "b", "a", "c")] == [1] * 4
    assert cache.get("a", lambda: 2) == 1
    assert cache.get("b", lambda: 2) == 2


def test_clearing_forgets_one_or_all() -> None:
    first: FrozenCache[int] = FrozenCache(2)
    second: FrozenCache[int] = FrozenCache(2)
    first.get("a", lambda: 1)
    second.get("a", lambda: 1)
    first.clear()
    assert (first.get("a", lambda: 2), second.get("a", lambda: 2)) == (2, 1)
    clear_all()
    assert (first.get("a", lambda: 3), second.get("a", lambda: 3)) == (3, 3)


def test_an_error_is_not_kept() -> None:
    cache: FrozenCache[float] = FrozenCache(2)
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 / 0)
    assert cache.get("a", lambda: 2.0) == 2.0


def test_many_threads_never_break_it() -> None:
    cache: FrozenCache[int] = FrozenCache(3)
    start, wrong = Barrier(8), []

    def ask(offset: int) -> None:
        start.wait()
        for step in range(500):
            key = (step + offset) % 7
            if cache.get(key, lambda key=key: key) != key:  # type: ignore[misc]
                wrong.append(key)

    threads = [Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
