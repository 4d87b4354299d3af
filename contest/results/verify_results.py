"""Check published contest results without the software that made them.

    python verify_results.py BUNDLE.zip [--language en] [--fingerprint HEX] [--commitment FILE.json] [--announced HEX]

Kiểm tra kết quả cuộc thi mà không cần phần mềm đã tính ra nó. Needs Python 3.11 or newer and nothing else: no network,
no installed package, no line of the application. It reads the marks and the rules, computes every result again in exact
fractions by an implementation of its own, and compares. Exit status: 0 all agrees, 1 something differs, 2 the bundle
cannot be read, 3 nothing differs but something could not be computed again.

One file on purpose, so that it can travel with a bundle; the rules it follows are written down in docs/verify.md.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import sys
import tomllib
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import combinations, groupby
from pathlib import Path
from typing import Any

FORMAT = "bang-vang-results/1"
MANIFEST, DOCUMENT, RESULTS, EXPECTED = "manifest.json", "edition.toml", "results.json", "expected.csv"
SNAPSHOTS, SNAPSHOT_FORMATS = "snapshots/", (1, 2)
RANKED, INCOMPLETE, UNSCORED = "ranked", "incomplete", "unscored"
LARGEST = 512 * 1024 * 1024  # bytes of all files together
ZERO, ONE = Fraction(0), Fraction(1)
FEWEST_JUDGES, FEWEST_ENTRIES = 3, 6  # for an aggregate that compares judges with each other
PLACES_OF_ROOTS, PLACES_KEPT = 60, 50  # a root is computed to 60 digits; beyond 50 nothing is believed

Totals = dict[str, dict[str, Fraction]]  # submission -> judge -> exact total

# == numbers ==


class Unreadable(Exception):
    """The bundle cannot be read: a key of WORDS and its facts."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key, self.facts = key, facts


def number(text: object, place: str = "") -> Fraction:
    """Read an exact number with a decimal point or comma. Raises `Unreadable` "bad_number"."""
    plain = str(text).strip().replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+(\.\d+)?|\.\d+)", plain, re.ASCII):
        raise Unreadable("bad_number", place=place, value=text)
    return Fraction(plain)


def half_up(value: Fraction, decimals: int) -> Fraction:
    """Round to `decimals` places, halves away from zero."""
    scale = 10**decimals
    size = (abs(value) * scale + Fraction(1, 2)).__floor__()
    return Fraction(size if value >= 0 else -size, scale)


def printed(value: Fraction | None, decimals: int) -> str | None:
    """Write a rounded number with all its places."""
    if value is None:
        return None
    units = int(abs(value) * 10**decimals)
    digits = str(units).zfill(decimals + 1)
    whole, rest = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    return ("-" if value < 0 else "") + whole + (f".{rest}" if decimals else "")


def average(values: Iterable[Fraction]) -> Fraction:
    """Return the mean of at least one number."""
    numbers = list(values)
    return sum(numbers, ZERO) / len(numbers)


def root(value: Fraction) -> Fraction:
    """Return the square root: exact where it is rational, else to 60 digits."""
    top, bottom = (_whole_root(part) for part in (value.numerator, value.denominator))
    if top is not None and bottom is not None:
        return Fraction(top, bottom)
    with localcontext() as context:
        context.prec = PLACES_OF_ROOTS
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def _whole_root(value: int) -> int | None:
    low = 0
    high = 1 << (value.bit_length() // 2 + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle * middle <= value else (low, middle - 1)
    return low if low * low == value else None


# == what a round is ==


@dataclass(frozen=True)
class Criterion:
    """One criterion; `measure` is the declared conversion of a measured number, None for marks entered as such."""

    code: str
    low: Fraction
    high: Fraction
    weight: Fraction = ONE
    floor: Fraction | None = None
    judged: bool = True
    part: str = ""
    measure: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Advance:
    """Who goes on: every limit that is set must be met."""

    top: int | None = None
    per: str = "track"
    threshold: Fraction | None = None
    floors: bool = False
    ties: str = "all"
    percent: Fraction | None = None


@dataclass(frozen=True)
class Rules:
    """The settings of a round that decide a result, named as in edition.toml."""

    decimals: int = 2
    combine: str = "scorecard"
    aggregate: str = "mean"
    trim: int = 1
    trim_from: int = 0
    clamp: Fraction | None = None
    min_judges: int = 1
    counting: str = "submitted"
    decide: str = "scores"
    scale_to: Fraction | None = None
    carry: Mapping[str, Fraction] = field(default_factory=dict)
    tie_breaks: Sequence[str] = ()
    advance: Advance | None = None
    spread_alarm: Fraction | None = None
    bands: Sequence[tuple[str, Fraction]] = ()


@dataclass(frozen=True)
class Paper:
    """A judge's paper on a submission; `marks` by criterion, a blank one is absent."""

    judge: str
    submission: str
    marks: Mapping[str, Fraction]
    status: str = "submitted"


@dataclass(frozen=True)
class Ruling:
    """What was decided in writing; `submission` is "" where it concerns the whole round."""

    kind: str
    submission: str
    value: str


@dataclass(frozen=True)
class Panel:
    """All that makes a round's results; `measured` holds final marks, `earlier` printed own results in round order."""

    rules: Rules
    criteria: Sequence[Criterion]
    tracks: Mapping[str, str]  # every submission of the round, in the order of their codes
    papers: Sequence[Paper] = ()
    measured: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)  # submission -> criterion -> mark
    earlier: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)  # round -> submission -> own result
    ledger: Mapping[str, Fraction] = field(default_factory=dict)
    rulings: Sequence[Ruling] = ()
    fields: Mapping[str, str] = field(default_factory=dict)

    def ruled(self, kind: str) -> dict[str, str]:
        """Return submission -> value of the rulings of a kind."""
        return {each.submission: each.value for each in self.rulings if each.kind == kind}

    def missing(self, submission: str) -> set[str]:
        """Return the parts that were ruled to be missing."""
        return {r.value for r in self.rulings if r.kind == "missing_part" and r.submission == submission}

    @property
    def factor(self) -> Fraction:
        """What a weighted total is multiplied with so that its maximum is `scale_to`."""
        if self.rules.scale_to is None:
            return ONE
        maximum = sum((each.weight * each.high for each in self.criteria), ZERO)
        if maximum <= 0:
            raise Unreadable("no_maximum")
        return self.rules.scale_to / maximum


@dataclass
class Line:
    """What the rules make of one submission; numbers are exact, `result` and `own` rounded as printed."""

    submission: str
    track: str
    totals: dict[str, Fraction] = field(default_factory=dict)
    values: dict[str, Fraction | None] = field(default_factory=dict)
    own: Fraction | None = None
    result: Fraction | None = None
    rank: int | None = None
    status: str = RANKED
    reason: str | None = None
    decided_by: str | None = None
    awaits_chair: bool = False
    band: str | None = None
    alarm: bool = False


# == aggregates ==


class NotRecomputed(Exception):
    """The round uses an estimate that this script does not repeat."""


def combined(rules: Rules, numbers: Sequence[Fraction]) -> Fraction | None:
    """Make one number of several judges' numbers; None when there are too few to trim."""
    if rules.aggregate == "median":
        return _median(sorted(numbers))
    if rules.aggregate == "trimmed":
        return _trimmed(sorted(numbers), rules)
    if rules.aggregate == "clamped":
        return _clamped(numbers, rules)
    return average(numbers)


def _median(ordered: Sequence[Fraction]) -> Fraction:
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _trimmed(ordered: Sequence[Fraction], rules: Rules) -> Fraction | None:
    if len(ordered) < max(2 * rules.trim + 1, rules.trim_from):
        return None
    return average(ordered[rules.trim : len(ordered) - rules.trim])


def _clamped(numbers: Sequence[Fraction], rules: Rules) -> Fraction:
    if rules.clamp is None:
        raise Unreadable("no_clamp")
    middle = half_up(average(numbers), rules.decimals)
    return average(min(max(each, middle - rules.clamp), middle + rules.clamp) for each in numbers)


