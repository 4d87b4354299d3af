"""How well a judge fits a submission: several parts, each weighed by the organiser and explained pair by pair.

Every part is a number from 0 to 1. A part about which nothing at all is known in a round counts nothing; where it is
known of some judges only, the others get the mean of those, so that silence neither helps nor harms. The fit is the
weighted mean of the parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from contest.judging.states import Bid
from contest.judging.wording import language_of, likeness, shared_words
from contest.lazy import lazy
from contest.letters import fold

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Bools, Floats, Pair
else:
    np = lazy("numpy")

TRACK = 0.6  # what knowing the track is worth where the field would be worth 1
BID_VALUES = {Bid.WANT: 1.0, Bid.CAN: 0.65, Bid.RATHER_NOT: 0.0}
NO_BID = 0.5
SEASONED = 10  # years of experience from which on more make no difference
HEAVIEST = 10


class PartCode(StrEnum):
    """What the fit is made of."""

    FIELD = "field"
    TEXT = "text"
    LANGUAGE = "language"
    BID = "bid"
    PAST_LOAD = "past_load"
    SEEN = "seen"
    EXPERIENCE = "experience"


@dataclass(frozen=True, slots=True)
class FitRules:
    """How much each part weighs, 0 to `HEAVIEST`, and whether it is good that a judge saw the entry before."""

    field: int = 3
    text: int = 2
    language: int = 2
    bid: int = 2
    past_load: int = 1
    seen: int = 1
    experience: int = 0
    again: bool = False

    def weight(self, part: PartCode) -> int:
        """Return what a part weighs."""
        found: int = getattr(self, part.value)
        return found


@dataclass(frozen=True, slots=True)
class Topic:
    """A submission as it is fitted: folded names of its field and of its track, its text."""

    field: frozenset[str] = frozenset()
    track: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A judge as fitted: folded names of fields, own words, languages ("vi", "en"), years, entries in earlier rounds.

    No field, no language, None for the years: it is not known.
    """

    fields: frozenset[str] = frozenset()
    text: str = ""
    languages: frozenset[str] = frozenset()
    experience: int | None = None
    past_load: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of one pair's fit: a value from 0 to 1, its weight, and what it rests on; see `Fit.explain`."""

    code: PartCode
    value: float
    weight: int
    facts: Mapping[str, Any]


def words_of(*names: str) -> frozenset[str]:
    """Return names as they are compared: folded, empty ones left out."""
    return frozenset(filter(None, map(fold, names)))


_LANGUAGES = {
    "vi": ("vi", "vn", "vie", "viet", "tieng viet", "viet nam", "vietnamese", "tv"),
    "en": ("en", "eng", "anh", "tieng anh", "english", "ta"),
}
_LANGUAGE_CODES = {name: code for code, names in _LANGUAGES.items() for name in names}


def languages_of(text: str) -> frozenset[str]:
    """Return the codes of languages in a list separated by ";" or ","; an unknown language is its own folded name."""
    names = (fold(part) for part in text.replace(",", ";").split(";"))
    return frozenset(_LANGUAGE_CODES.get(name, name) for name in names if name)


def field_affinity(subjects: Sequence[frozenset[str]], interests: Sequence[frozenset[str]]) -> Floats:
    """Return 1 for each (submission, judge) with a common word, else 0, as a matrix submissions x judges.

    `subjects` holds the folded names of each submission's field, `interests` those that each judge named. The work
    grows with the matches, not with submissions x judges.
    """
    knowing: dict[str, list[int]] = defaultdict(list)
    for judge, words in enumerate(interests):
        for word in words:
            knowing[word].append(judge)
    matrix = np.zeros((len(subjects), len(interests)), dtype=np.float32)
    for submission, words in enumerate(subjects):
        for word in words:
            matrix[submission, knowing.get(word, [])] = 1.0
    return matrix


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that is known of a round's submissions and judges; pairs are (submission, judge), by positions."""

    topics: Sequence[Topic]
    judges: Sequence[Knowledge]
    bids: Mapping[Pair, Bid] = field(default_factory=dict)
    seen: Collection[Pair] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """How well everybody fits: `matrix` and `foreign` are submissions x judges.

    `foreign` marks who does not read the language of a submission (`languages`, "" where nobody can tell).
    """

    known: Known
    rules: FitRules
    matrix: Floats
    foreign: Bools
    languages: tuple[str, ...]
    parts: Mapping[PartCode, Floats]

    def explain(self, pair: Pair) -> tuple[Part, ...]:
        """Return the parts of a pair that count, the heaviest first.

        Facts: `known` of every part; FIELD and SEEN `match` ("field", "track" or "") and `seen`, `again`; TEXT `words`;
        LANGUAGE `language`, `reads`; BID `bid`; PAST_LOAD `load`; EXPERIENCE `years`.
        """
        found = [
            Part(code, float(values[pair]), self.rules.weight(code), _FACTS[code](self, pair))
            for code, values in self.parts.items()
        ]
        return tuple(sorted(found, key=lambda one: -one.weight))


