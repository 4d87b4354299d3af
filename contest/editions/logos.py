"""A logo as it may be shown: decoded, checked and written anew, so that nothing else in the file survives."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from contest.errors import RuleBroken

MAX_BYTES = 5 << 20
MAX_PIXELS = 24_000_000
SIDE = 512
FORMATS = ("PNG", "JPEG", "WEBP")


def clean_logo(data: bytes) -> bytes:
    """Return the picture as a PNG of at most 512 by 512 pixels, upright, without metadata; small ones are not enlarged.

    Raises `RuleBroken` "logo_file_too_large" (`limit_mb`), "logo_too_many_pixels" (`limit`) or "logo_not_an_image".
    """
    if len(data) > MAX_BYTES:
        raise RuleBroken("logo_file_too_large", limit_mb=MAX_BYTES >> 20)
    try:
        with warnings.catch_warnings():
            # Pillow's own limits are looser than ours and would only warn.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _encoded(data)
    except RuleBroken:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as refused:
        raise RuleBroken("logo_too_many_pixels", limit=MAX_PIXELS // 1_000_000) from refused
    except Exception as broken:  # decoders of foreign bytes raise whatever they stumble over
        raise RuleBroken("logo_not_an_image") from broken


def _encoded(data: bytes) -> bytes:
    with Image.open(BytesIO(data), formats=FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise RuleBroken("logo_too_many_pixels", limit=MAX_PIXELS // 1_000_000)
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    # A fresh image carries no chunks, profiles or comments of the old file.
    fresh = Image.new("RGBA", upright.size)
    fresh.paste(upright)
    out = BytesIO()
    fresh.save(out, "PNG", optimize=True)
    return out.getvalue()
