"""Who may enter, as exact data: one small record per rule, each switched off, warning or blocking.

Nothing here looks at a team; `contest.submissions.eligibility` does, and says what it found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from contest.errors import RuleBroken

MOST_PEOPLE = 100
OLDEST = 120
MOST_PER_SCHOOL = 10_000
MOST_LISTED = 2_000
LONGEST_LISTED = 300
WHOLE_SHARE = 100


class Effect(StrEnum):
    """What a rule does when a team breaks it."""

    OFF = "off"
    WARN = "warn"
    BLOCK = "block"


class QuotaPer(StrEnum):
    """Where the entries of one school are counted together."""

    EDITION = "edition"
    TRACK = "track"


class MentorSchool(StrEnum):
    """Where the mentor must come from."""

    ANY = "any"
    SAME = "same"
    OTHER = "other"


def _check_limits(rule: str, low: int | None, high: int | None, *, least: int, most: int) -> None:
    for value in (low, high):
        if value is not None and not least <= value <= most:
            raise RuleBroken("entry_number_out_of_range", rule=rule, low=least, high=most)
    if low is not None and high is not None and low > high:
        raise RuleBroken("entry_limits_reversed", rule=rule)


@dataclass(frozen=True, slots=True)
class SizeRule:
    """How many people a team has, the captain among them; the mentor is not counted."""

    effect: Effect = Effect.OFF
    minimum: int | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        """Refuse limits that no team could keep, and a rule without any."""
        _check_limits("size", self.minimum, self.maximum, least=1, most=MOST_PEOPLE)
        if self.effect is not Effect.OFF and self.minimum is None and self.maximum is None:
            raise RuleBroken("entry_limit_missing", rule="size")


@dataclass(frozen=True, slots=True)
class AgeLimits:
    """Ages in completed years, both included. `by_oldest`: only the oldest must have reached the minimum.

    That is how a mixed team counts in the upper level.
    """

    minimum: int | None = None
    maximum: int | None = None
    by_oldest: bool = False

    def __post_init__(self) -> None:
        """Refuse limits that nobody could keep."""
        _check_limits("age", self.minimum, self.maximum, least=0, most=OLDEST)

    @property
    def given(self) -> bool:
        """Whether there is any limit."""
        return self.minimum is not None or self.maximum is not None


NO_LIMITS = AgeLimits()


@dataclass(frozen=True, slots=True)
class AgeRule:
    """How old members are on a day; none means the day of the submission deadline. `tracks` replaces by track code."""

    effect: Effect = Effect.OFF
    on: date | None = None
    limits: AgeLimits = NO_LIMITS
    tracks: tuple[tuple[str, AgeLimits], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a rule without limits and a track that is named twice."""
        if self.effect is not Effect.OFF and not self.limits.given and not any(one.given for _, one in self.tracks):
            raise RuleBroken("entry_limit_missing", rule="age")
        codes = [code for code, _ in self.tracks]
        if len(set(codes)) < len(codes):
            raise RuleBroken("entry_track_twice", rule="age")

    def limits_for(self, track: str) -> AgeLimits:
        """Return the limits of a track by its code, those of everybody where it has none of its own."""
        return dict(self.tracks).get(track, self.limits)


@dataclass(frozen=True, slots=True)
class QuotaRule:
    """How many entries one school or unit hands in. Too few are never more than a warning."""

    effect: Effect = Effect.OFF
    maximum: int | None = None
    minimum: int | None = None
    per: QuotaPer = QuotaPer.EDITION

    def __post_init__(self) -> None:
        """Refuse limits that no school could keep, and a rule without any."""
        _check_limits("quota", self.minimum, self.maximum, least=1, most=MOST_PER_SCHOOL)
        if self.effect is not Effect.OFF and self.minimum is None and self.maximum is None:
            raise RuleBroken("entry_limit_missing", rule="quota")


