"""What changed between two versions of frozen results, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contest.results.report import Line, RoundReport


@dataclass(frozen=True, slots=True)
class Change:
    """One thing about one entry: `what` is rank, result, status, scorecard, entered or left.

    `detail` names the judge of a scorecard. Texts are as printed; None where there was nothing.
    """

    entry: str
    title: str
    team: str
    what: str
    before: str | None
    after: str | None
    detail: str = ""


def compare(old: RoundReport, new: RoundReport) -> tuple[Change, ...]:
    """Return every difference, in the order of the new ranking; entries that left come last."""
    before = {line.entrant.code: line for line in old.lines}
    after = {line.entrant.code: line for line in new.lines}
    changes: list[Change] = []
    for code, line in after.items():
        if code in before:
            changes += _changed(before[code], line, old, new)
        else:
            changes.append(_change(line, "entered", None, line.result))
    changes += [_change(line, "left", line.result, None) for code, line in before.items() if code not in after]
    return tuple(changes)


def _changed(was: Line, line: Line, old: RoundReport, new: RoundReport) -> Iterator[Change]:
    if was.rank != line.rank:
        yield _change(line, "rank", _text(was.rank), _text(line.rank))
    if was.result != line.result:
        yield _change(line, "result", was.result, line.result)
    if was.status != line.status:
        yield _change(line, "status", was.status, line.status)
    totals, now = _totals(was, old), _totals(line, new)
    names = {judge.code: judge.name for judge in (*old.judges, *new.judges)}
    for judge in sorted(totals.keys() | now.keys()):
        if totals.get(judge) != now.get(judge):
            yield _change(line, "scorecard", totals.get(judge), now.get(judge), names[judge])


def _totals(line: Line, report: RoundReport) -> dict[str, str]:
    """Return what each judge's scorecard came to, by the judge's code: two judges may share a name."""
    return {report.judges[cell.judge].code: cell.total for cell in line.cells if cell.total is not None}


def _text(rank: int | None) -> str | None:
    return None if rank is None else str(rank)


def _change(line: Line, what: str, before: str | None, after: str | None, detail: str = "") -> Change:
    return Change(line.entrant.code, line.entrant.title, line.entrant.team, what, before, after, detail)
