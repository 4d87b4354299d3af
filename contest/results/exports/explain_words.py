"""The sum in words: one sentence per step, in Vietnamese or English, for pages, papers and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import force_locale

from contest.editions.rules import LocalText
from contest.judging.explaining import Step
from contest.judging.numbers import round_half_up, units_of
from contest.results.explain import explain_report
from contest.results.exports.explain_sentences import COUNTED, FALLBACKS, JUDGE, OUT, SENTENCES, THIS_ROUND, USUALLY
from contest.results.ranking import SELF
from contest.results.report import RoundReport

MOST_PLACES = 6
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """What judges (by position), criteria, bands and rounds (by code) are called; without a name the code stands."""

    judges: Sequence[str] = ()
    criteria: Mapping[str, LocalText] = field(default_factory=dict)
    bands: Mapping[str, LocalText] = field(default_factory=dict)
    rounds: Mapping[str, LocalText] = field(default_factory=dict)

    @classmethod
    def of(cls, report: RoundReport) -> Names:
        """Return the names that a report holds."""
        return cls(
            judges=tuple(judge.name or judge.code for judge in report.judges),
            criteria={one.code: one.name for one in report.rubric},
            bands={band["code"]: LocalText(band["vi"], band["en"]) for band in report.rules.get("bands", ())},
        )


NAMELESS = Names()


def sentences(steps: Iterable[Step], locale: str, names: Names = NAMELESS) -> list[str]:
    """Return one sentence per step. Needs an application for the translations, no request."""
    with force_locale(locale):
        words = _Words(names, locale)
        return [words.sentence(step) for step in steps]


def report_sentences(report: RoundReport, locale: str, names: Names | None = None) -> list[list[str]]:
    """Return the sentences of every line, in the order of the report."""
    explainer, named = explain_report(report), names or Names.of(report)
    return [sentences(explainer.steps(position), locale, named) for position in range(len(report.lines))]


class _Words:
    """Numbers, names and sentences in one language."""

    def __init__(self, names: Names, locale: str) -> None:
        self.names, self.locale = names, locale
        self.point = "." if locale.startswith("en") else ","

    def sentence(self, step: Step) -> str:
        """Return the sentence of a step."""
        code = step.code
        if code in _VARIANTS:
            code = f"{code}_{_VARIANTS[code](step.facts)}"
        facts = {name: self.fact(name, value) for name, value in step.facts.items()}
        facts.update({name: make(self, step.facts) for name, make in _MADE.get(step.code, {}).items()})
        if step.code == "decided_chair" and not step.facts["author"]:
            code = "decided_chair_unnamed"
        text = _counted(code, step.facts, facts) if code in COUNTED else str(SENTENCES[code]) % facts
        # An aggregate of one criterion names it in front.
        return f"{facts['criterion']}: {text}" if step.code in _OF_CRITERIA and "criterion" in facts else text

    def fact(self, name: str, value: Any) -> str:
        """Return a fact as it is written: by its name where that says what it is, else by its kind."""
        if name in _NAMED:
            return _NAMED[name](self, value)
        if isinstance(value, Decimal | Fraction):
            return self.plain(value) if name in _PLAIN else self.number(value)
        if isinstance(value, tuple) and all(isinstance(one, Decimal | Fraction) for one in value):
            return "; ".join(map(self.number, value))
        return str(value)

    def number(self, value: Decimal | Fraction) -> str:
        """Return a printed Decimal with all its places; a fraction in full or with six places and an ellipsis."""
        if isinstance(value, Decimal):
            return format(value, "f").replace(".", self.point)
        near = round_half_up(value, MOST_PLACES)
        if Fraction(near) != value:
            return f"{near:f}…".replace(".", self.point)
        return format(near, "f").rstrip("0").rstrip(".").replace(".", self.point)

    def plain(self, value: Decimal | Fraction) -> str:
        """Return a number without the zeros that say nothing."""
        if isinstance(value, Fraction):
            return self.number(value)
        units, places = units_of(value)
        return self.number(Fraction(units, 10**places))

    def judge(self, position: int) -> str:
        """Return a judge's name."""
        known = position < len(self.names.judges)
        return self.names.judges[position] if known else str(JUDGE) % {"number": position + 1}

    def criterion(self, code: str) -> str:
        """Return a criterion's name."""
        return self.name(self.names.criteria, code)

    def round(self, code: str) -> str:
        """Return a round's name."""
        return str(THIS_ROUND) if code == SELF else self.name(self.names.rounds, code)

    def name(self, names: Mapping[str, LocalText], code: str) -> str:
        """Return the name in this language; the code where there is none."""
        return names[code].in_(self.locale) or code if code in names else code

    def weighted(self, mark: Decimal | Fraction, weight: Decimal) -> str:
        """Return "8 × 2", or "8" where the weight is one."""
        return self.plain(mark) if weight == 1 else f"{self.plain(mark)} × {self.plain(weight)}"


