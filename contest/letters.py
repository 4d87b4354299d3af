"""Vietnamese letters: folding for search, sorting as in school lists. Pure, and open to every package."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_LETTERS = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
# none, huyền, hỏi, ngã, sắc, nặng
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

CollationKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...]]


def fold(text: str) -> str:
    """Return the text without case, marks, odd widths and extra spaces: ` Trường  ĐÌNH` becomes `truong dinh`.

    Both placements of a Vietnamese tone (hòa, hoà) and both encodings (NFC, NFD) fold to the same letters. Folding
    twice changes nothing.
    """
    plain = _decomposed(_decomposed(text).casefold()).casefold()
    kept = "".join(_plain_letter(c) for c in _decomposed(plain) if unicodedata.category(c) not in _UNSEEN)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def name_digest(name: str) -> str:
    """Return what two spellings of one name have in common, as 64 hex digits: case and encoding do not matter."""
    # Marks do: "Đỗ Thị Ỷ" and "Đỗ Thị Y" may be two persons of a team.
    plain = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    return hashlib.sha256(plain.encode()).hexdigest()


_UNSEEN = {"Mn", "Me", "Cf"}


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


def _plain_letter(char: str) -> str:
    return "d" if char == "đ" else char


def collate(text: str) -> CollationKey:
    """Return a sorting key in the order of the Vietnamese alphabet; tones decide only between equal letters."""
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFC", text).casefold():
        tone, rest = 0, ""
        for mark in unicodedata.normalize("NFD", character):
            if mark in _TONES:
                tone = _TONES[mark]
            else:
                rest += mark
        base = unicodedata.normalize("NFC", rest)
        place = _LETTERS.get(base)
        letters.append((1, place) if place is not None else (0, ord(base[0]) if base else 0))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def name_key(full_name: str) -> tuple[CollationKey, CollationKey]:
    """Return a sorting key for people: the given name (last word) first, then the rest."""
    words = full_name.split()
    return collate(words[-1] if words else ""), collate(" ".join(words[:-1]))


def natural_key(code: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sorting key for codes in which numbers count as numbers: GK2 comes before GK10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", code)
    return tuple((0, int(part), "") if part[0] in "0123456789" else (1, 0, part) for part in parts)
