"""Files on their way: what has arrived of each, kept apart from the store until it is whole.

A part is two files under one folder: the bytes, whose time is that of the last byte, and what was said about them.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from contest.infra.storage import write_whole

NAME_LENGTH = 32
LIFETIME = timedelta(hours=1)


class OffsetDiffers(Exception):
    """The bytes do not begin where what has arrived ends."""


@dataclass(frozen=True, slots=True)
class Partial:
    """A file on its way: `arrived` of `length` bytes; `facts` is what its owner said."""

    id: str
    length: int
    arrived: int
    facts: Mapping[str, str]
    touched_at: datetime

    @property
    def whole(self) -> bool:
        """Whether everything is here."""
        return self.arrived == self.length


class PartialFiles:
    """The files on their way, under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def begin(self, length: int, facts: Mapping[str, str], *, now: datetime) -> Partial:
        """Make room for a file of so many bytes."""
        self.root.mkdir(parents=True, exist_ok=True)
        name = secrets.token_hex(NAME_LENGTH // 2)
        self._bytes(name).touch()
        self._date(name, now)
        write_whole(self._said(name), json.dumps({"length": length, "facts": dict(facts)}).encode())
        return Partial(name, length, 0, facts, now)

    def find(self, name: str) -> Partial | None:
        """Return a file on its way, or none."""
        if len(name) != NAME_LENGTH or not name.isalnum():
            return None
        try:
            said = json.loads(self._said(name).read_text(encoding="utf-8"))
            state = self._bytes(name).stat()
        except FileNotFoundError:
            return None
        touched = datetime.fromtimestamp(state.st_mtime, tz=UTC)
        return Partial(name, said["length"], min(state.st_size, said["length"]), said["facts"], touched)

    def add(self, partial: Partial, offset: int, data: bytes, *, now: datetime) -> int:
        """Write bytes behind what has arrived and return the new end; raise `OffsetDiffers`.

        Written at their place, so that the same bytes sent twice at once end up as one.
        """
        path = self._bytes(partial.id)
        if offset != path.stat().st_size or offset + len(data) > partial.length:
            raise OffsetDiffers
        with path.open("r+b") as out:
            out.seek(offset)
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        self._date(partial.id, now)
        return offset + len(data)

    def open(self, partial: Partial) -> BinaryIO:
        """Open what has arrived for reading."""
        return self._bytes(partial.id).open("rb")

    def drop(self, name: str) -> None:
        """Forget a file on its way; one that is gone is no error."""
        self._said(name).unlink(missing_ok=True)
        self._bytes(name).unlink(missing_ok=True)

    def of(self, **facts: str) -> list[Partial]:
        """Return the files of which all these facts are said, oldest first."""
        found = [self.find(path.stem) for path in self.root.glob("*.json")]
        mine = [one for one in found if one and facts.items() <= one.facts.items()]
        return sorted(mine, key=lambda one: (one.touched_at, one.id))

    def sweep(self, before: datetime) -> int:
        """Forget what got no byte since `before`; return how many."""
        old = [path.stem for path in self.root.glob("*.part") if path.stat().st_mtime < before.timestamp()]
        for name in old:
            self.drop(name)
        return len(old)

    def _date(self, name: str, now: datetime) -> None:
        os.utime(self._bytes(name), (now.timestamp(), now.timestamp()))

    def _bytes(self, name: str) -> Path:
        return self.root / f"{name}.part"

    def _said(self, name: str) -> Path:
        return self.root / f"{name}.json"


def current_partials() -> PartialFiles:
    """Return what is on its way to the running application."""
    return PartialFiles(Path(current_app.config["DATA_DIR"]) / "uploads")