def _counted(code: str, facts: Facts, written: Mapping[str, str]) -> str:
    """Return a sentence that bends to a number, which need not be whole: only one is one."""
    name, words = COUNTED[code]
    return words(1 if abs(facts[name]) == 1 else 2, **written)


def _terms_of_card(words: _Words, facts: Facts) -> str:
    return " + ".join(
        f"{words.criterion(code)} {words.weighted(mark, weight)}" for code, mark, weight in facts["terms"]
    )


def _terms_of_rounds(words: _Words, facts: Facts) -> str:
    terms = (
        f"{words.plain(weight)} × {words.number(value)} ({words.round(code)})" for code, weight, value in facts["terms"]
    )
    return " + ".join(terms)


def _totals(words: _Words, facts: Facts) -> str:
    return "; ".join(f"{words.judge(judge)} {words.number(total)}" for judge, total in facts["totals"])


def _moved(words: _Words, facts: Facts) -> str:
    return "; ".join(f"{words.number(one)} → {words.number(limit)}" for one, limit in facts["moved"])


def _shares(words: _Words, facts: Facts) -> str:
    parts = facts["parts"]
    return "; ".join(f"{words.judge(at)} {words.number(total)} → {words.number(share)}" for at, total, share in parts)


def _usual(words: _Words, facts: Facts) -> str:
    parts = (
        {
            "judge": words.judge(judge),
            "total": words.number(total),
            "mean": words.number(Fraction(mean)),
            "deviation": words.number(Fraction(deviation)),
        }
        for judge, total, mean, deviation in facts["parts"]
    )
    return "; ".join(str(USUALLY) % part for part in parts)


def _term(words: _Words, facts: Facts) -> str:
    return words.weighted(facts["mark"], facts["weight"])


def _size(words: _Words, facts: Facts) -> str:
    return words.plain(abs(facts["points"]))


_PLAIN = frozenset({"total", "weight", "scale_to", "per_cent", "points"})
_NAMED: Mapping[str, Callable[[_Words, Any], str]] = {
    "judge": _Words.judge,
    "criterion": _Words.criterion,
    "criteria": lambda words, codes: ", ".join(map(words.criterion, codes)) or "–",
    "rounds": lambda words, codes: ", ".join(map(words.round, codes)),
    "band": lambda words, code: words.name(words.names.bands, code),
    "state": lambda _words, state: str(OUT[state]),
    "note": lambda _words, note: str(FALLBACKS[note]),
}
_OF_CRITERIA = frozenset({"mean", "median", "trimmed", "clamped"})
_MADE: Mapping[str, Mapping[str, Callable[[_Words, Facts], str]]] = {
    "card": {"terms": _terms_of_card},
    "carried": {"terms": _terms_of_rounds},
    "scaled": {"totals": _totals},
    "clamped": {"moved": _moved},
    "ranks": {"parts": _shares},
    "zscore": {"parts": _usual},
    "measured": {"mark": _term},
    "ledger": {"points": _size},
    "decided_criterion": {"name": lambda words, facts: words.criterion(facts["code"])},
    "decided_earlier_round": {"name": lambda words, facts: words.round(facts["code"])},
}
_VARIANTS: Mapping[str, Callable[[Facts], str]] = {
    "card": lambda facts: "of_one" if len(facts["terms"]) == 1 and facts["terms"][0][2] == 1 else "of_many",
    "mean": lambda facts: "of_one" if len(facts["values"]) == 1 else "of_many",
    "clamped": lambda facts: "moved" if facts["moved"] else "within",
    "measured": lambda facts: facts["source"],
    "ledger": lambda facts: "minus" if facts["points"] < 0 else "plus",
    "rounded": lambda facts: "not" if Fraction(facts["value"]) == facts["exact"] else "half_up",
    "no_rank": lambda facts: "agreement" if facts["reason"] == "no_agreement" else "plain",
    "decided_earlier_round": lambda facts: "named" if facts["code"] else "nearest",
}
