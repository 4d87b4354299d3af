"""The sheets of award night: who gets what, who is there, who walks on stage when, and names for certificates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from contest.infra.workbook import CellValue, Column, Formula, Sheet, span
from contest.results.award_list import AwardLine, Prize
from contest.results.desk import DeskKey, DeskKind, Presence
from contest.results.exports.book import Book, Row, number
from contest.results.exports.tongues import BOTH, LANGUAGES, joined, local
from contest.results.exports.tongues import say as _
from contest.results.spoken import announcement, spoken

# Names in the file by which an import finds the sheets and the columns again, whatever the language.
TEAMS_CODE, TEAMS_CHECK = "bv_teams_code", "bv_teams_attendance"
PRIZES_CODE, PRIZES_AWARD, PRIZES_NOTE = "bv_prizes_code", "bv_prizes_award", "bv_prizes_note"
STAGE_CODE, STAGE_AWARD, STAGE_SPOKEN = "bv_stage_code", "bv_stage_award", "bv_stage_spoken"


def presence_words(presence: str) -> str:
    """Return how a team's attendance is said."""
    words = {"": "", Presence.PRESENT: _("present"), Presence.ABSENT: _("absent")}
    return words[Presence(presence) if presence else ""]


def teams_sheet(book: Book) -> Sheet:
    """Return the teams by code, with a column to tick who has come."""
    columns = (
        Column(_("Code"), 11),
        Column(_("Team"), 26),
        Column(_("School or unit"), 28),
        Column(_("Members"), 40),
        Column(_("Mentor"), 22),
        Column(_("Idea"), 40),
        Column(_("Track"), 16),
        Column(_("Field"), 16),
        Column(_("Attendance"), 14, entry=True, choices=tuple(presence_words(one) for one in Presence)),
    )
    ordered = sorted((line.entrant for line in book.report.lines), key=lambda who: who.code)
    notes = book.extras.notes
    rows: list[Row] = [
        [
            who.code,
            who.team,
            who.school,
            "; ".join(who.members),
            who.mentor,
            who.title,
            local(book.report.track_name(who.track)),
            who.field or "",
            presence_words(notes.get(DeskKey(DeskKind.ATTENDANCE, who.code), "")),
        ]
        for who in ordered
    ]
    marks = ((0, TEAMS_CODE), (8, TEAMS_CHECK))
    return Sheet(_("Teams"), _("Teams of the round"), columns, rows, frozen_columns=2, marks=marks)


def winners(book: Book) -> Iterator[tuple[AwardLine, Prize]]:
    """Yield who gets an award on the results of this round, the highest award first."""
    for line in book.extras.awards.lines if book.extras.awards is not None else ():
        if line.round == book.report.round:
            for prize in line.winners:
                yield line, prize


def _awards_title(book: Book, title: str) -> str:
    if book.extras.awards is None:
        return _("%(title)s: not decided", title=title)
    return title if book.extras.settled else _("%(title)s (not settled yet)", title=title)


def awards_sheet(book: Book) -> Sheet:
    """Return the prizes, the highest first, with a column for what people have to know about each."""
    columns = (
        Column(_("Award code"), 14),
        Column(_("Award"), 28),
        Column(_("Track"), 16),
        Column(_("Sponsor"), 20),
        Column(_("Code"), 11),
        Column(_("Idea"), 36),
        Column(_("Team"), 24),
        Column(_("School or unit"), 26),
        Column(_("Rank"), 8, 0),
        Column(_("Result"), 11, book.places),
        Column(_("Shared"), 9),
        Column(_("Amount (VND)"), 16, 0, money=True),
        Column(_("Note about the prize"), 34, entry=True),
    )
    notes = book.extras.notes
    rows: list[Row] = [
        [
            award.code,
            local(award.name),
            local(award.track_name),
            award.sponsor,
            prize.submission,
            prize.title,
            prize.team,
            prize.school,
            prize.rank,
            number(prize.result),
            _("yes") if prize.shared else "",
            prize.amount,
            notes.get(DeskKey(DeskKind.PRIZE, prize.submission, award.code), ""),
        ]
        for award, prize in winners(book)
    ]
    total = sum(prize.amount for _award, prize in winners(book))
    block = span(3, 11, 2 + max(len(rows), 1), 11)
    lead: tuple[CellValue, ...] = (_("Total"), *(None,) * 10, Formula(f"SUM({block})", Decimal(total)), None)
    marks = ((0, PRIZES_AWARD), (4, PRIZES_CODE), (12, PRIZES_NOTE))
    title = _awards_title(book, _("Awards"))
    return Sheet(_("Awards"), title, columns, rows, frozen_columns=2, lead=lead, marks=marks)


