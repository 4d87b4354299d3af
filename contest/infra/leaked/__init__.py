"""Passwords that are in lists of leaked ones, looked up in a file of their fingerprints; nobody is asked outside.

`passwords.bin` holds no password: of each the first four bytes of its SHA-256. It is made by
`python -m tests.tools.leaked`; `SOURCES.md` says from what. A password that never leaked is taken for one with the
chance `count / 2**32`.
"""

from __future__ import annotations

import hashlib
from array import array
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from sys import byteorder
from typing import NamedTuple

FILE = Path(__file__).with_name("passwords.bin")
BUCKETS = 1 << 16


class Table(NamedTuple):
    """The second halves of the fingerprints, in buckets by their first halves; `starts` has one entry more."""

    starts: array[int]
    halves: array[int]

    def holds(self, mark: tuple[int, int]) -> bool:
        """Tell whether a fingerprint is filed."""
        first, second = mark
        return second in self.halves[self.starts[first] : self.starts[first + 1]]


def is_leaked(text: str) -> bool:
    """Tell whether the text, in small letters and without spaces, is in the list; takes microseconds."""
    return _table().holds(fingerprint(text))


def count() -> int:
    """Return how many passwords are known."""
    return len(_table().halves)


def fingerprint(text: str) -> tuple[int, int]:
    """Return the two halves, of 16 bits each, under which a text is filed."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:2], "big"), int.from_bytes(digest[2:4], "big")


def packed(texts: set[str]) -> bytes:
    """Return the file for some texts: the size of each bucket in a byte, then the halves, sorted, two bytes each."""
    marks = sorted({fingerprint(text) for text in texts})
    sizes = bytearray(BUCKETS)
    for first, _second in marks:
        sizes[first] += 1
    return bytes(sizes) + b"".join(second.to_bytes(2, "big") for _first, second in marks)


def table_of(content: bytes) -> Table:
    """Return the table that `packed` has written."""
    halves = array("H", content[BUCKETS:])
    if byteorder == "little":
        halves.byteswap()
    return Table(array("I", accumulate(content[:BUCKETS], initial=0)), halves)


@lru_cache(maxsize=1)
def _table() -> Table:
    return table_of(FILE.read_bytes())
