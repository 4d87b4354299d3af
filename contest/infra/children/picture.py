"""What a picture carries beside its points, and the same picture with the points only."""

from __future__ import annotations

from typing import Any, BinaryIO

from PIL import ExifTags, Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 50_000_000
QUALITY = 90
GPS = 0x8825


def inspect(source: BinaryIO) -> list[str]:
    """Return ["damaged"] when the points cannot all be read, else nothing."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(source, formats=FORMATS) as picture:
            picture.load()
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return ["damaged"]
    return []


def words(source: BinaryIO) -> dict[str, Any]:
    """Return {"text": [], "notes": {name: value}} of what the camera or a program wrote."""
    with Image.open(source, formats=FORMATS) as picture:
        notes = {str(ExifTags.TAGS.get(tag, tag)): _plain(value) for tag, value in picture.getexif().items()}
        if picture.getexif().get_ifd(GPS):
            notes["GPS"] = "GPS"
        notes |= {str(name): value for name, value in picture.info.items() if isinstance(value, str)}
    return {"text": [], "notes": {name: value for name, value in notes.items() if value.strip()}}


def _plain(value: Any) -> str:
    return value.decode("utf-8", "replace").strip("\x00") if isinstance(value, bytes) else str(value)


def strip(source: BinaryIO, target: BinaryIO) -> None:
    """Write the points of the picture, turned as the camera was held, in the same format and nothing else."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(source, formats=FORMATS) as picture:
        kind = str(picture.format)
        upright = ImageOps.exif_transpose(picture)
        clear = "A" in upright.getbands() or "transparency" in picture.info
        points = upright.convert("RGBA" if clear and kind != "JPEG" else "RGB")
    fresh = Image.new(points.mode, points.size)
    fresh.paste(points)
    fresh.save(target, kind, **({} if kind == "PNG" else {"quality": QUALITY}))
