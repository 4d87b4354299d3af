"""Rules of entry as JSON, for the edition's column."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from contest.editions.entry_rules import (
    AgeLimits,
    AgeRule,
    AwardedRule,
    Effect,
    EligibilityRules,
    MentorRule,
    MentorSchool,
    OutsiderRule,
    QuotaPer,
    QuotaRule,
    SizeRule,
)

PLAIN = ("one_team", "one_captain", "officials", "one_idea", "track", "field", "anonymous")


def entry_rules_to_json(rules: EligibilityRules) -> dict[str, Any]:
    """Return every setting; enumerations by value, the day as text."""
    age, quota, mentor = rules.age, rules.quota, rules.mentor
    return {
        "size": {"effect": rules.size.effect.value, "min": rules.size.minimum, "max": rules.size.maximum},
        "age": {
            "effect": age.effect.value,
            "on": None if age.on is None else age.on.isoformat(),
            **_limits_to_json(age.limits),
            "tracks": {code: _limits_to_json(limits) for code, limits in age.tracks},
        },
        "quota": {"effect": quota.effect.value, "max": quota.maximum, "min": quota.minimum, "per": quota.per.value},
        "mentor": {"effect": mentor.effect.value, "required": mentor.required, "school": mentor.school.value},
        "awarded": {
            "effect": rules.awarded.effect.value,
            "declaration": rules.awarded.declaration,
            "listed": list(rules.awarded.listed),
        },
        "outsiders": {"effect": rules.outsiders.effect.value, "max_percent": rules.outsiders.percent},
        **{name: getattr(rules, name).value for name in PLAIN},
    }


def _limits_to_json(limits: AgeLimits) -> dict[str, Any]:
    return {"min": limits.minimum, "max": limits.maximum, "by_oldest": limits.by_oldest}


def entry_rules_from_json(data: Mapping[str, Any]) -> EligibilityRules:
    """Read what `entry_rules_to_json` wrote; what is absent is switched off. Raises `RuleBroken`, `ValueError`."""
    size, quota, mentor = data.get("size", {}), data.get("quota", {}), data.get("mentor", {})
    awarded, outsiders = data.get("awarded", {}), data.get("outsiders", {})
    return EligibilityRules(
        size=SizeRule(_effect(size), size.get("min"), size.get("max")),
        age=_age(data.get("age", {})),
        quota=QuotaRule(_effect(quota), quota.get("max"), quota.get("min"), QuotaPer(quota.get("per", "edition"))),
        mentor=MentorRule(
            _effect(mentor), mentor.get("required", True), MentorSchool(mentor.get("school", MentorSchool.ANY))
        ),
        awarded=AwardedRule(_effect(awarded), awarded.get("declaration", False), tuple(awarded.get("listed", ()))),
        outsiders=OutsiderRule(_effect(outsiders), outsiders.get("max_percent", 50)),
        **{name: Effect(data.get(name, Effect.OFF)) for name in PLAIN},
    )


def _effect(data: Mapping[str, Any]) -> Effect:
    return Effect(data.get("effect", Effect.OFF))


def _age(data: Mapping[str, Any]) -> AgeRule:
    on = data.get("on")
    return AgeRule(
        effect=_effect(data),
        on=None if on is None else date.fromisoformat(on),
        limits=_limits(data),
        # Sorted, because JSON columns of PostgreSQL and hands may bring them in any order.
        tracks=tuple(sorted((code, _limits(limits)) for code, limits in data.get("tracks", {}).items())),
    )


def _limits(data: Mapping[str, Any]) -> AgeLimits:
    return AgeLimits(data.get("min"), data.get("max"), data.get("by_oldest", False))