def fit(known: Known, rules: FitRules | None = None) -> Fit:
    """Return how well every judge fits every submission, 0 to 1; nothing known at all is 0 for everybody."""
    rules = rules or FitRules()
    shape = len(known.topics), len(known.judges)
    languages = tuple(_languages(known))
    reads = _reads(known, languages)
    parts: dict[PartCode, Floats] = {}
    for code, make in _VALUES.items():
        values = make(known, rules) if rules.weight(code) else None
        if values is not None:
            parts[code] = values
    if reads is not None and rules.language:
        parts[PartCode.LANGUAGE] = _filled(reads)
    total = sum(rules.weight(code) for code in parts)
    matrix = np.zeros(shape, dtype=np.float32)
    for code, values in parts.items():
        matrix += np.float32(rules.weight(code) / total) * values
    foreign = np.zeros(shape, dtype=bool) if reads is None or not rules.language else reads == 0
    return Fit(known, rules, np.clip(matrix, 0.0, 1.0), foreign, languages, parts)


def _filled(values: Floats) -> Floats:
    """Put the mean of those known in a row where nothing is known (NaN); one half where nobody's is."""
    blank = np.isnan(values)
    if not blank.any():
        return values
    count = (~blank).sum(axis=1, keepdims=True)
    mean = np.where(count, np.where(blank, 0, values).sum(axis=1, keepdims=True) / np.maximum(count, 1), 0.5)
    return np.asarray(np.where(blank, mean, values), dtype=np.float32)


def _field_values(known: Known, _: FitRules) -> Floats | None:
    interests = [judge.fields for judge in known.judges]
    if not any(interests):
        return None
    values = field_affinity([one.track for one in known.topics], interests) * np.float32(TRACK)
    values = np.maximum(values, field_affinity([one.field for one in known.topics], interests))
    values[:, [not named for named in interests]] = np.nan
    values[[not one.field and not one.track for one in known.topics]] = np.nan
    return _filled(values)


def _text_values(known: Known, _: FitRules) -> Floats | None:
    silent = [not judge.text.strip() for judge in known.judges]
    if all(silent):
        return None
    values = likeness([one.text for one in known.topics], [judge.text for judge in known.judges])
    values[:, silent] = np.nan
    return _filled(values)


def _bid_values(known: Known, _: FitRules) -> Floats | None:
    if not known.bids:
        return None
    values = np.full((len(known.topics), len(known.judges)), NO_BID, dtype=np.float32)
    for pair, bid in known.bids.items():
        values[pair] = BID_VALUES[bid]
    return values


def _past_values(known: Known, _: FitRules) -> Floats | None:
    past = np.array([judge.past_load for judge in known.judges], dtype=np.float32)
    if not past.any():
        return None
    return np.tile(1 - past / past.max(), (len(known.topics), 1))


def _seen_values(known: Known, rules: FitRules) -> Floats | None:
    if not known.seen:
        return None
    values = np.full((len(known.topics), len(known.judges)), 0.0 if rules.again else 1.0, dtype=np.float32)
    for pair in known.seen:
        values[pair] = 1.0 if rules.again else 0.0
    return values


