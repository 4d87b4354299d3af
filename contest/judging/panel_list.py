"""A list of judges as people paste it, or as a table holds it, becomes entries, or problems line by line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from contest.accounts.logins import login_phone, normal_email
from contest.errors import Problem, RuleBroken
from contest.letters import fold

MOST_LINES = 1000
LOAD_LIMIT = 100_000
COLUMNS = (
    *("judge", "name", "email", "phone", "organisation", "fields", "min_load", "max_load", "languages"),
    *("experience", "profile", "chair"),
)
LONGEST_PROFILE = 2000
MOST_YEARS = 80
_LIMITS = {
    "judge": 40,
    "name": 200,
    "organisation": 200,
    "fields": 500,
    "languages": 100,
    "profile": LONGEST_PROFILE,
}
# How headings are written in Vietnamese and in English, folded; columns under _IDLE say nothing about a judge.
_HEADINGS = {
    "judge": ("judge", "code", "ma", "ma giam khao", "ma gk"),
    "name": ("name", "full name", "ho ten", "ho va ten", "ten", "ten giam khao", "giam khao", "ho ten giam khao"),
    "email": ("email", "e-mail", "mail", "thu dien tu", "dia chi email"),
    "phone": ("phone", "mobile", "dien thoai", "so dien thoai", "sdt", "dt", "di dong"),
    "organisation": ("organisation", "organization", "unit", "don vi", "don vi cong tac", "co quan", "noi cong tac"),
    "fields": ("fields", "field", "linh vuc"),
    "min_load": ("min_load", "toi thieu", "so bai toi thieu"),
    "max_load": ("max_load", "toi da", "so bai toi da", "dinh muc", "dinh muc cham"),
    "languages": ("languages", "language", "ngon ngu"),
    "experience": ("experience", "years of experience", "kinh nghiem", "so nam kinh nghiem"),
    "profile": ("profile", "about", "gioi thieu", "chuyen mon"),
    "chair": ("chair", "truong ban", "truong ban giam khao"),
}
_BY_HEADING = {heading: column for column, headings in _HEADINGS.items() for heading in headings}
_IDLE = frozenset(("stt", "tt", "so tt", "no", "no.", "#"))
_TRUE = frozenset(("true", "yes", "1", "x", "co", "dung"))
_SEPARATORS = re.compile(r"[;\t|]")
_PHONE = re.compile(r"[+(]{0,2}[0-9][0-9\s.\-()/]*")
_UNIT_WORDS = re.compile(
    r"\b(truong|thpt|thcs|dai hoc|dh|cao dang|hoc vien|cong ty|cty|tnhh|so|phong|ubnd|uy ban|phuong|xa|doan|hoi|quy|"
    r"trung tam|vien|ngan hang|tap doan|khoa|bao|university|school|college|institute|company|ltd|inc|fund|bank)\b"
)


@dataclass(frozen=True, slots=True)
class PanelEntry:
    """What is known of a judge to be. `email` is lower case, `phone` E.164, as `accounts.logins` spells them."""

    name: str
    code: str = ""
    email: str = ""
    phone: str = ""
    organisation: str = ""
    fields: tuple[str, ...] = ()
    languages: str = ""
    min_load: int | None = None
    max_load: int | None = None
    chair: bool = False
    profile: str = ""
    experience: int | None = None


@dataclass(frozen=True, slots=True)
class PanelRow:
    """An entry and the number of its line."""

    number: int
    entry: PanelEntry


@dataclass(frozen=True, slots=True)
class PanelList:
    """The entries in their order. With any problem none may be used. `ignored`: headings that mean nothing here."""

    rows: tuple[PanelRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the edition and the accounts hold already.

    `codes` of judges, folded; `listed` maps e-mails and phones of judges to their names; `accounts` maps those of
    accounts to the account, `closed` are those of closed ones.
    """

    codes: frozenset[str] = frozenset()
    listed: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, int] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()


NOBODY_KNOWN = Known()


