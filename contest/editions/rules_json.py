"""Rules as JSON of exact strings, for the database column and for frozen snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from contest.editions.rules import Advance, Aggregate, Combine, CutTies, Per, RoundRules


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _exact(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def rules_to_json(rules: RoundRules) -> dict[str, Any]:
    """Return every setting; decimals as plain text, enumerations by value."""
    return {
        "decimals": rules.decimals,
        "combine": rules.combine.value,
        "aggregate": rules.aggregate.value,
        "trim": rules.trim,
        "clamp": _text(rules.clamp),
        "min_judges": rules.min_judges,
        "judges_per_submission": rules.judges_per_submission,
        "blind": rules.blind,
        "scale_to": _text(rules.scale_to),
        "carry": [[code, _text(weight)] for code, weight in rules.carry],
        "tie_breaks": list(rules.tie_breaks),
        "advance": None if rules.advance is None else _advance_to_json(rules.advance),
    }


def _advance_to_json(advance: Advance) -> dict[str, Any]:
    return {
        "top": advance.top,
        "per": advance.per.value,
        "threshold": _text(advance.threshold),
        "floors": advance.floors,
        "ties": advance.ties.value,
    }


def rules_from_json(data: Mapping[str, Any]) -> RoundRules:
    """Read what `rules_to_json` wrote; absent settings take their defaults. Raises `RuleBroken`, `ValueError`."""
    advance = data.get("advance")
    return RoundRules(
        decimals=data.get("decimals", 2),
        combine=Combine(data.get("combine", "scorecard")),
        aggregate=Aggregate(data.get("aggregate", "mean")),
        trim=data.get("trim", 1),
        clamp=_exact(data.get("clamp")),
        min_judges=data.get("min_judges", 1),
        judges_per_submission=data.get("judges_per_submission"),
        blind=data.get("blind", False),
        scale_to=_exact(data.get("scale_to")),
        carry=tuple((code, Decimal(weight)) for code, weight in data.get("carry", ())),
        tie_breaks=tuple(data.get("tie_breaks", ())),
        advance=None if advance is None else _advance_from_json(advance),
    )


def _advance_from_json(data: Mapping[str, Any]) -> Advance:
    return Advance(
        top=data.get("top"),
        per=Per(data.get("per", "track")),
        threshold=_exact(data.get("threshold")),
        floors=data.get("floors", False),
        ties=CutTies(data.get("ties", "all")),
    )
