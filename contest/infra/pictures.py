"""A picture as it may be kept: decoded, checked and written anew, so that nothing else in the file survives."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from contest.errors import RuleBroken

MAX_PIXELS = 24_000_000
FORMATS = ("PNG", "JPEG", "WEBP")
JPEG_QUALITY = 82


def clean_picture(data: bytes, *, side: int, max_bytes: int, photo: bool = False) -> bytes:
    """Return the picture upright, without metadata, at most `side` pixels wide and high; small ones are not enlarged.

    A PNG that keeps transparency, or with `photo` a JPEG on white. Raises `RuleBroken` "picture_too_large"
    (`limit_mb`), "picture_too_many_pixels" (`limit`, millions) or "picture_unreadable".
    """
    if len(data) > max_bytes:
        raise RuleBroken("picture_too_large", limit_mb=max_bytes >> 20)
    try:
        with warnings.catch_warnings():
            # Pillow's own limits are looser than ours and would only warn.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _encoded(data, side, photo=photo)
    except RuleBroken:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as refused:
        raise RuleBroken("picture_too_many_pixels", limit=MAX_PIXELS // 1_000_000) from refused
    except Exception as broken:  # decoders of foreign bytes raise whatever they stumble over
        raise RuleBroken("picture_unreadable") from broken


def _encoded(data: bytes, side: int, *, photo: bool) -> bytes:
    with Image.open(BytesIO(data), formats=FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise RuleBroken("picture_too_many_pixels", limit=MAX_PIXELS // 1_000_000)
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((side, side), Image.Resampling.LANCZOS)
    # A fresh image carries no chunks, profiles or comments of the old file.
    out = BytesIO()
    if photo:
        fresh = Image.new("RGB", upright.size, "white")
        fresh.paste(upright, mask=upright.getchannel("A"))
        fresh.save(out, "JPEG", quality=JPEG_QUALITY)
    else:
        fresh = Image.new("RGBA", upright.size)
        fresh.paste(upright)
        fresh.save(out, "PNG", optimize=True)
    return out.getvalue()
