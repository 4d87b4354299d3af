"""The workbook of a round, built from a report alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from contest.editions.rules import LocalText
from contest.infra.signing import fingerprint
from contest.infra.workbook import CellValue, Column, Properties, Sheet, write_workbook
from contest.results.queries import SnapshotLine
from contest.results.report import Cell, Line, RoundReport, to_payload


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers of an export come from. `version` is none while the round is still a draft.

    `test`: the edition is a rehearsal or a demo, and every sheet says so.
    """

    fingerprint: str
    version: int | None
    frozen_at: datetime | None
    exported_at: datetime
    actor: str
    test: bool = False

    @property
    def is_final(self) -> bool:
        """Tell whether the numbers are frozen."""
        return self.version is not None


def provenance(
    report: RoundReport, snapshot: SnapshotLine | None, *, actor: str, now: datetime, test: bool = False
) -> Provenance:
    """Say where the numbers of an export come from: the snapshot if there is one, else the report itself."""
    return Provenance(
        fingerprint=snapshot.fingerprint if snapshot else fingerprint(to_payload(report)),
        version=snapshot.version if snapshot else None,
        frozen_at=snapshot.created_at if snapshot else None,
        exported_at=now,
        actor=actor,
        test=test,
    )


def workbook_name(report: RoundReport, day: datetime) -> str:
    """Return "2026-11-22_bang-diem_chung-ket.xlsx"."""
    return f"{day:%Y-%m-%d}_bang-diem_{report.round}.xlsx"


def round_workbook(report: RoundReport, source: Provenance, *, locale: str) -> bytes:
    """Return the .xlsx: ranking, judge matrix, criterion detail, teams and the source sheet, in one language."""
    with force_locale(locale):
        sheets = (
            _ranking(report, source),
            _matrix(report),
            _detail(report),
            _teams(report),
            _source(report, source),
        )
        properties = Properties(
            title=f"{_local(report.edition_name)} - {_local(report.round_name)}",
            author=report.organiser,
            created=source.exported_at,
            mark="TEST" if source.test else "",
        )
        return write_workbook(sheets, properties, footer=_footer(report, source))


def _local(text: LocalText) -> str:
    return text.in_(str(get_locale() or "vi"))


def _footer(report: RoundReport, source: Provenance) -> str:
    state = _("final") if source.is_final else _("DRAFT, not final")
    return f"{report.edition} · {report.round} · {state} · {source.fingerprint[:12]}"


def status_words(status: str) -> str:
    """Return how a line's status is said."""
    words = {"ranked": "", "incomplete": _("too few scorecards"), "unscored": _("not scored")}
    return str(words[status])


def cell_words(state: str) -> str:
    """Return how a cell without a total is said: missing, unfinished, abstained and recused are four things."""
    words = {
        "missing": _("not scored"),
        "draft": _("not handed in"),
        "recused": _("recused"),
        "abstained": _("abstained"),
        "submitted": "",
    }
    return str(words[state])


def _places(report: RoundReport) -> int:
    return int(report.rules["decimals"])


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _ranking(report: RoundReport, source: Provenance) -> Sheet:
    columns = [
        Column(_("Rank"), 8, 0),
        Column(_("Code"), 12),
        Column(_("Idea"), 44),
        Column(_("Team"), 26),
        Column(_("School or unit"), 28),
        Column(_("Track"), 16),
        Column(_("Result"), 11, _places(report)),
        Column(_("Judges"), 8, 0),
        *_beside_columns(report),
        Column(_("Note"), 20),
    ]
    rows: list[list[CellValue]] = []
    for line in report.lines:
        who = line.entrant
        note = _("tied") if line.tied else _note(line)
        rows.append(
            [
                line.rank,
                who.code,
                who.title,
                who.team,
                who.school,
                _local(report.track_name(who.track)),
                _number(line.result),
                line.judges,
                *_beside(report, line),
                note,
            ]
        )
    heading = _("Ranking: %(edition)s, %(round)s", edition=_local(report.edition_name), round=_local(report.round_name))
    title = heading if source.is_final else _("%(title)s (DRAFT)", title=heading)
    return Sheet(_("Ranking"), title, tuple(columns), rows, frozen_columns=2)


def _note(line: Line) -> str:
    if line.decided_by is not None:
        return str(_("by tie-break: %(step)s", step=line.decided_by))
    return status_words(line.status)


def _beside_columns(report: RoundReport) -> list[Column]:
    """Return columns for what entered a result beside scorecards: measured criteria, the ledger; none without them."""
    columns = [Column(_local(one.name) or one.code, 14, _places(report)) for one in report.measured]
    if _has_ledger(report):
        columns.append(Column(_("Bonus and penalty"), 12, max(_decimals(line.ledger) for line in report.lines)))
    return columns


