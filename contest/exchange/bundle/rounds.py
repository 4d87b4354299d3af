"""The rules of one `[[rounds]]` table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from contest.editions.coherence import BY_CRITERION, BY_ROUND, OWN, TIE_STEPS, clashes
from contest.editions.rules import (
    MOST_DECIMALS,
    WHOLE,
    Advance,
    Aggregate,
    Band,
    Combine,
    Counting,
    CriterionSpec,
    CutTies,
    Decide,
    Per,
    Quorum,
    RoundRules,
    Rubric,
)
from contest.exchange.bundle.findings import nearest
from contest.exchange.bundle.keys import Keys

Criteria = Mapping[str, CriterionSpec | None]
MOST_DAYS = 365
MOST_MINUTES = 600


def read_rules(keys: Keys, earlier: list[str], criteria: Criteria, bands: tuple[Band, ...] = ()) -> RoundRules:
    """Read the rules of a round that follows the rounds `earlier`; after a problem a rule has its default."""
    aggregate, clamp = _aggregate(keys)
    # Within these bounds the rules themselves refuse nothing.
    return RoundRules(
        decimals=keys.integer("decimals", 2, 0, MOST_DECIMALS),
        combine=keys.choice("combine", Combine.SCORECARD),
        trim=keys.integer("trim", 1),
        trim_from=keys.optional_integer("trim_from", 1),
        min_judges=keys.integer("min_judges", 1, 1),
        judges_per_submission=keys.optional_integer("judges_per_submission", 1),
        blind=keys.boolean("blind"),
        counting=keys.choice("counting", Counting.SUBMITTED),
        decide=keys.choice("decide", Decide.SCORES),
        whole_marks=keys.boolean("whole_marks"),
        scale_to=_size(keys, "scale_to"),
        carry=_carry(keys, earlier),
        tie_breaks=_tie_breaks(keys, criteria, earlier),
        advance=_advance(keys),
        spread_alarm=_size(keys, "spread_alarm"),
        quorum=_quorum(keys),
        min_entries=keys.optional_integer("min_entries", 1),
        bands=bands,
        appeal_days=keys.optional_integer("appeal_days", 1, MOST_DAYS),
        pitch_minutes=keys.optional_integer("pitch_minutes", 1, MOST_MINUTES),
        answer_minutes=keys.optional_integer("answer_minutes", 1, MOST_MINUTES),
        change_minutes=keys.optional_integer("change_minutes", 1, MOST_MINUTES),
        aggregate=aggregate,
        clamp=clamp,
    )


def check_rules(keys: Keys, rules: RoundRules, rubric: Rubric, earlier: list[str]) -> None:
    """Report settings that cannot go together. What the document names wrongly was reported when it was read."""
    sound = replace(rules, carry=(), tie_breaks=())
    for clash in clashes(sound, rubric, earlier):
        keys.findings.add(keys.place(clash.setting), clash.code, **clash.facts)


def read_bands(coded: Iterator[tuple[Keys, str]]) -> tuple[Band, ...]:
    """Read `[[rounds.bands]]`, from the highest to the lowest."""
    found: list[Band] = []
    for keys, code in coded:
        name = keys.local("name", required=True)
        lowest = keys.decimal("lowest", required=True)
        keys.finish()
        if lowest is None:
            continue
        if any(band.lowest == lowest for band in found):
            keys.findings.add(keys.place("lowest"), "bands_equal", value=lowest)
        else:
            found.append(Band(code, name, lowest))
    return tuple(sorted(found, key=lambda band: band.lowest, reverse=True))


def _aggregate(keys: Keys) -> tuple[Aggregate, Decimal | None]:
    aggregate, clamp = keys.choice("aggregate", Aggregate.MEAN), _size(keys, "clamp")
    if aggregate is Aggregate.CLAMPED and clamp is None:
        if "clamp" not in keys.data:  # one that cannot be read has its own problem
            keys.findings.add(keys.place("aggregate"), "clamp_missing")
        aggregate = Aggregate.MEAN
    return aggregate, clamp


def _size(keys: Keys, key: str) -> Decimal | None:
    value = keys.decimal(key)
    if value is not None and value <= 0:
        keys.findings.add(keys.place(key), "value_not_positive", key=key)
        return None
    return value


def _carry(keys: Keys, earlier: list[str]) -> tuple[tuple[str, Decimal], ...]:
    table = keys.table("carry")
    if table is None:
        return ()
    known = {code.casefold(): code for code in (*earlier, OWN)}
    found: dict[str, Decimal] = {}
    for key in table.data:
        weight = table.decimal(key)
        if key.casefold() not in known:
            near = nearest(key, known.values())
            keys.findings.add(table.place(key), "carry_not_earlier", value=key, nearest=near)
        elif weight is not None and weight < 0:
            keys.findings.add(table.place(key), "weight_negative", criterion=key)
        elif weight is not None:
            found[known[key.casefold()]] = weight
    if found and not any(found.values()):
        keys.findings.add(table.place(), "weights_sum_to_zero")
    return tuple(found.items())


def _tie_breaks(keys: Keys, criteria: Criteria, earlier: list[str]) -> tuple[str, ...]:
    found = [_tie_break(keys, text, criteria, earlier) for text in keys.texts("tie_breaks") or ()]
    return tuple(step for step in found if step)


def _tie_break(keys: Keys, text: str, criteria: Criteria, earlier: list[str]) -> str:
    """Return one step in its own spelling, "" after a problem."""
    if text in TIE_STEPS:
        return text
    for prefix, known, code in (
        (BY_CRITERION, {key: each.code if each else key for key, each in criteria.items()}, "unknown_criterion"),
        (BY_ROUND, {each.casefold(): each for each in earlier}, "tie_break_not_earlier"),
    ):
        if text.startswith(prefix):
            named = text.removeprefix(prefix)
            if named.casefold() in known:
                return f"{prefix}{known[named.casefold()]}"
            near = nearest(named, known.values())
            keys.findings.add(keys.place("tie_breaks"), code, value=named, nearest=near)
            return ""
    allowed = (f"{BY_CRITERION}CODE", f"{BY_ROUND}CODE", *TIE_STEPS)
    near = nearest(text, TIE_STEPS)
    keys.findings.add(
        keys.place("tie_breaks"), "value_not_choice", value=text, allowed=", ".join(allowed), nearest=near
    )
    return ""


def _advance(keys: Keys) -> Advance | None:
    table = keys.table("advance")
    if table is None:
        return None
    top = table.optional_integer("top", 1)
    advance = Advance(
        top=top,
        per=table.choice("per", Per.TRACK),
        threshold=table.decimal("threshold"),
        floors=table.boolean("floors"),
        ties=table.choice("ties", CutTies.ALL),
        percent=_percent(table),
        direct=_direct(table, top),
    )
    table.finish()
    if not advance.has_line and not {"top", "threshold", "percent"} & set(table.data):
        keys.findings.add(table.place(), "advance_empty")
    return advance


def _percent(table: Keys) -> Decimal | None:
    value = table.decimal("percent")
    if value is not None and not 0 < value <= WHOLE:
        table.findings.add(table.place("percent"), "percent_out_of_range", value=value)
        return None
    return value


def _direct(table: Keys, top: int | None) -> int | None:
    value = table.optional_integer("direct", 1)
    if value is not None and top is not None and value > top:
        table.findings.add(table.place("direct"), "direct_out_of_range", value=value)
        return None
    return value


def _quorum(keys: Keys) -> Quorum | None:
    table = keys.table("quorum")
    if table is None:
        return None
    present = table.integer("present", 1, 1, 1_000)
    if "present" not in table.data:
        table.findings.add(table.place("present"), "value_missing", key="present")
    quorum = Quorum(present, table.boolean("chair", default=True), table.boolean("secretary", default=True))
    table.finish()
    return quorum
