"""The rules of a round as exact data: how marks are taken, combined, printed and cut.

Everything that decides a result is a `Decimal` or an `int`; nothing here is a float. The same dataclasses serve the
bundle's `edition.toml`, the organiser's form, the database's JSON column and the ranking engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from contest.editions.measures import Measure
from contest.errors import RuleBroken


class RoundKind(StrEnum):
    """The usual ladder of rounds."""

    SCREENING = "screening"
    PRELIMINARY = "preliminary"
    SEMIFINAL = "semifinal"
    FINAL = "final"


class Combine(StrEnum):
    """What is combined over judges: whole scorecards, or each criterion on its own."""

    SCORECARD = "scorecard"
    CRITERION = "criterion"


class Aggregate(StrEnum):
    """How several judges' numbers become one."""

    MEAN = "mean"
    MEDIAN = "median"
    TRIMMED = "trimmed"
    CLAMPED = "clamped"
    SEVERITY = "severity"
    ZSCORE = "zscore"
    RANKS = "ranks"


class Counting(StrEnum):
    """When a scorecard counts: once handed in, or as soon as its last mark is given."""

    SUBMITTED = "submitted"
    COMPLETE = "complete"


class Decide(StrEnum):
    """What settles the places: the numbers, or the jury's agreement with the numbers beside it."""

    SCORES = "scores"
    AGREEMENT = "agreement"


class Source(StrEnum):
    """Who fills a criterion."""

    JUDGES = "judges"
    ORGANISER = "organiser"
    AUDIENCE = "audience"


class Per(StrEnum):
    """The group in which the first N advance."""

    TRACK = "track"
    FIELD = "field"
    ALL = "all"


class CutTies(StrEnum):
    """What happens to teams that are tied across the line."""

    ALL = "all"
    NONE = "none"
    CHAIR = "chair"


@dataclass(frozen=True, slots=True)
class LocalText:
    """One wording in both languages; either may be empty."""

    vi: str = ""
    en: str = ""

    def in_(self, locale: str) -> str:
        """Return the wording for `locale`, falling back to the other language."""
        first, second = (self.en, self.vi) if locale.startswith("en") else (self.vi, self.en)
        return first or second


NO_TEXT = LocalText()
MOST_DECIMALS = 6
WHOLE = Decimal(100)  # per cent


@dataclass(frozen=True, slots=True)
class Guidance:
    """What one mark means, e.g. `mark=3` "solves a real problem, customers not asked yet"."""

    mark: Decimal
    text: LocalText


@dataclass(frozen=True, slots=True)
class CriterionSpec:
    """One criterion of a rubric. Scores are stored as points: `value = minimum + points * step`."""

    code: str
    name: LocalText
    minimum: Decimal
    maximum: Decimal
    step: Decimal
    weight: Decimal
    floor: Decimal | None = None
    source: Source = Source.JUDGES
    guidance: tuple[Guidance, ...] = ()
    description: LocalText = NO_TEXT
    part: str = ""
    """Code of the part of a submission that this criterion looks at: a missing part means the lowest mark."""
    measure: Measure | None = None
    """How a measured number or a count of votes becomes a mark; None when marks are entered as such."""

    def __post_init__(self) -> None:
        """Refuse a scale on which no mark could be stored exactly."""
        if not self.code:
            raise RuleBroken("criterion_without_code")
        if self.step <= 0 or self.maximum <= self.minimum:
            raise RuleBroken("scale_empty", criterion=self.code)
        if (self.maximum - self.minimum) % self.step:
            raise RuleBroken("scale_not_whole_steps", criterion=self.code)
        if self.weight < 0:
            raise RuleBroken("weight_negative", criterion=self.code)
        if self.floor is not None and not self.minimum <= self.floor <= self.maximum:
            raise RuleBroken("floor_outside_scale", criterion=self.code)
        if self.measure is not None and self.source is Source.JUDGES:
            raise RuleBroken("measure_for_judges", criterion=self.code)

    @property
    def max_points(self) -> int:
        """Points of the highest mark; the lowest mark has 0."""
        return int((self.maximum - self.minimum) / self.step)

    def points_of(self, value: Decimal) -> int:
        """Return the points of a mark.

        Raises `RuleBroken` "score_out_of_range" or "score_off_step".
        """
        if not value.is_finite() or not self.minimum <= value <= self.maximum:
            raise RuleBroken(
                "score_out_of_range", criterion=self.code, low=self.minimum, high=self.maximum, value=value
            )
        points = (value - self.minimum) / self.step
        if points != points.to_integral_value():
            raise RuleBroken("score_off_step", criterion=self.code, step=self.step, low=self.minimum, value=value)
        return int(points)

    def value_of(self, points: int) -> Decimal:
        """Return the mark that `points` stand for."""
        return self.minimum + points * self.step


