from __future__ import annotations

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.errors import RuleBroken
from contest.submissions import filetypes
from contest.submissions.filetypes import TYPES, check_content, type_by_name
from tests.submissions.samples import MACRO_TYPE, pdf, picture, pptx, zipped

ALL = tuple(TYPES)


def refusal(content: bytes, name: str) -> str | None:
    """The code with which these bytes are refused under this name, or none."""
    try:
        check_content(BytesIO(content), type_by_name(name, ALL), name)
    except RuleBroken as refused:
        return refused.code
    return None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.pdf", pdf()),
        ("plan.PDF", pdf(pages=3)),
        ("slides.pptx", pptx()),
        ("photo.png", picture("PNG")),
        ("photo.jpg", picture("JPEG")),
        ("photo.jpeg", picture("JPEG")),
        ("photo.webp", picture("WEBP")),
    ],
)
def test_real_files_come_in(name: str, content: bytes) -> None:
    assert refusal(content, name) is None


@pytest.mark.parametrize(
    "name",
    [
        *("page.html", "page.htm", "page.xhtml", "drawing.svg", "movie.swf", "link.url", "slides.pptm", "slides.ppt"),
        *("plan.pdf.exe", "plan.docx", "archive.zip", "run.sh", "noending", ".pdf", "plan.pdf.", "plan.pdf ."),
    ],
)
def test_other_endings_are_refused_with_what_is_allowed(name: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        type_by_name(name, ALL)

    assert refused.value.code == "file_type_refused"
    assert refused.value.facts == {"filename": name, "allowed": ALL}


def test_a_part_that_takes_pdf_only_refuses_a_picture() -> None:
    with pytest.raises(RuleBroken, match="file_type_refused"):
        type_by_name("photo.png", (".pdf",))


@pytest.mark.parametrize("name", ["plan.html.pdf", "plan.SVG.png", "slides.pptm.pptx", "a.js.webp", "a.exe .pdf"])
def test_a_dangerous_ending_before_the_last_is_refused(name: str) -> None:
    with pytest.raises(RuleBroken, match="file_double_ending"):
        type_by_name(name, ALL)


@pytest.mark.parametrize("name", ["Kế hoạch v1.2.pdf", "Nhóm.7.Trần.pdf", "svg.pdf", "html.png"])
def test_harmless_dots_are_no_double_ending(name: str) -> None:
    assert type_by_name(name, ALL).kind in ("pdf", "image")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("plan.pdf", b"", "file_empty"),
        ("plan.pdf", b"<html><script>alert(1)</script></html>", "file_differs"),
        ("plan.pdf", b"\n\n" + pdf(), "file_differs"),
        ("plan.pdf", pptx(), "file_differs"),
        ("plan.pdf", picture(), "file_differs"),
        ("plan.pdf", pdf(pages=200)[:-300], "file_damaged"),
        ("plan.pdf", b"%PDF-1.4\n", "file_damaged"),
        ("slides.pptx", pdf(), "file_differs"),
        ("slides.pptx", b"MZ" + pptx(), "file_differs"),
        ("slides.pptx", zipped({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<Types/>"}), "file_differs"),
        ("slides.pptx", pptx(without="[Content_Types].xml"), "file_differs"),
        ("slides.pptx", pptx(without="ppt/presentation.xml"), "file_differs"),
        ("slides.pptx", pptx()[:-40], "file_damaged"),
        ("slides.pptx", b"PK\x03\x04" + bytes(200), "file_damaged"),
        ("slides.pptx", pptx(main_type=MACRO_TYPE), "file_has_macros"),
        ("slides.pptx", pptx(extra={"ppt/vbaProject.bin": b"macro"}), "file_has_macros"),
        ("slides.pptx", pptx(extra={"ppt/VBAPROJECT.BIN": b"macro"}), "file_has_macros"),
        ("slides.pptx", pptx(extra={"../../evil.txt": b"x"}), "file_damaged"),
        ("slides.pptx", pptx(extra={"/etc/cron.d/evil": b"x"}), "file_damaged"),
        ("photo.png", picture("JPEG"), "file_differs"),
        ("photo.jpg", picture("PNG"), "file_differs"),
        ("photo.png", b"GIF89a" + bytes(40), "file_differs"),
        ("photo.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file_differs"),
        ("photo.png", picture("PNG")[:-20], "file_damaged"),
    ],
)
def test_bytes_that_are_not_what_the_name_says_are_refused(name: str, content: bytes, code: str) -> None:
    assert refusal(content, name) == code


def _png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size: a few bytes that would unpack to gigabytes."""
    body = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + body
    data = zlib.compress(b"")
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(body))
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", len(data))
        + b"IDAT"
        + data
        + struct.pack(">I", zlib.crc32(b"IDAT" + data))
        + struct.pack(">I", 0)
        + b"IEND"
        + struct.pack(">I", zlib.crc32(b"IEND"))
    )


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (10_000, 10_000), (10_000, 5_001)])
def test_a_picture_with_too_many_points_is_refused_before_it_is_unpacked(width: int, height: int) -> None:
    assert refusal(_png_header(width, height), "photo.png") == "image_too_many_pixels"


def test_a_picture_of_exactly_the_limit_comes_in() -> None:
    assert refusal(_png_header(10_000, 5_000), "photo.png") is None


def test_a_presentation_that_unpacks_to_too_much_is_refused() -> None:
    assert refusal(pptx(extra={"ppt/media/image1.png": bytes(25 << 20)}), "slides.pptx") == "file_unpacks_too_large"


def test_a_presentation_with_large_but_plausible_pictures_comes_in() -> None:
    assert refusal(pptx(extra={"ppt/media/image1.png": bytes(15 << 20)}), "slides.pptx") is None


def test_a_presentation_with_too_many_entries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filetypes, "MAX_ENTRIES", 4)

    assert refusal(pptx(extra={"a": b"1"}), "slides.pptx") is None
    assert refusal(pptx(extra={"a": b"1", "b": b"2"}), "slides.pptx") == "file_unpacks_too_large"


def test_a_link_inside_a_presentation_is_refused() -> None:
    buffer = BytesIO(pptx())
    link = ZipInfo("ppt/media/link")
    link.external_attr = 0o120777 << 16
    with ZipFile(buffer, "a", ZIP_STORED) as archive:
        archive.writestr(link, "/etc/passwd")

    assert refusal(buffer.getvalue(), "slides.pptx") == "file_damaged"


def test_entries_that_share_bytes_are_refused() -> None:
    whole = bytearray(pptx(extra={"ppt/slides/slide1.xml": b"<a/>" * 50, "ppt/slides/slide2.xml": b"<b/>" * 50}))
    entries = [place for place in range(len(whole)) if whole[place : place + 4] == b"PK\x01\x02"]
    last, other = entries[-1], entries[-2]
    whole[last + 42 : last + 46] = whole[other + 42 : other + 46]  # both tell the same place in the file

    assert refusal(bytes(whole), "slides.pptx") == "file_damaged"


def test_an_encrypted_entry_is_refused() -> None:
    whole = bytearray(pptx())
    entry = whole.index(b"PK\x01\x02")
    whole[entry + 8] |= 1

    assert refusal(bytes(whole), "slides.pptx") == "file_damaged"


@settings(max_examples=150)
@given(st.binary(max_size=300), st.sampled_from(["a.pdf", "a.pptx", "a.png", "a.jpg", "a.webp"]))
def test_random_bytes_are_refused_with_a_code_and_never_crash(content: bytes, name: str) -> None:
    assert refusal(content, name) is not None


@settings(max_examples=60)
@given(st.integers(min_value=0), st.integers(min_value=0, max_value=255), st.sampled_from(["pptx", "png"]))
def test_a_flipped_byte_never_crashes(place: int, value: int, kind: str) -> None:
    content = bytearray(pptx() if kind == "pptx" else picture())
    content[place % len(content)] = value

    assert refusal(bytes(content), f"a.{kind}") in (None, "file_damaged", "file_differs", "file_unpacks_too_large")
