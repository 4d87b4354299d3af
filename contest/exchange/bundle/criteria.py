"""The criteria of one `[[rounds]]` table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from contest.editions.measures import Conversion, Measure
from contest.editions.rules import CriterionSpec, Guidance, LocalText, Source
from contest.errors import RuleBroken
from contest.exchange.bundle.findings import MAX_BLOCK, MAX_CODE, nearest
from contest.exchange.bundle.keys import Keys

Criteria = dict[str, CriterionSpec | None]


def read_criteria(coded: Iterable[tuple[Keys, str]], parts: Iterable[str] = ()) -> Criteria:
    """Read `[[rounds.criteria]]`: folded code -> criterion, None for one whose numbers cannot be used.

    `parts` holds the codes of the parts of a submission; another one is only odd, because parts come and go.
    """
    known = tuple(parts)
    return {code.casefold(): _criterion(keys, code, known) for keys, code in coded}


def _criterion(keys: Keys, code: str, parts: tuple[str, ...]) -> CriterionSpec | None:
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
    part = _part(keys, parts)
    measure = _measure(keys)
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
            part=part,
            measure=measure,
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


def _part(keys: Keys, parts: tuple[str, ...]) -> str:
    text = keys.text("part", MAX_CODE)
    for code in parts:
        if code.casefold() == text.casefold():
            return code
    if text and parts:
        keys.findings.warn(keys.place("part"), "part_unknown", value=text, nearest=nearest(text, parts))
    return text


def _measure(keys: Keys) -> Measure | None:
    table = keys.table("measure")
    if table is None:
        return None
    conversion = table.optional_choice("conversion", Conversion)
    best, worst = table.decimal("best"), table.decimal("worst")
    lower = table.boolean("lower_is_better")
    table.finish()
    if conversion is None:
        if "conversion" not in table.data:
            table.findings.add(table.place("conversion"), "value_missing", key="conversion")
        return None
    try:
        return Measure(conversion, best, worst, lower)
    except RuleBroken as error:
        table.findings.broken(table.place(), error)
        return None
