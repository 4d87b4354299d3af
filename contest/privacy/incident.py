"""The 72 hours after an incident, and what is told to whom. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

NOTICE = timedelta(hours=72)
"""From the moment at which the organiser knows: GDPR, article 33; Law 91/2025/QH15, article 23."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a letter tells in numbers."""

    people: int
    children: int
    unknown: int
    due_at: datetime


def summary(children: Iterable[str], *, known_at: datetime) -> Summary:
    """Return the numbers of people by "yes", "no" and "unknown", and when the authority must have been told."""
    counted = Counter(children)
    return Summary(counted.total(), counted["yes"], counted["unknown"], known_at + NOTICE)
