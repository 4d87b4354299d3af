"""The method of a round and the decisions of its meeting, in sentences for the minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from contest.editions.rules import Aggregate, Combine, Decide, RoundRules
from contest.results.frozen import RulingLine
from contest.results.report import Line, RoundReport
from contest.results.views.line_marks import step_words
from contest.web.formats import decimal_text

AGGREGATES = {
    Aggregate.MEAN: _l("The judges' marks are averaged."),
    Aggregate.MEDIAN: _l("The middle one of the judges' marks counts."),
    Aggregate.TRIMMED: _l("The %(trim)s highest and the %(trim)s lowest are dropped, the others averaged."),
    Aggregate.CLAMPED: _l("Marks further than %(clamp)s from the mean are moved to that limit, then averaged."),
    Aggregate.SEVERITY: _l("The strictness of each judge is estimated and taken off."),
    Aggregate.ZSCORE: _l("Each judge's marks are brought to the same mean and spread, then averaged."),
    Aggregate.RANKS: _l("Each judge's marks only give an order; the mean place counts."),
}
RULINGS = {
    "missing_part": _l("a part is missing, its criteria count with the lowest mark"),
    "chair_order": _l("order within a tie, by the chair"),
    "agreed_rank": _l("place agreed by the jury"),
    "advance": _l("advances, chosen among those tied at the line"),
    "wild_card": _l("advances with a wild card"),
    "held_back": _l("does not advance, the next moves up"),
    "cut_top": _l("another number of places"),
    "spread_settled": _l("judges far apart: looked at by the chair"),
    "unfinished_accepted": _l("finalised although scorecards are missing"),
    "quorum_accepted": _l("valid although the quorum was not reached"),
    "few_entries_accepted": _l("valid although there are few entries"),
    "award": _l("award decided"),
}


def method_sentences(rules: RoundRules, report: RoundReport) -> Iterator[str]:
    if rules.decide is Decide.AGREEMENT:
        yield _("The jury agreed on the places; the numbers stand beside them.")
    if rules.combine is Combine.CRITERION:
        yield _("Each criterion is combined over the judges on its own, rounded, and multiplied by its weight.")
    else:
        yield _("The weighted total of each scorecard is combined over the judges.")
    facts = {"trim": rules.trim, "clamp": decimal_text(rules.clamp or Decimal(0))}
    yield str(AGGREGATES[rules.aggregate]) % facts
    if rules.scale_to is not None:
        yield _("The sum is scaled to %(maximum)s.", maximum=decimal_text(rules.scale_to))
    yield ngettext(
        "Results are rounded half up to %(num)s decimal place; what is printed decides.",
        "Results are rounded half up to %(num)s decimal places; what is printed decides.",
        rules.decimals,
    )
    yield ngettext(
        "At least %(num)s scorecard is needed for a place.",
        "At least %(num)s scorecards are needed for a place.",
        rules.min_judges,
    )
    if rules.carry:
        listed = ", ".join(f"{code} × {decimal_text(weight)}" for code, weight in rules.carry)
        yield _("Earlier rounds count: %(rounds)s.", rounds=listed)
    if rules.tie_breaks:
        steps = " → ".join(step_words(step, report) for step in rules.tie_breaks)
        yield _("Ties are settled by: %(steps)s; where this ends, the place is shared.", steps=steps)
    else:
        yield _("Equal results share the place (1-2-2-4).")


def ruling_sentence(ruling: RulingLine, titles: Mapping[str, str]) -> str:
    what = str(RULINGS.get(ruling.kind, ruling.kind))
    about = f"{ruling.entry} {titles.get(ruling.entry, '')}".strip()
    value = f" ({ruling.value})" if ruling.value else ""
    head = f"{about}: {what}{value}" if about else f"{what[:1].upper()}{what[1:]}{value}"
    return str(_("%(what)s. Reason: %(reason)s (%(author)s)", what=head, reason=ruling.reason, author=ruling.author))


def tie_sentences(report: RoundReport) -> Iterator[str]:
    """Yield who was tied and what settled it, or that the place is shared; in rank order."""
    seen: set[tuple[str | None, str]] = set()
    for line in report.lines:
        group = _tied_with(report, line)
        key = (line.entrant.track, line.result or "")
        if len(group) < 2 or key in seen:  # noqa: PLR2004  one alone is no tie
            continue
        seen.add(key)
        codes = ", ".join(one.entrant.code for one in group)
        yield _(
            "%(codes)s have the same result %(result)s: %(outcome)s.",
            codes=codes,
            result=decimal_text(line.result),
            outcome=_outcome(group, report),
        )


def _tied_with(report: RoundReport, line: Line) -> list[Line]:
    if line.rank is None or line.result is None:
        return []
    return [
        one
        for one in report.lines
        if one.rank is not None and one.result == line.result and one.entrant.track == line.entrant.track
    ]


def _outcome(group: list[Line], report: RoundReport) -> str:
    steps = list(dict.fromkeys(one.decided_by for one in group if one.decided_by))
    words = "; ".join(step_words(step, report) for step in steps)
    if not words:
        return str(_("they share the place"))
    if any(one.tied for one in group):
        return str(_("settled in part by %(steps)s, the rest share the place", steps=words))
    return str(_("settled by %(steps)s", steps=words))
