"""The child of `page_images`: draws one file under limits of memory, time and size; never part of the application."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

WIDTH = 1100
LONGEST_SIDE = 3000
MEMORY = 1 << 30
CPU_SECONDS = 40
FILE_BYTES = 8 << 20
QUALITY = 72
MOST_PIXELS = 60_000_000


def main() -> None:
    """Read the wish, set the limits, draw."""
    wish = json.load(sys.stdin)
    _limit()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    folder, source = Path(wish["pages"]), Path(wish["source"])
    if wish["type"] == "application/pdf":
        _pages(source, folder, wish["most"])
    else:
        with Image.open(source) as picture:
            _keep(picture.convert("RGB"), folder, 1)


def _limit() -> None:
    if sys.platform == "win32":  # no such limits; the time limit of the parent holds
        return
    resource = import_module("resource")
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _pages(source: Path, folder: Path, most: int) -> None:
    document = pypdfium2.PdfDocument(source)
    for number in range(min(len(document), most)):
        page = document[number]
        wide, high = page.get_size()
        scale = min(WIDTH / max(wide, 1), LONGEST_SIDE / max(high, 1))
        _keep(page.render(scale=scale).to_pil().convert("RGB"), folder, number + 1)
        page.close()


def _keep(picture: Any, folder: Path, number: int) -> None:
    picture.thumbnail((WIDTH, LONGEST_SIDE))
    path = folder / f"{number:03d}.webp"
    # New pixels only: no metadata goes along.
    picture.save(path.with_suffix(".part"), "WEBP", quality=QUALITY, method=3, exif=b"")
    path.with_suffix(".part").rename(path)


if __name__ == "__main__":
    main()
