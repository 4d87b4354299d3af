from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from contest.errors import RuleBroken
from contest.infra.pictures import MAX_PIXELS, clean_picture

MAX_BYTES = 5 << 20


def clean_logo(data: bytes) -> bytes:
    return clean_picture(data, side=512, max_bytes=MAX_BYTES)


def picture(form: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **extra: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "red").save(out, form, **extra)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("JPEG", "L"), ("WEBP", "RGB")]
)
def test_every_format_becomes_a_png_of_the_same_size(form: str, mode: str) -> None:
    with Image.open(BytesIO(clean_logo(picture(form, mode=mode)))) as cleaned:
        assert (cleaned.format, cleaned.size, cleaned.mode) == ("PNG", (40, 20), "RGBA")


def test_a_large_one_is_made_smaller_and_keeps_its_shape() -> None:
    with Image.open(BytesIO(clean_logo(picture("PNG", (2000, 1000))))) as cleaned:
        assert cleaned.size == (512, 256)


def test_nothing_but_the_picture_survives() -> None:
    info = PngInfo()
    info.add_text("Comment", "GPS 10.7,106.7")
    dirty = picture("PNG", pnginfo=info) + b"<script>alert(1)</script>"
    cleaned = clean_logo(dirty)
    assert b"GPS" in dirty
    assert b"GPS" not in cleaned
    assert b"script" not in cleaned


def test_a_photo_lying_on_its_side_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(BytesIO(clean_logo(picture("JPEG", exif=exif)))) as cleaned:
        assert cleaned.size == (20, 40)


@pytest.mark.parametrize(
    "data",
    [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", picture("GIF"), picture("PNG")[:60], b"<svg xmlns='x'/>"],
    ids=["empty", "text", "head only", "gif", "cut", "svg"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(RuleBroken, match="picture_unreadable"):
        clean_logo(data)


def test_too_many_bytes_and_too_many_pixels_are_refused() -> None:
    with pytest.raises(RuleBroken) as heavy:
        clean_logo(b"x" * (MAX_BYTES + 1))
    assert (heavy.value.code, heavy.value.facts) == ("picture_too_large", {"limit_mb": 5})
    side = int(MAX_PIXELS**0.5) + 1
    with pytest.raises(RuleBroken) as large:
        clean_logo(picture("PNG", (side, side), "1"))
    assert (large.value.code, large.value.facts) == ("picture_too_many_pixels", {"limit": 24})


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = bytearray(picture("PNG"))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2  # the head claims 3.6 billion pixels
    with pytest.raises(RuleBroken, match="picture_"):
        clean_logo(bytes(bomb))


def test_a_photo_becomes_a_jpeg_on_white_and_no_larger_than_asked() -> None:
    see_through = picture("PNG", (300, 100), "RGBA")
    with Image.open(BytesIO(clean_picture(see_through, side=60, max_bytes=MAX_BYTES, photo=True))) as photo:
        assert (photo.format, photo.size) == ("JPEG", (60, 20))
    blank = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(blank, "PNG")
    with Image.open(BytesIO(clean_picture(blank.getvalue(), side=8, max_bytes=MAX_BYTES, photo=True))) as photo:
        assert photo.getpixel((4, 4)) == (255, 255, 255)
