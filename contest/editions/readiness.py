"""What an edition still lacks before it can be announced, and on which page of the set-up to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contest.editions.basics import Basics
from contest.editions.coherence import clashes, trims_too_few
from contest.editions.facts import RoundFacts
from contest.editions.rules import Aggregate, RoundKind, Source


class Step(StrEnum):
    """The pages of the set-up."""

    BASICS = "basics"
    DIVISIONS = "divisions"
    PARTS = "parts"
    ENTRY = "entry"
    ROUNDS = "rounds"
    ROUND = "round"
    RUBRIC = "rubric"


class CheckState(StrEnum):
    """Missing things block the announcement; optional ones are a remark."""

    DONE = "done"
    MISSING = "missing"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist. `round` is set when it speaks of one round; `details` are codes to be shown."""

    code: str
    state: CheckState
    step: Step
    round: RoundFacts | None = None
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetUp:
    """All of an edition that the checklist looks at; rounds in their order."""

    basics: Basics
    tracks: int
    fields: int
    parts: int
    rounds: tuple[RoundFacts, ...]
    entry_rules: bool = False


def review(set_up: SetUp, now: datetime) -> tuple[Check, ...]:
    """Return the checklist in the order of the set-up pages; remarks appear only when there is something to remark."""
    return (*_basics(set_up.basics, now), *_contents(set_up), *_ladder(set_up), *_each_round(set_up))


def gaps(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return what blocks the announcement."""
    return tuple(check for check in checks if check.state is CheckState.MISSING)


def _needed(code: str, step: Step, *, done: bool) -> Check:
    return Check(code, CheckState.DONE if done else CheckState.MISSING, step)


def _wanted(code: str, step: Step, *, done: bool) -> Check:
    return Check(code, CheckState.DONE if done else CheckState.OPTIONAL, step)


def _basics(basics: Basics, now: datetime) -> Iterator[Check]:
    yield _needed("name", Step.BASICS, done=bool(basics.name.vi or basics.name.en))
    if "en" in basics.languages and not basics.name.en:
        yield Check("english_name", CheckState.OPTIONAL, Step.BASICS)
    yield _needed("organiser", Step.BASICS, done=bool(basics.organiser))
    opens, closes = basics.submissions_open, basics.submissions_close
    yield _needed("window", Step.BASICS, done=opens is not None and closes is not None)
    if closes is not None and closes <= now:
        yield Check("window_over", CheckState.OPTIONAL, Step.BASICS)
    yield _wanted("contact", Step.BASICS, done=bool(basics.contact))


def _contents(set_up: SetUp) -> Iterator[Check]:
    yield _wanted("tracks", Step.DIVISIONS, done=set_up.tracks > 0)
    yield _wanted("fields", Step.DIVISIONS, done=set_up.fields > 0)
    yield _wanted("parts", Step.PARTS, done=set_up.parts > 0)
    if set_up.entry_rules:  # a contest that is open to everybody needs no remark
        yield Check("entry_rules", CheckState.DONE, Step.ENTRY)


def _ladder(set_up: SetUp) -> Iterator[Check]:
    rounds = set_up.rounds
    yield _needed("rounds", Step.ROUNDS, done=bool(rounds))
    if not rounds:
        return
    finals = [place for place, one in enumerate(rounds, start=1) if one.kind is RoundKind.FINAL]
    if finals:
        yield _needed("final_last", Step.ROUNDS, done=finals == [len(rounds)])
    else:
        yield Check("no_final", CheckState.OPTIONAL, Step.ROUNDS)
    if len(rounds) > 1:
        yield _needed("rounds_in_order", Step.ROUNDS, done=_in_order(rounds))


def _in_order(rounds: Sequence[RoundFacts]) -> bool:
    """Tell whether the times that are set never run backwards from one round to the next."""
    times = [moment for one in rounds for moment in (one.opens_at, one.closes_at) if moment is not None]
    return times == sorted(times)


def _each_round(set_up: SetUp) -> Iterator[Check]:
    last = len(set_up.rounds) - 1
    for place, one in enumerate(set_up.rounds):
        done = CheckState.DONE if one.rubric.criteria else CheckState.MISSING
        yield Check("rubric", done, Step.RUBRIC, one)
        yield from _panel(one)
        yield from _clashes(one, [other.code for other in set_up.rounds[:place]])
        timed = one.opens_at is not None and one.closes_at is not None
        yield Check("round_window", CheckState.DONE if timed else CheckState.OPTIONAL, Step.ROUND, one)
        yield from _remarks(one, set_up.basics.submissions_close if place == 0 else None)
        if place != last:
            chosen = CheckState.OPTIONAL if one.rules.advance is None else CheckState.DONE
            yield Check("advance", chosen, Step.ROUND, one)


def _panel(one: RoundFacts) -> Iterator[Check]:
    """Refuse numbers of judges that can never give a result."""
    per_submission, rules = one.rules.judges_per_submission, one.rules
    if per_submission is None:
        return
    if per_submission < rules.min_judges:
        yield Check("too_few_judges", CheckState.MISSING, Step.ROUND, one)
    if rules.aggregate is Aggregate.TRIMMED and per_submission <= 2 * rules.trim:
        yield Check("trim_leaves_nobody", CheckState.MISSING, Step.ROUND, one)


def _clashes(one: RoundFacts, earlier: Sequence[str]) -> Iterator[Check]:
    if trims_too_few(one.rules):
        yield Check("trim_needs_five", CheckState.MISSING, Step.ROUND, one)
    found = tuple(dict.fromkeys(clash.setting for clash in clashes(one.rules, one.rubric, earlier)))
    if found:
        yield Check("rules_clash", CheckState.MISSING, Step.ROUND, one, found)


def _remarks(one: RoundFacts, deadline: datetime | None) -> Iterator[Check]:
    if deadline is not None and one.opens_at is not None and one.opens_at < deadline:
        yield Check("scoring_before_deadline", CheckState.OPTIONAL, Step.ROUND, one)
    others = tuple(c.code for c in one.rubric.criteria if c.source is not Source.JUDGES)
    if others:
        yield Check("not_by_judges", CheckState.OPTIONAL, Step.RUBRIC, one, others)
