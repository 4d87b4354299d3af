"""What the ranking says beside a result: what decided, what waits, what stands out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.editions.rules import LocalText
from contest.results.report import Line, RoundReport
from contest.web.formats import decimal_text, local

REASONS = {
    "no_scorecard": _l("not scored"),
    "too_few_judges": _l("too few scorecards"),
    "too_few_to_trim": _l("too few scorecards to trim"),
    "not_measured": _l("not measured yet"),
    "carry_missing": _l("no result in an earlier round"),
    "no_agreement": _l("no agreed place yet"),
}
STATUSES = {"incomplete": _l("too few scorecards"), "unscored": _l("not scored")}


@dataclass(frozen=True, slots=True)
class Mark:
    # One badge of a line.
    code: str
    words: str
    tone: str
    icon: str


def line_marks(line: Line, report: RoundReport) -> Iterator[Mark]:
    if line.status != "ranked":
        yield Mark("incomplete", str(REASONS.get(line.reason or "", STATUSES[line.status])), "warn", "hourglass-split")
    if line.awaits_chair:
        yield Mark("waits", _("waits for the chair"), "warn", "hourglass-split")
    if line.decided_by:
        yield Mark("decided", _("decided by: %(step)s", step=step_words(line.decided_by, report)), "info", "list-ol")
    if line.band:
        yield Mark("band", local(_band(line.band, report)) or line.band, "gold", "award")
    if line.alarm:
        words = _("judges %(spread)s apart", spread=decimal_text(line.spread or "0"))
        yield Mark("alarm", words, "bad", "exclamation-triangle")
    if line.ledger and line.ledger.strip("-0."):
        yield Mark("ledger", _("%(points)s by decision", points=_signed(line.ledger)), "info", "pencil")


def _signed(points: str) -> str:
    return decimal_text(points) if points.startswith("-") else f"+{decimal_text(points)}"


def _band(code: str, report: RoundReport) -> LocalText:
    found = next((one for one in report.rules.get("bands", ()) if one["code"] == code), None)
    return LocalText(found["vi"], found["en"]) if found else LocalText()


LADDER = {
    "judges_preferring": _l("more judges prefer it"),
    "highest_scorecard": _l("highest single scorecard"),
    "lower_spread": _l("judges closer together"),
    "earlier_round": _l("earlier round"),
    "chair": _l("the chair's decision"),
    "agreement": _l("the jury's agreement"),
}


def step_words(step: str, report: RoundReport) -> str:
    kind, _colon, code = step.partition(":")
    if kind == "criterion":
        name = next((one.name for one in report.rubric if one.code == code), LocalText())
        return str(_("criterion %(name)s", name=local(name) or code))
    words = str(LADDER.get(kind, kind))
    return f"{words} ({code})" if code else words
