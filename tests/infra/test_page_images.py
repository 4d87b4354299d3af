"""Files as images: drawn once by a limited child, kept, and harmless when the file is not what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from contest.infra import page_images
from contest.infra.page_images import CHILD, PageImages

SHA = "ab" * 32


def pdf(pages: int, width: int = 300, height: int = 200) -> bytes:
    """A PDF with empty pages."""
    kids = " ".join(f"{number + 3} 0 R" for number in range(pages))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}>>"]
    objects += [f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]>>"] * pages
    body = "".join(f"{number} 0 obj{one}endobj\n" for number, one in enumerate(objects, start=1))
    return f"%PDF-1.4\n{body}trailer<</Root 1 0 R>>\n%%EOF\n".encode()


@pytest.fixture
def images(tmp_path: Path) -> PageImages:
    return PageImages(tmp_path / "pages")


def test_each_page_is_an_image_of_the_same_width(images: PageImages) -> None:
    assert images.count(SHA, BytesIO(pdf(2)), "application/pdf") == 2
    second = images.page(SHA, 2)
    assert second is not None
    with Image.open(second) as picture:
        assert (picture.format, picture.size) == ("WEBP", (1100, 734))
    assert images.page(SHA, 3) is images.page(SHA, 0) is None


def test_pages_are_drawn_once_and_can_be_forgotten(images: PageImages, monkeypatch: pytest.MonkeyPatch) -> None:
    images.count(SHA, BytesIO(pdf(1)), "application/pdf")
    monkeypatch.setattr(page_images, "_run_child", pytest.fail)
    assert images.count(SHA, BytesIO(b""), "application/pdf") == 1
    images.forget(SHA)
    assert images.page(SHA, 1) is None


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"no pdf", pdf(0)])
def test_a_broken_file_has_no_pages(images: PageImages, content: bytes) -> None:
    assert images.count(SHA, BytesIO(content), "application/pdf") == 0


def test_other_files_are_never_drawn(images: PageImages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_images, "_run_child", pytest.fail)
    assert images.count(SHA, BytesIO(pdf(1)), "application/vnd.ms-powerpoint") == 0


def test_a_picture_loses_what_the_camera_wrote_into_it(images: PageImages) -> None:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "chụp ở nhà"
    Image.new("RGB", (2200, 1000), "red").save(out, "JPEG", exif=exif)
    assert images.count(SHA, BytesIO(out.getvalue()), "image/jpeg") == 1
    path = images.page(SHA, 1)
    assert path is not None
    with Image.open(path) as picture:
        assert (picture.size, dict(picture.getexif())) == ((1100, 500), {})


def test_a_child_that_takes_too_long_is_stopped(images: PageImages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_images, "SECONDS", 0.01)
    assert images.count(SHA, BytesIO(pdf(1)), "application/pdf") == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_the_child_cannot_take_more_memory_than_it_may(tmp_path: Path) -> None:
    source, pages = tmp_path / "source", tmp_path / "pages"
    pages.mkdir()
    Image.new("1", (7000, 7000)).save(source, "PNG")  # small on disk, 150 MB once it has colours
    wish = {"source": str(source), "pages": str(pages), "type": "image/png", "most": 1}
    script = CHILD.read_text(encoding="utf-8").replace("MEMORY = 1 << 30", "MEMORY = 1 << 27")
    command = [sys.executable, "-I", "-c", script]
    done = subprocess.run(command, input=json.dumps(wish).encode(), capture_output=True, check=False)
    assert done.returncode != 0
    assert list(pages.iterdir()) == []


def test_a_name_that_is_no_fingerprint_leads_nowhere(images: PageImages) -> None:
    with pytest.raises(ValueError, match="etc"):
        images.page("../../etc", 1)
