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


@lru_cache(maxsize=_KEPT)
def name_words(text: str) -> tuple[str, ...]:
    """Return the folded words of a name without its leading titles, in their order."""
    words = _WORDS.findall(fold(text))[:_LONGEST_NAME]
    first = next((i for i, word in enumerate(words) if word not in _TITLES), len(words))
    return tuple(words[first:])


_LONG_WORD = 5  # a slip in a shorter word makes another name, e.g. An and Anh
_ENOUGH_WORDS = 3


def alike_names(a: str, b: str) -> bool:
    """Whether two different names may still be one person's, so that somebody should look.

    Either one of them leaves out middle words (`Nguyễn An` beside `Nguyễn Văn An`), or names of three words and more
    differ by one slip in one long word that begins alike (`Nguyễn Văn Hoàngg`).
    """
    one, other = sorted((name_words(a), name_words(b)), key=len)
    if not one or one == other:
        return False
    if len(one) < len(other):
        return len(one) > 1 and (one[0], one[-1]) == (other[0], other[-1]) and _within(one, other)
    return len(one) >= _ENOUGH_WORDS and _one_slip(one, other)


def _within(some: Sequence[str], more: Sequence[str]) -> bool:
    """Tell whether the words of `some` are among those of `more`, in the same order."""
    rest = iter(more)
    return all(word in rest for word in some)


def _one_slip(some: Sequence[str], others: Sequence[str]) -> bool:
    differing = [pair for pair in zip(some, others, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _slip(*differing[0])


def _slip(one: str, other: str) -> bool:
    """Tell whether two long words differ by one letter too many, missing, wrong, or by two that changed places."""
    short, long = sorted((one, other), key=len)
    if len(long) < _LONG_WORD or len(long) - len(short) > 1 or short[0] != long[0]:
        return False
    start = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[start + 1 : start + 2] + short[start : start + 1]
    return short[start + 1 :] == long[start + 1 :] or swapped + short[start + 2 :] == long[start:]


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


def alike_units(a: Unit | None, b: Unit | None) -> bool:
    """Whether two units that do not agree may still be one: one name goes on where the other ends, or has one slip.

    `Bách khoa` beside `Bách khoa Hà Nội`. Two different kinds are two units here, too.
    """
    if a is None or b is None or units_agree(a, b) or (a.kind and b.kind and a.kind != b.kind):
        return False
    one, other = sorted((a.name.split(), b.name.split()), key=len)
    if len(one) < len(other):
        return len(one) > 1 and other[: len(one)] == one
    return len(one) > 1 and _one_slip(one, other)


class Aliases:
    """Names that mean one unit though no spelling gives it away: `ĐH Bách khoa` and `HCMUT`."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._groups: dict[tuple[str, str], set[Unit]] = {}
        for one, other in pairs:
            units = {unit for unit in (unit_of(one), unit_of(other)) if unit is not None}
            group = units.union(*(self._groups.get((unit.name, unit.place), set()) for unit in units))
            for unit in group:
                self._groups[unit.name, unit.place] = group

    def names(self, text: str) -> tuple[Unit, ...]:
        """Return the unit and every other name that it has."""
        unit = unit_of(text)
        if unit is None:
            return ()
        return (unit, *sorted(self._groups.get((unit.name, unit.place), set()) - {unit}, key=_order))


def _order(unit: Unit) -> tuple[str, str, str]:
    return unit.name, unit.kind, unit.place


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
