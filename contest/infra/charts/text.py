"""How wide words are in the font of the charts, and how they are broken or cut to fit."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

FACES = {False: "BeVietnamPro_400Regular.ttf", True: "BeVietnamPro_600SemiBold.ttf"}
FAMILY = "'Be Vietnam Pro', Tinos, 'Noto Sans Arabic', 'Noto Emoji', sans-serif"
_MEASURED_AT = 100
_STRANGER = 1.3  # of the size: letters that the font lacks come from another one, emoji are the widest
_LAST_OF_LATIN = 0x1EFF
_PUNCTUATION = range(0x2010, 0x2040)
_KEPT = 20_000


def clean(text: str) -> str:
    """Return the text on one line as XML may hold it, in NFC: without controls and marks of direction."""
    normal = unicodedata.normalize("NFC", text)
    kept = (" " if char.isspace() else char for char in normal if char.isspace() or not _unseen(char))
    return " ".join("".join(kept).split())


def _unseen(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} and char != "\u200d"


@lru_cache(maxsize=_KEPT)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in units of the drawing; a little too wide for letters of other fonts."""
    own = "".join(char for char in text if ord(char) <= _LAST_OF_LATIN or ord(char) in _PUNCTUATION)
    measured = float(_face(bold=bold).getlength(own)) / _MEASURED_AT
    return (measured + (len(text) - len(own)) * _STRANGER) * size


@cache
def _face(*, bold: bool) -> ImageFont.FreeTypeFont:
    fonts = Path(__file__).parent.parent / "fonts"
    return ImageFont.truetype(str(fonts / FACES[bold]), _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)


def cut(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return the text, or as much of it as fits into `room` with an ellipsis behind."""
    whole = clean(text)
    if width_of(whole, size, bold=bold) <= room:
        return whole
    low, high = 0, len(whole)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        if width_of(whole[:middle].rstrip() + "…", size, bold=bold) <= room:
            low = middle
        else:
            high = middle - 1
    return whole[:low].rstrip() + "…"


def broken(text: str, room: float, size: float, *, lines: int = 2, bold: bool = False) -> list[str]:
    """Return the text on at most `lines` lines, broken between words; the last line is cut when more would follow."""
    words, found = clean(text).split(), list[str]()
    while words and len(found) < lines - 1:
        taken = 1
        while taken < len(words) and width_of(" ".join(words[: taken + 1]), size, bold=bold) <= room:
            taken += 1
        line = " ".join(words[:taken])
        if width_of(line, size, bold=bold) > room:
            break  # one word wider than the room: the last line cuts it
        found.append(line)
        words = words[taken:]
    return [*found, cut(" ".join(words), room, size, bold=bold)] if words else found or [""]