@dataclass(frozen=True, slots=True)
class Advance:
    """Who goes on to the next round; a submission must satisfy every limit that is set.

    The first `top` of each group; the best `percent` of a group's ranked submissions, rounded up; all from `threshold`
    on, inclusive; with `floors`, none whose printed value of a criterion lies below that criterion's floor. The first
    `direct` of each group skip the next round and enter the one after it.
    """

    top: int | None = None
    per: Per = Per.TRACK
    threshold: Decimal | None = None
    floors: bool = False
    ties: CutTies = CutTies.ALL
    percent: Decimal | None = None
    direct: int | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that no line can be drawn with."""
        if self.percent is not None and not 0 < self.percent <= WHOLE:
            raise RuleBroken("percent_out_of_range", value=self.percent)
        if self.direct is not None and (self.direct < 1 or (self.top is not None and self.direct > self.top)):
            raise RuleBroken("direct_out_of_range", value=self.direct)

    @property
    def has_line(self) -> bool:
        """Tell whether any limit is set."""
        return self.top is not None or self.percent is not None or self.threshold is not None or self.floors


@dataclass(frozen=True, slots=True)
class Band:
    """A name for all results from `lowest` on, e.g. gold from 90."""

    code: str
    name: LocalText
    lowest: Decimal


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many of the jury must be present before its results can be confirmed."""

    present: int
    chair: bool = True
    secretary: bool = True

    def __post_init__(self) -> None:
        """Refuse an empty quorum."""
        if self.present < 1:
            raise RuleBroken("quorum_below_one", value=self.present)


@dataclass(frozen=True, slots=True)
class RoundRules:
    """How a round's marks become results.

    `trim_from`: fewest scorecards with which a trim is allowed (None: as many as leave one). `whole_marks`: only whole
    numbers on the scale. `spread_alarm`: per cent of the judges' maximum that two judges' totals may lie apart.
    `min_entries`: fewer ranked submissions need a written decision. `bands` from the highest to the lowest.
    `appeal_days`: days after publication in which a team may ask for a review; None for no such window.
    `pitch_minutes`, `answer_minutes`, `change_minutes`: a team on stage, its answers, the pause between two teams.
    """

    decimals: int = 2
    combine: Combine = Combine.SCORECARD
    aggregate: Aggregate = Aggregate.MEAN
    trim: int = 1
    trim_from: int | None = None
    clamp: Decimal | None = None
    min_judges: int = 1
    judges_per_submission: int | None = None
    blind: bool = False
    counting: Counting = Counting.SUBMITTED
    decide: Decide = Decide.SCORES
    whole_marks: bool = False
    scale_to: Decimal | None = None
    carry: tuple[tuple[str, Decimal], ...] = ()
    tie_breaks: tuple[str, ...] = ()
    advance: Advance | None = None
    spread_alarm: Decimal | None = None
    quorum: Quorum | None = None
    min_entries: int | None = None
    bands: tuple[Band, ...] = ()
    appeal_days: int | None = None
    pitch_minutes: int | None = None
    answer_minutes: int | None = None
    change_minutes: int | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that no round can work with."""
        if not 0 <= self.decimals <= MOST_DECIMALS:
            raise RuleBroken("decimals_out_of_range", value=self.decimals)
        if self.trim < 0:
            raise RuleBroken("trim_negative", value=self.trim)
        if self.min_judges < 1:
            raise RuleBroken("min_judges_below_one", value=self.min_judges)
        if self.judges_per_submission is not None and self.judges_per_submission < 1:
            raise RuleBroken("judges_per_submission_below_one", value=self.judges_per_submission)
        self._refuse_unusable()

    def _refuse_unusable(self) -> None:
        if self.aggregate is Aggregate.CLAMPED and self.clamp is None:
            raise RuleBroken("clamp_missing")
        for name, number in (("clamp", self.clamp), ("scale_to", self.scale_to), ("spread_alarm", self.spread_alarm)):
            if number is not None and number <= 0:
                raise RuleBroken("rule_not_positive", setting=name, value=number)
        for name, count in (
            ("trim_from", self.trim_from),
            ("min_entries", self.min_entries),
            ("appeal_days", self.appeal_days),
            ("pitch_minutes", self.pitch_minutes),
            ("answer_minutes", self.answer_minutes),
            ("change_minutes", self.change_minutes),
        ):
            if count is not None and count < 1:
                raise RuleBroken("rule_below_one", setting=name, value=count)
        if len({band.lowest for band in self.bands}) < len(self.bands):
            raise RuleBroken("bands_equal")


@dataclass(frozen=True, slots=True)
class Rubric:
    """The criteria of a round, in the order in which judges read them."""

    criteria: tuple[CriterionSpec, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse a rubric that would make totals meaningless."""
        codes = [criterion.code for criterion in self.criteria]
        for code in codes:
            if codes.count(code) > 1:
                raise RuleBroken("criterion_twice", criterion=code)
        if self.criteria and not any(criterion.weight for criterion in self.criteria):
            raise RuleBroken("weights_sum_to_zero")

    @property
    def judged(self) -> tuple[CriterionSpec, ...]:
        """The criteria that judges fill."""
        return tuple(c for c in self.criteria if c.source is Source.JUDGES)

    @property
    def measured(self) -> tuple[CriterionSpec, ...]:
        """The criteria that the organiser or the audience fills."""
        return tuple(c for c in self.criteria if c.source is not Source.JUDGES)

    @property
    def maximum(self) -> Decimal:
        """The highest possible weighted total."""
        return sum((c.maximum * c.weight for c in self.criteria), Decimal(0))
