"""Papers of the jury: the summary of scores and the minutes of its meeting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from flask_babel import gettext as _

from contest.editions.rules_json import rules_from_json
from contest.judging.numbers import round_half_up
from contest.papers.blocks import (
    Block,
    Code,
    Column,
    Document,
    Fields,
    Heading,
    Items,
    Para,
    Signatures,
    Table,
    Title,
    numbered,
)
from contest.papers.exports.common import Desk, qr_svg, rank_words, titled
from contest.papers.spelling import spelled
from contest.results.exports import cell_words
from contest.results.preconditions import Member
from contest.results.queries.fairness import fairness_of_report
from contest.results.report import Cell, Line

# The sentences of the minutes on the screen: a paper says nothing in other words.
from contest.results.views.line_marks import line_marks
from contest.results.views.minutes_words import method_sentences, ruling_sentence, tie_sentences
from contest.results.views.trial_words import verdict

MOST_JUDGES = 9
"""So many judges have a column each; with more of them the scores of an entry stand in one cell."""


def summary(desk: Desk) -> Document:
    """Return the summary sheet: every judge's total for every entry, their sum and mean, the result and the rank."""
    report = desk.report
    blocks: list[Block] = [desk.head(_("Jury")), Title(_("Summary of scores"), f"{desk.contest} – {desk.round}")]
    for track, lines in report.groups:
        if report.tracks:
            blocks.append(Heading(desk.of(track) or _("Without a track")))
        blocks.append(_scores(desk, lines))
    blocks.append(_legend(desk))
    blocks.append(Signatures((desk.maker(), desk.secretary(), desk.chair())))
    return desk.document(_("Summary of scores"), blocks, landscape=True)


def _scores(desk: Desk, lines: tuple[Line, ...]) -> Table:
    judges = sorted({cell.judge for line in lines for cell in line.cells})
    wide = len(judges) <= MOST_JUDGES
    means = [_mean(desk, line) for line in lines]
    own = any(mean is not None and mean != line.result for mean, line in zip(means, lines, strict=True))
    heads = [desk.report.judges[one].code for one in judges] if wide else [_("Scores of the judges")]
    columns = (
        Column(_("No."), 0.45, "centre"),
        Column(_("Code"), 0.9),
        Column(_("Idea and team"), 3 if wide else 2.4),
        *(Column(one, 0.85 if wide else 3.4, "right" if wide else "left") for one in heads),
        Column(_("Sum"), 0.95, "right"),
        Column(_("Mean"), 0.95, "right"),
        *((Column(_("Result"), 0.95, "right"),) if own else ()),
        Column(_("Rank"), 0.7, "centre"),
        Column(_("Noted"), 1.8),
    )
    rows = numbered(
        (
            line.entrant.code,
            named(line),
            *_by_judge(desk, line, judges, wide=wide),
            desk.number(_sum(line)),
            desk.number(mean),
            *((desk.number(line.result),) if own else ()),
            rank_words(line),
            "; ".join(mark.words for mark in line_marks(line, desk.report)),
        )
        for line, mean in zip(lines, means, strict=True)
    )
    return Table(columns, rows, small=True)


def named(line: Line) -> str:
    """Return the idea with its team behind it, once when they are the same."""
    team = line.entrant.team
    return titled(line) if team in ("", titled(line)) else f"{titled(line)} ({team})"


def _by_judge(desk: Desk, line: Line, judges: list[int], *, wide: bool) -> list[str]:
    by_judge = {cell.judge: cell for cell in line.cells}
    if wide:
        return [_score(desk, by_judge[one]) if one in by_judge else "" for one in judges]
    told = (f"{desk.report.judges[one].code}: {_score(desk, by_judge[one])}" for one in judges if one in by_judge)
    return ["; ".join(told)]


def _score(desk: Desk, cell: Cell) -> str:
    return cell_words(cell.state) if cell.total is None else desk.number(cell.total)


def _sum(line: Line) -> str | None:
    totals = [Decimal(cell.total) for cell in line.cells if cell.total is not None]
    return format(sum(totals, Decimal(0)), "f") if totals else None


def _mean(desk: Desk, line: Line) -> str | None:
    """Return the plain mean of what counted, rounded half up once to the places of the round."""
    totals = [Fraction(cell.total) for cell in line.cells if cell.total is not None]
    if not totals:
        return None
    places = rules_from_json(desk.report.rules).decimals
    return format(round_half_up(sum(totals, Fraction(0)) / len(totals), places), "f")


def _legend(desk: Desk) -> Para:
    told = "; ".join(f"{one.code}: {one.name}" for one in desk.report.judges)
    return Para(told, lead=_("Judges of this round:"))


