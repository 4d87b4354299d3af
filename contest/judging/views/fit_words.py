"""The parts of a fit in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.judging.affinity import Fit, Part, PartCode
from contest.judging.plan import Advice, Pair
from contest.judging.states import Bid

PART_WORDS: dict[PartCode, Any] = {
    PartCode.FIELD: _l("field"),
    PartCode.TEXT: _l("text"),
    PartCode.LANGUAGE: _l("language"),
    PartCode.BID: _l("wish"),
    PartCode.PAST_LOAD: _l("earlier load"),
    PartCode.SEEN: _l("seen before"),
    PartCode.EXPERIENCE: _l("experience"),
}
LANGUAGE_WORDS = {"vi": _l("Vietnamese"), "en": _l("English")}
_BID_WORDS = {Bid.WANT: _l("wants it"), Bid.CAN: _l("can"), Bid.RATHER_NOT: _l("rather not")}


def fit_words(fit: Fit, pair: Pair) -> str:
    """Return why a judge fits as the matrix shows it: every part, the heaviest first."""
    return " + ".join(map(part_words, fit.explain(pair)))


def part_words(part: Part) -> str:
    # A formula: "text .4 × 2 (shared words: …)"; its words are translated one by one.
    formula = f"{PART_WORDS[part.code]} {format_decimal(part.value, '0.00')} × {part.weight}"
    reason = reason_words(part)
    return f"{formula} ({reason})" if reason else formula


def reason_words(part: Part) -> str:
    if not part.facts["known"] and part.code is not PartCode.BID:
        return str(_("not known, so the mean of the others"))
    return _REASONS[part.code](part.facts)


def few_readers_words(fit: Fit, advice: Advice) -> str:
    """Return that too few judges read the language of some submissions, with the numbers."""
    codes = sorted({fit.languages[one] for one in advice.submissions} - {""})
    need = ngettext(
        "%(num)s submission in %(language)s needs %(seats)s seats",
        "%(num)s submissions in %(language)s need %(seats)s seats",
        len(advice.submissions),
        language=", ".join(str(LANGUAGE_WORDS[code]) for code in codes),
        seats=advice.seats,
    )
    who = ngettext(
        "only %(num)s judge without a conflict reads that",
        "only %(num)s judges without a conflict read that",
        len(advice.judges),
    )
    facts = {"need": need, "who": who, "room": advice.room, "count": advice.count}
    return str(_("%(need)s; %(who)s, with room for %(room)s: %(count)s go to judges who do not read it.", **facts))


def _field(facts: Mapping[str, Any]) -> str:
    words = {"field": _("knows the field"), "track": _("knows the track")}
    return str(words.get(facts["match"], _("another field")))


def _text(facts: Mapping[str, Any]) -> str:
    if not facts["words"]:
        return str(_("no word in common"))
    return str(_("shared words: %(words)s", words=", ".join(facts["words"])))


def _language(facts: Mapping[str, Any]) -> str:
    language = LANGUAGE_WORDS[facts["language"]]
    if facts["reads"]:
        return str(_("reads %(language)s", language=language))
    return str(_("does not read %(language)s", language=language))


def _bid(facts: Mapping[str, Any]) -> str:
    return str(_BID_WORDS[facts["bid"]]) if facts["bid"] else str(_("said nothing"))


def _past(facts: Mapping[str, Any]) -> str:
    return str(ngettext("%(num)s submission in earlier rounds", "%(num)s submissions in earlier rounds", facts["load"]))


def _seen(facts: Mapping[str, Any]) -> str:
    return str(_("has judged it in an earlier round") if facts["seen"] else _("has not judged it before"))


def _experience(facts: Mapping[str, Any]) -> str:
    return str(ngettext("%(num)s year", "%(num)s years", facts["years"]))


_REASONS: dict[PartCode, Callable[[Mapping[str, Any]], str]] = {
    PartCode.FIELD: _field,
    PartCode.TEXT: _text,
    PartCode.LANGUAGE: _language,
    PartCode.BID: _bid,
    PartCode.PAST_LOAD: _past,
    PartCode.SEEN: _seen,
    PartCode.EXPERIENCE: _experience,
}
