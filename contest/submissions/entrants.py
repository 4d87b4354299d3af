"""Who enters and who runs the contest, as the rules of entry see them; what they find is a `Finding`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from contest.editions.entry_rules import Effect
from contest.submissions.lifecycle import SubmissionStatus


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a team. `school` is the member's own, "" when not said; account and contacts are the captain's."""

    name: str
    birth_date: date | None = None
    school: str = ""
    is_captain: bool = False
    user_id: int | None = None
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Entrant:
    """A submission with its team. `track` and `field` are codes, "" for none.

    `entered_at` is when it was handed in for good, so that handing in again keeps the place. `email` and `phone` are
    those of the team, which may be its school's.
    """

    id: int
    code: str
    team_id: int
    team: str
    status: SubmissionStatus = SubmissionStatus.DRAFT
    title: str = ""
    summary: str = ""
    school: str = ""
    track: str = ""
    field: str = ""
    entered_at: datetime | None = None
    people: tuple[Person, ...] = ()
    mentor: str = ""
    mentor_school: str = ""
    declared: bool = False
    public_id: str = ""
    email: str = ""
    phone: str = ""

    @property
    def place(self) -> tuple[datetime, int] | None:
        """Where it stands in the order of handing in; none while it is not handed in."""
        if self.status is not SubmissionStatus.SUBMITTED or self.entered_at is None:
            return None
        return self.entered_at, self.id


@dataclass(frozen=True, slots=True)
class Official:
    """A person of the committee or the jury; one person may come several times."""

    name: str
    user_id: int
    judges: bool
    email: str = ""
    phone: str = ""


class Code(StrEnum):
    """What can be found; `contest.submissions.views.eligibility_words` has a sentence for each."""

    SIZE_UNDER = "entry_size_under"
    SIZE_OVER = "entry_size_over"
    AGE_UNDER = "entry_age_under"
    AGE_OVER = "entry_age_over"
    AGE_UNKNOWN = "entry_age_unknown"
    AGE_TRACK_MISSING = "entry_age_track_missing"
    AGE_DAY_MISSING = "entry_age_day_missing"
    TWO_TEAMS = "entry_two_teams"
    MAYBE_TWO_TEAMS = "entry_maybe_two_teams"
    LEADS_TWO = "entry_leads_two"
    MAYBE_LEADS_TWO = "entry_maybe_leads_two"
    SAME_CONTACT = "entry_same_contact"
    QUOTA_OVER = "entry_quota_over"
    QUOTA_OVER_TRACK = "entry_quota_over_track"
    QUOTA_UNDER = "entry_quota_under"
    SCHOOL_UNKNOWN = "entry_school_unknown"
    MENTOR_MISSING = "entry_mentor_missing"
    MENTOR_NOT_SAME_SCHOOL = "entry_mentor_not_same_school"
    MENTOR_SAME_SCHOOL = "entry_mentor_same_school"
    MENTOR_SCHOOL_UNKNOWN = "entry_mentor_school_unknown"
    IS_JUDGE = "entry_is_judge"
    IS_COMMITTEE = "entry_is_committee"
    MAYBE_JUDGE = "entry_maybe_judge"
    MAYBE_COMMITTEE = "entry_maybe_committee"
    AWARDED = "entry_awarded"
    MAYBE_AWARDED = "entry_maybe_awarded"
    NOT_DECLARED = "entry_not_declared"
    OUTSIDERS_OVER = "entry_outsiders_over"
    OUTSIDERS_UNKNOWN = "entry_outsiders_unknown"
    SECOND_IDEA = "entry_second_idea"
    TRACK_MISSING = "entry_track_missing"
    FIELD_MISSING = "entry_field_missing"
    NAMES_SCHOOL = "entry_names_school"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that one team breaks, or that cannot be checked. `effect` is never `OFF`.

    `facts` fill the sentence: texts, whole numbers, days. `about` tells findings of one code apart and changes when
    what was found changes, so that an exception holds for what was accepted and for nothing else.
    """

    code: Code
    effect: Effect
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    about: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return 40 hex digits that name this finding of its submission."""
        return sha256("\x1f".join((self.code.value, *self.about)).encode()).hexdigest()[:40]


_ORDER = (Effect.OFF, Effect.WARN, Effect.BLOCK)


def weaker(a: Effect, b: Effect) -> Effect:
    """Return the weaker of two effects."""
    return min(a, b, key=_ORDER.index)
