"""What the organiser should look at twice before a comment goes to a team. Pure; docs/feedback.md lists it all.

A flag decides nothing: it errs towards finding too much, and a person reads. Words are compared after folding
(`letters.fold`), so that `Giám Khảo`, `giam khao` and its NFD spelling are one; single words of insult are compared
with their marks where a folded spelling is an everyday word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contest.letters import fold
from contest.likeness import name_words
from contest.phones import normal_phone


class FlagKind(StrEnum):
    """Why a comment stands out."""

    EMAIL = "email"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    LINK = "link"
    JUDGE = "judge"
    JUDGE_NUMBER = "judge_number"
    SIGNATURE = "signature"
    PERSON = "person"
    OTHER_TEAM = "other_team"
    MARK = "mark"
    INSULT = "insult"


@dataclass(frozen=True, slots=True)
class Flag:
    """A kind, and the words of the comment that raised it, as they stand there where that can be told."""

    kind: FlagKind
    words: str


@dataclass(frozen=True, slots=True)
class EntryNames:
    """An entry by its code, title and team, and the people of the team."""

    code: str
    title: str = ""
    team: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Names of a round: its judges with their organisations, and all entries."""

    judges: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    entries: tuple[EntryNames, ...] = ()


# No part before the sign is longer than 64 letters; without that limit a long text costs the square of its length.
EMAIL = re.compile(r"[^\s@<>(),;]{1,64}@[^\s@<>(),;]+\.\w{2,}")
LINK = re.compile(r"(?:https?://|www\.)\S+|\b(?:facebook|fb|zalo|linkedin|t)\.(?:com|me)/\S+", re.IGNORECASE)
DIGITS = re.compile(r"\+?\d(?:[\s.\-()]{0,2}\d){7,14}")
ID_NUMBER = re.compile(r"(?<!\d)(?:\d{9}|\d{12})(?!\d)")
NUMBERED = re.compile(
    r"\b(?:giam khao|hoi dong|nguoi cham|judge|juror|reviewer|panel(?:l?ist)?)\s*"
    r"(?:so|thu|no\.?|number|#)?\s*(?:\d+|[ivx]+|[b-e])\b"
)
FIRST_PERSON = re.compile(
    r"\b(?:toi la|minh la|voi tu cach(?: la)?|la giam khao|cong ty (?:cua )?(?:toi|chung toi)|lop (?:cua )?toi|"
    r"(?:i am|i'm) (?:a|an|the)|"
    r"as (?:a|an|the) (?:judge|professor|lecturer|investor|founder|ceo)|my (?:company|students|lab))\b"
)
TITLED = re.compile(r"(?:^|[\s(–—-])(?:GS|PGS|TS|ThS|TSKH|BS|Dr|Prof|Mr|Ms|Mrs)\.?\s*(?:TS\.?\s*)?[A-ZĐÀ-Ỹ][\wÀ-ỹ]+")
INITIALS = re.compile(r"(?:[A-ZĐ]\.\s?){2,}|[A-ZĐ]{2,4}\.?")
LAST_WORDS = 6  # a last line of at most so many words behind a dash, or of initials alone, is a signature
MARKS = re.compile(
    r"\b(?:cham|cho)\s*(?:bai|doi|ban|cac em|cac ban|em)?\s*\d+(?:[.,]\d+)?\s*diem\b|"
    r"\b\d+(?:[.,]\d+)?\s*/\s*(?:10|20|100)\b|"
    r"\b(?:xep|dung)\s*(?:thu|hang)\s*\w+|\b(?:ranked?|place)\s*(?:no\.?|#)?\s*\d+|\b\d+(?:st|nd|rd|th) place\b|"
    r"\bgiai (?:nhat|nhi|ba|khuyen khich)\b|\b(?:gave|give|score[ds]?)\s+(?:you|it|them)?\s*\d+"
)
INSULTS_FOLDED = (
    *(
        "ngu ngoc",
        "ngu xuan",
        "ngu dot",
        "dot nat",
        "oc cho",
        "do bo di",
        "rac ruoi",
        "vo hoc",
        "mat day",
        "khung dien",
    ),
    *(
        "do dien",
        "than kinh",
        "thieu nao",
        "nao phang",
        "do ngu",
        "qua ngu",
        "nham nhi",
        "tho tuc",
        "dan don",
        "lua dao",
    ),
    *("an cap", "dao van", "bat tai", "vo dung", "te hai", "tham hai", "lo bich", "hoang tuong", "do hoi", "cho chet"),
    *(
        "stupid",
        "idiot",
        "idiotic",
        "dumb",
        "moron",
        "moronic",
        "pathetic",
        "garbage",
        "rubbish",
        "worthless",
        "retarded",
    ),
    *(
        "ridiculous",
        "laughable",
        "shut up",
        "loser",
        "losers",
        "clueless",
        "incompetent",
        "fraud",
        "liar",
        "liars",
        "crap",
    ),
    *("bullshit", "fuck", "fucking", "shit", "damn", "asshole", "bitch", "hopeless", "nonsense", "embarrassing"),
)
INSULTS_WHOLE = (
    "ngu",
    "đần",
    "dốt",
    "điên",
    "khùng",
    "đồ chó",
    "óc bã đậu",
    "đm",
    "vcl",
    "vl",
    "đéo",
    "cặc",
    "lồn",
    "địt",
    "mẹ kiếp",
)
"""Compared with their marks: `ngũ`, `dot` or `dien` are everyday words."""
_WORD = re.compile(r"\w+")
_SHORTEST_OTHER = 4
FEWEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class _Needle:
    """Folded words to be found, what they stand for, and the entry whose own comments may hold them."""

    words: tuple[str, ...]
    flag: Flag
    owner: str = ""


