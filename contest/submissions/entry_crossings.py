"""The rules of entry that compare a team with the other teams, the committee and the jury.

The work grows with the people named and with what is found, not with pairs of teams.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import IntEnum
from functools import lru_cache

from contest.editions.entry_rules import Effect, EligibilityRules, QuotaPer
from contest.letters import fold
from contest.likeness import Unit, email_key, name_forms, phone_key, same_unit, unit_of, units_agree
from contest.submissions.entrants import Code, Entrant, Finding, Official, Person, weaker
from contest.submissions.lifecycle import SubmissionStatus

_LIVE = (SubmissionStatus.DRAFT, SubmissionStatus.SUBMITTED)
_Key = tuple[str, object]


_folded = lru_cache(maxsize=50_000)(fold)


class Alike(IntEnum):
    """How sure it is that two entries in lists are one person."""

    NO = 0
    MAYBE = 1
    SURE = 2


def _trait_keys(user_id: int | None, email: str, phone: str) -> Iterator[_Key]:
    if user_id:
        yield "user", user_id
    if email and (mailbox := email_key(email)):
        yield "email", mailbox
    if phone and (number := phone_key(phone)):
        yield "phone", number


def _keys(person: Person) -> Iterator[_Key]:
    yield from _trait_keys(person.user_id, person.email, person.phone)
    yield from (("name", form) for form in name_forms(person.name))


def alike(a: Person, a_school: str, b: Person, b_school: str) -> Alike:
    """Tell whether two members of two teams are one person; the schools are those of the teams.

    Sure by account, e-mail or telephone; else the names must agree, and then the dates of birth decide, and without
    them the schools. Names alone never make it sure.
    """
    if not set(_trait_keys(a.user_id, a.email, a.phone)).isdisjoint(_trait_keys(b.user_id, b.email, b.phone)):
        return Alike.SURE
    return _alike_by_name(a, a_school, b, b_school)


def _alike_by_name(a: Person, a_school: str, b: Person, b_school: str) -> Alike:
    if name_forms(a.name).isdisjoint(name_forms(b.name)):
        return Alike.NO
    if a.birth_date is not None and b.birth_date is not None:
        return Alike.SURE if a.birth_date == b.birth_date else Alike.NO
    if same_unit(a.school or a_school, b.school or b_school):
        return Alike.SURE
    # The team's school is not always the member's own, so that it can only prove, not disprove.
    both_own = unit_of(a.school) is not None and unit_of(b.school) is not None
    return Alike.NO if both_own else Alike.MAYBE


class Crowd:
    """All entrants, the committee and the jury, found by name, contact and school."""

    def __init__(self, entrants: Sequence[Entrant], officials: Sequence[Official] = ()) -> None:
        """Build the indexes; entrants that were withdrawn or disqualified are left aside."""
        self.entrants = {one.id: one for one in entrants if one.status in _LIVE}
        self._people: dict[_Key, list[tuple[int, Person]]] = defaultdict(list)
        self._contacts: dict[_Key, set[int]] = defaultdict(set)
        self._teams: dict[int | str, set[int]] = defaultdict(set)
        self._officials: dict[_Key, list[Official]] = defaultdict(list)
        self._places: dict[tuple[str | None, Unit], list[tuple[datetime, int]]] = defaultdict(list)
        self._variants: dict[tuple[str | None, str], list[Unit]] = defaultdict(list)
        for one in self.entrants.values():
            self._add(one)
        for official in officials:
            for key in (*_trait_keys(official.user_id, official.email, official.phone), *_named(official.name)):
                self._officials[key].append(official)
        for places in self._places.values():
            places.sort()

    def _add(self, one: Entrant) -> None:
        for person in one.people:
            for key in _keys(person):
                self._people[key].append((one.id, person))
        for key in _trait_keys(None, one.email, one.phone):
            self._contacts[key].add(one.id)
        self._teams[one.team_id].add(one.id)
        self._teams[_folded(one.team)].add(one.id)
        unit = unit_of(one.school)
        if unit is not None and one.place is not None:
            for track in (None, one.track):
                if (track, unit) not in self._places:
                    self._variants[track, unit.name].append(unit)
                self._places[track, unit].append(one.place)

    def others_with(self, entrant: Entrant, person: Person) -> Iterator[tuple[Entrant, Person, Alike]]:
        """Yield the members of other teams who may be this person, each other submission once, the surest one."""
        best: dict[int, tuple[Person, Alike]] = {}
        for key in _keys(person):
            for other_id, candidate in self._people.get(key, ()):
                other = self.entrants[other_id]
                if other.team_id == entrant.team_id:
                    continue
                # What was found by account or contact is sure; what was found by name has to be looked at.
                named = key[0] == "name"
                sure = _alike_by_name(person, entrant.school, candidate, other.school) if named else Alike.SURE
                if sure > best.get(other_id, (person, Alike.NO))[1]:
                    best[other_id] = (candidate, sure)
        yield from ((self.entrants[other_id], *best[other_id]) for other_id in sorted(best))

    def officials_like(self, person: Person) -> Iterator[tuple[Official, Alike]]:
        """Yield the officials who are or may be this person, each once."""
        sure: dict[Official, Alike] = {}
        for key in _keys(person):
            for official in self._officials.get(key, ()):
                found = Alike.MAYBE if key[0] == "name" else Alike.SURE
                sure[official] = max(found, sure.get(official, Alike.NO))
        yield from sure.items()

    def sharing_contact(self, entrant: Entrant) -> Iterator[Entrant]:
        """Yield other teams with the same e-mail or telephone of which at least one has no captain's account."""
        keys = list(_trait_keys(None, entrant.email, entrant.phone))
        for other_id in sorted(set().union(*(self._contacts.get(key, set()) for key in keys))):
            other = self.entrants[other_id]
            if other.team_id != entrant.team_id and not (_has_account(entrant) and _has_account(other)):
                yield other

    def same_team(self, entrant: Entrant) -> Iterator[Entrant]:
        """Yield the other submissions of the same team: of the same row, or of the same name and school."""
        for other_id in sorted(self._teams[entrant.team_id] | self._teams[_folded(entrant.team)]):
            other = self.entrants[other_id]
            same = other.team_id == entrant.team_id or same_unit(other.school, entrant.school)
            if other.id != entrant.id and same:
                yield other

    def handed_in_by(self, unit: Unit, track: str | None) -> Iterator[list[tuple[datetime, int]]]:
        """Yield the sorted places of handed-in entries of a school, one list per spelling, of one track or of all."""
        for variant in self._variants.get((track, unit.name), ()):
            if units_agree(variant, unit):
                yield self._places[track, variant]


