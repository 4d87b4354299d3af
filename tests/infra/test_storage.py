"""Files on disk: whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import UTC, datetime
from io import BytesIO, RawIOBase
from pathlib import Path

import pytest

from contest.errors import StorageFull
from contest.infra import room
from contest.infra.storage import CHUNK, LocalStorage, TooLarge


class Breaking(RawIOBase):
    """A stream whose sender vanishes after the first part."""

    def __init__(self) -> None:
        self.parts = [b"half of it"]

    def read(self, _size: int = -1, /) -> bytes:
        if self.parts:
            return self.parts.pop()
        raise ConnectionResetError("gone")


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "files")


@pytest.mark.parametrize("content", [b"", b"x", b"y" * CHUNK, b"z" * (CHUNK + 1)])
def test_what_goes_in_comes_out(storage: LocalStorage, content: bytes) -> None:
    stored = storage.put(BytesIO(content), limit=CHUNK * 2)
    assert stored.size == len(content) == storage.size(stored.key)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    with storage.open(stored.key) as stream:
        assert stream.read() == content


def test_keys_are_random_even_for_equal_files(storage: LocalStorage) -> None:
    keys = {storage.put(BytesIO(b"same"), limit=10).key for _ in range(5)}
    assert len(keys) == 5
    assert sorted(storage.keys()) == sorted(keys)


def test_exactly_the_limit_passes_and_one_byte_more_does_not(storage: LocalStorage) -> None:
    assert storage.put(BytesIO(b"1234"), limit=4).size == 4
    with pytest.raises(TooLarge):
        storage.put(BytesIO(b"12345"), limit=4)
    assert len(list(storage.keys())) == 1


def test_a_broken_upload_leaves_nothing(storage: LocalStorage) -> None:
    with pytest.raises(ConnectionResetError):
        storage.put(Breaking(), limit=100)  # type: ignore[arg-type]  # reads are all that is asked of it
    assert [path for path in storage.root.rglob("*") if path.is_file()] == []


def test_a_half_written_file_is_no_file(storage: LocalStorage) -> None:
    stored = storage.put(BytesIO(b"whole"), limit=10)
    (storage.root / stored.key[:2] / "abcd.part").write_bytes(b"half")
    assert list(storage.keys()) == [stored.key]


def test_deleting_is_final_and_may_be_repeated(storage: LocalStorage) -> None:
    stored = storage.put(BytesIO(b"x"), limit=1)
    assert storage.exists(stored.key)
    storage.delete(stored.key)
    storage.delete(stored.key)
    assert not storage.exists(stored.key)
    with pytest.raises(FileNotFoundError):
        storage.open(stored.key)


@pytest.mark.parametrize("key", ["../../etc/passwd", "..", "a/b", "", "a.part", "a\x00b"])
def test_a_key_is_never_a_path(storage: LocalStorage, key: str) -> None:
    assert not storage.exists(key)
    for act in (storage.open, storage.delete, storage.size):
        with pytest.raises(FileNotFoundError):
            act(key)


def test_an_empty_store_has_no_keys(storage: LocalStorage) -> None:
    assert list(storage.keys()) == []


def test_what_a_killed_process_left_half_written_is_swept_and_nothing_else(storage: LocalStorage) -> None:
    kept = storage.put(BytesIO(b"whole"), limit=9)
    folder = storage.root / kept.key[:2]
    old, young = folder / "old.part", folder / "young.part"
    for path, moment in ((old, 1_000), (young, 5_000), (folder / kept.key, 1_000)):
        path.write_bytes(b"whole")
        os.utime(path, (moment, moment))

    assert storage.sweep(datetime.fromtimestamp(3_000, tz=UTC)) == 1

    assert sorted(path.name for path in folder.iterdir()) == sorted([kept.key, "young.part"])


def test_a_disk_at_its_floor_takes_nothing_and_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = LocalStorage(tmp_path / "files", floor=100)
    monkeypatch.setattr(room, "usage", lambda _path: (1000, 104))

    with pytest.raises(StorageFull):
        storage.put(BytesIO(b"12345"), limit=9)
    assert list(storage.root.glob("*/*")) == []
    assert storage.put(BytesIO(b"1234"), limit=9).size == 4


def test_a_disk_that_is_full_is_told_as_such(storage: LocalStorage) -> None:
    class Full(BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StorageFull):
        storage.put(Full(), limit=9)
    assert list(storage.keys()) == []
