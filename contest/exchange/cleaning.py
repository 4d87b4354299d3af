"""Messy words of real response sheets become clean values; what cannot be read is named, never guessed in silence."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from contest.errors import RuleBroken
from contest.letters import fold
from contest.phones import normal_phone

_HIDDEN = {"Cc", "Cf", "Cs"}
_JOINER = "\u200d"
# A joiner belongs between two pictures (emoji); beside a letter or an end it only makes look-alikes.
_STRAY_JOINER = re.compile(r"(?:(?<=\w)|(?<=\s)|^)\u200d+|\u200d+(?=\w|\s|\u200d|$)")


def clean_text(text: str) -> str:
    """Return one line in NFC without control, zero-width and direction characters and without double spaces."""
    return " ".join(_visible(text).split())


def clean_block(text: str) -> str:
    """Clean each line of a longer text; line ends stay, at most one blank line in a row, none at the ends."""
    lines = [clean_text(line) for line in re.split(r"\r\n|[\n\r\u2028\u2029]", text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _visible(text: str) -> str:
    spaced = "".join(" " if mark.isspace() else mark for mark in text)
    kept = "".join(m for m in spaced if m == _JOINER or unicodedata.category(m) not in _HIDDEN)
    return unicodedata.normalize("NFC", _STRAY_JOINER.sub("", kept))


_NOTHING = frozenset(
    ("", "khong", "khong co", "ko", "chua co", "none", "no", "n/a", "na", "-", "--", "0", "x", ".", "null", "nil")
)


def is_nothing(text: str) -> bool:
    """Tell whether the cell is a way to say "none": `không`, `-`, `N/A` and the like."""
    return fold(text) in _NOTHING


def clean_phone(text: str) -> str:
    """Return a number as E.164, in whatever spelling it came. Raises `RuleBroken` "phone_unknown" with `text`."""
    shown = clean_text(text)
    number = normal_phone(shown)
    if number is None:
        raise RuleBroken("phone_unknown", text=shown[:40])
    return number


@dataclass(frozen=True, slots=True)
class People:
    """Names in the order given, each once; `repeated` holds the ones that stood there again."""

    names: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()


_NUMBERING = re.compile(r"^(?:[0-9]{1,2}[.)]|[-*•–+,\s])+")


def split_people(text: str) -> People:
    """Split a list of names at line ends and semicolons, or at commas when there is neither."""
    parts = re.split(r"[\n\r;]+", text) if re.search(r"[\n\r;]", text.strip()) else text.split(",")
    names: dict[str, str] = {}
    repeated = []
    for part in parts:
        name = _NUMBERING.sub("", clean_text(part)).rstrip(" ,")
        if is_nothing(name):
            continue
        if fold(name) in names:
            repeated.append(name)
        names.setdefault(fold(name), name)
    return People(tuple(names.values()), tuple(repeated))


@dataclass(frozen=True, slots=True)
class Link:
    """A usable address, or an empty one with the reason: "link_later", "link_refused" or "link_unknown"."""

    url: str = ""
    note: str = ""


_LATER = ("gui sau", "nop sau", "bo sung sau", "cap nhat sau", "se gui", "se bo sung", "dang lam", "send later", "tbd")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+\-]*):(?![0-9])")
_ADDRESS = re.compile(r"(?P<host>[^\s/?#\\@<>\"']+\.[^\s/?#\\@<>\"'.]{2,})(?:[/?#][^\s\\<>\"]*)?")
MAX_URL = 2_000


def clean_url(text: str) -> Link:
    """Return an http(s) address; a missing scheme is added, every other scheme is refused, promises are noted."""
    shown = clean_text(text)
    if is_nothing(shown):
        return Link()
    if any(words in fold(shown) for words in _LATER):
        return Link(note="link_later")
    scheme = _SCHEME.match(shown)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return Link(note="link_refused")
    rest = (shown[scheme.end() :] if scheme else shown).removeprefix("//")
    if len(shown) > MAX_URL or not _ADDRESS.fullmatch(rest):
        return Link(note="link_unknown")
    return Link(f"{scheme[1].lower() if scheme else 'https'}://{rest}")


_KINDS = (
    ("trung hoc pho thong", "thpt"),
    ("trung hoc co so", "thcs"),
    ("dai hoc", "dh"),
    ("cao dang", "cd"),
    ("hoc vien", "hv"),
)


def school_key(name: str) -> str:
    """Return what the spellings of one school share: no case, marks, `Trường`; `ĐH` is `Đại học`, `THPT` in short."""
    words = " ".join(re.findall(r"[^\W_]+", fold(name)))
    for long, short in _KINDS:
        words = re.sub(rf"\b{long}\b", short, words)
    return words.removeprefix("truong ")


def unify_schools(names: Iterable[str]) -> dict[str, str]:
    """Map every spelling to the one to show: of those with capitals the commonest, then the one with most of them.

    Remaining ties go to the longer, then to the first in code point order, so that the order of rows never matters.
    """
    counts = Counter(clean_text(name) for name in names)
    groups: dict[str, list[str]] = {}
    for name in counts:
        groups.setdefault(school_key(name), []).append(name)
    chosen = {
        key: min(same, key=lambda name: (name.islower(), -counts[name], -sum(map(str.isupper, name)), -len(name), name))
        for key, same in groups.items()
    }
    return {name: chosen[school_key(name)] for name in counts}