def compared(rules: Rules, totals: Totals) -> dict[str, Fraction | None]:
    """Combine the totals of a whole round, submission by submission. Raises `NotRecomputed`."""
    scored = {entry: judges for entry, judges in totals.items() if judges}
    if rules.aggregate == "ranks":
        return dict(_shares_of_places(scored, rules.scale_to or Fraction(100)))
    if rules.aggregate in ("zscore", "severity") and comparable(scored):
        if rules.aggregate == "zscore":
            return dict(_standardised(scored))
        if connected(scored):
            raise NotRecomputed
    return {entry: combined(rules, list(judges.values())) for entry, judges in scored.items()}


def comparable(scored: Totals) -> bool:
    """Tell whether judges can be compared: enough of them and of submissions, and not everybody judged everything."""
    judges = {judge for papers in scored.values() for judge in papers}
    complete = all(len(papers) == len(judges) for papers in scored.values())
    return len(judges) >= FEWEST_JUDGES and len(scored) >= FEWEST_ENTRIES and not complete


def connected(scored: Totals) -> bool:
    """Tell whether a chain of shared judges links any two submissions."""
    groups = [set(papers) for papers in scored.values()]
    reached = set(groups[0])
    while any(group & reached and not group <= reached for group in groups):
        reached.update(*(group for group in groups if group & reached))
    return all(group & reached for group in groups)


def _by_judge(scored: Totals) -> Totals:
    found: Totals = {}
    for entry, papers in scored.items():
        for judge, total in papers.items():
            found.setdefault(judge, {})[entry] = total
    return found


def _shares_of_places(scored: Totals, top: Fraction) -> Iterator[tuple[str, Fraction]]:
    places: dict[str, list[Fraction]] = {entry: [] for entry in scored}
    for seen in _by_judge(scored).values():
        for entry, total in seen.items():
            better = sum(other > total for other in seen.values())
            equal = sum(other == total for other in seen.values())
            place = better + Fraction(equal + 1, 2)
            n = len(seen)
            places[entry].append((n - place) / (n - 1) if n > 1 else Fraction(1, 2))
    yield from ((entry, average(shares) * top) for entry, shares in places.items())


def _standardised(scored: Totals) -> Iterator[tuple[str, Fraction]]:
    middle, variance = _moments([total for papers in scored.values() for total in papers.values()])
    moments = {judge: _moments(list(seen.values())) for judge, seen in _by_judge(scored).items()}
    stretch = {judge: root(variance / own) if own else ZERO for judge, (_, own) in moments.items()}
    for entry, papers in scored.items():
        moved = [(total - moments[judge][0]) * stretch[judge] for judge, total in papers.items()]
        yield entry, half_up(middle + average(moved), PLACES_KEPT)


