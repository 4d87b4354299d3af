"""The rules and the criteria of one `[[rounds]]` table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from contest.editions.rules import (
    MOST_DECIMALS,
    Advance,
    Aggregate,
    Combine,
    CriterionSpec,
    CutTies,
    Guidance,
    LocalText,
    Per,
    RoundRules,
    Source,
)
from contest.errors import RuleBroken
from contest.exchange.bundle.findings import MAX_BLOCK, nearest
from contest.exchange.bundle.keys import Keys

OWN = "self"
TIE_BREAKS = ("judges_preferring", "highest_scorecard", "chair")
_BY_CRITERION = "criterion:"

Criteria = dict[str, CriterionSpec | None]


def read_criteria(coded: Iterable[tuple[Keys, str]]) -> Criteria:
    """Read `[[rounds.criteria]]`: folded code -> criterion, None for one whose numbers cannot be used."""
    return {code.casefold(): _criterion(keys, code) for keys, code in coded}


def _criterion(keys: Keys, code: str) -> CriterionSpec | None:
    before = len(keys.findings.problems)
    minimum = keys.decimal("min")
    maximum = keys.decimal("max", required=True)
    step = keys.decimal("step", required=True)
    weight = keys.decimal("weight")
    name = keys.local("name", 300, required=True)
    source = keys.choice("source", Source.JUDGES)
    floor = keys.decimal("floor")
    guidance = tuple(_guidance(keys))
    description = keys.local("description", MAX_BLOCK, block=True)
    keys.finish()
    if maximum is None or step is None or len(keys.findings.problems) > before:
        return None
    try:
        return CriterionSpec(
            code=code,
            name=name,
            minimum=Decimal(0) if minimum is None else minimum,
            maximum=maximum,
            step=step,
            weight=Decimal(1) if weight is None else weight,
            floor=floor,
            source=source,
            guidance=guidance,
            description=description,
        )
    except RuleBroken as error:
        keys.findings.broken(keys.place(), error)
        return None


def _guidance(keys: Keys) -> Iterator[Guidance]:
    for each in keys.tables("guidance"):
        mark = each.decimal("mark", required=True)
        text = LocalText(each.text("vi", MAX_BLOCK, block=True), each.text("en", MAX_BLOCK, block=True))
        each.finish()
        if mark is not None:
            yield Guidance(mark, text)


def read_rules(keys: Keys, earlier: list[str], criteria: Mapping[str, CriterionSpec | None]) -> RoundRules:
    """Read the rules of a round that follows the rounds `earlier`; after a problem a rule has its default."""
    # Within these bounds the rules themselves refuse nothing.
    return RoundRules(
        decimals=keys.integer("decimals", 2, 0, MOST_DECIMALS),
        combine=keys.choice("combine", Combine.SCORECARD),
        aggregate=keys.choice("aggregate", Aggregate.MEAN),
        trim=keys.integer("trim", 1),
        clamp=_size(keys, "clamp"),
        min_judges=keys.integer("min_judges", 1, 1),
        judges_per_submission=keys.optional_integer("judges_per_submission", 1),
        blind=keys.boolean("blind"),
        scale_to=_size(keys, "scale_to"),
        carry=_carry(keys, earlier),
        tie_breaks=_tie_breaks(keys, criteria),
        advance=_advance(keys),
    )


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


def _tie_breaks(keys: Keys, criteria: Mapping[str, CriterionSpec | None]) -> tuple[str, ...]:
    found = []
    for text in keys.texts("tie_breaks") or ():
        code = text.removeprefix(_BY_CRITERION)
        if text in TIE_BREAKS:
            found.append(text)
        elif text.startswith(_BY_CRITERION) and code.casefold() in criteria:
            criterion = criteria[code.casefold()]
            found.append(f"{_BY_CRITERION}{criterion.code if criterion else code}")
        elif text.startswith(_BY_CRITERION):
            known = [each.code for each in criteria.values() if each]
            keys.findings.add(keys.place("tie_breaks"), "unknown_criterion", value=code, nearest=nearest(code, known))
        else:
            allowed = ", ".join((f"{_BY_CRITERION}CODE", *TIE_BREAKS))
            keys.findings.add(keys.place("tie_breaks"), "value_not_choice", value=text, allowed=allowed)
    return tuple(found)


def _advance(keys: Keys) -> Advance | None:
    table = keys.table("advance")
    if table is None:
        return None
    advance = Advance(
        top=table.optional_integer("top", 1),
        per=table.choice("per", Per.TRACK),
        threshold=table.decimal("threshold"),
        floors=table.boolean("floors"),
        ties=table.choice("ties", CutTies.ALL),
    )
    table.finish()
    if advance.top is None and advance.threshold is None:
        keys.findings.add(table.place(), "advance_empty")
    return advance
