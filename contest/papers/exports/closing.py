"""The closing report with its charts, and the badges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from contest.judging.numbers import format_decimal
from contest.papers.blocks import (
    Bar,
    Bars,
    Block,
    Card,
    Cards,
    Column,
    Document,
    Heading,
    Lines,
    Para,
    Signatures,
    Span,
    Spans,
    Table,
    Title,
)
from contest.papers.exports.common import TEST, Desk, qr_svg, rank_words, titled
from contest.papers.exports.honours import given, honoured
from contest.papers.spelling import dong, spelled
from contest.results.report import Line

MOST_BARS = 20
SHORT = 46  # letters of a label beside a bar
QR = "door.svg"


def report_paper(desk: Desk) -> Document:
    """Return the closing report: how many took part, the results with charts, the judges, the awards and the money."""
    blocks: list[Block] = [
        desk.head(_("Organising committee"), "BC-BTC", desk.details.report_number),
        Title(_("Closing report"), f"{desk.contest} – {desk.round}"),
        Heading("1. " + _("Who took part")),
        Para(_taking_part(desk)),
        _overview(desk),
        *_participation(desk),
        Heading("2. " + _("Results")),
    ]
    for track, members in desk.report.groups:
        ranked = [line for line in members if line.result is not None][:MOST_BARS]
        if ranked:
            blocks.append(_results(desk, ranked, desk.of(track)))
    blocks += [Heading("3. " + _("How the judges marked")), *_judges(desk)]
    blocks += [Heading("4. " + _("Awards and money")), *_awards(desk)]
    blocks += [Heading("5. " + _("Remarks and proposals")), Lines(3)]
    blocks.append(Signatures((desk.organisers(),), (_("as above"), _("for the archive")), _("Copies to:")))
    return desk.document(_("Closing report"), blocks, awards=True)


def _taking_part(desk: Desk) -> str:
    teams = len(desk.report.lines)
    people = sum(len(line.entrant.members) for line in desk.report.lines)
    schools = len({line.entrant.school for line in desk.report.lines if line.entrant.school})
    return " ".join(
        (
            ngettext("%(num)s submission took part.", "%(num)s submissions took part.", teams),
            ngettext("%(num)s member is named.", "%(num)s members are named.", people),
            ngettext("%(num)s school or unit.", "%(num)s schools and units.", schools),
        )
    )


def _overview(desk: Desk) -> Table:
    report = desk.report
    counts = (
        (_("Submissions"), len(report.lines)),
        (_("Submissions with a result"), sum(line.result is not None for line in report.lines)),
        (_("Judges"), len(report.judges)),
        (_("Scorecards that count"), sum(line.judges for line in report.lines)),
        (_("Scorecards that were assigned"), report.expected),
    )
    columns = (Column(_("What"), 3), Column(_("In figures"), 1, "right"), Column(_("In words"), 2.6))
    return Table(columns, tuple((what, str(count), spelled(count, desk.language)) for what, count in counts))


def _participation(desk: Desk) -> Iterator[Block]:
    by_track = Counter(desk.of(desk.report.track_name(line.entrant.track)) for line in desk.report.lines)
    by_field = Counter(line.entrant.field or "" for line in desk.report.lines)
    by_school = Counter(line.entrant.school for line in desk.report.lines)
    for title, found in (
        (_("Submissions by track"), by_track),
        (_("Submissions by field"), by_field),
        (_("Submissions by school or unit"), by_school),
    ):
        named_ones = Counter({name: count for name, count in found.items() if name})
        if named_ones:
            yield _count_bars(title, named_ones)


def _count_bars(title: str, found: Counter[str]) -> Bars:
    most = max(found.values())
    listed = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    bars = [Bar(_short(name), count / most, str(count)) for name, count in listed[:MOST_BARS]]
    rest = sum(count for _name, count in listed[MOST_BARS:])
    if rest:
        bars.append(Bar(_("All others"), min(1.0, rest / most), str(rest)))
    return Bars(title, (_("What"), _("Number")), tuple(bars))


def _results(desk: Desk, ranked: Sequence[Line], track: str) -> Bars:
    top = max(Decimal(line.result or "0") for line in ranked)
    bars = tuple(
        Bar(
            f"{rank_words(line)}. {line.entrant.code} {_short(titled(line))}",
            float(Decimal(line.result or "0") / top) if top > 0 else 0.0,
            desk.number(line.result),
        )
        for line in ranked
    )
    title = _("Results, %(track)s", track=track) if track else _("Results")
    return Bars(title, (_("Submission"), _("Result")), tuple(_held(bar) for bar in bars))


def _held(bar: Bar) -> Bar:
    return Bar(bar.label, min(1.0, max(0.0, bar.share)), bar.text)


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def _judges(desk: Desk) -> Iterator[Block]:
    """Yield each judge's load, mean and spread on one scale from the lowest to the highest total that was given."""
    report = desk.report
    given_by: dict[int, list[Fraction]] = {number: [] for number in range(len(report.judges))}
    for line in report.lines:
        for cell in line.cells:
            if cell.total is not None:
                given_by[cell.judge].append(Fraction(cell.total))
    every = [value for values in given_by.values() for value in values]
    if not every:
        yield Para(_("No scorecard counts in this round."))
        return
    low, high = min(every), max(every)
    spans = tuple(_span(desk, judge, sorted(values), low, high) for judge, values in given_by.items() if values)
    yield Spans(
        _("Totals that each judge gave: lowest to highest, every scorecard a dot, the mean in red"),
        (_("Judge"), _("Scorecards, mean, lowest – highest")),
        (desk.number(format_decimal(low, 2)), desk.number(format_decimal(high, 2))),
        spans,
    )


def _span(desk: Desk, judge: int, values: list[Fraction], low: Fraction, high: Fraction) -> Span:
    def at(value: Fraction) -> float:
        return float((value - low) / (high - low)) if high > low else 0.5

    mean = sum(values, Fraction(0)) / len(values)
    printed = [desk.number(format_decimal(value, 2)) for value in (mean, values[0], values[-1])]
    words = f"{len(values)} · {printed[0]} · {printed[1]} – {printed[2]}"
    name = desk.report.judges[judge].name
    return Span(_short(name), at(values[0]), at(mean), at(values[-1]), tuple(map(at, values)), words)


def _awards(desk: Desk) -> Iterator[Block]:
    prizes = given(desk)
    if not prizes:
        yield Para(_("No award has been settled on these results."))
        return
    total = sum(prize.amount for _line, prize in prizes)
    yield honoured(desk)
    yield Para(
        _("%(amount)s dong (%(words)s).", amount=desk.money(total), words=dong(total, desk.language)),
        lead=_("Money in all:"),
    )


def badges(desk: Desk) -> Cards:
    """Return a badge for every judge and every team, with the door where they sign in as a QR code."""
    report = desk.report
    picture = QR if desk.address else ""
    judges = [Card(one.name, _("Judge"), one.organisation, one.code, picture) for one in report.judges]
    lines = sorted(report.lines, key=lambda line: line.entrant.code)
    teams = [
        Card(
            line.entrant.team or titled(line),
            _("Team"),
            line.entrant.school or titled(line),
            line.entrant.code,
            picture,
        )
        for line in lines
    ]
    return Cards(
        title=_("Badges"),
        language=desk.language,
        foot=desk.foot(),
        contest=desk.contest,
        organiser=report.organiser,
        hint=_("Scan to sign in with the six digits from the desk") if picture else "",
        cards=(*judges, *teams),
        pictures={QR: qr_svg(desk.address)} if picture else {},
        mark=TEST if desk.dossier.edition.is_test else "",
    )
