"""Erase a stored file with everything that was drawn of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from contest.infra.copies import Copies
from contest.infra.page_images import PageImages
from contest.infra.storage import Storage

CHUNK = 1 << 20


def erase_file(storage: Storage, key: str, *, data_dir: str | Path) -> None:
    """Delete a file, and before it what was made of it under `data_dir`; a file that is gone already is fine."""
    try:
        with storage.open(key) as stream:
            digest = hashlib.sha256()
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    except FileNotFoundError:
        return
    PageImages(Path(data_dir) / "pages").forget(digest.hexdigest())
    Copies(Path(data_dir) / "copies").forget(digest.hexdigest())
    storage.delete(key)