def _named(name: str) -> Iterator[_Key]:
    yield from (("name", form) for form in name_forms(name))


def _has_account(entrant: Entrant) -> bool:
    return any(person.user_id is not None for person in entrant.people)


def crossing_findings(rules: EligibilityRules, entrant: Entrant, crowd: Crowd) -> Iterator[Finding]:
    """Yield what a team breaks because of others, in the order of the rules."""
    if rules.one_team is not Effect.OFF:
        yield from _one_team(rules.one_team, entrant, crowd)
    if rules.one_captain is not Effect.OFF:
        yield from _one_captain(rules.one_captain, entrant, crowd)
    if rules.quota.effect is not Effect.OFF:
        yield from _quota(rules, entrant, crowd)
    if rules.officials is not Effect.OFF:
        yield from _officials(rules.officials, entrant, crowd)
    if rules.one_idea is not Effect.OFF:
        for other in crowd.same_team(entrant):
            effect = _against(rules.one_idea, entrant, other)
            yield Finding(Code.SECOND_IDEA, effect, {"team": entrant.team, "other": other.code}, (other.code,))


def _against(effect: Effect, entrant: Entrant, other: Entrant) -> Effect:
    """Weaken to a warning unless the other one was handed in before: nobody is shut out by a later entry or a draft."""
    if other.place is None or (entrant.place is not None and entrant.place < other.place):
        return weaker(effect, Effect.WARN)
    return effect


