"""Which files may come in: by their ending and by what the bytes really are.

Nothing is unpacked and no XML is parsed: a presentation is judged by its table of contents, a picture by its header.
"""

from __future__ import annotations

import stat
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from PIL import Image, UnidentifiedImageError

from contest.errors import RuleBroken
from contest.submissions.filenames import ending

MAX_PIXELS = 50_000_000
MAX_ENTRIES = 5_000
MAX_UNPACKED = 1 << 30
MAX_RATIO = 200
# Small files may shrink extremely well without any ill will.
FREE_UNPACKED = 20 << 20
CONTENT_TYPES = "[Content_Types].xml"
PRESENTATION = "ppt/presentation.xml"
TAIL = 4096
_ENCRYPTED = 0x1
_LOCAL_HEADER = 30

# Endings that a browser or a system would run; refused even before an allowed last ending ("plan.html.pdf").
DANGEROUS = frozenset(
    {
        *(".html", ".htm", ".xhtml", ".mht", ".mhtml", ".svg", ".svgz", ".xml", ".swf", ".js", ".mjs", ".hta", ".url"),
        *(".exe", ".bat", ".cmd", ".scr", ".msi", ".ps1", ".vbs", ".vbe", ".jse", ".wsf", ".jar", ".lnk", ".dll"),
        *(".pptm", ".potm", ".ppam", ".docm", ".xlsm", ".xlam", ".php", ".phtml", ".asp", ".aspx", ".jsp", ".cgi"),
        *(".sh", ".py", ".apk", ".iso", ".desktop"),
    }
)


@dataclass(frozen=True, slots=True)
class FileType:
    """A type that may be stored; `content_type` is what the file is served as, whatever the browser claimed."""

    kind: str
    content_type: str
    picture: str = ""


_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
TYPES = {
    ".pdf": FileType("pdf", "application/pdf"),
    ".pptx": FileType("slides", _PPTX),
    ".png": FileType("image", "image/png", "PNG"),
    ".jpg": FileType("image", "image/jpeg", "JPEG"),
    ".jpeg": FileType("image", "image/jpeg", "JPEG"),
    ".webp": FileType("image", "image/webp", "WEBP"),
}


def type_by_name(filename: str, allowed: Sequence[str]) -> FileType:
    """Return the type that a clean file name claims; `allowed` holds endings as in `PartSpec.extensions`.

    Raises `RuleBroken` "file_type_refused" or "file_double_ending".
    """
    last = ending(filename)
    if last not in TYPES or last not in allowed:
        raise RuleBroken("file_type_refused", filename=filename, allowed=tuple(allowed))
    inner = {f".{piece.strip().lower()}" for piece in filename.split(".")[1:-1]}
    if inner & DANGEROUS:
        raise RuleBroken("file_double_ending", filename=filename)
    return TYPES[last]


def check_content(stream: BinaryIO, claimed: FileType, filename: str) -> None:
    """Refuse bytes that are not what the name claims. The stream must be seekable; its position is lost.

    Raises `RuleBroken` "file_empty", "file_differs", "file_damaged", "file_has_macros", "file_unpacks_too_large" or
    "image_too_many_pixels".
    """
    stream.seek(0)
    if not stream.read(1):
        raise RuleBroken("file_empty", filename=filename)
    stream.seek(0)
    if claimed.kind == "pdf":
        _check_pdf(stream, filename)
    elif claimed.kind == "slides":
        _check_slides(stream, filename)
    else:
        _check_picture(stream, claimed, filename)


# What looking inside may find, gravest first, and the code of the refusal.
REFUSALS = {
    "locked": "file_locked",
    "damaged": "file_damaged",
    "macros": "file_has_macros",
    "script": "file_has_script",
    "launch": "file_starts_something",
    "embedded": "file_holds_files",
    "dde": "file_reaches_outside",
    "outside": "file_reaches_outside",
}


def check_findings(found: Collection[str], filename: str) -> None:
    """Refuse a file for the gravest of what `infra.inspection` found inside.

    Raises `RuleBroken` with a value of `REFUSALS`.
    """
    for code, refusal in REFUSALS.items():
        if code in found:
            raise RuleBroken(refusal, filename=filename)


def _check_pdf(stream: BinaryIO, filename: str) -> None:
    if stream.read(5) != b"%PDF-":
        raise RuleBroken("file_differs", filename=filename)
    size = stream.seek(0, 2)
    stream.seek(max(0, size - TAIL))
    tail = stream.read()
    if b"%%EOF" not in tail or b"startxref" not in tail:
        raise RuleBroken("file_damaged", filename=filename)


def _check_slides(stream: BinaryIO, filename: str) -> None:
    if stream.read(4) != b"PK\x03\x04":
        raise RuleBroken("file_differs", filename=filename)
    try:
        with ZipFile(stream) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            _check_table(entries, stream.seek(0, 2), filename)
            if CONTENT_TYPES not in names or PRESENTATION not in names:
                raise RuleBroken("file_differs", filename=filename)
            with archive.open(CONTENT_TYPES) as listing:
                declared = listing.read(1 << 20).lower()
    except (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise RuleBroken("file_damaged", filename=filename) from error
    if b"macroenabled" in declared or any("vbaproject" in name.lower() for name in names):
        raise RuleBroken("file_has_macros", filename=filename)


def _check_table(entries: Sequence[ZipInfo], size: int, filename: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > max(size * MAX_RATIO, FREE_UNPACKED):
        raise RuleBroken("file_unpacks_too_large", filename=filename)
    if any(_suspicious(entry) for entry in entries) or _overlap(entries):
        raise RuleBroken("file_damaged", filename=filename)


def _suspicious(entry: ZipInfo) -> bool:
    name = entry.filename
    outside = name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")
    return outside or bool(entry.flag_bits & _ENCRYPTED) or stat.S_ISLNK(entry.external_attr >> 16)


def _overlap(entries: Sequence[ZipInfo]) -> bool:
    end = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < end:
            return True
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
    return False


def _check_picture(stream: BinaryIO, claimed: FileType, filename: str) -> None:
    try:
        with Image.open(stream, formats=("PNG", "JPEG", "WEBP")) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise RuleBroken("image_too_many_pixels", filename=filename, megapixels=MAX_PIXELS // 1_000_000)
            found = picture.format
            picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RuleBroken("image_too_many_pixels", filename=filename, megapixels=MAX_PIXELS // 1_000_000) from error
    except UnidentifiedImageError as error:
        raise RuleBroken("file_differs", filename=filename) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise RuleBroken("file_damaged", filename=filename) from error
    if found != claimed.picture:
        raise RuleBroken("file_differs", filename=filename)