@dataclass(frozen=True, slots=True)
class MentorRule:
    """Whether a mentor is needed, and from where; a team names one mentor at most."""

    effect: Effect = Effect.OFF
    required: bool = True
    school: MentorSchool = MentorSchool.ANY

    def __post_init__(self) -> None:
        """Refuse a rule that asks for nothing."""
        if self.effect is not Effect.OFF and not self.required and self.school is MentorSchool.ANY:
            raise RuleBroken("entry_mentor_asks_nothing", rule="mentor")


@dataclass(frozen=True, slots=True)
class AwardedRule:
    """Ideas that won before: the team declares that its idea has not, or the organiser lists titles and names."""

    effect: Effect = Effect.OFF
    declaration: bool = False
    listed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a rule that nothing could break, and a list that no page can show."""
        if self.effect is not Effect.OFF and not self.declaration and not self.listed:
            raise RuleBroken("entry_awarded_asks_nothing", rule="awarded")
        if len(self.listed) > MOST_LISTED or any(not 0 < len(line) <= LONGEST_LISTED for line in self.listed):
            raise RuleBroken("entry_list_too_long", rule="awarded", most=MOST_LISTED, longest=LONGEST_LISTED)


@dataclass(frozen=True, slots=True)
class OutsiderRule:
    """The largest share of members, in percent, who are not of the team's school."""

    effect: Effect = Effect.OFF
    percent: int = 50

    def __post_init__(self) -> None:
        """Refuse what is no share."""
        if not 0 <= self.percent <= WHOLE_SHARE:
            raise RuleBroken("entry_number_out_of_range", rule="outsiders", low=0, high=WHOLE_SHARE)


_SIZE, _AGE, _QUOTA, _MENTOR = SizeRule(), AgeRule(), QuotaRule(), MentorRule()
_AWARDED, _OUTSIDERS = AwardedRule(), OutsiderRule()


@dataclass(frozen=True, slots=True)
class EligibilityRules:
    """All rules of entry of an edition; the plain ones need no more than their effect.

    `one_team` one team per person; `one_captain` nobody leads two teams; `officials` nobody of the committee or the
    jury enters; `one_idea` one submission per team; `track` and `field` must be chosen; `anonymous` title and summary
    do not name the school.
    """

    size: SizeRule = _SIZE
    age: AgeRule = _AGE
    one_team: Effect = Effect.OFF
    one_captain: Effect = Effect.OFF
    quota: QuotaRule = _QUOTA
    mentor: MentorRule = _MENTOR
    officials: Effect = Effect.OFF
    awarded: AwardedRule = _AWARDED
    outsiders: OutsiderRule = _OUTSIDERS
    one_idea: Effect = Effect.OFF
    track: Effect = Effect.OFF
    field: Effect = Effect.OFF
    anonymous: Effect = Effect.OFF

    def effects(self) -> Iterator[tuple[str, Effect]]:
        """Yield the name and the effect of every rule, in the order of the pages."""
        for one in fields(self):
            value = getattr(self, one.name)
            yield one.name, value if isinstance(value, Effect) else value.effect

    @property
    def any_on(self) -> bool:
        """Whether any rule is switched on."""
        return any(effect is not Effect.OFF for _, effect in self.effects())

    @property
    def looks_around(self) -> bool:
        """Whether any rule compares a team with the others."""
        around = (self.one_team, self.one_captain, self.quota.effect, self.one_idea)
        return any(effect is not Effect.OFF for effect in around)

    @property
    def asks(self) -> Asks:
        """What teams must be asked for, and nothing else."""
        return Asks(
            birth_dates=self.age.effect is not Effect.OFF,
            member_schools=self.outsiders.effect is not Effect.OFF,
            mentor_school=self.mentor.effect is not Effect.OFF and self.mentor.school is not MentorSchool.ANY,
            declaration=self.awarded.effect is not Effect.OFF and self.awarded.declaration,
        )


@dataclass(frozen=True, slots=True)
class Asks:
    """Which particulars of people the rules need; what no rule needs is neither asked nor kept."""

    birth_dates: bool = False
    member_schools: bool = False
    mentor_school: bool = False
    declaration: bool = False
    age_bands: bool = False


NO_RULES = EligibilityRules()
