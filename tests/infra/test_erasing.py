"""A file that is erased leaves no picture of its pages behind."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from contest.infra.erasing import erase_file
from contest.infra.page_images import PageImages


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "PNG")
    return made.getvalue()


def test_the_pages_go_with_the_file(app: Flask, tmp_path: Path) -> None:
    storage, pages = app.extensions["storage"], PageImages(tmp_path / "pages")
    content = picture()
    stored = storage.put(BytesIO(content), limit=len(content))
    with storage.open(stored.key) as stream:
        assert pages.count(stored.sha256, stream, "image/png") == 1
    assert pages.page(stored.sha256, 1) is not None
    erase_file(storage, stored.key, data_dir=tmp_path)
    assert pages.page(stored.sha256, 1) is None
    assert list((tmp_path / "pages").glob("*/*")) == []
    with pytest.raises(FileNotFoundError):
        storage.open(stored.key)
    erase_file(storage, stored.key, data_dir=tmp_path)  # gone already
