"""Names of uploaded files: kept as metadata only, made harmless for every system that may save them."""

from __future__ import annotations

import unicodedata

MAX_BYTES = 255
MAX_ENDING = 10
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "-"))
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def clean_filename(raw: str) -> str:
    """Return a name to show and to offer for saving: NFC, no path, no control or bidi characters, at most 255 bytes.

    Characters and names that Windows refuses are replaced; an empty name becomes "file".
    """
    normal = unicodedata.normalize("NFC", raw[: 20 * MAX_BYTES]).replace("\\", "/")
    visible = "".join(c for c in normal if unicodedata.category(c) not in _INVISIBLE)
    base = " ".join(visible.rpartition("/")[2].translate(_FORBIDDEN).split()).strip(". ")
    if not base:
        return "file"
    if base.partition(".")[0].lower() in _RESERVED:
        base = f"_{base}"
    return _shortened(base)


def ending(filename: str) -> str:
    """Return the last ending in lower case with its dot, or "" when there is none."""
    stem, dot, last = filename.rpartition(".")
    return f".{last.lower()}" if dot and stem and last else ""


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_BYTES:
        return name
    last = ending(name) if len(ending(name)) <= MAX_ENDING else ""
    stem = name[: len(name) - len(last)].encode()[: MAX_BYTES - len(last.encode())]
    return stem.decode(errors="ignore").rstrip(". ") + last
