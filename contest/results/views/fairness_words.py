"""Fairness in words: why a score moved, why a method is off, and what leaving one thing out would do."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from contest.results.fair_facts import Example, FairLine, JudgeSeverity, Reason
from contest.results.report import Line, RoundReport
from contest.web.formats import decimal_text

SURELY, HARDLY = 0.995, 0.005
NOTES = {
    "all_judged_all": _l(
        "Every judge scored every submission, so strict and kind judges meet all of them alike: the plain mean is fair "
        "as it is."
    ),
    "too_few_judges_to_compare": _l(
        "Fewer than three judges scored: a strict judge cannot be told from a weak submission, so the plain "
        "mean stands."
    ),
    "too_few_entries_to_compare": _l(
        "Fewer than six submissions are scored: too few to tell how strict a judge is, so the plain mean stands."
    ),
    "judges_not_linked": _l(
        "The judges fall into groups that share no submission. How strict one group is beside another cannot be known, "
        "so the plain mean stands, and it should not be used to compare the groups."
    ),
    "no_scorecard": _l("No scorecard counts yet."),
}
METHOD_NAMES = {
    "mean": _l("Plain mean"),
    "severity": _l("Strictness of each judge taken off"),
    "robust": _l("The same, and wild scores have less weight"),
    "ceiling": _l("The same, and a score at the top of the scale says “at least this”"),
}
SPREADS = {
    "narrow": _l("Your totals lie closer together than is usual here: good and weak submissions get nearly the same."),
    "usual": _l("You use about as much of the scale as is usual here."),
    "wide": _l("Your totals lie further apart than is usual here: you tell good and weak submissions apart sharply."),
}


def note_words(note: str) -> str:
    return str(NOTES[note])


def signed(number: object) -> str:
    text = str(number)
    if not text.strip("-0."):
        return decimal_text(text.lstrip("-"))
    return decimal_text(text if text.startswith("-") else f"+{text}").replace("-", "−")


def chance_words(chance: float) -> str:
    if chance > SURELY:
        return "> 99%"
    if chance < HARDLY:
        return "< 1%"
    return f"{chance:.0%}"


REASONS = {
    "none": _l("Its judges together were neither stricter nor kinder than the panel."),
    "stricter": _l("Its judges together were a little stricter than the panel: %(points)s"),
    "kinder": _l("Its judges together were a little kinder than the panel: %(points)s"),
    "few": _l("It has more or fewer scorecards than the others, and few of them are trusted less: %(points)s"),
}


def reason_words(line: FairLine) -> str:
    points = signed(line.change)
    if line.reason.code in REASONS:
        return str(REASONS[line.reason.code]) % {"points": points}
    return _third_words(line.reason, points)


def _third_words(reason: Reason, points: str) -> str:
    facts = {"judges": reason.judges, "points": points}
    if reason.code == "strict":
        return str(
            ngettext(
                "%(num)s of its %(judges)s judges was among the strictest: %(points)s",
                "%(num)s of its %(judges)s judges were among the strictest: %(points)s",
                reason.some,
                **facts,
            )
        )
    return str(
        ngettext(
            "%(num)s of its %(judges)s judges was among the kindest: %(points)s",
            "%(num)s of its %(judges)s judges were among the kindest: %(points)s",
            reason.some,
            **facts,
        )
    )


def entry_words(line: Line) -> str:
    return f"{line.entrant.code} “{line.entrant.title}”" if line.entrant.title else line.entrant.code


def example_words(example: Example, report: RoundReport) -> list[str]:
    """Return the worked example, one sentence per scorecard, then the mean and what it changes."""
    told = [_card_words(number, card) for number, card in enumerate(example.cards, 1)]
    told.append(
        _(
            "The mean of what is left is %(mean)s; the plain mean is %(raw)s.",
            mean=decimal_text(example.mean),
            raw=decimal_text(example.raw),
        )
    )
    if example.mean != example.fair:
        told.append(
            _("With all digits, and few scorecards trusted less, that makes %(fair)s.", fair=decimal_text(example.fair))
        )
    return [_("Example: %(submission)s.", submission=entry_words(report.lines[example.position])), *told]


def _card_words(number: int, card: object) -> str:
    total, severity, left = (getattr(card, name) for name in ("total", "severity", "left"))
    facts = {"number": number, "total": decimal_text(total), "left": decimal_text(left)}
    if not severity:
        return str(_("Judge %(number)s gave %(total)s and marks like the panel: %(left)s stays.", **facts))
    facts["points"] = decimal_text(abs(severity))
    if severity < 0:
        return str(_("Judge %(number)s gave %(total)s and is %(points)s stricter than the panel: %(left)s.", **facts))
    return str(_("Judge %(number)s gave %(total)s and is %(points)s kinder than the panel: %(left)s.", **facts))


def own_words(own: JudgeSeverity) -> str:
    """Return how strict a judge is, for the judge alone: what chance explains is called alike."""
    points = decimal_text(f"{abs(own.severity):.2f}")
    if own.low <= 0 <= own.high:
        return str(
            _(
                "You marked about as strictly as the panel: the difference of %(points)s points is within what chance "
                "explains.",
                points=points,
            )
        )
    if own.severity < 0:
        return str(_("You marked about %(points)s points stricter than the panel as a whole.", points=points))
    return str(_("You marked about %(points)s points kinder than the panel as a whole.", points=points))
