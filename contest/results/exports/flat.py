"""The ranking of a round as CSV and as JSON: the same numbers as the workbook, no judge and no person named."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from io import StringIO

from contest.results.exports.book import Provenance, status_words
from contest.results.exports.tongues import local, writing_in
from contest.results.exports.tongues import say as _
from contest.results.frozen import METHOD
from contest.results.report import Line, RoundReport

_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")


def shielded(text: str) -> str:
    """Return a text that no spreadsheet computes: an apostrophe before what could begin a formula."""
    return "'" + text if text.startswith(_ACTIVE) else text


def ranking_csv(report: RoundReport, source: Provenance, *, locale: str) -> bytes:
    """Return the ranking as CSV in UTF-8 with a BOM, every text quoted and shielded, numbers with a point.

    The first row holds the headings; state, version, moment and fingerprint stand in every row, so that no line can be
    taken for final that is not.
    """
    with writing_in(locale):
        out = StringIO()
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(_headings(report))
        state = _("final") if source.is_final else _("DRAFT, not final")
        told = (state, str(source.version or ""), source.exported_at.isoformat(timespec="seconds"), source.fingerprint)
        for line in report.lines:
            writer.writerow([*_cells(report, line), *told])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _headings(report: RoundReport) -> list[str]:
    criteria = [shielded(local(one.name) or one.code) for one in report.rubric]
    main = [_("Rank"), _("Code"), _("Idea"), _("Team"), _("School or unit"), _("Track"), _("Result"), _("Judges")]
    rest = [
        _("Bonus and penalty"),
        _("Status"),
        _("State"),
        _("Snapshot"),
        _("Exported at"),
        _("Fingerprint (SHA-256)"),
    ]
    return [*main, *criteria, *rest]


def _cells(report: RoundReport, line: Line) -> list[str]:
    who = line.entrant
    texts = (who.code, who.title, who.team, who.school, local(report.track_name(who.track)))
    values = line.criteria or (None,) * len(report.rubric)
    numbers = (line.result, str(line.judges), *values, line.ledger)
    status = status_words(line.status) or (_("tied") if line.tied else "")
    rank = "" if line.rank is None else str(line.rank)
    return [rank, *map(shielded, texts), *(number or "" for number in numbers), status]


def ranking_json(report: RoundReport, source: Provenance) -> bytes:
    """Return the ranking as JSON: where it comes from, the rules, and one object per submission in rank order.

    Results are exact decimals as text. Judges and members are not named; the whole record is the results bundle.
    """
    return json.dumps(
        {
            "edition": report.edition,
            "edition_name": asdict(report.edition_name),
            "round": report.round,
            "round_name": asdict(report.round_name),
            "state": "final" if source.is_final else "draft",
            "test": source.test,
            "version": source.version,
            "frozen_at": None if source.frozen_at is None else source.frozen_at.isoformat(),
            "exported_at": source.exported_at.isoformat(),
            "timezone": report.timezone,
            "fingerprint": source.fingerprint,
            "method": METHOD,
            "rules": report.rules,
            "criteria": [asdict(one) for one in report.rubric],
            "count": len(report.lines),
            "ranking": [_object(line) for line in report.lines],
        },
        ensure_ascii=False,
        indent=1,
    ).encode()


def _object(line: Line) -> dict[str, object]:
    who = line.entrant
    return {
        "submission": who.code,
        "title": who.title,
        "team": who.team,
        "school": who.school,
        "track": who.track,
        "field": who.field,
        "rank": line.rank,
        "tied": line.tied,
        "decided_by": line.decided_by,
        "result": line.result,
        "own_result": line.own_result,
        "status": line.status,
        "judges": line.judges,
        "ledger": line.ledger,
        "criteria": list(line.criteria),
    }
