"""The signs of a panel in words: what was noticed, what else it may mean, what to do."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.judging.health import Finding, Sign
from contest.web.formats import decimal_text

LABELS = {
    Sign.LATE: _l("Behind"),
    Sign.FAST: _l("Quick"),
    Sign.FLAT: _l("Same marks"),
    Sign.EXTREMES: _l("Ends of the scale"),
    Sign.COPIED: _l("All criteria alike"),
    Sign.SAME_AS: _l("Same as another judge"),
    Sign.HALO: _l("Criteria hardly differ"),
    Sign.DRIFT: _l("Changes over time"),
    Sign.REVERSED: _l("Upside down"),
    Sign.WILD_SCORES: _l("Single scores far off"),
    Sign.DISAGREES: _l("Sees it differently"),
    Sign.SPLIT: _l("Judges far apart"),
    Sign.MISSING: _l("Judges missing"),
}
NOTICED = {
    Sign.LATE: _l("%(done)s of %(asked)s scorecards are handed in."),
    Sign.FAST: _l("A scorecard takes %(minutes)s minutes, with the others %(usual)s."),
    Sign.FLAT: _l("%(alike)s of %(cards)s scorecards have the very same marks."),
    Sign.EXTREMES: _l("%(seen)s of %(cards)s marks are the lowest or the highest possible."),
    Sign.COPIED: _l("On %(seen)s of %(cards)s scorecards all criteria have one and the same mark."),
    Sign.SAME_AS: _l("All %(shared)s shared submissions have the very same marks as those of %(other)s."),
    Sign.HALO: _l("The criteria of a scorecard lie %(spread)s of the scale apart, with the others %(usual)s."),
    Sign.DRIFT: _l("From the first of %(cards)s scorecards to the last, the totals moved against the other judges."),
    Sign.REVERSED: _l("On %(cards)s scorecards the submissions that others like best have the lowest totals."),
    Sign.WILD_SCORES: _l("%(wild)s of %(cards)s totals lie far from what the other judges lead to expect."),
    Sign.DISAGREES: _l(
        "Over %(cards)s scorecards the totals scatter %(times)s times as much as usual around the others'."
    ),
    Sign.SPLIT: _l("With the habits of the judges taken off, the totals still run from %(low)s to %(high)s."),
    Sign.MISSING: _l("Scorecards handed in: %(judges)s, needed: %(wanted)s."),
}
ADVICE = {
    Sign.LATE: _l("Send a reminder, or ask whether some submissions should go to another judge."),
    Sign.FAST: _l(
        "Perhaps the marks were noted on paper first. Ask whether there was time enough for every submission."
    ),
    Sign.FLAT: _l(
        "Perhaps the submissions really seemed alike. Ask the judge to look again at the best and the weakest."
    ),
    Sign.EXTREMES: _l("Perhaps the scale was read as yes or no. Show the judge what the steps between are meant for."),
    Sign.COPIED: _l(
        "Perhaps one impression was written down everywhere. Ask the judge to mark criterion by criterion."
    ),
    Sign.SAME_AS: _l("Perhaps the two talked it over. Ask that everybody marks alone first."),
    Sign.HALO: _l("Perhaps one impression coloured all criteria. Remind the judge of what each criterion asks."),
    Sign.DRIFT: _l("It happens to everybody who gets tired. Ask the judge to look again at the first few scorecards."),
    Sign.REVERSED: _l("Perhaps the scale was read the wrong way round. Ask, before the round is closed."),
    Sign.WILD_SCORES: _l(
        "Perhaps a slip of the pen, perhaps something only this judge saw. Ask to check these scorecards."
    ),
    Sign.DISAGREES: _l("Another view can be worth a lot. Let the chair hear the reasons before the round is closed."),
    Sign.SPLIT: _l("Let its judges talk about it, or ask one more judge. Nobody has to change a mark."),
    Sign.MISSING: _l("Assign another judge, or decide in writing that the result stands with fewer."),
}
WHOLE = frozenset({"done", "asked", "alike", "cards", "seen", "shared", "wild", "judges", "wanted"})
SHARES = frozenset({Sign.HALO})


def advice_words(sign: Sign) -> str:
    return str(ADVICE[sign])


def noticed_words(one: Finding, other: str) -> str:
    facts = {name: _number(one.sign, name, value) for name, value in one.facts.items()}
    facts["other"] = other
    words = str(NOTICED[one.sign]) % facts
    if one.sign is not Sign.DRIFT:
        return words
    turn = _("They became stricter.") if one.facts["change"] < 0 else _("They became kinder.")
    return f"{words} {turn}"


def _number(sign: Sign, name: str, value: float) -> str:
    if name in WHOLE:
        return str(round(value))
    return f"{value:.0%}" if sign in SHARES else decimal_text(f"{value:.1f}")
