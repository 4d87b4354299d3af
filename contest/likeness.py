"""Whether two spellings mean one person, one school, one mailbox or one telephone. Pure, and open to every package.

Everything is compared after folding, so it errs towards finding too much: `An` and `Ân` are one name to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from contest.letters import fold
from contest.phones import normal_phone

_KEPT = 50_000  # names and schools of the largest contest; each comes up on many pages


def same_person(a: str, b: str) -> bool:
    """Whether two names may be one person's: equal after folding, in any rotation, with or without a title.

    A rotation is how the given name comes first abroad (`An Nguyễn Văn`). A single word is no evidence and never
    matches.
    """
    return not name_forms(a).isdisjoint(name_forms(b))


_DEGREES = frozenset(["gs", "pgs", "ts", "tskh", "ths", "cn", "ks", "bs", "ncs", "dr", "prof"])
_TITLES = _DEGREES | {"mr", "mrs", "ms", "ong", "ba", "thay", "co"}
_LONGEST_NAME = 12


@lru_cache(maxsize=_KEPT)
def name_forms(text: str) -> frozenset[tuple[str, ...]]:
    """Return the forms under which a name is compared: whole, and without its leading titles."""
    words = _WORDS.findall(fold(text))[:_LONGEST_NAME]
    first = next((i for i, word in enumerate(words) if word not in _TITLES), len(words))
    return frozenset(_rotated(form) for form in (words, words[first:]) if len(form) > 1)


_WORDS = re.compile(r"[^\W_]+")


def _rotated(words: Sequence[str]) -> tuple[str, ...]:
    """Return the rotation that sorts first, which all rotations share."""
    return min((*words[i:], *words[:i]) for i in range(len(words)))


def same_unit(a: str, b: str) -> bool:
    """Whether two names mean one school or organisation, after folding and without words such as `trường`.

    `THPT` is `Trung học phổ thông`, `ĐH` is `Đại học`; a missing kind fits any kind, but two different kinds are two
    units (a THPT and a THCS may share a name). What follows a comma or a dash or stands in brackets (a place) must
    agree only when both name it.
    """
    return units_agree(unit_of(a), unit_of(b))


@dataclass(frozen=True, slots=True)
class Unit:
    """What is compared of a unit's name: without its kind, the kind's short code, and the place behind it."""

    name: str
    kind: str
    place: str


_KINDS = (
    ("trung hoc pho thong", "thpt"),
    ("trung hoc co so", "thcs"),
    ("tieu hoc", "th"),
    ("dai hoc", "dh"),
    ("cao dang", "cd"),
    ("hoc vien", "hv"),
    ("phuong", "p"),
    ("xa", "x"),
    ("quan", "q"),
    ("huyen", "h"),
    ("cong ty", "cty"),
)
_KIND_CODES = frozenset(code for _, code in _KINDS)
_FILLERS = frozenset(["truong", "thanh", "pho", "tp", "tinh", "tnhh", "cp", "co", "phan", "ubnd"])
_NOBODY = frozenset(("", "khong", "khong co", "tu do", "ca nhan", "n a", "na", "none", "freelance", "freelancer"))


_APART = re.compile(r"[,;()\[\]]|\s[-\u2013\u2014]\s")


@lru_cache(maxsize=_KEPT)
def unit_of(text: str) -> Unit | None:
    """Split a unit's name into what is compared; None when nothing tells one unit from another."""
    head, *tail = _APART.split(text.strip(" ,;()[]"), maxsplit=1)
    folded = " ".join(_WORDS.findall(fold(head)))
    for words, code in _KINDS:
        folded = re.sub(rf"\b{words}\b", code, folded)
    kinds = {word for word in folded.split() if word in _KIND_CODES}
    name = _without(folded.split(), _KIND_CODES | _FILLERS)
    if name in _NOBODY:
        return None
    return Unit(name, " ".join(sorted(kinds)), _without(_WORDS.findall(fold("".join(tail))), _FILLERS))


def _without(words: Iterable[str], dropped: frozenset[str]) -> str:
    return " ".join(word for word in words if word not in dropped)


def units_agree(a: Unit | None, b: Unit | None) -> bool:
    """Tell whether two units may be one: the same name, and no kind or place that both give and that differ."""
    if a is None or b is None or a.name != b.name:
        return False
    return all(not one or not other or one == other for one, other in ((a.kind, b.kind), (a.place, b.place)))


@lru_cache(maxsize=_KEPT)
def email_key(address: str) -> str:
    """Return what two spellings of one mailbox share: no case, no `+tag`, no dots at Gmail; "" for no address."""
    local, at, domain = "".join(fold(address).split()).rpartition("@")
    local = local.partition("+")[0]
    if not at or not local or not domain:
        return ""
    if domain in ("gmail.com", "googlemail.com"):
        return local.replace(".", "") + "@gmail.com"
    return f"{local}@{domain}"


_SHORTEST_PHONE = 8


@lru_cache(maxsize=_KEPT)
def phone_key(number: str) -> str:
    """Return a number's digits without +84, 0084 or leading zeros; "" when too few are left to identify anyone.

    The leading zero goes too because spreadsheets lose it.
    """
    digits = re.sub(r"[^0-9]", "", normal_phone(number) or fold(number)).lstrip("0")
    national = digits[2:] if digits.startswith("84") and len(digits) > _SHORTEST_PHONE + 2 else digits
    national = national.lstrip("0")
    return national if len(national) >= _SHORTEST_PHONE else ""