def _beside(report: RoundReport, line: Line) -> list[CellValue]:
    values = dict(zip((one.code for one in report.rubric), line.criteria, strict=True)) if report.measured else {}
    cells: list[CellValue] = [_number(values[one.code]) for one in report.measured]
    return [*cells, Decimal(line.ledger)] if _has_ledger(report) else cells


def _has_ledger(report: RoundReport) -> bool:
    return any(line.entries for line in report.lines)


def _matrix(report: RoundReport) -> Sheet:
    places = max((_decimals(cell.total) for line in report.lines for cell in line.cells), default=0)
    columns = [Column(_("Code"), 12), Column(_("Idea"), 44), Column(_("Track"), 16)]
    columns += [Column(f"{judge.code} {judge.name}", 15, places) for judge in report.judges]
    columns += [Column(_("Result"), 11, _places(report)), Column(_("Rank"), 8, 0)]
    rows: list[list[CellValue]] = []
    for line in report.lines:
        given: dict[int, CellValue] = {cell.judge: _total(cell) for cell in line.cells}
        seats = [given.get(seat) for seat in range(len(report.judges))]
        who = line.entrant
        track = _local(report.track_name(who.track))
        rows.append([who.code, who.title, track, *seats, _number(line.result), line.rank])
    return Sheet(
        _("Score matrix"), _("Total of each judge for each submission"), tuple(columns), rows, frozen_columns=2
    )


def _decimals(text: str | None) -> int:
    return len(text.partition(".")[2]) if text else 0


def _total(cell: Cell) -> CellValue:
    return cell_words(cell.state) if cell.total is None else Decimal(cell.total)


def _detail(report: RoundReport) -> Sheet:
    columns = [Column(_("Code"), 12), Column(_("Idea"), 40), Column(_("Judge"), 24), Column(_("State"), 14)]
    columns += [
        Column(
            f"{_local(c.name)} ({c.minimum}-{c.maximum}, ×{c.weight})", 16, max(_decimals(c.step), _decimals(c.minimum))
        )
        for c in report.criteria
    ]
    weighted = max((_decimals(cell.total) for line in report.lines for cell in line.cells), default=0)
    columns.append(Column(_("Total"), 11, weighted))
    rows = [row for line in report.lines for row in _detail_rows(report, line)]
    return Sheet(_("Criterion detail"), _("Every mark of every judge"), tuple(columns), rows, frozen_columns=3)


def _detail_rows(report: RoundReport, line: Line) -> Iterator[list[CellValue]]:
    for cell in line.cells:
        judge = report.judges[cell.judge]
        state = cell_words(cell.state) or _("handed in")
        marks = [_number(mark) for mark in cell.marks]
        yield [line.entrant.code, line.entrant.title, f"{judge.code} {judge.name}", state, *marks, _number(cell.total)]


def _teams(report: RoundReport) -> Sheet:
    columns = (
        Column(_("Code"), 12),
        Column(_("Team"), 28),
        Column(_("School or unit"), 30),
        Column(_("Members"), 44),
        Column(_("Mentor"), 24),
        Column(_("Idea"), 44),
        Column(_("Track"), 16),
        Column(_("Field"), 18),
    )
    ordered = sorted(report.lines, key=lambda line: line.entrant.code)
    rows = [
        [
            who.code,
            who.team,
            who.school,
            "; ".join(who.members),
            who.mentor,
            who.title,
            _local(report.track_name(who.track)),
            who.field or "",
        ]
        for who in (line.entrant for line in ordered)
    ]
    return Sheet(_("Teams"), _("Teams of the round"), columns, rows, frozen_columns=2)


def _source(report: RoundReport, source: Provenance) -> Sheet:
    stamp = "%Y-%m-%d %H:%M:%S UTC"
    facts: list[tuple[str, str]] = [
        (_("Edition"), f"{report.edition} - {_local(report.edition_name)}"),
        (_("Organiser"), report.organiser),
        (_("Round"), f"{report.round} - {_local(report.round_name)}"),
        (_("State"), _("final") if source.is_final else _("DRAFT, not final")),
        (_("Snapshot"), "" if source.version is None else str(source.version)),
        (_("Frozen at"), source.frozen_at.strftime(stamp) if source.frozen_at else ""),
        (_("Exported at"), source.exported_at.strftime(stamp)),
        (_("Exported by"), source.actor),
        (_("Rubric version"), str(report.rubric_version)),
        (_("Rules"), _rules(report)),
        (_("Submissions"), str(len(report.lines))),
        (_("Scorecards assigned"), str(report.expected)),
        (_("Scorecards unfinished"), str(report.unfinished)),
        (_("Fingerprint (SHA-256)"), source.fingerprint),
    ]
    columns = (Column(_("Fact"), 28), Column(_("Value"), 80))
    return Sheet(_("Source"), _("Where these numbers come from"), columns, facts)


def _rules(report: RoundReport) -> str:
    kept = {name: value for name, value in report.rules.items() if value not in (None, [], False)}
    return ", ".join(f"{name}={value}" for name, value in sorted(kept.items()))
