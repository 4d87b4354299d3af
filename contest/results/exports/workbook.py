"""The workbook of a round: every sheet from one report, in Vietnamese, in English or in both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from contest.infra.workbook import Properties, Sheet, write_workbook
from contest.letters import fold
from contest.results.exports.book import Book, Extras, Provenance, book_of
from contest.results.exports.marks_sheets import detail_sheet, judges_sheet, matrix_sheet
from contest.results.exports.people_sheets import awards_sheet, merge_sheet, stage_sheet, teams_sheet
from contest.results.exports.ranking_sheet import ranking_sheet
from contest.results.exports.summary_sheets import source_sheet, summary_sheet
from contest.results.exports.tongues import local, writing_in
from contest.results.exports.tongues import say as _
from contest.results.formulas import recipe_of
from contest.results.report import RoundReport

NOTHING = Extras()


def file_name(report: RoundReport, now: datetime, ending: str) -> str:
    """Return "2026-11-22_bang-diem_chung-ket.xlsx": the day where the contest is, the round by its Vietnamese name."""
    day = now.astimezone(ZoneInfo(report.timezone))
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in fold(report.round_name.vi))
    return f"{day:%Y-%m-%d}_bang-diem_{'-'.join(words.split()) or report.round}.{ending}"


def workbook_name(report: RoundReport, now: datetime) -> str:
    """Return the name of the workbook, see `file_name`."""
    return file_name(report, now, "xlsx")


def round_workbook(report: RoundReport, source: Provenance, *, locale: str, extras: Extras = NOTHING) -> bytes:
    """Return the .xlsx of a round; `locale` is "vi", "en" or "both".

    `extras` bring the awards and the committee's notes. Sheets: ranking, matrix, detail, judges, awards, teams, stage,
    mail merge, summary, source.
    """
    with writing_in(locale):
        book = book_of(report, source, recipe_of(report), extras, locale)
        properties = Properties(
            title=f"{local(report.edition_name)} - {local(report.round_name)}",
            author=report.organiser,
            created=source.exported_at,
            mark="TEST" if source.test else "",
        )
        return write_workbook(sheets_of(book), properties, footer=_footer(report, source))


def sheets_of(book: Book) -> Sequence[Sheet]:
    """Return all sheets in their order; to be called while the book's language is written in."""
    return (
        ranking_sheet(book),
        matrix_sheet(book),
        detail_sheet(book),
        judges_sheet(book),
        awards_sheet(book),
        teams_sheet(book),
        stage_sheet(book),
        merge_sheet(book),
        summary_sheet(book),
        source_sheet(book),
    )


def _footer(report: RoundReport, source: Provenance) -> str:
    state = _("final") if source.is_final else _("DRAFT, not final")
    return f"{report.edition} · {report.round} · {state} · {source.fingerprint[:12]}"
