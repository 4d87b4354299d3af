"""What is made of stored files and kept beside them: copies without notes about their authors, and their words.

Kept by the fingerprint of the file, so it can be thrown away at any time.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
import shutil
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from flask import current_app

from contest.infra import inspection
from contest.infra.inspection import Words

_turn = Lock()


class Copies:
    """The copies of files, under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def clean(self, sha256: str, stream: BinaryIO, content_type: str) -> Path:
        """Return the copy without its author's notes, made the first time; raise `inspection.NotStripped`."""
        path = self._folder(sha256) / "clean"
        if not path.exists():
            with _turn:  # one child at a time: judges' saves need the processors more
                if not path.exists():
                    self._make(path, stream, content_type)
        return path

    def words(self, sha256: str, stream: BinaryIO, content_type: str) -> Words:
        """Return what the file says, read the first time."""
        path = self._folder(sha256) / "words.json"
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            return Words(tuple(kept["text"]), kept["notes"], kept["read"])
        found = inspection.words(stream, content_type)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{secrets.token_hex(4)}.part")
        partial.write_text(json.dumps(dataclasses.asdict(found)), encoding="utf-8")
        partial.replace(path)
        return found

    def forget(self, sha256: str) -> None:
        """Throw away what was made of a file."""
        shutil.rmtree(self._folder(sha256), ignore_errors=True)

    def _folder(self, sha256: str) -> Path:
        if not sha256.isalnum():
            raise ValueError(sha256)
        return self.root / sha256[:2] / sha256

    def _make(self, path: Path, stream: BinaryIO, content_type: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{secrets.token_hex(4)}.part")
        try:
            with partial.open("wb") as out:
                inspection.strip(stream, content_type, out)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def current_copies() -> Copies:
    """Return the copies of the running application."""
    return Copies(Path(current_app.config["DATA_DIR"]) / "copies")
