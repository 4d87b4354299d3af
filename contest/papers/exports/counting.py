"""The count of what came in: scorecards as a whole and per judge, and the votes of the audience."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from contest.editions.rules import Source
from contest.papers.blocks import (
    Block,
    Column,
    Document,
    Fields,
    Heading,
    Items,
    Lines,
    Para,
    Signatures,
    Table,
    Title,
    numbered,
)
from contest.papers.exports.common import Desk
from contest.papers.exports.council import named
from contest.papers.spelling import spelled
from contest.results.reconcile import Tally

FATES = {"submitted": "scored", "abstained": "abstained", "recused": "recused", "voided": "recused"}


def tally(desk: Desk) -> Document:
    """Return the count of the scorecards: expected and what became of them, as a whole and per judge, and votes."""
    record = desk.dossier.frozen.record
    blocks: list[Block] = [
        desk.head(_("Jury"), "BB-KP", desk.details.tally_number),
        Title(_("Minutes of the count"), f"{desk.contest} – {desk.round}"),
        Fields(((_("Time"), ""), (_("Place"), ""), (_("Members of the counting group"), ""))),
        Heading("1. " + _("Scorecards")),
    ]
    if record is None:
        blocks.append(Para(_("These results are older than the record of the count; the table counts their cells.")))
    else:
        blocks.append(_counted(desk))
    blocks.append(_per_judge(desk))
    if record is not None and record.missing:
        names = {one.code: one.name for one in desk.report.judges}
        told = tuple(f"{entry} – {names.get(judge, judge)}" for entry, judge in record.missing)
        blocks += [Para(_("What was not handed in does not count."), lead=_("Missing:")), Items(told)]
    blocks += list(_votes(desk))
    blocks.append(Para(_("The count ended without objection, or with these objections:")))
    blocks += [Lines(2), Signatures((desk.maker(), desk.secretary(), desk.chair()))]
    return desk.document(_("Minutes of the count"), blocks)


def _counted(desk: Desk) -> Table:
    record = desk.dossier.frozen.record
    total = record.total if record else Tally(0, 0, 0, 0, 0)
    columns = (Column(_("Scorecards"), 3), Column(_("In figures"), 1, "right"), Column(_("In words"), 3))
    counts = (
        (_("handed out"), total.expected),
        (_("collected and valid"), total.scored),
        (_("no mark given, with a reason"), total.abstained),
        (_("returned because of a conflict"), total.recused),
        (_("missing"), total.missing),
    )
    return Table(columns, tuple((what, str(count), spelled(count, desk.language)) for what, count in counts))


def _per_judge(desk: Desk) -> Table:
    report = desk.report
    fates: dict[int, Counter[str]] = {number: Counter() for number in range(len(report.judges))}
    for line in report.lines:
        for cell in line.cells:
            fate = FATES.get(cell.state, "missing") if cell.total is None else "scored"
            fates[cell.judge][fate] += 1
    kinds = ("scored", "abstained", "recused", "missing")
    rows = [(report.judges[judge].name, *_counts(found, kinds)) for judge, found in fates.items()]
    whole = sum(fates.values(), Counter())
    columns = (
        Column(_("No."), 0.6, "centre"),
        Column(_("Judge"), 3.2),
        Column(_("Expected"), 1, "right"),
        Column(_("Scored"), 1, "right"),
        Column(_("Abstained"), 1, "right"),
        Column(_("Recused"), 1, "right"),
        Column(_("Missing"), 1, "right"),
    )
    return Table(columns, (*numbered(rows), ("", _("Together"), *_counts(whole, kinds))), bold=(len(rows),), small=True)


def _counts(found: Counter[str], kinds: Iterable[str]) -> tuple[str, ...]:
    return (str(found.total()), *(str(found[kind]) for kind in kinds))


def _votes(desk: Desk) -> Iterator[Block]:
    """Yield what the audience gave, where a criterion counts its votes."""
    report = desk.report
    for place, one in enumerate(report.measured):
        if one.source != Source.AUDIENCE.value:
            continue
        yield Heading("2. " + _("Votes of the audience: %(criterion)s", criterion=desk.of(one.name) or one.code))
        rows = tuple(
            (line.entrant.code, named(line), desk.number(line.measured[place] if line.measured else None))
            for line in report.lines
        )
        yield Table((Column(_("Code"), 1), Column(_("Idea and team"), 4), Column(_("Mark"), 1, "right")), rows)
