"""How long what is kept: the schedule as data. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from contest.errors import RuleBroken
from contest.privacy.classes import Keep

SHORTEST, LONGEST = 1, 3650


@dataclass(frozen=True, slots=True)
class Term:
    """A class of the schedule: days after the contest ended, or after the row was written."""

    keep: Keep
    days: int
    after_contest: bool
    least: int = SHORTEST


TERMS = (
    Term(Keep.ENTRIES, 183, after_contest=True, least=30),
    Term(Keep.ACCOUNTS, 365, after_contest=True, least=30),
    Term(Keep.CONSENTS, 1826, after_contest=False, least=1826),  # evidence of consent: five years
    Term(Keep.ACCESS, 365, after_contest=False, least=30),
    Term(Keep.MAIL, 90, after_contest=False),
    Term(Keep.WAYS_IN, 30, after_contest=False),
    Term(Keep.FILES, 30, after_contest=False),
)
USUAL: Mapping[Keep, int] = {term.keep: term.days for term in TERMS}


def days_of(term: Term, chosen: Mapping[str, int]) -> int:
    """Return the days of a class: the edition's own, or the usual ones."""
    return chosen.get(term.keep.value, term.days)


def checked(chosen: Mapping[str, int]) -> dict[str, int]:
    """Return the days that an edition sets, those that are usual left out.

    Raises `RuleBroken` "retention_days" (keep, least, most).
    """
    for term in TERMS:
        days = chosen.get(term.keep.value, term.days)
        if not term.least <= days <= LONGEST:
            raise RuleBroken("retention_days", keep=term.keep.value, least=term.least, most=LONGEST)
    return {
        term.keep.value: chosen[term.keep.value]
        for term in TERMS
        if chosen.get(term.keep.value, term.days) != term.days
    }


def goes_at(term: Term, chosen: Mapping[str, int], ended_at: datetime | None) -> datetime | None:
    """Return when a class that counts from the end of the contest goes; none before that end is known."""
    if not term.after_contest or ended_at is None:
        return None
    return ended_at + timedelta(days=days_of(term, chosen))


def cutoff(term: Term, chosen: Mapping[str, int], now: datetime) -> datetime:
    """Return the moment before which a row of a class is too old."""
    return now - timedelta(days=days_of(term, chosen))