def _shared(code: Code, effect: Effect, entrant: Entrant, person: Person, other: Entrant) -> Finding:
    facts = {"team": entrant.team, "person": person.name, "other": other.team}
    return Finding(code, effect, facts, (_folded(person.name), str(other.team_id)))


def _one_team(effect: Effect, entrant: Entrant, crowd: Crowd) -> Iterator[Finding]:
    for person in entrant.people:
        for other, _member, sure in crowd.others_with(entrant, person):
            if sure is Alike.SURE:
                yield _shared(Code.TWO_TEAMS, _against(effect, entrant, other), entrant, person, other)
            else:
                yield _shared(Code.MAYBE_TWO_TEAMS, Effect.WARN, entrant, person, other)
    for other in crowd.sharing_contact(entrant):
        facts = {"team": entrant.team, "other": other.team}
        yield Finding(Code.SAME_CONTACT, Effect.WARN, facts, (str(other.team_id),))


def _one_captain(effect: Effect, entrant: Entrant, crowd: Crowd) -> Iterator[Finding]:
    for person in entrant.people:
        if not person.is_captain:
            continue
        for other, member, sure in crowd.others_with(entrant, person):
            if not member.is_captain:
                continue
            if sure is Alike.SURE:
                yield _shared(Code.LEADS_TWO, _against(effect, entrant, other), entrant, person, other)
            else:
                yield _shared(Code.MAYBE_LEADS_TWO, Effect.WARN, entrant, person, other)


def _quota(rules: EligibilityRules, entrant: Entrant, crowd: Crowd) -> Iterator[Finding]:
    rule, unit = rules.quota, unit_of(entrant.school)
    if unit is None:
        yield Finding(Code.SCHOOL_UNKNOWN, Effect.WARN, {"team": entrant.team})
        return
    by_track = rule.per is QuotaPer.TRACK
    lists = list(crowd.handed_in_by(unit, entrant.track if by_track else None))
    facts: dict[str, str | int] = {"team": entrant.team, "school": entrant.school, "track": entrant.track}
    mine = entrant.place
    before = sum(len(places) if mine is None else bisect_left(places, mine) for places in lists)
    if rule.maximum is not None and before >= rule.maximum:
        code = Code.QUOTA_OVER_TRACK if by_track and entrant.track else Code.QUOTA_OVER
        yield Finding(code, rule.effect, {**facts, "most": rule.maximum}, (_folded(entrant.school), str(rule.maximum)))
    count = sum(map(len, lists))
    if rule.minimum is not None and count < rule.minimum:
        facts |= {"count": count, "least": rule.minimum}
        yield Finding(Code.QUOTA_UNDER, Effect.WARN, facts, (_folded(entrant.school), str(rule.minimum)))


def _officials(effect: Effect, entrant: Entrant, crowd: Crowd) -> Iterator[Finding]:
    for person in entrant.people:
        told: set[Code] = set()
        for official, sure in crowd.officials_like(person):
            code = _official_code(official, sure)
            if code not in told:
                told.add(code)
                facts = {"team": entrant.team, "person": person.name}
                found = effect if sure is Alike.SURE else Effect.WARN
                yield Finding(code, found, facts, (_folded(person.name),))


def _official_code(official: Official, sure: Alike) -> Code:
    if official.judges:
        return Code.IS_JUDGE if sure is Alike.SURE else Code.MAYBE_JUDGE
    return Code.IS_COMMITTEE if sure is Alike.SURE else Code.MAYBE_COMMITTEE


def unique(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings without repetition, the strongest of each key, what blocks first."""
    best: dict[str, Finding] = {}
    for one in findings:
        held = best.get(one.key)
        if held is None or (held.effect is Effect.WARN and one.effect is Effect.BLOCK):
            best[one.key] = one
    return tuple(sorted(best.values(), key=lambda one: one.effect is not Effect.BLOCK))