def _moments(numbers: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    middle = average(numbers)
    return middle, average((each - middle) ** 2 for each in numbers)


def shares(measure: Mapping[str, Any], raw: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Turn the measured numbers of one track into shares of the scale, 0..1."""
    lower = bool(measure.get("lower_is_better", False))
    if measure["conversion"] == "linear":
        best, worst = number(measure["best"]), number(measure["worst"])
        return {entry: min(ONE, max(ZERO, (one - worst) / (best - worst))) for entry, one in raw.items()}
    if measure["conversion"] == "leader":
        leader = min(raw.values()) if lower else max(raw.values())
        return {entry: _of_leader(one, leader, lower=lower) for entry, one in raw.items()}
    if measure["conversion"] == "places":
        return {entry: _of_places(one, list(raw.values()), lower=lower) for entry, one in raw.items()}
    raise Unreadable("bad_value", place=DOCUMENT, value=measure["conversion"])


def _of_leader(one: Fraction, leader: Fraction, *, lower: bool) -> Fraction:
    if one == leader:
        return ONE
    top, bottom = (leader, one) if lower else (one, leader)
    return top / bottom if min(top, bottom) > 0 else ZERO


def _of_places(one: Fraction, everybody: Sequence[Fraction], *, lower: bool) -> Fraction:
    if len(everybody) == 1:
        return ONE
    worse = sum((other > one) if lower else (other < one) for other in everybody)
    equal = sum(other == one for other in everybody) - 1
    return (worse + Fraction(equal, 2)) / (len(everybody) - 1)


# == the own result ==


def counted(panel: Panel) -> dict[str, dict[str, dict[str, Fraction]]]:
    """Return submission -> judge -> marks of the papers that count, missing parts at their lowest mark."""
    found: dict[str, dict[str, dict[str, Fraction]]] = {entry: {} for entry in panel.tracks}
    judged = [each for each in panel.criteria if each.judged]
    for paper in panel.papers if judged else ():
        if paper.status not in ("submitted", "draft"):  # recused, abstained, set aside
            continue
        missing = panel.missing(paper.submission)
        marks = {c.code: c.low if _gone(c, missing) else paper.marks.get(c.code) for c in judged}
        whole = {code: mark for code, mark in marks.items() if mark is not None}
        if len(whole) == len(judged) and (paper.status == "submitted" or panel.rules.counting == "complete"):
            found[paper.submission][paper.judge] = whole
    return found


def _gone(criterion: Criterion, missing: set[str]) -> bool:
    return bool(criterion.part) and criterion.part in missing


def measured_marks(panel: Panel, entry: str) -> dict[str, Fraction | None]:
    """Return the marks of the criteria that judges do not fill; None is "not measured yet"."""
    given, missing = panel.measured.get(entry, {}), panel.missing(entry)
    others = [each for each in panel.criteria if not each.judged]
    return {each.code: each.low if _gone(each, missing) else given.get(each.code) for each in others}


def lines_of(panel: Panel) -> list[Line]:
    """Compute every submission's totals, criterion values, own result, result and status, unranked."""
    if panel.rules.combine == "criterion" and panel.rules.aggregate in ("severity", "zscore", "ranks"):
        raise Unreadable("aggregate_needs_scorecards", aggregate=panel.rules.aggregate)
    papers, factor = counted(panel), panel.factor
    weights = {each.code: each.weight for each in panel.criteria}
    totals = {
        entry: {judge: factor * sum((weights[c] * m for c, m in marks.items()), ZERO) for judge, marks in each.items()}
        for entry, each in papers.items()
    }
    by_card = compared(panel.rules, totals) if panel.rules.combine == "scorecard" else {}
    return [_line(panel, entry, papers[entry], totals[entry], by_card.get(entry)) for entry in panel.tracks]


def _line(
    panel: Panel,
    entry: str,
    papers: Mapping[str, Mapping[str, Fraction]],
    totals: dict[str, Fraction],
    by_card: Fraction | None,
) -> Line:
    line = Line(entry, panel.tracks[entry], totals)
    measured = measured_marks(panel, entry)
    line.values = {
        each.code: _value(panel.rules, [marks[each.code] for marks in papers.values()])
        if each.judged
        else _rounded(panel.rules, measured[each.code])
        for each in panel.criteria
    }
    judged = any(each.judged for each in panel.criteria)
    if judged and not papers:
        line.status, line.reason = UNSCORED, "no_scorecard"
        return line
    if None in measured.values():
        line.status, line.reason = INCOMPLETE, "not_measured"
        return line
    exact = (
        _by_criterion(panel, line) if panel.rules.combine == "criterion" else _by_scorecard(panel, by_card, measured)
    )
    if exact is None:
        line.status, line.reason = INCOMPLETE, "too_few_to_trim"
        return line
    line.own = half_up(exact + panel.ledger.get(entry, ZERO), panel.rules.decimals)
    if judged and len(papers) < panel.rules.min_judges:
        line.status, line.reason = INCOMPLETE, "too_few_judges"
    _carry(panel, line)
    return line


def _rounded(rules: Rules, value: Fraction | None) -> Fraction | None:
    return None if value is None else half_up(value, rules.decimals)


def _value(rules: Rules, marks: Sequence[Fraction]) -> Fraction | None:
    """Return the printed value of a judged criterion."""
    return _rounded(rules, combined(rules, marks)) if marks else None


def _by_criterion(panel: Panel, line: Line) -> Fraction | None:
    total = ZERO
    for each in panel.criteria:
        value = line.values[each.code]
        if value is None:
            return None
        total += half_up(value * each.weight, panel.rules.decimals)
    return total * panel.factor


def _by_scorecard(panel: Panel, by_card: Fraction | None, measured: Mapping[str, Fraction | None]) -> Fraction | None:
    if by_card is None and any(each.judged for each in panel.criteria):
        return None
    weights = {each.code: each.weight for each in panel.criteria}
    extra = sum((weights[code] * mark for code, mark in measured.items() if mark is not None), ZERO)
    return (by_card or ZERO) + panel.factor * extra


def _carry(panel: Panel, line: Line) -> None:
    """Set the printed result: the own one, or the weighted sum of printed own results."""
    carry = panel.rules.carry
    if not carry or line.own is None:
        line.result = line.own
        return
    total = carry.get("self", ZERO) * line.own
    for code, weight in carry.items():
        if code == "self":
            continue
        before = panel.earlier.get(code, {}).get(line.submission)
        if before is None:
            line.status, line.reason = INCOMPLETE, line.reason or "carry_missing"
            return
        total += weight * before
    line.result = half_up(total, panel.rules.decimals)


# == the ladder ==

Key = tuple[int, Fraction]


def key_of(value: Fraction | None) -> Key:
    """Order numbers upwards, with none at all below every number."""
    return (0, ZERO) if value is None else (1, value)


def step_keys(panel: Panel, step: str, group: Sequence[Line]) -> dict[str, Key]:
    """Return what a step of the ladder sees in each line of a group; higher is better, equal stays tied."""
    name, _, code = step.partition(":")
    if name == "criterion":
        return {line.submission: key_of(line.values.get(code)) for line in group}
    if name == "judges_preferring":
        return _preferred(group)
    if name == "highest_scorecard":
        return {line.submission: key_of(max(line.totals.values(), default=None)) for line in group}
    if name == "lower_spread":
        return {line.submission: key_of(-_spread(line) if line.totals else None) for line in group}
    if name == "earlier_round":
        return _earlier(panel, code, group)
    if name == "chair":
        order = panel.ruled("chair_order")
        return {s: key_of(-number(order[s]) if s in order else None) for s in (line.submission for line in group)}
    raise Unreadable("bad_value", place=DOCUMENT, value=step)


def _spread(line: Line) -> Fraction:
    return max(line.totals.values()) - min(line.totals.values())


def _preferred(group: Sequence[Line]) -> dict[str, Key]:
    """Count pairs won minus pairs lost; a pair is won by the majority of the judges who scored both."""
    balance = dict.fromkeys((line.submission for line in group), ZERO)
    for one, other in combinations(group, 2):
        both = one.totals.keys() & other.totals.keys()
        votes = sum((one.totals[j] > other.totals[j]) - (one.totals[j] < other.totals[j]) for j in both)
        balance[one.submission] += (votes > 0) - (votes < 0)
        balance[other.submission] -= (votes > 0) - (votes < 0)
    return {entry: key_of(value) for entry, value in balance.items()}


def _earlier(panel: Panel, code: str, group: Sequence[Line]) -> dict[str, Key]:
    """Look at the round named, or at the nearest earlier one; only where all of the group have a result there."""
    entries = [line.submission for line in group]
    rounds = [panel.earlier.get(code, {})] if code else list(panel.earlier.values())[::-1]
    results = next((each for each in rounds if all(entry in each for entry in entries)), {})
    return {entry: key_of(results.get(entry)) for entry in entries}


def settle(
    panel: Panel, group: list[Line], steps: Sequence[str], last: str | None = None
) -> Iterator[tuple[list[Line], str | None]]:
    """Yield the parts of a tied group from best to worst, each with the step that split it off last."""
    if len(group) == 1 or not steps:
        yield group, last
        return
    keys = step_keys(panel, steps[0], group)
    ordered = sorted(group, key=lambda line: keys[line.submission], reverse=True)
    parts = [list(part) for _, part in groupby(ordered, key=lambda line: keys[line.submission])]
    for part in parts:
        yield from settle(panel, part, steps[1:], steps[0] if len(parts) > 1 else last)


def ranked(panel: Panel) -> list[Line]:
    """Compute the round: every submission's line with its rank, in no particular order. Raises `NotRecomputed`."""
    lines = lines_of(panel)
    if panel.rules.decide == "agreement":
        for line in lines:
            _agree(panel, line)
    else:
        for track in {line.track for line in lines}:
            _rank_track(panel, [line for line in lines if line.track == track and line.status == RANKED])
    for line in lines:
        _decorate(panel, line)
    return lines


def _agree(panel: Panel, line: Line) -> None:
    rank = panel.ruled("agreed_rank").get(line.submission)
    if rank is None:
        line.status, line.reason = INCOMPLETE, "no_agreement"
    else:
        line.status, line.reason, line.rank, line.decided_by = RANKED, None, int(number(rank)), "agreement"


def _rank_track(panel: Panel, lines: list[Line]) -> None:
    place, chair = 1, panel.ruled("chair_order")
    ordered = sorted(lines, key=lambda line: key_of(line.result), reverse=True)
    for _, equal in groupby(ordered, key=lambda line: line.result):
        for part, step in settle(panel, list(equal), panel.rules.tie_breaks):
            waits = len(part) > 1 and "chair" in panel.rules.tie_breaks
            waits = waits and not any(line.submission in chair for line in part)
            for line in part:
                line.rank, line.decided_by, line.awaits_chair = place, step, waits
            place += len(part)


def _decorate(panel: Panel, line: Line) -> None:
    """Set the band and the alarm about judges who lie far apart."""
    reached = [
        (lowest, code) for code, lowest in panel.rules.bands if line.result is not None and line.result >= lowest
    ]
    line.band = max(reached)[1] if reached else None
    if panel.rules.spread_alarm is not None and len(line.totals) > 1:
        top = panel.factor * sum((each.weight * each.high for each in panel.criteria if each.judged), ZERO)
        line.alarm = _spread(line) * 100 > panel.rules.spread_alarm * top


# == the cut ==


def cut(panel: Panel, lines: Sequence[Line], gone: frozenset[str] = frozenset()) -> tuple[set[str], set[str]]:
    """Return who advances and who awaits the chair at the line; `gone` have withdrawn or were disqualified since."""
    rule = panel.rules.advance or Advance()
    held = panel.ruled("held_back")
    able = [x for x in lines if x.status == RANKED and x.submission not in held and x.submission not in gone]
    groups: dict[str, list[Line]] = {}
    for line in able:
        groups.setdefault(_group_of(panel, line, rule.per), []).append(line)
    through: set[str] = {e for e in panel.ruled("wild_card") if e not in gone and e not in held}
    waiting: set[str] = set()
    for group, members in groups.items():
        advancing, awaiting = _cut_group(panel, rule, group, members)
        through |= advancing
        waiting |= awaiting
    return through, waiting


def _group_of(panel: Panel, line: Line, per: str) -> str:
    return {"track": line.track, "field": panel.fields.get(line.submission, ""), "all": ""}[per]


def _cut_group(panel: Panel, rule: Advance, group: str, members: list[Line]) -> tuple[set[str], set[str]]:
    order = _place_in_track if len({line.track for line in members}) == 1 else _place_by_result
    able = sorted((line for line in members if _passes(panel, rule, line)), key=order)
    places = _places(panel, rule, group, len(members))
    if places is None or places >= len(able):
        return {line.submission for line in able}, set()
    if places <= 0:
        return set(), set()
    edge = order(able[places - 1])
    better = {line.submission for line in able if order(line) < edge}
    tied = {line.submission for line in able if order(line) == edge}
    if len(better) + len(tied) == places or rule.ties == "all":
        return better | tied, set()
    if rule.ties == "none":
        return better, set()
    chosen = tied & panel.ruled("advance").keys()
    settled = len(better) + len(chosen) == places  # the chair names as many as there are places, no more, no fewer
    return better | chosen, set() if settled else tied - chosen


def _place_in_track(line: Line) -> Key:
    return 0, Fraction(line.rank or 0)


def _place_by_result(line: Line) -> Key:
    """Compare across tracks: the higher result first, those whom the jury ranked without a number after all others."""
    return (1, Fraction(line.rank or 0)) if line.result is None else (0, -line.result)


def _passes(panel: Panel, rule: Advance, line: Line) -> bool:
    if rule.threshold is not None and (line.result is None or line.result < rule.threshold):
        return False
    for each in panel.criteria if rule.floors else ():
        value = line.values[each.code]
        if each.floor is not None and (value is None or value < each.floor):
            return False
    return True


def _places(panel: Panel, rule: Advance, group: str, candidates: int) -> int | None:
    ruled = _ruled_top(panel, group)
    if ruled is not None:  # a number decided in writing stands in place of every number of the rule
        return ruled
    limits = [] if rule.top is None else [rule.top]
    if rule.percent is not None:
        limits.append(-((-rule.percent * candidates / 100).__floor__()))
    return min(limits, default=None)


def _ruled_top(panel: Panel, group: str) -> int | None:
    """Return the number of places ruled for this group ("GROUP:N"), else for every group ("N")."""
    found = {}
    for each in panel.rulings:
        if each.kind == "cut_top":
            name, _, top = each.value.rpartition(":")
            found[fold(name)] = int(number(top))
    return found.get(fold(group), found.get(""))


# == reading files ==


def fold(text: str) -> str:
    """Return what makes two spellings of a code the same."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def read_files(path: Path) -> tuple[dict[str, bytes], bytes | None]:
    """Return the files of a folder or a .zip by name, and the archive's own bytes. Raises `Unreadable`."""
    try:
        if path.is_dir():
            found = sorted(each for each in path.rglob("*") if each.is_file())
            return {each.relative_to(path).as_posix(): each.read_bytes() for each in found}, None
        packed = path.read_bytes()
    except OSError as error:
        raise Unreadable("no_file", file=path, why=error.strerror) from error
    return unpacked(packed, path.name), packed


_NOT_A_ZIP = (  # what the module raises on damaged archives, passwords and methods that it does not know
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError),
    *(OSError, EOFError, ValueError, RuntimeError, KeyError),
)


def unpacked(archive: bytes, name: str) -> dict[str, bytes]:
    """Return the files of a .zip; one folder around everything is taken off. Raises `Unreadable` "bad_zip"."""
    place = name
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            members = [each for each in opened.infolist() if not each.is_dir()]
            if sum(each.file_size for each in members) > LARGEST:
                raise Unreadable("too_large", file=name)
            files = {}
            for each in members:
                place = f"{name}: {each.filename}"
                files[each.filename] = opened.read(each)
    except _NOT_A_ZIP as error:
        raise Unreadable("bad_zip", file=place) from error
    tops = {each.partition("/")[0] for each in files}
    if DOCUMENT not in files and len(tops) == 1 and all("/" in each for each in files):
        return {each.partition("/")[2]: data for each, data in files.items()}
    return files


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return the one archive of these files: sorted, not compressed, without times: each byte is fixed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return stream.getvalue()


def manifest_text(manifest: Mapping[str, Any]) -> bytes:
    """Return the one spelling of a manifest."""
    return (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def sealed(files: Mapping[str, bytes], rounds: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files with their manifest; `rounds` maps round codes to the fingerprints of their snapshots."""
    manifest = {"format": FORMAT, "files": {name: sha256(data) for name, data in files.items()}, "rounds": dict(rounds)}
    return {**files, MANIFEST: manifest_text(manifest)}


def sha256(data: bytes) -> str:
    """Return the fingerprint of a file."""
    return hashlib.sha256(data).hexdigest()


def read_text(files: Mapping[str, bytes], name: str) -> str:
    """Return a file's text. Raises `Unreadable` "missing_file" or "bad_file"."""
    if name not in files:
        raise Unreadable("missing_file", file=name)
    try:
        return unicodedata.normalize("NFC", files[name].decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable("bad_file", file=name, why=error) from error


def read_json(files: Mapping[str, bytes], name: str) -> Any:
    """Return what a JSON file holds."""
    try:
        return json.loads(read_text(files, name))
    except (ValueError, RecursionError) as error:
        raise Unreadable("bad_file", file=name, why=error) from error


def read_table(files: Mapping[str, bytes], stem: str) -> list[dict[str, str]]:
    """Return the rows of a table, [] where the bundle has none; a guarding apostrophe is taken off each cell."""
    name = f"{stem}.csv"
    if name not in files:
        if f"{stem}.xlsx" in files:
            raise Unreadable("sheet", file=f"{stem}.xlsx")
        return []
    text = read_text(files, name)
    header = text.partition("\n")[0]
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in header else ","))
    except csv.Error as error:
        raise Unreadable("bad_file", file=name, why=error) from error
    guard = re.compile(r"'+[=+\-@\t\r]")
    return [
        {fold(k): v[1:] if guard.match(v) else v for k, v in row.items() if k is not None and isinstance(v, str)}
        for row in rows
    ]


TABLES = (
    *("submissions", "participants", "advancements", "assignments", "scores", "scorecards"),
    *("measured", "converted", "adjustments", "rulings"),
)


class Bundle:
    """A contest bundle as read: its document and its tables, codes brought into the spelling of submissions.csv."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        try:
            self.document = tomllib.loads(read_text(files, DOCUMENT))
        except tomllib.TOMLDecodeError as error:
            raise Unreadable("bad_file", file=DOCUMENT, why=error) from error
        self.rounds: list[dict[str, Any]] = self.document.get("rounds", [])
        self.tables = {stem: read_table(files, stem) for stem in TABLES}
        if "submissions.csv" not in files:
            raise Unreadable("missing_file", file="submissions.csv")
        self.codes = {fold(row["submission"]): row["submission"].strip() for row in self.tables["submissions"]}

    def rows(self, stem: str, round_code: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield (submission, row) of one round; the submission is "" where a row concerns the whole round."""
        for position, row in enumerate(self.tables[stem], start=2):
            if fold(row.get("round", "")) != fold(round_code):
                continue
            text = row.get("submission", "")
            if text.strip() and fold(text) not in self.codes:
                raise Unreadable("unknown", file=f"{stem}.csv", row=position, value=text)
            yield self.codes.get(fold(text), ""), row

    def entries(self, position: int) -> list[str]:
        """Return who takes part in a round: as said, else all (first round) or whoever has judges there."""
        code = self.rounds[position]["code"]
        if self.tables["participants"]:
            return [entry for entry, _ in self.rows("participants", code)]
        there = {
            self.codes[fold(row["submission"])]
            for row in self.tables["submissions"]
            if fold(row.get("status", "")) in ("", "submitted")
        }
        if position:
            said = {entry for entry, _ in self.rows("advancements", code)}
            implied = {entry for stem in ("assignments", "scores", "scorecards") for entry, _ in self.rows(stem, code)}
            there &= said or implied
        return [entry for entry in self.codes.values() if entry in there]

    def tracks(self) -> dict[str, str]:
        """Return the folded track code of every submission, "" for none."""
        known = {fold(each["code"]): fold(each["code"]) for each in self.document.get("tracks", [])}
        for each in self.document.get("tracks", []):
            names = each.get("name", {})
            for name in names.values() if isinstance(names, dict) else [names]:
                known.setdefault(fold(name), fold(each["code"]))
        only = next(iter(known)) if len(self.document.get("tracks", [])) == 1 else ""
        return {
            self.codes[fold(row["submission"])]: known.get(fold(row.get("track", "")), fold(row.get("track", "")))
            or only
            for row in self.tables["submissions"]
        }

    def fields(self) -> dict[str, str]:
        """Return the folded field of every submission."""
        return {self.codes[fold(row["submission"])]: fold(row.get("field", "")) for row in self.tables["submissions"]}

    def panel(self, position: int, earlier: Mapping[str, Mapping[str, Fraction]]) -> Panel:
        """Return all that makes the results of the round at `position`."""
        data = self.rounds[position]
        criteria = [read_criterion(each) for each in data.get("criteria", [])]
        entries, tracks, code = self.entries(position), self.tracks(), data["code"]
        there = set(entries)
        ledger: dict[str, Fraction] = {}
        for entry, row in self.rows("adjustments", code):
            ledger[entry] = ledger.get(entry, ZERO) + number(row["points"], "adjustments.csv")
        return Panel(
            rules=read_rules(data, [*(each["code"] for each in self.rounds), *(each.code for each in criteria)]),
            criteria=criteria,
            tracks={entry: tracks[entry] for entry in sorted(entries)},
            papers=[each for each in self._papers(code, criteria) if each.submission in there],
            measured=self._measured(code, criteria, {entry: tracks[entry] for entry in entries}),
            earlier=earlier,
            ledger=ledger,
            rulings=[
                Ruling(row["kind"].strip(), entry, row.get("value", "").strip())
                for entry, row in self.rows("rulings", code)
            ],
            fields=self.fields(),
        )

    def _papers(self, code: str, criteria: Sequence[Criterion]) -> Iterator[Paper]:
        judged = {fold(each.code): each.code for each in criteria if each.judged}
        known = {fold(each.code) for each in criteria}
        marks: dict[tuple[str, str], dict[str, str]] = {}
        for entry, row in self.rows("scores", code):
            if fold(row["criterion"]) not in known:
                raise Unreadable("unknown", file="scores.csv", row=entry, value=row["criterion"])
            if fold(row["criterion"]) in judged and row["score"].strip():
                paper = marks.setdefault((fold(row["judge"]), entry), {})
                paper[judged[fold(row["criterion"])]] = row["score"].strip()
        said = {(fold(r["judge"]), entry): fold(r.get("status", "")) for entry, r in self.rows("scorecards", code)}
        for judge, entry in {**said, **marks}:
            texts = marks.get((judge, entry), {})
            words = {fold(text) for text in texts.values()} & {"recused", "abstained"}
            given = {} if words else {c: number(text, "scores.csv") for c, text in texts.items()}
            implied = words.pop() if words else "submitted" if given and len(given) == len(judged) else "draft"
            yield Paper(judge, entry, given, said.get((judge, entry)) or implied)

    def _measured(
        self, code: str, criteria: Sequence[Criterion], tracks: Mapping[str, str]
    ) -> dict[str, dict[str, Fraction]]:
        others = {fold(each.code): each for each in criteria if not each.judged}
        raw: dict[str, dict[str, list[Fraction]]] = {each: {} for each in others}
        for stem, column in (("scores", "score"), ("measured", "value")):
            for entry, row in self.rows(stem, code):
                numbers = raw.get(fold(row["criterion"]))
                if numbers is not None and entry in tracks and row[column].strip():
                    numbers.setdefault(entry, []).append(number(row[column], f"{stem}.csv"))
        found: dict[str, dict[str, Fraction]] = {entry: {} for entry in tracks}
        for folded, each in others.items():
            means = {entry: average(numbers) for entry, numbers in raw[folded].items()}
            for entry, mark in converted(each, means, tracks).items():
                found[entry][each.code] = mark
        for entry, row in self.rows("converted", code):  # marks as a snapshot holds them, "20/3" among them
            top, _, bottom = row["mark"].partition("/")
            mark = number(top, "converted.csv") / number(bottom or 1, "converted.csv")
            found[entry][others[fold(row["criterion"])].code] = mark
        return found


def converted(criterion: Criterion, raw: Mapping[str, Fraction], tracks: Mapping[str, str]) -> dict[str, Fraction]:
    """Return the marks of a criterion that judges do not fill, by its declared conversion if it has one."""
    if criterion.measure is None:
        return dict(raw)
    found = {}
    for track in set(tracks.values()):
        group = {entry: one for entry, one in raw.items() if tracks[entry] == track}
        for entry, share in (shares(criterion.measure, group) if group else {}).items():
            found[entry] = criterion.low + share * (criterion.high - criterion.low)
    return found


def read_criterion(data: Mapping[str, Any]) -> Criterion:
    """Read one criterion of edition.toml."""
    floor = data.get("floor")
    return Criterion(
        code=str(data["code"]),
        low=number(data.get("min", 0), DOCUMENT),
        high=number(data["max"], DOCUMENT),
        weight=number(data.get("weight", 1), DOCUMENT),
        floor=None if floor is None else number(floor, DOCUMENT),
        judged=data.get("source", "judges") == "judges",
        part=data.get("part", ""),
        measure=data.get("measure"),
    )


def read_rules(data: Mapping[str, Any], codes: Iterable[str] = ()) -> Rules:
    """Read the settings of a round, from edition.toml or from the JSON of a snapshot; `codes` gives their spelling."""
    spelling = {fold(code): code for code in codes}
    exact: dict[str, Any] = {key: number(data[key], DOCUMENT) for key in _EXACT if _set(data, key)}
    plain: dict[str, Any] = {key: data[key] for key in _PLAIN if _set(data, key)}
    if plain.get("aggregate", "mean") not in AGGREGATES:
        raise Unreadable("bad_value", place=DOCUMENT, value=plain["aggregate"])
    weights: dict[str, Any] = dict(data.get("carry") or {})
    carry = {spelling.get(fold(code), code): number(weight, DOCUMENT) for code, weight in weights.items()}
    steps = [text.partition(":") for text in data.get("tie_breaks") or ()]
    tie_breaks = [f"{name}{colon}{spelling.get(fold(code), code)}" for name, colon, code in steps]
    return Rules(
        **exact,
        **plain,
        carry=carry,
        tie_breaks=tie_breaks,
        bands=sorted((str(each["code"]), number(each["lowest"], DOCUMENT)) for each in data.get("bands") or ()),
        advance=None if data.get("advance") is None else read_advance(data["advance"]),
    )


def read_advance(data: Mapping[str, Any]) -> Advance:
    """Read the line of a cut."""
    exact: dict[str, Any] = {key: number(data[key], DOCUMENT) for key in ("threshold", "percent") if _set(data, key)}
    plain: dict[str, Any] = {key: data[key] for key in ("top", "per", "floors", "ties") if _set(data, key)}
    return Advance(**exact, **plain)


_EXACT = ("clamp", "scale_to", "spread_alarm")
_PLAIN = ("decimals", "combine", "aggregate", "trim", "trim_from", "min_judges", "counting", "decide")
AGGREGATES = ("mean", "median", "trimmed", "clamped", "severity", "zscore", "ranks")


def _set(data: Mapping[str, Any], key: str) -> bool:
    return data.get(key) is not None


# == checking ==

COMPARED = ("rank", "result", "own_result", "status", "decided_by", "band")


@dataclass
class Verdict:
    """What was found: keys of WORDS with their facts, in order."""

    checked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    differences: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    skipped: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def status(self) -> int:
        """Return the exit status."""
        return 1 if self.differences else 3 if self.skipped else 0

    def differs(self, key: str, **facts: object) -> None:
        """Note a difference."""
        self.differences.append((key, facts))


def verify(path: Path, fingerprint: str = "", commitment: Path | None = None, announced: str = "") -> Verdict:
    """Check a bundle, a folder or a .zip of it, and a promise made before the ceremony. Raises `Unreadable`."""
    files, archive = read_files(path)
    verdict = Verdict()
    if MANIFEST in files:
        check_integrity(files, archive, verdict)
    else:
        verdict.checked.append(("no_manifest", {}))
    if fingerprint:
        _check_announced(files, fingerprint, verdict)
    if commitment is not None:
        try:
            _check_promise(files, commitment, announced, verdict)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Unreadable("bad_promise", file=commitment.name) from error
    if not verdict.differences:
        try:
            check_results(files, verdict)
        except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
            raise Unreadable("bad_shape", why=repr(error)) from error
    return verdict


def check_integrity(files: Mapping[str, bytes], archive: bytes | None, verdict: Verdict) -> None:
    """Compare every file, and every byte of the archive, with the manifest. Raises `Unreadable` "old_format"."""
    try:
        manifest = json.loads(files[MANIFEST])
        listed, rounds = dict(manifest["files"]), dict(manifest["rounds"])
    except (ValueError, KeyError, TypeError, RecursionError):
        verdict.differs("damaged", file=MANIFEST)
        return
    if re.fullmatch(r"bang-vang-results/[0-9]+", str(manifest.get("format"))) and manifest["format"] != FORMAT:
        raise Unreadable("old_format", found=manifest["format"], wanted=FORMAT)
    expected = {"format": FORMAT, "files": listed, "rounds": rounds}
    if manifest != expected or files[MANIFEST] != manifest_text(manifest):
        verdict.differs("damaged", file=MANIFEST)
    _check_files(files, listed, verdict)
    for code, fingerprint in sorted(rounds.items()):
        if listed.get(f"{SNAPSHOTS}{code}.json") != fingerprint:
            verdict.differs("snapshot_changed", file=f"{SNAPSHOTS}{code}.json", expected=fingerprint)
    if archive is not None and not verdict.differences and archive != packed(files):
        verdict.differs("archive_changed")
    verdict.checked.append(("manifest", {"count": len(listed), "manifest": sha256(files[MANIFEST])}))


def _check_files(files: Mapping[str, bytes], listed: Mapping[str, str], verdict: Verdict) -> None:
    for name in sorted(files.keys() - listed.keys() - {MANIFEST}):
        verdict.differs("unlisted", file=name)
    for name in sorted(listed):
        if name not in files:
            raise Unreadable("missing_file", file=name)
        if sha256(files[name]) != listed[name]:
            verdict.differs("file_changed", file=name, expected=listed[name], found=sha256(files[name]))


def _check_announced(files: Mapping[str, bytes], fingerprint: str, verdict: Verdict) -> None:
    known = {sha256(data) for name, data in files.items() if name == MANIFEST or name.startswith(SNAPSHOTS)}
    if fingerprint.strip().casefold() in known:
        verdict.checked.append(("announced", {"fingerprint": fingerprint}))
    else:
        verdict.differs("not_announced", fingerprint=fingerprint)


def _check_promise(files: Mapping[str, bytes], path: Path, announced: str, verdict: Verdict) -> None:
    """Compare a promise with what was announced, with the frozen snapshots, and with the published results."""
    told = json.loads(path.read_text(encoding="utf-8"))
    digest, said = str(told["digest"]), str(told["document"])
    if sha256(bytes.fromhex(told["nonce"]) + said.encode()) != digest:
        verdict.differs("promise_broken", digest=digest)
        return
    if announced and announced.strip().casefold() != digest:
        verdict.differs("promise_other", digest=digest, announced=announced)
    promised = json.loads(said)
    code = str(promised["round"])
    if sha256(files.get(f"{SNAPSHOTS}{code}.json", b"")) != promised["fingerprint"]:
        verdict.differs("promise_not_this", round=code)
        return
    published = {entry["round"]: entry["lines"] for entry in json.loads(files[RESULTS])["rounds"]}[code]
    shown = {line["submission"]: [line["rank"], line["result"]] for line in published}
    if {entry: [rank, result] for entry, _title, rank, result in promised["results"]} != shown:
        verdict.differs("promise_not_this", round=code)
    verdict.checked.append(("promise_kept", {"digest": digest, "round": code}))


@dataclass(frozen=True)
class Published:
    """What was published of one round: per submission the fields that are to be compared, and what it took over."""

    lines: Mapping[str, Mapping[str, Any]]
    earlier: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    advancing: Sequence[str] | None = None


def published(files: Mapping[str, bytes], bundle: Bundle) -> dict[str, Published]:
    """Return the published results by round code, from results.json or expected.csv. Raises `Unreadable`."""
    if RESULTS in files:
        data = read_json(files, RESULTS)
        if data.get("format") != FORMAT:
            raise Unreadable("old_format", found=data.get("format"), wanted=FORMAT)
        return {
            each["round"]: Published(
                {line["submission"]: {k: line[k] for k in COMPARED if k in line} for line in each["lines"]},
                each.get("earlier", {}),
                each.get("advancing"),
            )
            for each in data["rounds"]
        }
    if EXPECTED not in files:
        raise Unreadable("missing_file", file=f"{RESULTS} / {EXPECTED}")
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in read_table(files, "expected"):
        entry = bundle.codes.get(fold(row["submission"]), row["submission"])
        rank, result = row.get("rank", "").strip(), row.get("result", "").strip().replace(",", ".")
        found.setdefault(row["round"].strip(), {})[entry] = {
            "rank": int(number(rank, EXPECTED)) if rank else None,
            "result": result or None,
        }
    return {code: Published(lines) for code, lines in found.items()}


def check_results(files: Mapping[str, bytes], verdict: Verdict) -> None:
    """Compute every round of the bundle and compare it with what was published."""
    bundle = Bundle(files)
    known = published(files, bundle)
    for code in known.keys() - {each["code"] for each in bundle.rounds}:
        raise Unreadable("unknown", file=RESULTS if RESULTS in files else EXPECTED, row="-", value=code)
    earlier: dict[str, Mapping[str, Fraction]] = {}
    for position, data in enumerate(bundle.rounds):
        code = data["code"]
        said = known.get(code, Published({}))
        before = {**_given(said, earlier, code, verdict), **earlier}
        panel = bundle.panel(position, {round_: before[round_] for round_ in before})
        try:
            lines = {line.submission: line for line in ranked(panel)}
        except NotRecomputed:
            verdict.skipped.append(("not_recomputed", {"round": code, "count": len(panel.tracks)}))
            earlier[code] = _own(said)
            continue
        earlier[code] = {entry: line.own for entry, line in lines.items() if line.own is not None}
        if code in known:
            check_round(code, panel, lines, said, verdict)
        else:
            verdict.checked.append(("not_compared", {"round": code, "count": len(lines)}))
    if not any(said.lines for said in known.values()):
        verdict.skipped.append(("nothing_published", {}))
    check_snapshots(files, bundle, known, verdict)


def _own(said: Published) -> dict[str, Fraction]:
    return {e: number(x["own_result"]) for e, x in said.lines.items() if x.get("own_result") is not None}


def _given(
    said: Published, computed: Mapping[str, Mapping[str, Fraction]], code: str, verdict: Verdict
) -> dict[str, Mapping[str, Fraction]]:
    """Return earlier results that only the published file knows; those that were computed must be the same."""
    found: dict[str, Mapping[str, Fraction]] = {}
    for round_, results in said.earlier.items():
        numbers = {entry: number(text) for entry, text in results.items() if text is not None}
        if round_ not in computed:
            found[round_] = numbers
            verdict.checked.append(("taken_over", {"round": code, "earlier": round_, "count": len(numbers)}))
            continue
        for entry, value in numbers.items():
            if computed[round_].get(entry) != value:
                facts = {"round": code, "submission": entry, "field": f"own_result {round_}"}
                verdict.differs("differs", **facts, expected=value, found=computed[round_].get(entry))
    return found


def check_round(code: str, panel: Panel, lines: Mapping[str, Line], said: Published, verdict: Verdict) -> None:
    """Compare a round's computed lines with the published ones."""
    for entry in sorted(said.lines.keys() - lines.keys()):
        verdict.differs("not_in_round", round=code, submission=entry)
    for entry in sorted(lines.keys() - said.lines.keys()):
        verdict.differs("not_published", round=code, submission=entry)
    for entry in sorted(lines.keys() & said.lines.keys()):
        for name, expected in said.lines[entry].items():
            found = as_published(panel, lines[entry])[name]
            if not _same(name, expected, found):
                verdict.differs("differs", round=code, submission=entry, field=name, expected=expected, found=found)
    if said.advancing is not None:
        _check_cut(code, panel, lines, said.advancing, verdict)
    verdict.checked.append(("round_checked", {"round": code, "count": len(lines), "aggregate": panel.rules.aggregate}))


def as_published(panel: Panel, line: Line) -> dict[str, Any]:
    """Return a line as results.json writes it."""
    return {
        "rank": line.rank,
        "result": printed(line.result, panel.rules.decimals),
        "own_result": printed(line.own, panel.rules.decimals),
        "status": line.status,
        "decided_by": line.decided_by,
        "band": line.band,
    }


def _same(name: str, expected: object, found: object) -> bool:
    if name in ("result", "own_result") and expected is not None and found is not None:
        return number(expected) == number(found)
    return expected == found


def _check_cut(code: str, panel: Panel, lines: Mapping[str, Line], advancing: Sequence[str], verdict: Verdict) -> None:
    through, _ = cut(panel, list(lines.values()))
    for entry in sorted(through ^ set(advancing)):
        found = entry in through
        verdict.differs("differs", round=code, submission=entry, field="advances", expected=not found, found=found)


def check_snapshots(
    files: Mapping[str, bytes], bundle: Bundle, known: Mapping[str, Published], verdict: Verdict
) -> None:
    """Compare rules, marks and results of the bundle with the frozen snapshots that lie in it."""
    for position, data in enumerate(bundle.rounds):
        name = f"{SNAPSHOTS}{data['code']}.json"
        if name not in files:
            continue
        payload = read_json(files, name)
        said = known.get(data["code"], Published({}))
        here = {**facts_of(bundle.panel(position, _numbers(said.earlier))), **_published_facts(said)}
        frozen = {**facts_of(frozen_panel(payload)), **_published_facts(_frozen_lines(payload, said))}
        for what in sorted(here.keys() | frozen.keys()):
            if here.get(what) != frozen.get(what):
                verdict.differs(
                    "not_frozen", round=data["code"], what=what, expected=frozen.get(what), found=here.get(what)
                )
        verdict.checked.append(("frozen", {"round": data["code"], "fingerprint": sha256(files[name])}))


def _numbers(results: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Fraction]]:
    return {
        code: {entry: number(text) for entry, text in each.items() if text is not None}
        for code, each in results.items()
    }


def _published_facts(said: Published) -> dict[str, object]:
    return {f"{entry} {key}": value for entry, line in said.lines.items() for key, value in line.items()}


def _frozen_lines(payload: Mapping[str, Any], said: Published) -> Published:
    """Return the lines of a snapshot, as far as the published ones have the same fields."""
    lines = {line["entrant"]["code"]: line for line in payload.get("report", payload)["lines"]}
    names = {name for line in said.lines.values() for name in line}
    return Published(
        {e: {name: line[name] for name in COMPARED if name in names & line.keys()} for e, line in lines.items()}
    )


def facts_of(panel: Panel) -> dict[str, object]:
    """Return everything that makes a round under a name of its own; what says nothing is left out."""
    found: dict[str, object] = {"rules": panel.rules}
    for each in panel.criteria:
        found[f"criterion {each.code}"] = (each.low, each.high, each.weight, each.floor, each.judged, each.part)
    for paper in panel.papers:
        if paper.marks or paper.status != "draft":
            found[f"{paper.submission} {paper.judge}"] = (paper.status, dict(paper.marks))
    found.update({f"{entry} track": track for entry, track in panel.tracks.items()})
    found.update({f"{entry} measured": dict(marks) for entry, marks in panel.measured.items() if marks})
    found.update({f"{entry} points": points for entry, points in panel.ledger.items() if points})
    found.update({f"{each.submission} {each.kind} {each.value}": True for each in panel.rulings})
    found.update({f"{e} {code}": value for code, results in panel.earlier.items() for e, value in results.items()})
    return found


def frozen_panel(payload: Mapping[str, Any]) -> Panel:
    """Read what a snapshot holds of the inputs. Raises `Unreadable` "old_format"."""
    head = payload.get("report", payload)
    if head["format"] not in SNAPSHOT_FORMATS:
        raise Unreadable("old_format", found=f"snapshot {head['format']}", wanted=f"snapshot {SNAPSHOT_FORMATS[-1]}")
    lines = {line["entrant"]["code"]: line for line in head["lines"]}
    others, before = [each["code"] for each in head.get("measured", ())], head.get("earlier", ())
    data = sorted((*head["criteria"], *head.get("measured", ())), key=lambda each: each.get("position", 0))
    return Panel(
        rules=read_rules(head["rules"]),
        criteria=[read_criterion({**each, "min": each["minimum"], "max": each["maximum"]}) for each in data],
        tracks={entry: fold(line["entrant"]["track"] or "") for entry, line in lines.items()},
        papers=list(_frozen_papers(head)),
        measured={
            entry: {code: Fraction(mark) for code, mark in zip(others, line.get("measured", ()), strict=True) if mark}
            for entry, line in lines.items()
        },
        earlier=_numbers(
            {code: {e: line["earlier"][at] for e, line in lines.items()} for at, code in enumerate(before)}
        ),
        ledger={e: sum((number(x["points"]) for x in line.get("entries", ())), ZERO) for e, line in lines.items()},
        rulings=[
            Ruling(each["kind"], each["submission"] or "", each["value"])
            for each in head.get("rulings", ())
            if each["submission"] is None or each["submission"] in lines
        ],
    )


def _frozen_papers(head: Mapping[str, Any]) -> Iterator[Paper]:
    codes = [each["code"] for each in head["criteria"]]
    for line in head["lines"]:
        for cell in line["cells"]:
            given = zip(codes, cell["marks"], strict=True)
            marks = {code: number(mark) for code, mark in given if mark is not None}
            status = "draft" if cell["state"] == "missing" else cell["state"]
            judge = fold(head["judges"][cell["judge"]]["code"])
            yield Paper(judge, line["entrant"]["code"], marks if status in ("submitted", "draft") else {}, status)


# == words and main ==

WORDS = {  # key: (Vietnamese, English)
    "title": ("Kiểm tra kết quả: {path}", "Checking results: {path}"),
    "ok": ("  [đúng] {text}", "  [ok]   {text}"),
    "bad": ("  [SAI]  {text}", "  [DIFF] {text}"),
    "note": ("  [!!]   {text}", "  [!!]   {text}"),
    "agrees": ("KẾT LUẬN: mọi điều kiểm tra được đều khớp.", "VERDICT: everything agrees."),
    "fails": ("KẾT LUẬN: KHÔNG KHỚP, {count} chỗ sai lệch.", "VERDICT: IT DOES NOT AGREE, {count} differences."),
    "partly": (
        "KẾT LUẬN: không thấy sai lệch, nhưng có phần KHÔNG được tính lại (xem các dòng [!!]).",
        "VERDICT: no difference found, but not everything was computed again (see the lines marked [!!]).",
    ),
    "unreadable": ("KHÔNG KIỂM TRA ĐƯỢC: {text}", "CANNOT BE CHECKED: {text}"),
    "no_manifest": (
        "gói này không có manifest.json: không có gì chứng minh các tệp chưa bị sửa, chỉ phép tính được kiểm tra",
        "there is no manifest.json: nothing proves that the files are unchanged, only the arithmetic is checked",
    ),
    "manifest": (
        "đã so {count} tệp với manifest.json, mã băm của chính nó: {manifest}",
        "{count} files compared with manifest.json, whose own fingerprint is {manifest}",
    ),
    "announced": (
        "mã băm đã công bố {fingerprint} đúng là của gói này",
        "the announced {fingerprint} is in this bundle",
    ),
    "not_announced": (
        "mã băm đã công bố {fingerprint} không phải của gói này",
        "the announced fingerprint {fingerprint} does not belong to this bundle",
    ),
    "bad_promise": ("{file} không phải tệp cam kết", "{file} is no promise of a result"),
    "promise_broken": (
        "mã cam kết {digest} không khớp với số bí mật và văn bản của nó",
        "the promise {digest} does not fit its own number and text",
    ),
    "promise_other": (
        "tệp cam kết {digest} không phải mã đã công bố trước lễ {announced}",
        "the promise {digest} is not the one announced before, {announced}",
    ),
    "promise_not_this": (
        "vòng {round}: kết quả trong gói này không phải kết quả đã cam kết",
        "round {round}: this result is not the one that was promised",
    ),
    "promise_kept": (
        "vòng {round}: kết quả đúng như cam kết trước lễ {digest}",
        "round {round}: the result is the one promised before, {digest}",
    ),
    "round_checked": (
        "vòng {round}: đã tính lại và so sánh {count} bài dự thi (cách gộp điểm: {aggregate})",
        "round {round}: {count} submissions computed again and compared (aggregate: {aggregate})",
    ),
    "not_compared": (
        "vòng {round}: {count} bài dự thi đã được tính lại, nhưng gói không có kết quả công bố để so sánh",
        "round {round}: {count} submissions computed again, but nothing published is there to compare with",
    ),
    "nothing_published": (
        "gói không có kết quả công bố nào: KHÔNG có gì được so sánh",
        "the bundle holds no published result: NOTHING was compared",
    ),
    "taken_over": (
        "vòng {round}: {count} kết quả của vòng {earlier} được lấy theo công bố vì vòng đó không có trong gói",
        "round {round}: {count} results of round {earlier} are taken as published, that round is not in the bundle",
    ),
    "frozen": (
        "vòng {round}: luật, phiếu chấm và kết quả đúng như bản chốt {fingerprint}",
        "round {round}: rules, scorecards and results are as in the snapshot {fingerprint}",
    ),
    "not_recomputed": (
        "vòng {round}: KHÔNG tính lại được: severity (ước lượng độ nghiêm của giám khảo), {count} bài chưa kiểm tra",
        "round {round}: not recomputed: severity (an estimate of how strict judges are); {count} results are unchecked",
    ),
    "damaged": ("{file} bị sửa hoặc hỏng", "{file} is changed or damaged"),
    "unlisted": ("tệp {file} không có trong manifest.json", "the file {file} is not listed in manifest.json"),
    "file_changed": (
        "tệp {file} đã bị thay đổi: mã băm phải là {expected}, nay là {found}",
        "the file {file} is changed: its fingerprint should be {expected}, it is {found}",
    ),
    "snapshot_changed": (
        "{file} không phải bản chốt có mã băm {expected}",
        "{file} is not the snapshot with the fingerprint {expected}",
    ),
    "archive_changed": (
        "tệp .zip đã bị thay đổi hoặc nén lại: các tệp bên trong còn nguyên, hãy giải nén rồi kiểm tra thư mục",
        "the .zip was changed or packed again: the files in it are whole, unpack it and check the folder",
    ),
    "differs": (
        "vòng {round}, bài {submission}, {field}: công bố {expected}, tính lại {found}",
        "round {round}, submission {submission}, {field}: published {expected}, computed {found}",
    ),
    "not_in_round": (
        "vòng {round}, bài {submission}: có trong kết quả công bố nhưng không dự vòng này",
        "round {round}, submission {submission}: published, but it does not take part in this round",
    ),
    "not_published": (
        "vòng {round}, bài {submission}: có dự vòng này nhưng không có trong kết quả công bố",
        "round {round}, submission {submission}: takes part in this round, but its result is not published",
    ),
    "not_frozen": (
        "vòng {round}, {what}: bản chốt ghi {expected}, trong gói là {found}",
        "round {round}, {what}: the snapshot says {expected}, the bundle says {found}",
    ),
    "no_file": ("không mở được {file}: {why}", "{file} cannot be opened: {why}"),
    "bad_zip": ("{file}: không phải tệp .zip hoặc đã hỏng", "{file}: not a .zip, or broken"),
    "too_large": ("{file} quá lớn", "{file} is too large"),
    "missing_file": ("thiếu tệp {file}", "the file {file} is missing"),
    "bad_file": ("không đọc được {file}: {why}", "{file} cannot be read: {why}"),
    "bad_shape": ("gói không đúng định dạng: {why}", "the bundle does not have the right shape: {why}"),
    "sheet": ("{file}: hãy lưu bảng này thành tệp .csv", "{file}: save this sheet as .csv"),
    "old_format": (
        "gói có định dạng {found}, chương trình này chỉ đọc {wanted}: hãy dùng verify_results.py nằm trong gói đó",
        "the bundle has the format {found}, this script reads {wanted}: use the verify_results.py of that bundle",
    ),
    "unknown": ("{file}, dòng {row}: không biết mã {value!r}", "{file}, row {row}: the code {value!r} is unknown"),
    "bad_number": ("{place}: {value!r} không phải là số", "{place}: {value!r} is not a number"),
    "bad_value": ("{place}: giá trị {value!r} không được hỗ trợ", "{place}: the value {value!r} is unknown"),
    "no_maximum": (
        "edition.toml: scale_to cần điểm tối đa lớn hơn 0",
        "edition.toml: scale_to needs a maximum above 0",
    ),
    "no_clamp": ("edition.toml: clamped cần clamp", "edition.toml: clamped needs clamp"),
    "aggregate_needs_scorecards": (
        "edition.toml: {aggregate} chỉ dùng được với combine = scorecard",
        "edition.toml: {aggregate} works with combine = scorecard only",
    ),
}


def words(language: str, key: str, **facts: object) -> str:
    """Return a sentence in Vietnamese ("vi") or English; exact numbers are written as decimals where they are short."""
    readable = {name: _readable(fact) for name, fact in facts.items()}
    return WORDS[key][language != "vi"].format(**readable)


def _readable(fact: object) -> object:
    if not isinstance(fact, Fraction):
        return "-" if fact is None else fact
    places = next((places for places in range(13) if (fact * 10**places).denominator == 1), None)
    return str(fact) if places is None else printed(fact, places)


def main(arguments: Sequence[str] | None = None, write: Callable[[str], object] | None = None) -> int:
    """Check the bundle named on the command line, print what was found and return the exit status."""
    parser = argparse.ArgumentParser(description="Kiểm tra kết quả cuộc thi. Check published contest results.")
    parser.add_argument("bundle", type=Path, help="results bundle: .zip or folder / gói kết quả: .zip hoặc thư mục")
    parser.add_argument("--language", choices=("vi", "en"), default="vi")
    parser.add_argument("--fingerprint", default="", help="the one announced / mã băm đã công bố")
    parser.add_argument("--commitment", type=Path, help="promise.json of the round / tệp cam kết của vòng")
    parser.add_argument("--announced", default="", help="the code announced before / mã công bố trước lễ")
    options = parser.parse_args(arguments)
    say, language = write or _to_screen, options.language
    say(words(language, "title", path=options.bundle))
    try:
        verdict = verify(options.bundle, options.fingerprint, options.commitment, options.announced)
    except Unreadable as error:
        say(words(language, "unreadable", text=words(language, error.key, **error.facts)))
        return 2
    report(verdict, language, say)
    return verdict.status


def report(verdict: Verdict, language: str, say: Callable[[str], object]) -> None:
    """Say what was checked, what differs and what was left out."""
    for mark, found in (("ok", verdict.checked), ("note", verdict.skipped), ("bad", verdict.differences)):
        for key, facts in found:
            warns = key in ("no_manifest", "taken_over", "not_compared")
            say(words(language, "note" if warns else mark, text=words(language, key, **facts)))
    say(words(language, {0: "agrees", 1: "fails", 3: "partly"}[verdict.status], count=len(verdict.differences)))


def _to_screen(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