def _experience_values(known: Known, _: FitRules) -> Floats | None:
    years = [np.nan if judge.experience is None else judge.experience for judge in known.judges]
    values = np.clip(np.array(years, dtype=np.float32) / SEASONED, 0.0, 1.0)
    if np.isnan(values).all():
        return None
    return _filled(np.tile(values, (len(known.topics), 1)))


_VALUES: dict[PartCode, Callable[[Known, FitRules], Floats | None]] = {
    PartCode.FIELD: _field_values,
    PartCode.TEXT: _text_values,
    PartCode.BID: _bid_values,
    PartCode.PAST_LOAD: _past_values,
    PartCode.SEEN: _seen_values,
    PartCode.EXPERIENCE: _experience_values,
}


def _languages(known: Known) -> list[str]:
    asked = any(judge.languages for judge in known.judges)
    return [language_of(one.text) if asked else "" for one in known.topics]


def _reads(known: Known, languages: Sequence[str]) -> Floats | None:
    """Return 1 for a judge who reads the submission's language, 0 for one who does not, NaN where nobody can tell."""
    if not any(languages):
        return None
    values = np.full((len(known.topics), len(known.judges)), np.nan, dtype=np.float32)
    told = np.array([bool(judge.languages) for judge in known.judges])
    for language in sorted(set(filter(None, languages))):
        row = np.array([1.0 if language in judge.languages else 0.0 for judge in known.judges], dtype=np.float32)
        written = np.array([one == language for one in languages])
        values[np.ix_(written, told)] = row[told]
    return values


def _field_facts(one: Fit, pair: Pair) -> dict[str, Any]:
    topic, judge = one.known.topics[pair[0]], one.known.judges[pair[1]]
    match = "field" if topic.field & judge.fields else "track" if topic.track & judge.fields else ""
    return {"known": bool(judge.fields and (topic.field or topic.track)), "match": match}


def _text_facts(one: Fit, pair: Pair) -> dict[str, Any]:
    topic, judge = one.known.topics[pair[0]], one.known.judges[pair[1]]
    return {"known": bool(judge.text.strip()), "words": shared_words(topic.text, judge.text)}


def _language_facts(one: Fit, pair: Pair) -> dict[str, Any]:
    language, spoken = one.languages[pair[0]], one.known.judges[pair[1]].languages
    return {"known": bool(language and spoken), "language": language, "reads": language in spoken}


def _bid_facts(one: Fit, pair: Pair) -> dict[str, Any]:
    bid = one.known.bids.get(pair)
    return {"known": bid is not None, "bid": bid}


def _past_facts(one: Fit, pair: Pair) -> dict[str, Any]:
    return {"known": True, "load": one.known.judges[pair[1]].past_load}


def _seen_facts(one: Fit, pair: Pair) -> dict[str, Any]:
    return {"known": True, "seen": pair in one.known.seen, "again": one.rules.again}


def _experience_facts(one: Fit, pair: Pair) -> dict[str, Any]:
    years = one.known.judges[pair[1]].experience
    return {"known": years is not None, "years": years}


_FACTS: dict[PartCode, Callable[[Fit, Pair], dict[str, Any]]] = {
    PartCode.FIELD: _field_facts,
    PartCode.TEXT: _text_facts,
    PartCode.LANGUAGE: _language_facts,
    PartCode.BID: _bid_facts,
    PartCode.PAST_LOAD: _past_facts,
    PartCode.SEEN: _seen_facts,
    PartCode.EXPERIENCE: _experience_facts,
}


def rules_to_json(rules: FitRules) -> dict[str, int | bool]:
    """Return the rules as they are stored."""
    return {**{part.value: rules.weight(part) for part in PartCode}, "again": rules.again}


def rules_from_json(stored: Mapping[str, Any]) -> FitRules:
    """Read what `rules_to_json` wrote; what is absent has its usual weight, what is no weight too."""
    usual = FitRules()
    weights = {part.value: _weight(stored.get(part.value), usual.weight(part)) for part in PartCode}
    return FitRules(**weights, again=stored.get("again") is True)


def _weight(stored: object, usual: int) -> int:
    return stored if type(stored) is int and 0 <= stored <= HEAVIEST else usual
