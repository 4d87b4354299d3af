"""The rules of entry that a team keeps or breaks by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from contest.editions.entry_rules import (
    WHOLE_SHARE,
    AgeLimits,
    AwardedRule,
    Effect,
    EligibilityRules,
    MentorRule,
    MentorSchool,
    OutsiderRule,
    SizeRule,
)
from contest.letters import fold
from contest.likeness import name_forms, same_unit, unit_of
from contest.submissions.entrants import Code, Entrant, Finding, Person

_KEPT = 50_000
_MARKS = str.maketrans(dict.fromkeys(".,;:!?\"'()[]-–—“”‘’«»/", " "))


def own_findings(rules: EligibilityRules, entrant: Entrant, deadline: date | None) -> Iterator[Finding]:
    """Yield what one team breaks by itself, in the order of the rules; `deadline` is the day of the official one."""
    yield from _size(rules.size, entrant)
    yield from _age(rules, entrant, deadline)
    yield from _mentor(rules.mentor, entrant)
    yield from _awarded(rules.awarded, entrant)
    yield from _outsiders(rules.outsiders, entrant)
    if rules.track is not Effect.OFF and not entrant.track:
        yield Finding(Code.TRACK_MISSING, rules.track, {"team": entrant.team})
    if rules.field is not Effect.OFF and not entrant.field:
        yield Finding(Code.FIELD_MISSING, rules.field, {"team": entrant.team})
    if rules.anonymous is not Effect.OFF and _names_school(entrant):
        yield Finding(Code.NAMES_SCHOOL, rules.anonymous, {"team": entrant.team, "school": entrant.school})


def _size(rule: SizeRule, entrant: Entrant) -> Iterator[Finding]:
    if rule.effect is Effect.OFF:
        return
    count = len(entrant.people)
    facts = {"team": entrant.team, "count": count}
    if rule.minimum is not None and count < rule.minimum:
        yield Finding(Code.SIZE_UNDER, rule.effect, {**facts, "least": rule.minimum}, (str(count),))
    if rule.maximum is not None and count > rule.maximum:
        yield Finding(Code.SIZE_OVER, rule.effect, {**facts, "most": rule.maximum}, (str(count),))


def age_on(birth_date: date, day: date) -> int:
    """Return the completed years; who was born on 29 February completes one on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def _age(rules: EligibilityRules, entrant: Entrant, deadline: date | None) -> Iterator[Finding]:
    rule, limits = rules.age, rules.age.limits_for(entrant.track)
    if rule.effect is Effect.OFF:
        return
    if not limits.given:
        if rule.tracks and not entrant.track:
            yield Finding(Code.AGE_TRACK_MISSING, Effect.WARN, {"team": entrant.team})
        return
    day = rule.on or deadline
    if day is None:
        yield Finding(Code.AGE_DAY_MISSING, Effect.WARN, {"team": entrant.team})
        return
    unknown = tuple(person.name for person in entrant.people if person.birth_date is None)
    if unknown or not entrant.people:
        yield Finding(Code.AGE_UNKNOWN, Effect.WARN, {"team": entrant.team, "people": unknown or "–"}, unknown)
    yield from _ages(rule.effect, limits, entrant, day)


def _ages(effect: Effect, limits: AgeLimits, entrant: Entrant, day: date) -> Iterator[Finding]:
    aged = [(person, age_on(person.birth_date, day)) for person in entrant.people if person.birth_date is not None]
    young = [] if limits.minimum is None else [pair for pair in aged if pair[1] < limits.minimum]
    # Somebody whose age is not known may be the one who is old enough.
    if limits.by_oldest and len(young) < len(entrant.people):
        young = []
    for person, age in young:
        yield _aged(Code.AGE_UNDER, effect, entrant, person, age, day, least=limits.minimum or 0)
    for person, age in aged:
        if limits.maximum is not None and age > limits.maximum:
            yield _aged(Code.AGE_OVER, effect, entrant, person, age, day, most=limits.maximum)


def _aged(code: Code, effect: Effect, entrant: Entrant, person: Person, age: int, day: date, **limit: int) -> Finding:
    facts = {"team": entrant.team, "person": person.name, "age": age, "on": day, **limit}
    return Finding(code, effect, facts, (fold(person.name), str(age)))


