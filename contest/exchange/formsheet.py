"""Answers of a registration form into submissions: cleaned, matched, each once, and nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from contest.errors import Problem, RuleBroken
from contest.exchange.answers import Duplicate, FormSubmission, newest
from contest.exchange.bundle.findings import MAX_BLOCK, MAX_LINE, Findings, nearest
from contest.exchange.bundle.model import BundleField, BundleTrack, RowLike
from contest.exchange.bundle.rows import is_email, unshielded
from contest.exchange.cleaning import (
    clean_block,
    clean_phone,
    clean_text,
    clean_url,
    is_nothing,
    split_people,
    unify_schools,
)
from contest.exchange.dates import NO_HINTS, DateHints, Moment, clean_moment, date_hints
from contest.exchange.mapping import missing_targets
from contest.letters import fold

MAX_SUMMARY = 5_000
LONG_SUMMARY = 2_000  # about 300 words; more is accepted with a warning
LONG_WORDS = 300
MAX_TITLE = 500


@dataclass(frozen=True, slots=True)
class FormRows:
    """What a sheet gives: accepted answers in the order of the sheet, and why the others are not among them."""

    accepted: tuple[FormSubmission, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()


@dataclass
class _Sheet:
    """What the rows of one sheet share."""

    name: str
    columns: Mapping[str, str]  # target -> column
    tracks: Mapping[str, str]  # folded code or name -> code
    fields: Mapping[str, str]
    schools: Mapping[str, str] = field(default_factory=dict)
    sent_hints: DateHints = NO_HINTS
    birth_hints: DateHints = NO_HINTS
    findings: Findings = field(default_factory=Findings)


def read_rows(
    name: str,
    rows: Sequence[RowLike],
    mapping: Mapping[str, str],
    tracks: Iterable[BundleTrack],
    fields: Iterable[BundleField],
    *,
    keep_shared_contacts: bool = False,
) -> FormRows:
    """Read the rows of the sheet `name` by `mapping` (column -> target); see `mapping.TARGETS`.

    Among answers with the same e-mail, the same team and title, or the same telephone the newest wins; without a time,
    or at the same time, the lower row. With `keep_shared_contacts` those that share only a contact are all kept.
    """
    columns = {target: column for column, target in mapping.items()}
    sheet = _Sheet(name, columns, _by_name(tracks), _by_name(fields))
    missing = missing_targets(mapping)
    for target in missing:
        sheet.findings.add((name, 1, None), "target_missing", target=target)
    if missing:
        return FormRows(problems=tuple(sheet.findings.problems))
    filled = [row for row in rows if any(cell.strip() for cell in row.cells.values())]
    _learn(sheet, filled)
    read = [submission for row in filled if (submission := _Answer(sheet, row).read()) is not None]
    accepted, duplicates = newest(read, keep_shared_contacts=keep_shared_contacts)
    _warn_of_namesakes(sheet, accepted)
    return FormRows(accepted, tuple(sheet.findings.problems), tuple(sheet.findings.warnings), duplicates)


def _by_name(things: Iterable[BundleTrack] | Iterable[BundleField]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in things:
        for name in filter(None, (each.code, each.name.vi, each.name.en)):
            found.setdefault(fold(name), each.code)
    return found


def _learn(sheet: _Sheet, rows: Sequence[RowLike]) -> None:
    """Let each column tell the order of its dates, and all schools which spelling is the common one."""

    def column(target: str) -> list[str]:
        return [row.cells.get(sheet.columns[target], "") for row in rows] if target in sheet.columns else []

    sheet.schools = unify_schools(column("school"))
    sheet.sent_hints = date_hints(column("timestamp"))
    latest = [moment for text in column("timestamp") if (moment := _moment(text, sheet.sent_hints))]
    last = max((moment.value for moment in latest), default=None)
    hints = date_hints(column("captain_birth"))
    # Nobody was born after the last answer; the span of the others' birthdays tells nothing.
    sheet.birth_hints = replace(hints, earliest=None, latest=last.date() if last else None)


def _moment(text: str, hints: DateHints) -> Moment | None:
    try:
        return clean_moment(text, hints)
    except RuleBroken:
        return None


class _Answer:
    """One row on its way to a submission."""

    def __init__(self, sheet: _Sheet, row: RowLike) -> None:
        self.sheet = sheet
        self.row = row

    def read(self) -> FormSubmission | None:
        """Return the submission, None when the row has a problem."""
        before = len(self.sheet.findings.problems)
        phone = self._phone()
        sent = self._moment("timestamp", self.sheet.sent_hints)
        birth = self._moment("captain_birth", self.sheet.birth_hints)
        submission = FormSubmission(
            row=self.row.number,
            team=self._line("team", required=True),
            title=self._line("title", MAX_TITLE, required=True),
            sent=sent,
            email=self._email(),
            track=self._track(),
            field=self._field(),
            field_name=self._line("field"),
            school=self._school(),
            captain=self._line("captain"),
            captain_birth=birth.date() if birth else None,
            phone=phone,
            members=self._members(),
            mentor=self._mentor(),
            summary=self._summary(),
            video=self._video(),
            address=self._line("address", 300),
            consent=self._consent(),
        )
        return submission if len(self.sheet.findings.problems) == before else None

    def _raw(self, target: str) -> str:
        column = self.sheet.columns.get(target)
        return unshielded(self.row.cells.get(column, "")) if column is not None else ""

    def _note(self, target: str, code: str, *, problem: bool = False, **facts: object) -> None:
        place = (self.sheet.name, self.row.number, self.sheet.columns.get(target))
        note: Callable[..., None] = self.sheet.findings.add if problem else self.sheet.findings.warn
        note(place, code, **facts)

    def _line(self, target: str, limit: int = MAX_LINE, *, required: bool = False) -> str:
        text = clean_text(self._raw(target))
        if required and not text:
            self._note(target, "answer_missing", problem=True)
        if len(text) > limit:
            self._note(target, "text_too_long", problem=True, limit=limit, length=len(text))
        return text

    def _email(self) -> str:
        text = self._line("email")
        if text and not is_email(text):
            self._note("email", "email_dropped", value=text)
            return ""
        return text

    def _phone(self) -> str:
        text = clean_text(self._raw("phone"))
        if is_nothing(text):
            return ""
        try:
            return clean_phone(text)
        except RuleBroken:
            self._note("phone", "phone_dropped", value=text)
            return ""

    def _moment(self, target: str, hints: DateHints) -> datetime | None:
        text = self._raw(target)
        if is_nothing(text):
            return None
        moment = _moment(text, hints)
        if moment is None:
            self._note(target, "date_dropped", value=text)
            return None
        if moment.other:
            taken, other = (f"{each:%d/%m}/{each.year}" for each in (moment.value, moment.other))
            self._note(target, "date_ambiguous", value=text, taken=taken, other=other)
        return moment.value

    def _track(self) -> str:
        return self._known("track", self.sheet.tracks, "track_unknown")

    def _field(self) -> str:
        return self._known("field", self.sheet.fields, "field_unknown")

    def _known(self, target: str, codes: Mapping[str, str], code: str) -> str:
        text = self._line(target)
        found = codes.get(fold(text), "")
        if text and codes and not found:
            self._note(target, code, value=text, nearest=codes.get(nearest(fold(text), codes), ""))
        return found

    def _school(self) -> str:
        text = self._line("school")
        return self.sheet.schools.get(text, text)

    def _members(self) -> tuple[str, ...]:
        people = split_people(self._raw("members"))
        for name in people.repeated:
            self._note("members", "member_repeated", value=name)
        for name in people.names:
            if len(name) > MAX_LINE:
                self._note("members", "text_too_long", problem=True, limit=MAX_LINE, length=len(name))
        return people.names

    def _mentor(self) -> str:
        text = self._line("mentor")
        return "" if is_nothing(text) else text

    def _summary(self) -> str:
        text = clean_block(self._raw("summary"))
        words = len(text.split())
        if len(text) > min(MAX_SUMMARY, MAX_BLOCK):
            self._note("summary", "text_too_long", problem=True, limit=MAX_SUMMARY, length=len(text))
        elif len(text) > LONG_SUMMARY or words > LONG_WORDS:
            self._note("summary", "summary_long", words=words, length=len(text))
        return text

    def _video(self) -> str:
        link = clean_url(self._raw("video"))
        if link.note:
            self._note("video", link.note, value=self._raw("video"))
        return link.url

    def _consent(self) -> bool:
        """Take only a clear yes for a yes; without the column nothing is claimed."""
        text = fold(self._raw("consent"))
        agreed = text in _YES or text.startswith(("dong y", "chung toi dong y", "toi dong y", "chung toi cam ket"))
        if "consent" in self.sheet.columns and not agreed:
            self._note("consent", "consent_missing")
        return agreed


_YES = frozenset(("co", "yes", "true", "x", "1", "ok", "agree", "i agree", "we agree"))


def _warn_of_namesakes(sheet: _Sheet, accepted: Iterable[FormSubmission]) -> None:
    """Name accepted teams that share a name: nobody could tell them apart on a list."""
    first: dict[str, int] = {}
    for each in accepted:
        row = first.setdefault(fold(each.team), each.row)
        if row != each.row:
            place = (sheet.name, each.row, sheet.columns.get("team"))
            sheet.findings.warn(place, "team_namesake", value=each.team, first=row)