def minutes(desk: Desk) -> Document:
    """Return the minutes of the meeting: who was there, the method, the results, ties, decisions, how sure it is."""
    report, record = desk.report, desk.dossier.frozen.record
    blocks: list[Block] = [
        desk.head(_("Jury"), "BB-HĐGK", desk.details.minutes_number),
        Title(_("Minutes of the jury’s meeting"), f"{desk.contest} – {desk.round}"),
        Fields(
            (
                (_("Time"), ""),
                (_("Place"), ""),
                (_("Decision that set up the jury"), desk.details.council_decision),
            )
        ),
    ]
    if record is not None and record.correction:
        blocks.append(Para(record.correction, lead=_("This version corrects an earlier one:")))
    blocks += [Heading("I. " + _("Who took part")), *_council(desk)]
    blocks += [Heading("II. " + _("How the results were computed"))]
    blocks.append(Items(tuple(method_sentences(rules_from_json(report.rules), report)), numbered=True))
    blocks += [Heading("III. " + _("Results")), *results_tables(desk)]
    blocks += [Heading("IV. " + _("Ties and decisions in writing")), *_decisions(desk)]
    blocks += [Heading("V. " + _("Would the winner change?")), *_verdicts(desk)]
    blocks += [Heading("VI. " + _("Confirmation")), _confirmation(desk)]
    blocks += _signed_end(desk)
    blocks.append(Para(_("The minutes were read to all who were present, who agreed and signed.")))
    blocks.append(Signatures((desk.secretary(), desk.chair())))
    return desk.document(_("Minutes of the jury’s meeting"), blocks)


def _signed_end(desk: Desk) -> Iterator[Block]:
    head = desk.dossier.head
    if head is None:
        return
    yield Para(head.short, lead=_("End of the audit trail when the results were frozen, signed:"))
    text = head.printed(f"edition:{desk.dossier.edition.id}")
    told = _(
        "The QR code holds this code, its moment, the length and the root of the trail, and the key that signed."
        " Anybody can compare them with the mail of an observer or with the receipt of a judge; no network is needed."
    )
    yield Code(text, qr_svg(text).decode(), told)


def _council(desk: Desk) -> Iterator[Block]:
    record = desk.dossier.frozen.record
    if record is None or not record.has_attendance:
        yield Para(_("Attendance was not noted."))
        yield Fields(((_("Present"), ""), (_("Absent"), "")))
    else:
        present = [one for one in record.council if one.present]
        absent = [one for one in record.council if not one.present]
        told = _("Members: %(total)s, present: %(present)s, absent: %(absent)s.",
                 total=len(record.council), present=len(present), absent=len(absent))  # fmt: skip
        yield Para(told)
        for lead, members in ((_("Present:"), present), (_("Absent:"), absent)):
            yield Para(", ".join(map(_member, members)) or "–", lead=lead)
    judges = "; ".join(
        f"{one.name} ({one.organisation})" if one.organisation else one.name for one in desk.report.judges
    )
    yield Para(judges or "–", lead=_("Judges of this round:"))
    yield Fields(((_("Guests"), ""),))


def _member(one: Member) -> str:
    roles = [word for held, word in ((one.chair, _("chair")), (one.secretary, _("secretary"))) if held]
    return f"{one.name} ({', '.join(roles)})" if roles else one.name


def results_tables(desk: Desk) -> Iterator[Block]:
    """Yield the ranking of each track with the result in figures and in words."""
    columns = (
        Column(_("Rank"), 0.7, "centre"),
        Column(_("Code"), 1),
        Column(_("Idea and team"), 3.2),
        Column(_("Result"), 0.95, "right"),
        Column(_("In words"), 2.1),
        Column(_("Noted"), 1.6),
    )
    for track, lines in desk.report.groups:
        if desk.report.tracks:
            yield Para(desk.of(track) or _("Without a track"), style="bold")
        rows = tuple(
            (
                rank_words(line),
                line.entrant.code,
                named(line),
                desk.number(line.result),
                "" if line.result is None else spelled(line.result, desk.language),
                "; ".join(mark.words for mark in line_marks(line, desk.report)),
            )
            for line in lines
        )
        yield Table(columns, rows, small=True)


def _decisions(desk: Desk) -> Iterator[Block]:
    report, record = desk.report, desk.dossier.frozen.record
    titles = {line.entrant.code: f"“{line.entrant.title}”" for line in report.lines if line.entrant.title}
    ties = tuple(tie_sentences(report))
    rulings = tuple(ruling_sentence(one, titles) for one in record.rulings) if record else ()
    yield Para("" if ties else _("None."), lead=_("Ties:"))
    if ties:
        yield Items(ties)
    yield Para("" if rulings else _("None."), lead=_("Decisions in writing:"))
    if rulings:
        yield Items(rulings, numbered=True)


def _verdicts(desk: Desk) -> Iterator[Block]:
    report = desk.report
    facts = fairness_of_report(desk.dossier.round.id, report, desk.dossier.snapshot).fairness
    for one in facts.tracks:
        lead = "" if one.track is None else f"{desk.of(report.tracks[one.track].name)}:"
        yield Para(verdict(facts, one, report, desk.language), lead=lead)
    if not facts.tracks:
        yield Para(_("Nobody to rank yet"))


def _confirmation(desk: Desk) -> Para:
    record = desk.dossier.frozen.record
    how = record.confirmed_as if record else ""
    if record is None or not how:
        return Para(_("Not confirmed yet."))
    if how == "import":
        return Para(_("These results came from a file; nobody confirmed them here."))
    when = f"{desk.at(datetime.fromisoformat(record.confirmed_at)):%d/%m/%Y %H:%M}"
    if how == "chair":
        words = _("Confirmed by the chair of the jury, %(name)s, on %(time)s.", name=record.confirmed_by, time=when)
    else:
        words = _("The edition has no chair of the jury. Confirmed by the organiser %(name)s on %(time)s.",
                  name=record.confirmed_by, time=when)  # fmt: skip
    return Para(words)
