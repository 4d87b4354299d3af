"""Rules and measures as JSON of exact strings, for the database columns and for frozen snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from contest.editions.measures import Conversion, Measure
from contest.editions.rules import (
    Advance,
    Aggregate,
    Band,
    Combine,
    Counting,
    CutTies,
    Decide,
    LocalText,
    Per,
    Quorum,
    RoundRules,
)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _exact(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def measure_to_json(measure: Measure) -> dict[str, Any]:
    """Return the declared conversion of a criterion."""
    return {
        "conversion": measure.conversion.value,
        "best": _text(measure.best),
        "worst": _text(measure.worst),
        "lower_is_better": measure.lower_is_better,
    }


def measure_from_json(data: Mapping[str, Any]) -> Measure:
    """Read what `measure_to_json` wrote. Raises `RuleBroken`, `ValueError`."""
    return Measure(
        conversion=Conversion(data["conversion"]),
        best=_exact(data.get("best")),
        worst=_exact(data.get("worst")),
        lower_is_better=data.get("lower_is_better", False),
    )


def rules_to_json(rules: RoundRules) -> dict[str, Any]:
    """Return every setting; decimals as plain text, enumerations by value."""
    return {
        "decimals": rules.decimals,
        "combine": rules.combine.value,
        "aggregate": rules.aggregate.value,
        "trim": rules.trim,
        "trim_from": rules.trim_from,
        "clamp": _text(rules.clamp),
        "min_judges": rules.min_judges,
        "judges_per_submission": rules.judges_per_submission,
        "blind": rules.blind,
        "counting": rules.counting.value,
        "decide": rules.decide.value,
        "whole_marks": rules.whole_marks,
        "scale_to": _text(rules.scale_to),
        "carry": [[code, _text(weight)] for code, weight in rules.carry],
        "tie_breaks": list(rules.tie_breaks),
        "advance": None if rules.advance is None else _advance_to_json(rules.advance),
        "spread_alarm": _text(rules.spread_alarm),
        "quorum": None if rules.quorum is None else asdict(rules.quorum),
        "min_entries": rules.min_entries,
        "bands": [
            {"code": band.code, "vi": band.name.vi, "en": band.name.en, "lowest": _text(band.lowest)}
            for band in rules.bands
        ],
        "appeal_days": rules.appeal_days,
        "pitch_minutes": rules.pitch_minutes,
        "answer_minutes": rules.answer_minutes,
        "change_minutes": rules.change_minutes,
    }


def _advance_to_json(advance: Advance) -> dict[str, Any]:
    return {
        "top": advance.top,
        "per": advance.per.value,
        "threshold": _text(advance.threshold),
        "floors": advance.floors,
        "ties": advance.ties.value,
        "percent": _text(advance.percent),
        "direct": advance.direct,
    }


def rules_from_json(data: Mapping[str, Any]) -> RoundRules:
    """Read what `rules_to_json` wrote; absent settings take their defaults. Raises `RuleBroken`, `ValueError`."""
    advance = data.get("advance")
    return RoundRules(
        decimals=data.get("decimals", 2),
        combine=Combine(data.get("combine", "scorecard")),
        aggregate=Aggregate(data.get("aggregate", "mean")),
        trim=data.get("trim", 1),
        trim_from=data.get("trim_from"),
        clamp=_exact(data.get("clamp")),
        min_judges=data.get("min_judges", 1),
        judges_per_submission=data.get("judges_per_submission"),
        blind=data.get("blind", False),
        counting=Counting(data.get("counting", "submitted")),
        decide=Decide(data.get("decide", "scores")),
        whole_marks=data.get("whole_marks", False),
        scale_to=_exact(data.get("scale_to")),
        carry=tuple((code, Decimal(weight)) for code, weight in data.get("carry", ())),
        tie_breaks=tuple(data.get("tie_breaks", ())),
        advance=None if advance is None else _advance_from_json(advance),
        spread_alarm=_exact(data.get("spread_alarm")),
        quorum=None if data.get("quorum") is None else Quorum(**data["quorum"]),
        min_entries=data.get("min_entries"),
        bands=tuple(_band(band) for band in data.get("bands", ())),
        appeal_days=data.get("appeal_days"),
        pitch_minutes=data.get("pitch_minutes"),
        answer_minutes=data.get("answer_minutes"),
        change_minutes=data.get("change_minutes"),
    )


def _band(data: Mapping[str, str]) -> Band:
    return Band(data["code"], LocalText(data["vi"], data["en"]), Decimal(data["lowest"]))


def _advance_from_json(data: Mapping[str, Any]) -> Advance:
    return Advance(
        top=data.get("top"),
        per=Per(data.get("per", "track")),
        threshold=_exact(data.get("threshold")),
        floors=data.get("floors", False),
        ties=CutTies(data.get("ties", "all")),
        percent=_exact(data.get("percent")),
        direct=data.get("direct"),
    )
