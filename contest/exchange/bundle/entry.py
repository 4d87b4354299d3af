"""Who may enter, and deadlines moved by a decision: `[eligibility]` and `[[extensions]]` of edition.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TypeVar

from contest.editions.entry_rules import (
    LONGEST_LISTED,
    MOST_PEOPLE,
    MOST_PER_SCHOOL,
    NO_RULES,
    OLDEST,
    WHOLE_SHARE,
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
from contest.editions.entry_rules_json import PLAIN
from contest.editions.extensions import LONGEST_DECISION, LONGEST_REASON, Decision, Extension
from contest.errors import RuleBroken
from contest.exchange.bundle.findings import nearest
from contest.exchange.bundle.keys import Keys
from contest.exchange.bundle.toml_text import Value

T = TypeVar("T")
Pairs = dict[str, Value]


def read_eligibility(root: Keys, tracks: Sequence[str]) -> EligibilityRules:
    """Read `[eligibility]`; a rule that cannot be used is noted and switched off."""
    keys = root.table("eligibility")
    if keys is None:
        return NO_RULES
    found = EligibilityRules(
        size=_rule(keys, "size", _size, SizeRule()),
        age=_rule(keys, "age", lambda table: _age(table, tracks), AgeRule()),
        quota=_rule(keys, "quota", _quota, QuotaRule()),
        mentor=_rule(keys, "mentor", _mentor, MentorRule()),
        awarded=_rule(keys, "awarded", _awarded, AwardedRule()),
        outsiders=_rule(keys, "outsiders", _outsiders, OutsiderRule()),
        **{name: keys.choice(name, Effect.OFF) for name in PLAIN},
    )
    keys.finish()
    return found


def _rule(keys: Keys, name: str, read: Callable[[Keys], T], default: T) -> T:
    table = keys.table(name)
    if table is None:
        return default
    found = _sound(table, lambda: read(table), default)
    table.finish()
    return found


def _sound(keys: Keys, build: Callable[[], T], default: T) -> T:
    try:
        return build()
    except RuleBroken as error:
        keys.findings.broken(keys.place(), error)
        return default


def _effect(keys: Keys) -> Effect:
    return keys.choice("effect", Effect.OFF)


def _size(keys: Keys) -> SizeRule:
    return SizeRule(
        _effect(keys), keys.optional_integer("min", 1, MOST_PEOPLE), keys.optional_integer("max", 1, MOST_PEOPLE)
    )


def _limits(keys: Keys) -> AgeLimits:
    low, high = keys.optional_integer("min", 0, OLDEST), keys.optional_integer("max", 0, OLDEST)
    by_oldest = keys.boolean("by_oldest")
    return _sound(keys, lambda: AgeLimits(low, high, by_oldest), AgeLimits())


def _age(keys: Keys, tracks: Sequence[str]) -> AgeRule:
    return AgeRule(_effect(keys), keys.day("on"), _limits(keys), tuple(sorted(_track_ages(keys, tracks))))


def _track_ages(keys: Keys, tracks: Sequence[str]) -> Iterator[tuple[str, AgeLimits]]:
    table = keys.table("tracks")
    known = {code.casefold(): code for code in tracks}
    for name in () if table is None else table.data:
        limits = table.table(name) if table is not None else None
        if limits is None:
            continue
        if name.casefold() in known:
            yield known[name.casefold()], _limits(limits)
            limits.finish()
        else:
            keys.findings.add(limits.place(), "unknown_track", value=name, nearest=nearest(name, tracks))


def _quota(keys: Keys) -> QuotaRule:
    return QuotaRule(
        _effect(keys),
        keys.optional_integer("max", 1, MOST_PER_SCHOOL),
        keys.optional_integer("min", 1, MOST_PER_SCHOOL),
        keys.choice("per", QuotaPer.EDITION),
    )


def _mentor(keys: Keys) -> MentorRule:
    return MentorRule(_effect(keys), keys.boolean("required", default=True), keys.choice("school", MentorSchool.ANY))


def _awarded(keys: Keys) -> AwardedRule:
    listed = tuple(dict.fromkeys(line[:LONGEST_LISTED] for line in keys.texts("listed") or () if line))
    return AwardedRule(_effect(keys), keys.boolean("declaration"), listed)


def _outsiders(keys: Keys) -> OutsiderRule:
    return OutsiderRule(_effect(keys), keys.integer("max_percent", OutsiderRule().percent, 0, WHOLE_SHARE))


def read_extensions(root: Keys, zone: tzinfo, rounds: Sequence[str]) -> tuple[Extension, ...]:
    """Read `[[extensions]]` in their order; `round` is empty for the submissions."""
    return tuple(filter(None, (_extension(keys, zone, rounds) for keys in root.tables("extensions"))))


def _extension(keys: Keys, zone: tzinfo, rounds: Sequence[str]) -> Extension | None:
    was, until = keys.moment("from", zone, required=True), keys.moment("to", zone, required=True)
    number = keys.text("decision", LONGEST_DECISION, required=True)
    decided_on = keys.day("decided_on", required=True)
    reason = keys.text("reason", LONGEST_REASON, required=True)
    round_code = _round_of(keys, rounds)
    keys.finish()
    if was is None or until is None or decided_on is None or not number or not reason:
        return None  # noted already
    decision = Decision(number, decided_on, reason)
    return _sound(keys, lambda: Extension(was, until, decision, round_code), None)


def _round_of(keys: Keys, rounds: Sequence[str]) -> str:
    text = keys.text("round")
    found = next((code for code in rounds if code.casefold() == text.casefold()), "")
    if text and not found:
        keys.findings.add(keys.place("round"), "unknown_round", value=text, nearest=nearest(text, rounds))
    return found


def eligibility_pairs(rules: EligibilityRules) -> Pairs:
    """Return what `[eligibility]` says beside the default; nothing when every rule is as it comes."""
    tables: dict[str, Pairs] = {
        "size": _given({"min": rules.size.minimum, "max": rules.size.maximum}),
        "age": _age_pairs(rules.age),
        "quota": _given({"max": rules.quota.maximum, "min": rules.quota.minimum})
        | _differing({"per": rules.quota.per.value}, {"per": QuotaPer.EDITION.value}),
        "mentor": _differing(
            {"required": rules.mentor.required, "school": rules.mentor.school.value},
            {"required": True, "school": MentorSchool.ANY.value},
        ),
        "awarded": _differing(
            {"declaration": rules.awarded.declaration, "listed": rules.awarded.listed},
            {"declaration": False, "listed": ()},
        ),
        "outsiders": _differing({"max_percent": rules.outsiders.percent}, {"max_percent": OutsiderRule().percent}),
    }
    effects = {name: effect for name, effect in rules.effects() if effect is not Effect.OFF}
    found: Pairs = {}
    for name, _effect_of in rules.effects():
        if name in tables:
            pairs: Pairs = {"effect": effects[name].value, **tables[name]} if name in effects else tables[name]
            found |= {name: pairs} if pairs else {}
        elif name in effects:
            found[name] = effects[name].value
    return found


def _given(pairs: Mapping[str, int | None]) -> Pairs:
    return {key: value for key, value in pairs.items() if value is not None}


def _differing(pairs: Mapping[str, Value], defaults: Mapping[str, Value]) -> Pairs:
    return {key: value for key, value in pairs.items() if value != defaults[key]}


def _limit_pairs(limits: AgeLimits) -> Pairs:
    return _given({"min": limits.minimum, "max": limits.maximum}) | ({"by_oldest": True} if limits.by_oldest else {})


def _age_pairs(rule: AgeRule) -> Pairs:
    tracks: dict[str, Value] = {code: _limit_pairs(limits) for code, limits in rule.tracks}
    day: Pairs = {} if rule.on is None else {"on": rule.on}
    return day | _limit_pairs(rule.limits) | ({"tracks": tracks} if tracks else {})


def extension_pairs(extension: Extension, zone: tzinfo) -> Pairs:
    """Return one `[[extensions]]`."""
    where: Pairs = {"round": extension.round_code} if extension.round_code else {}
    return where | {
        "from": _local(extension.was, zone),
        "to": _local(extension.until, zone),
        "decision": extension.decision.number,
        "decided_on": extension.decision.on,
        "reason": extension.decision.reason,
    }


def _local(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone)
