"""File storage: a local folder behind a small interface, so that an object store can replace it."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from flask import current_app

from contest.errors import StorageFull
from contest.infra.room import Room, look

CHUNK = 1 << 20


class TooLarge(Exception):
    """The stream holds more bytes than the caller allows."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is safely on disk."""

    key: str
    size: int
    sha256: str


class Storage(Protocol):
    """What the application needs of a file store."""

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Store the stream under a generated key; leave nothing behind when it cannot be.

        Raises `TooLarge` past `limit` bytes, and `StorageFull` before the disk has less than its floor left.
        """

    def require_room(self, size: int) -> None:
        """Raise `StorageFull` unless so many bytes leave the floor of the disk alone."""

    def room(self) -> Room:
        """Return how much room the disk has."""

    def open(self, key: str) -> BinaryIO:
        """Open a stored file for reading; raise `FileNotFoundError`."""

    def exists(self, key: str) -> bool:
        """Tell whether the key is stored."""

    def delete(self, key: str) -> None:
        """Remove a file; a missing one is no error."""

    def size(self, key: str) -> int:
        """Return the size in bytes."""

    def keys(self) -> Iterator[str]:
        """Yield every stored key, in no order."""

    def sweep(self, before: datetime) -> int:
        """Remove what a process left half written before that moment; return how many."""


class LocalStorage:
    """Files in a folder, two levels deep; a file appears whole (write, fsync, rename, fsync of the folder) or not."""

    def __init__(self, root: Path, *, floor: int = 0) -> None:
        self.root, self.floor = root, floor

    def room(self) -> Room:
        """Return how much room the disk has."""
        return look(self.root, self.floor)

    def require_room(self, size: int) -> None:
        """Raise `StorageFull` unless so many bytes leave the floor of the disk alone."""
        if size > self.room().left:
            raise StorageFull

    def _path(self, key: str) -> Path:
        if not key.isalnum():
            raise FileNotFoundError(key)
        return self.root / key[:2] / key

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Store the stream under a generated key; leave nothing behind when it cannot be.

        Raises `TooLarge` past `limit` bytes, and `StorageFull` before the disk has less than its floor left.
        """
        key = secrets.token_hex(16)
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".part")
        try:
            size, digest = self._copy(stream, temporary, limit)
            temporary.replace(path)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFull from error
            raise
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)
        return Stored(key=key, size=size, sha256=digest)

    def _copy(self, stream: BinaryIO, target: Path, limit: int) -> tuple[int, str]:
        digest, size = hashlib.sha256(), 0
        with target.open("wb") as out:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise TooLarge(limit)
                self.require_room(len(chunk))
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        return size, digest.hexdigest()

    def open(self, key: str) -> BinaryIO:
        """Open a stored file for reading; raise `FileNotFoundError`."""
        return self._path(key).open("rb")

    def exists(self, key: str) -> bool:
        """Tell whether the key is stored."""
        return key.isalnum() and self._path(key).exists()

    def delete(self, key: str) -> None:
        """Remove a file; a missing one is no error."""
        self._path(key).unlink(missing_ok=True)

    def size(self, key: str) -> int:
        """Return the size in bytes."""
        return self._path(key).stat().st_size

    def keys(self) -> Iterator[str]:
        """Yield every stored key, in no order."""
        return (path.name for path in self.root.glob("??/*") if path.suffix != ".part")

    def sweep(self, before: datetime) -> int:
        """Remove what a process left half written before that moment; return how many."""
        old = [path for path in self.root.glob("??/*.part") if path.stat().st_mtime < before.timestamp()]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in its place whole or not at all: a new name, fsync, rename, fsync of the folder."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open folders; NTFS journals the rename
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def current_storage() -> Storage:
    """Return the store of the running application, for work outside of a request."""
    store: Storage = current_app.extensions["storage"]
    return store