class Screen:
    """The names of a round, prepared once; asks of each comment only for those that begin with one of its words."""

    def __init__(self, known: Known) -> None:
        self._needles: dict[str, list[_Needle]] = defaultdict(list)
        for needle in _needles(known):
            self._needles[needle.words[0]].append(needle)

    def flags(self, text: str, *, own: str = "") -> tuple[Flag, ...]:
        """Return what stands out in a comment on the entry `own`, each finding once, in the order of `FlagKind`."""
        normal = unicodedata.normalize("NFC", text)
        folded = fold(normal)
        words = tuple(_WORD.findall(folded))
        found = [*_contacts(normal), *self._names(words, own), *_habits(normal, folded), *_insults(normal, words)]
        order = list(FlagKind)
        return tuple(sorted(dict.fromkeys(found), key=lambda one: order.index(one.kind)))

    def _names(self, words: tuple[str, ...], own: str) -> Iterable[Flag]:
        for at, word in enumerate(words):
            for needle in self._needles.get(word, ()):
                fits = words[at : at + len(needle.words)] == needle.words
                if fits and not (needle.owner and needle.owner == own):
                    yield needle.flag


def _needles(known: Known) -> Iterable[_Needle]:
    for kind, names in ((FlagKind.JUDGE, known.judges), (FlagKind.JUDGE, known.organisations)):
        yield from (_Needle(form, Flag(kind, name)) for name in names for form in _forms(name))
    for entry in known.entries:
        for name in entry.people:
            yield from (_Needle(form, Flag(FlagKind.PERSON, name)) for form in _forms(name))
        for name in (entry.code, entry.title, entry.team):
            words = tuple(_WORD.findall(fold(name)))
            if words and len(name) >= _SHORTEST_OTHER:
                yield _Needle(words, Flag(FlagKind.OTHER_TEAM, name), entry.code)


def _forms(name: str) -> Iterable[tuple[str, ...]]:
    """Yield how a name is looked for: whole, and by its last two words, as people here are called.

    A name of one word is looked for only when it has four letters and more.
    """
    words = name_words(name)
    if len(words) >= FEWEST_WORDS:
        yield from {words, words[-2:]}
    elif words and len(words[0]) >= _SHORTEST_OTHER:
        yield words


def _contacts(text: str) -> Iterable[Flag]:
    yield from (Flag(FlagKind.EMAIL, one) for one in EMAIL.findall(text))
    yield from (Flag(FlagKind.LINK, one) for one in LINK.findall(text))
    for found in DIGITS.finditer(text):
        if normal_phone(found[0]) is not None:
            yield Flag(FlagKind.PHONE, found[0].strip())
    yield from (Flag(FlagKind.ID_NUMBER, one) for one in ID_NUMBER.findall(text))


def _holds(words: Sequence[str], some: Sequence[str]) -> bool:
    length = len(some)
    return any(list(words[at : at + length]) == list(some) for at in range(len(words) - length + 1))


def _habits(text: str, folded: str) -> Iterable[Flag]:
    yield from (Flag(FlagKind.JUDGE_NUMBER, found[0]) for found in NUMBERED.finditer(folded))
    yield from (Flag(FlagKind.SIGNATURE, found[0].strip()) for found in TITLED.finditer(text))
    yield from (Flag(FlagKind.SIGNATURE, found[0]) for found in FIRST_PERSON.finditer(folded))
    yield from (Flag(FlagKind.MARK, found[0]) for found in MARKS.finditer(folded))
    last = text.strip().splitlines()[-1].strip() if text.strip() else ""
    dashed = last[:1] in "-–—~" and len(last.split()) <= LAST_WORDS and len(text.strip().splitlines()) > 1
    if last and (dashed or INITIALS.fullmatch(last.lstrip("-–—~( ").rstrip(")"))):
        yield Flag(FlagKind.SIGNATURE, last)


def _insults(text: str, words: Sequence[str]) -> Iterable[Flag]:
    yield from (Flag(FlagKind.INSULT, one) for one in INSULTS_FOLDED if _holds(words, one.split()))
    marked = _WORD.findall(text.casefold())
    yield from (Flag(FlagKind.INSULT, one) for one in INSULTS_WHOLE if _holds(marked, one.split()))
