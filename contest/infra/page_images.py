"""Pages of a PDF, and pictures, as images that are safe to show: drawn by a child process with limits, then kept.

What is kept lies beside the storage, by the fingerprint of the file, and can be thrown away at any time.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Lock
from typing import BinaryIO

CHILD = Path(__file__).with_name("page_child.py")
SECONDS = 45
MOST_PAGES = 60
DRAWN = frozenset({"application/pdf", "image/jpeg", "image/png"})

_turn = Lock()


class PageImages:
    """The drawn pages of files, under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def count(self, sha256: str, stream: BinaryIO, content_type: str) -> int:
        """Return how many pages can be shown, drawing them the first time; 0 for a file that cannot be drawn."""
        folder = self._folder(sha256)
        if not folder.exists():
            with _turn:  # one child at a time: judges' saves need the processors more
                if not folder.exists():
                    self._draw(folder, stream, content_type)
        return sum(1 for _ in folder.glob("*.webp"))

    def page(self, sha256: str, number: int) -> Path | None:
        """Return the image of a page that was drawn, counted from 1."""
        path = self._folder(sha256) / f"{number:03d}.webp"
        return path if path.is_file() else None

    def forget(self, sha256: str) -> None:
        """Throw the pages of a file away."""
        shutil.rmtree(self._folder(sha256), ignore_errors=True)

    def _folder(self, sha256: str) -> Path:
        if not sha256.isalnum():
            raise ValueError(sha256)
        return self.root / sha256[:2] / sha256

    def _draw(self, folder: Path, stream: BinaryIO, content_type: str) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="drawing-") as work:
            source, pages = Path(work) / "source", Path(work) / "pages"
            pages.mkdir()
            if content_type in DRAWN:
                with source.open("wb") as out:
                    shutil.copyfileobj(stream, out)
                _run_child(source, pages, content_type)
            pages.rename(folder)


def _run_child(source: Path, pages: Path, content_type: str) -> None:
    """Draw; whatever the child did before it was stopped is kept."""
    wish = json.dumps({"source": str(source), "pages": str(pages), "type": content_type, "most": MOST_PAGES})
    try:
        subprocess.run(  # noqa: S603  our own file, nothing of the upload is in the command
            [sys.executable, "-I", str(CHILD)],
            input=wish.encode(),
            timeout=SECONDS,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
        )
    except subprocess.TimeoutExpired:
        return
