"""Answers of a form, and which of several is the one that counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contest.letters import fold


@dataclass(frozen=True, slots=True)
class FormSubmission:
    """One accepted answer; `row` is the sheet's row. `track` and `field` are codes, or "" when nothing fits."""

    row: int
    team: str
    title: str
    sent: datetime | None = None
    email: str = ""
    track: str = ""
    field: str = ""
    field_name: str = ""
    school: str = ""
    captain: str = ""
    captain_birth: date | None = None
    phone: str = ""
    members: tuple[str, ...] = ()
    mentor: str = ""
    summary: str = ""
    video: str = ""
    address: str = ""
    consent: bool = False


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An older answer and the newer one that replaces it; `by` is "email", "team" or "phone".

    `doubtful` says that only the contact is the same while team, title and captain differ: perhaps two teams.
    """

    row: int
    kept: int
    by: str
    doubtful: bool
    team: str
    kept_team: str


def newest(
    read: Sequence[FormSubmission], *, keep_shared_contacts: bool
) -> tuple[tuple[FormSubmission, ...], tuple[Duplicate, ...]]:
    """Go from the newest to the oldest answer and keep those that resemble no kept one."""
    kept: dict[tuple[str, str], FormSubmission] = {}
    accepted: list[FormSubmission] = []
    duplicates: list[Duplicate] = []
    for each in sorted(read, key=lambda one: (one.sent or datetime.min, one.row), reverse=True):  # noqa: DTZ901 -- the sheet's clock has no zone
        found = [(by, kept[by, key]) for by, key in _keys(each) if (by, key) in kept]
        found = [(by, other) for by, other in found if not (keep_shared_contacts and _differ(each, other))]
        if found:
            by, other = found[0]
            duplicates.append(Duplicate(each.row, other.row, by, _differ(each, other), each.team, other.team))
            continue
        accepted.append(each)
        for key in _keys(each):
            kept.setdefault(key, each)
    return (
        tuple(sorted(accepted, key=lambda one: one.row)),
        tuple(sorted(duplicates, key=lambda one: one.row)),
    )


def _keys(each: FormSubmission) -> Iterator[tuple[str, str]]:
    yield "team", f"{fold(each.team)}\n{fold(each.title)}"
    if each.email:
        yield "email", each.email.casefold()
    if each.phone:
        yield "phone", each.phone


def _differ(one: FormSubmission, other: FormSubmission) -> bool:
    pairs = ((one.team, other.team), (one.title, other.title), (one.captain, other.captain))
    return all(fold(a) != fold(b) for a, b in pairs)