def stage_sheet(book: Book) -> Sheet:
    """Return the order of the ceremony: the lowest award first, within it the last place first."""
    columns = (
        Column(_("Order"), 8, 0),
        Column(_("Award code"), 14),
        Column(_("Award"), 26),
        Column(_("Track"), 16),
        Column(_("Code"), 11),
        Column(_("Team"), 24),
        Column(_("School or unit"), 26),
        Column(_("Idea"), 36),
        Column(_("Members"), 36),
        Column(_("Read aloud (proposal)"), 44),
        Column(_("Read aloud (as agreed)"), 44, entry=True),
    )
    notes = book.extras.notes
    rows: list[Row] = [
        [
            order,
            award.code,
            local(award.name),
            local(award.track_name),
            prize.submission,
            prize.team,
            prize.school,
            prize.title,
            "; ".join(prize.members),
            read_aloud(book, award, prize),
            notes.get(DeskKey(DeskKind.SPOKEN, prize.submission, award.code), ""),
        ]
        for order, (award, prize) in enumerate(reversed(list(winners(book))), start=1)
    ]
    marks = ((1, STAGE_AWARD), (4, STAGE_CODE), (10, STAGE_SPOKEN))
    title = _awards_title(book, _("On stage, from the third prize to the first"))
    return Sheet(_("On stage"), title, columns, rows, frozen_columns=3, marks=marks)


def read_aloud(book: Book, award: AwardLine, prize: Prize) -> str:
    """Return what the host says for a winner, in the language of the book."""
    said = {
        language: ": ".join(
            filter(None, (spoken(award.name.in_(language), language), announcement(prize.team, prize.school, language)))
        )
        for language in LANGUAGES
    }
    return joined(said["vi"], said["en"]) if book.language == BOTH else said[book.language]


def merge_sheet(book: Book) -> Sheet:
    """Return one row per person for a mail merge: headings in the very first row, everything that takes a place."""
    columns = (
        Column(_("Full name"), 28),
        Column(_("Team"), 26),
        Column(_("School or unit"), 30),
        Column(_("Idea"), 40),
        Column(_("Award"), 26),
        Column(_("Rank"), 8, 0),
        Column(_("Result"), 11, book.places),
        Column(_("Track"), 16),
        Column(_("Code"), 11),
        Column(_("Edition"), 30),
        Column(_("Round"), 20),
        Column(_("Date"), 12),
        Column(_("State"), 24),
    )
    given: dict[str, list[str]] = {}
    for award, prize in winners(book):
        given.setdefault(prize.submission, []).append(local(award.name))
    day: date = (book.source.frozen_at or book.source.exported_at).astimezone(book.zone).date()
    state = _("final") if book.source.is_final else _("DRAFT, not final")
    state = f"TEST · {state}" if book.source.test else state
    rows: list[Row] = [
        [
            member,
            line.entrant.team,
            line.entrant.school,
            line.entrant.title,
            "; ".join(given.get(line.entrant.code, ())),
            line.rank,
            number(line.result),
            local(book.report.track_name(line.entrant.track)),
            line.entrant.code,
            local(book.report.edition_name),
            local(book.report.round_name),
            day,
            state,
        ]
        for line in book.report.lines
        if line.rank is not None
        for member in (line.entrant.members or (line.entrant.team,))
    ]
    return Sheet(_("Certificate merge"), "", columns, rows, frozen_columns=1)
