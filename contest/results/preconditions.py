"""What must hold before a round takes its next step: a list of checks per verb, shown on the screen and enforced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contest.editions.phases import Verb
from contest.editions.rules import Decide, RoundRules, Rubric
from contest.errors import RuleBroken
from contest.results.reconcile import Reconciliation
from contest.results.rulings import Ruling, RulingKind

LISTED = 12
"""So many names are told; after them the page says how many more there are."""


@dataclass(frozen=True, slots=True)
class Check:
    """One precondition. `facts` are what the sentence names; `may_accept` is the ruling that settles it in writing.

    `accepted` is that ruling where it has been made: then the check is ok although its condition does not hold.
    """

    code: str
    ok: bool
    facts: Mapping[str, Any] = field(default_factory=dict)
    may_accept: RulingKind | None = None
    accepted: Ruling | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the council; `present` is None while nobody has noted it."""

    name: str
    chair: bool
    secretary: bool
    judge: bool
    present: bool | None


@dataclass(frozen=True, slots=True)
class EntryState:
    """What the checks look at in one line of the ranking; see `ranking.Standing`."""

    code: str
    status: str
    reason: str | None = None
    awaits_chair: bool = False
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """A round as it stands. `at_line`: entries tied at the line that wait for the chair.

    `confirmed`: the fingerprint that was confirmed, None without a confirmation; `current`: the one of the numbers now.
    """

    rules: RoundRules
    rubric: Rubric
    entries: tuple[EntryState, ...]
    books: Reconciliation
    judges: int
    council: tuple[Member, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    at_line: tuple[str, ...] = ()
    confirmed: str | None = None
    current: str = ""
    rubric_ready: bool = True
    judge_names: Mapping[str, str] = field(default_factory=dict)

    def ruling(self, kind: RulingKind) -> Ruling | None:
        """Return the ruling of a kind that is about the whole round."""
        return next((one for one in self.rulings if one.kind is kind and one.submission is None), None)


def checks(verb: Verb, now: Situation) -> tuple[Check, ...]:
    """Return the preconditions of a verb in the order in which a person would settle them."""
    if verb in (Verb.OPEN, Verb.START):
        return (_rubric(now),)
    if verb is Verb.CLOSE:
        return (_rubric(now), _unfinished(now))
    if verb is Verb.CONFIRM:
        return _before_confirming(now)
    if verb is Verb.FINALISE:
        return (*_before_confirming(now), _unchanged(now))
    return ()


def enforced(verb: Verb) -> bool:
    """Tell whether a failing check stops the verb; closing only shows what will have to be settled afterwards."""
    return verb is not Verb.CLOSE


def require(found: Iterable[Check]) -> None:
    """Raise `RuleBroken` with the code and facts of the first check that fails."""
    for check in found:
        if not check.ok:
            raise RuleBroken(check.code, **check.facts)


def _before_confirming(now: Situation) -> tuple[Check, ...]:
    found = [_rubric(now), _ranked(now), _reconciled(now), _unfinished(now), _measured(now)]
    if now.rules.decide is Decide.AGREEMENT:
        found.append(_agreed(now))
    else:
        found += [_ties(now), _line(now)]
    if now.rules.spread_alarm is not None:
        found.append(_spreads(now))
    if now.rules.quorum is not None:
        found.append(_quorum(now))
    if now.rules.min_entries is not None:
        found.append(_enough(now))
    return tuple(found)


def _rubric(now: Situation) -> Check:
    weighted = any(criterion.weight for criterion in now.rubric.criteria)
    return Check("check_rubric", ok=now.rubric_ready and weighted, facts={"count": len(now.rubric.criteria)})


def _ranked(now: Situation) -> Check:
    ranked = sum(one.status == "ranked" for one in now.entries)
    # An agreement gives ranks of its own; there the entries need only be there.
    enough = bool(now.entries) if now.rules.decide is Decide.AGREEMENT else bool(ranked)
    return Check("check_ranked", ok=enough, facts={"count": ranked, "total": len(now.entries)})


def _reconciled(now: Situation) -> Check:
    total = now.books.total
    facts: dict[str, Any] = {
        "expected": total.expected,
        "scored": total.scored,
        "abstained": total.abstained,
        "recused": total.recused,
        "missing": total.missing,
    }
    if now.books.holds:
        return Check("check_reconciled", ok=True, facts=facts)
    first = now.books.differences[0]
    count = len(now.books.differences)
    facts = {"entry": first.entry, "judge": first.judge or "–", "detail": first.detail or "–", "count": count}
    return Check(f"reconcile_{first.code}", ok=False, facts=facts)


def _unfinished(now: Situation) -> Check:
    late = sorted({judge for _entry, judge in now.books.missing})
    facts = {
        "judges": len(late),
        "all": now.judges,
        "papers": len(now.books.missing),
        "names": _names([now.judge_names.get(judge, judge) for judge in late]),
    }
    return _acceptable("check_unfinished", facts, RulingKind.UNFINISHED_ACCEPTED, now, ok=not late)


def _measured(now: Situation) -> Check:
    return _about("check_measured", [one.code for one in now.entries if one.reason == "not_measured"])


def _ties(now: Situation) -> Check:
    return _about("check_ties", [one.code for one in now.entries if one.awaits_chair])


def _line(now: Situation) -> Check:
    return _about("check_line", list(now.at_line))


def _spreads(now: Situation) -> Check:
    return _about("check_spreads", [one.code for one in now.entries if one.alarm])


def _agreed(now: Situation) -> Check:
    return _about("check_agreed", [one.code for one in now.entries if one.reason == "no_agreement"])


def _quorum(now: Situation) -> Check:
    quorum = now.rules.quorum
    there = [one for one in now.council if one.present]
    chair, secretary = any(one.chair for one in there), any(one.secretary for one in there)
    enough = quorum is None or (
        len(there) >= quorum.present and (chair or not quorum.chair) and (secretary or not quorum.secretary)
    )
    facts = {"present": len(there), "needed": quorum.present if quorum else 0, "total": len(now.council)}
    return _acceptable("check_quorum", facts, RulingKind.QUORUM_ACCEPTED, now, ok=enough)


def _enough(now: Situation) -> Check:
    ranked, needed = sum(one.status == "ranked" for one in now.entries), now.rules.min_entries or 0
    facts = {"count": ranked, "needed": needed}
    return _acceptable("check_entries", facts, RulingKind.FEW_ENTRIES_ACCEPTED, now, ok=ranked >= needed)


def _unchanged(now: Situation) -> Check:
    if now.confirmed is None:
        return Check("check_confirmed", ok=False)
    return Check("check_unchanged", ok=now.confirmed == now.current)


def _about(code: str, entries: list[str]) -> Check:
    return Check(code, ok=not entries, facts={"count": len(entries), "names": _names(entries)})


def _names(codes: list[str]) -> str:
    return ", ".join(codes[:LISTED]) + (" …" if len(codes) > LISTED else "")


def _acceptable(code: str, facts: Mapping[str, Any], kind: RulingKind, now: Situation, *, ok: bool) -> Check:
    accepted = None if ok else now.ruling(kind)
    return Check(code, ok or accepted is not None, facts, kind, accepted)