def _mentor(rule: MentorRule, entrant: Entrant) -> Iterator[Finding]:
    if rule.effect is Effect.OFF:
        return
    if not entrant.mentor:
        if rule.required:
            yield Finding(Code.MENTOR_MISSING, rule.effect, {"team": entrant.team})
        return
    if rule.school is MentorSchool.ANY:
        return
    facts = {"team": entrant.team, "mentor": entrant.mentor}
    about = (fold(entrant.mentor), fold(entrant.mentor_school), fold(entrant.school))
    if unit_of(entrant.mentor_school) is None or unit_of(entrant.school) is None:
        yield Finding(Code.MENTOR_SCHOOL_UNKNOWN, Effect.WARN, facts, about)
        return
    facts |= {"school": entrant.school, "mentor_school": entrant.mentor_school}
    same = same_unit(entrant.mentor_school, entrant.school)
    if same and rule.school is MentorSchool.OTHER:
        yield Finding(Code.MENTOR_SAME_SCHOOL, rule.effect, facts, about)
    if not same and rule.school is MentorSchool.SAME:
        yield Finding(Code.MENTOR_NOT_SAME_SCHOOL, rule.effect, facts, about)


def _awarded(rule: AwardedRule, entrant: Entrant) -> Iterator[Finding]:
    if rule.effect is Effect.OFF:
        return
    if rule.declaration and not entrant.declared:
        yield Finding(Code.NOT_DECLARED, rule.effect, {"team": entrant.team})
    winners = _winners(rule.listed)
    title = _plain(entrant.title)
    titled = winners.texts.get(title) if title else None
    if titled is not None:
        yield Finding(Code.AWARDED, rule.effect, {"team": entrant.team, "line": titled}, (title,))
    for line in _named_winners(winners, entrant):
        if line != titled:
            yield Finding(Code.MAYBE_AWARDED, Effect.WARN, {"team": entrant.team, "line": line}, (_plain(line),))


@dataclass(frozen=True, slots=True)
class _Winners:
    """The lines of a list by their plain text, and by the names that they may be."""

    texts: Mapping[str, str]
    names: Mapping[tuple[str, ...], str]


@lru_cache(maxsize=32)
def _winners(listed: tuple[str, ...]) -> _Winners:
    return _Winners(
        {_plain(line): line for line in listed}, {form: line for line in listed for form in name_forms(line)}
    )


def _named_winners(winners: _Winners, entrant: Entrant) -> tuple[str, ...]:
    """Return the lines that are the team's name or a member's, each once."""
    found = [winners.texts.get(_plain(entrant.team))]
    found += [winners.names.get(form) for person in entrant.people for form in sorted(name_forms(person.name))]
    return tuple(dict.fromkeys(line for line in found if line is not None))


@lru_cache(maxsize=_KEPT)
def _plain(text: str) -> str:
    return " ".join(fold(text).translate(_MARKS).split())


def _outsiders(rule: OutsiderRule, entrant: Entrant) -> Iterator[Finding]:
    if rule.effect is Effect.OFF:
        return
    total = len(entrant.people)
    home = unit_of(entrant.school)
    known = [person for person in entrant.people if home is not None and unit_of(person.school) is not None]
    outside = [person for person in known if not same_unit(person.school, entrant.school)]
    unknown = tuple(person.name for person in entrant.people if person not in known)
    facts = {"team": entrant.team, "school": entrant.school, "count": len(outside), "total": total}
    facts["most"] = rule.percent
    if len(outside) * WHOLE_SHARE > rule.percent * total:
        yield Finding(Code.OUTSIDERS_OVER, rule.effect, facts, (str(len(outside)), str(total)))
    elif not total or (len(outside) + len(unknown)) * WHOLE_SHARE > rule.percent * total:
        yield Finding(Code.OUTSIDERS_UNKNOWN, Effect.WARN, {"team": entrant.team, "people": unknown or "–"}, unknown)


_KIND = re.compile(
    r"^(?:truong )?(?:(?:thpt|thcs|th|dh|cd|hv|trung hoc pho thong|trung hoc co so|tieu hoc|dai hoc|cao dang"
    r"|hoc vien) )?"
)


def _names_school(entrant: Entrant) -> bool:
    """Whether title or summary show the school, with or without the kind of school before its name."""
    whole = _plain(entrant.school)
    bare = _KIND.sub("", whole)
    # One word alone is no name: "Đại học Luật" is shown by its whole name only.
    names = [name for name in (whole, bare if " " in bare else "") if name]
    return any(f" {name} " in f" {_plain(text)} " for name in names for text in (entrant.title, entrant.summary))
