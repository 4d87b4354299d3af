"""Conflicts of interest that the data themselves give away, whatever the spelling.

What is found here is compared after folding, so it errs towards finding too much: `An` and `Ân` are one name to it.
Whoever assigns judges treats every finding as a conflict until an organiser has looked at it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contest.letters import fold
from contest.phones import normal_phone


class ConflictReason(StrEnum):
    """Why a judge must not see a submission."""

    DECLARED = "declared"
    MEMBER = "member"
    MENTOR = "mentor"
    SAME_UNIT = "same_unit"
    SAME_CONTACT = "same_contact"


@dataclass(frozen=True, slots=True)
class JudgeFacts:
    """What is known of a judge."""

    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """What is known of the people behind a submission; `emails` and `phones` are the team's."""

    members: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    mentor: str = ""
    mentor_email: str = ""
    mentor_phone: str = ""
    school: str = ""


@dataclass(frozen=True, slots=True, order=True)
class ConflictFound:
    """One reason for one pair, by positions."""

    judge: int
    submission: int
    reason: ConflictReason


def same_person(a: str, b: str) -> bool:
    """Whether two names may be one person's: equal after folding, in any rotation, with or without a title.

    A rotation is how the given name comes first abroad (`An Nguyễn Văn`). A single word is no evidence and never
    matches.
    """
    return not _names(a).isdisjoint(_names(b))


_DEGREES = frozenset(["gs", "pgs", "ts", "tskh", "ths", "cn", "ks", "bs", "ncs", "dr", "prof"])
_TITLES = _DEGREES | {"mr", "mrs", "ms", "ong", "ba", "thay", "co"}
_LONGEST_NAME = 12


def _names(text: str) -> set[tuple[str, ...]]:
    """Return the forms under which a name is compared: whole, and without its leading titles."""
    words = _WORDS.findall(fold(text))[:_LONGEST_NAME]
    first = next((i for i, word in enumerate(words) if word not in _TITLES), len(words))
    return {_rotated(form) for form in (words, words[first:]) if len(form) > 1}


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
    return _units_agree(_unit(a), _unit(b))


@dataclass(frozen=True, slots=True)
class _Unit:
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


def _unit(text: str) -> _Unit | None:
    """Split a unit's name into what is compared; None when nothing tells one unit from another."""
    head, *tail = _APART.split(text.strip(" ,;()[]"), maxsplit=1)
    folded = " ".join(_WORDS.findall(fold(head)))
    for words, code in _KINDS:
        folded = re.sub(rf"\b{words}\b", code, folded)
    kinds = {word for word in folded.split() if word in _KIND_CODES}
    name = _without(folded.split(), _KIND_CODES | _FILLERS)
    if name in _NOBODY:
        return None
    return _Unit(name, " ".join(sorted(kinds)), _without(_WORDS.findall(fold("".join(tail))), _FILLERS))


def _without(words: Iterable[str], dropped: frozenset[str]) -> str:
    return " ".join(word for word in words if word not in dropped)


def _units_agree(a: _Unit | None, b: _Unit | None) -> bool:
    if a is None or b is None or a.name != b.name:
        return False
    return all(not one or not other or one == other for one, other in ((a.kind, b.kind), (a.place, b.place)))


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


def phone_key(number: str) -> str:
    """Return a number's digits without +84, 0084 or leading zeros; "" when too few are left to identify anyone.

    The leading zero goes too because spreadsheets lose it.
    """
    digits = re.sub(r"[^0-9]", "", normal_phone(number) or fold(number)).lstrip("0")
    national = digits[2:] if digits.startswith("84") and len(digits) > _SHORTEST_PHONE + 2 else digits
    national = national.lstrip("0")
    return national if len(national) >= _SHORTEST_PHONE else ""


_Key = tuple[ConflictReason, Hashable]


def find_conflicts(
    judges: Sequence[JudgeFacts], submissions: Sequence[SubmissionFacts], declared: Iterable[tuple[int, int]] = ()
) -> tuple[ConflictFound, ...]:
    """Find every reason for every (judge, submission), in ascending order; a pair may have several.

    `declared` holds known pairs of positions. The work grows with the people named and the findings, not with
    judges x submissions.
    """
    found = {ConflictFound(judge, submission, ConflictReason.DECLARED) for judge, submission in declared}
    index: dict[_Key, list[int]] = {}
    for position, facts in enumerate(submissions):
        for trait in set(_team_keys(facts)):
            index.setdefault(trait, []).append(position)
    units = [_unit(facts.school) for facts in submissions]
    for judge, person in enumerate(judges):
        for reason, key in _judge_keys(person):
            found.update(ConflictFound(judge, submission, reason) for submission in index.get((reason, key), ()))
        unit = _unit(person.organisation)
        candidates = index.get((ConflictReason.SAME_UNIT, unit.name), ()) if unit else ()
        agreeing = (submission for submission in candidates if _units_agree(unit, units[submission]))
        found.update(ConflictFound(judge, submission, ConflictReason.SAME_UNIT) for submission in agreeing)
    return tuple(sorted(found))


def _team_keys(facts: SubmissionFacts) -> Iterator[_Key]:
    for member in facts.members:
        yield from ((ConflictReason.MEMBER, form) for form in _names(member))
    yield from ((ConflictReason.MENTOR, form) for form in _names(facts.mentor))
    yield from _contact_keys((*facts.emails, facts.mentor_email), (*facts.phones, facts.mentor_phone))
    unit = _unit(facts.school)
    if unit:
        yield ConflictReason.SAME_UNIT, unit.name


def _judge_keys(person: JudgeFacts) -> Iterator[_Key]:
    for form in _names(person.name):
        yield ConflictReason.MEMBER, form
        yield ConflictReason.MENTOR, form
    yield from _contact_keys(person.emails, person.phones)


def _contact_keys(emails: Iterable[str], phones: Iterable[str]) -> Iterator[_Key]:
    keys = [("email", email_key(email)) for email in emails] + [("phone", phone_key(phone)) for phone in phones]
    yield from ((ConflictReason.SAME_CONTACT, (kind, key)) for kind, key in keys if key)