def parse_pasted(text: str) -> PanelList:
    """Read one judge per line: name, organisation, e-mail and phone in any order between `;`, tabs or `|`.

    When the first line consists of known headings, the lines below are a table of these columns.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        return PanelList(problems=(_problem(None, None, "panel_empty"),))
    if len(lines) > MOST_LINES:
        return PanelList(problems=(_problem(None, None, "panel_too_long", limit=MOST_LINES),))
    separator = next((mark for mark in "\t;|" if mark in lines[0][1]), "\t")
    header = [cell.strip() for cell in lines[0][1].split(separator)]
    if _is_header(header):
        numbered = ((number, line.split(separator)) for number, line in lines[1:])
        return parse_table(header, ((number, dict(zip(header, cells, strict=False))) for number, cells in numbered))
    return _gathered(_from_line(number, line) for number, line in lines)


def parse_table(header: Sequence[str], rows: Iterable[tuple[int, Mapping[str, str]]]) -> PanelList:
    """Read numbered rows under `header`: the columns of judges.csv, under these or under Vietnamese names."""
    names: dict[str, str] = {}
    for heading in header:
        column = _BY_HEADING.get(fold(heading))
        if column is not None:
            names.setdefault(column, heading)
    if "name" not in names:
        return PanelList(problems=(_problem(1, "name", "panel_name_column_missing"),))
    ignored = tuple(h for h in header if h and h not in names.values() and fold(h) not in _IDLE)
    listed = list(rows)
    if not listed:
        return PanelList(problems=(_problem(None, None, "panel_empty"),), ignored=ignored)
    if len(listed) > MOST_LINES:
        return PanelList(problems=(_problem(None, None, "panel_too_long", limit=MOST_LINES),), ignored=ignored)
    given = (
        (number, {column: _clean(cells.get(heading, "")) for column, heading in names.items()})
        for number, cells in listed
    )
    return replace(_gathered(_from_cells(number, cells) for number, cells in given), ignored=ignored)


def as_text(rows: Sequence[PanelRow]) -> str:
    """Write entries as a table that `parse_pasted` reads back to the same entries."""
    lines = ["\t".join(COLUMNS)]
    for row in rows:
        one = row.entry
        loads = ("" if one.min_load is None else str(one.min_load), "" if one.max_load is None else str(one.max_load))
        chair = "yes" if one.chair else ""
        cells = (one.code, one.name, one.email, one.phone, one.organisation, ";".join(one.fields), *loads)
        years = "" if one.experience is None else str(one.experience)
        lines.append("\t".join((*cells, one.languages, years, _clean(one.profile), chair)))
    return "\n".join(lines)


def check(rows: Sequence[PanelRow], known: Known = NOBODY_KNOWN) -> tuple[Problem, ...]:
    """Find what makes entries impossible together or beside those known: codes, e-mails, phones, accounts twice."""
    problems: list[Problem] = []
    seen: dict[object, int] = {}
    for row in rows:
        for column, trait in _traits(row.entry, known):
            before = seen.setdefault(trait, row.number)
            if before != row.number:
                problems.append(_problem(row.number, column, "panel_twice", line=before))
                break
        problems += _known_already(row, known)
    return tuple(problems)


def _traits(entry: PanelEntry, known: Known) -> Iterator[tuple[str, object]]:
    if entry.code:
        yield "judge", ("code", fold(entry.code))
    for column, contact in (("email", entry.email), ("phone", entry.phone)):
        if contact:
            yield column, contact
        if contact in known.accounts:
            yield column, known.accounts[contact]


def _known_already(row: PanelRow, known: Known) -> Iterator[Problem]:
    entry = row.entry
    if entry.code and fold(entry.code) in known.codes:
        yield _problem(row.number, "judge", "judge_code_taken", judge=entry.code)
    contacts = (("email", entry.email), ("phone", entry.phone))
    listed = [(column, known.listed[contact]) for column, contact in contacts if contact in known.listed]
    if listed:
        yield _problem(row.number, listed[0][0], "judge_listed", name=listed[0][1])
        return
    closed = [column for column, contact in contacts if contact in known.closed]
    if closed:
        yield _problem(row.number, closed[0], "account_closed")
    if len({known.accounts[contact] for _, contact in contacts if contact in known.accounts}) > 1:
        yield _problem(row.number, "email", "contacts_differ")


def next_codes(taken: Iterable[str], count: int) -> list[str]:
    """Return `count` free codes GK1, GK2 … above all that are taken."""
    numbers = [int(found[1]) for code in taken if (found := re.fullmatch(r"gk0*([0-9]{1,6})", fold(code)))]
    first = max(numbers, default=0) + 1
    return [f"GK{number}" for number in range(first, first + count)]


Read = tuple[int, PanelEntry | None, list[Problem]]


def _gathered(found: Iterable[Read]) -> PanelList:
    rows: list[PanelRow] = []
    problems: list[Problem] = []
    for number, entry, wrong in found:
        problems += wrong
        if entry is not None:
            rows.append(PanelRow(number, entry))
    return PanelList(tuple(rows), tuple(problems))


def _is_header(cells: Sequence[str]) -> bool:
    folded = [fold(cell) for cell in cells if cell]
    known = [_BY_HEADING.get(word) for word in folded]
    return "name" in known and sum(column is not None for column in known) * 2 >= len(folded)


def _from_line(number: int, line: str) -> Read:
    """Tell the cells of a line apart: an e-mail has an @, a phone digits only, a unit the words of units."""
    cells = [cell for cell in map(_clean, _SEPARATORS.split(line)) if cell]
    found: dict[str, list[str]] = {"email": [], "phone": [], "text": []}
    for cell in cells:
        found["email" if "@" in cell else "phone" if _PHONE.fullmatch(cell) else "text"].append(cell)
    texts = found.pop("text")
    if len(texts) > len(("name", "organisation")) or any(len(several) > 1 for several in found.values()):
        return number, None, [_problem(number, None, "panel_line_unclear")]
    units = [bool(_UNIT_WORDS.search(fold(text))) for text in texts]
    if units == [True, False]:
        texts.reverse()
    given = dict(zip(("name", "organisation"), texts, strict=False))
    return _from_cells(number, given | {column: several[0] for column, several in found.items() if several})


def _from_cells(number: int, cells: Mapping[str, str]) -> Read:
    problems = [
        _problem(number, column, "panel_text_too_long", limit=limit)
        for column, limit in _LIMITS.items()
        if len(cells.get(column, "")) > limit
    ]
    if not cells.get("name"):
        problems.append(_problem(number, "name", "panel_name_missing"))
    read = _Reader(number, cells, problems)
    entry = PanelEntry(
        name=cells.get("name", ""),
        code=cells.get("judge", ""),
        email=read.email(),
        phone=read.phone(),
        organisation=cells.get("organisation", ""),
        fields=tuple(filter(None, (part.strip() for part in cells.get("fields", "").split(";")))),
        languages=cells.get("languages", ""),
        min_load=read.whole("min_load", LOAD_LIMIT, "panel_load_invalid"),
        max_load=read.whole("max_load", LOAD_LIMIT, "panel_load_invalid"),
        chair=fold(cells.get("chair", "")) in _TRUE,
        profile=cells.get("profile", ""),
        experience=read.whole("experience", MOST_YEARS, "panel_years_invalid"),
    )
    if entry.min_load is not None and entry.max_load is not None and entry.min_load > entry.max_load:
        problems.append(_problem(number, "min_load", "loads_crossed"))
    return number, entry, problems


@dataclass(frozen=True, slots=True)
class _Reader:
    """Typed cells of one row; what cannot be read becomes a problem."""

    number: int
    cells: Mapping[str, str]
    problems: list[Problem]

    def email(self) -> str:
        text = self.cells.get("email", "")
        try:
            return normal_email(text) if text else ""
        except RuleBroken as broken:
            self.problems.append(_problem(self.number, "email", broken.code, **broken.facts))
            return ""

    def phone(self) -> str:
        text = self.cells.get("phone", "")
        try:
            return login_phone(text) if text else ""
        except RuleBroken as broken:
            self.problems.append(_problem(self.number, "phone", broken.code, **broken.facts))
            return ""

    def whole(self, column: str, limit: int, refusal: str) -> int | None:
        text = self.cells.get(column, "")
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) > limit:
            self.problems.append(_problem(self.number, column, refusal, text=text[:40]))
            return None
        return int(text)


def _clean(text: str) -> str:
    """Return NFC text on one line without invisible characters."""
    normal = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if c.isspace() else c for c in normal)
    return " ".join("".join(c for c in spaced if unicodedata.category(c)[0] != "C").split())


def _problem(number: int | None, column: str | None, refusal: str, /, **facts: str | int) -> Problem:
    return Problem("", number, column, refusal, facts)
