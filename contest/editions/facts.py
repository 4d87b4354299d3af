"""Editions and rounds as one request sees them: read once by a query, frozen, without a database behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from contest.editions.extensions import accepts_late
from contest.editions.phases import EditionState, RoundState, Window, accepts_submissions, window_at
from contest.editions.rules import LocalText, RoundKind, RoundRules, Rubric


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What almost every page needs of its edition.

    `marks_shown`: the committee sees the marks of single judges. `second_factor_required`: the committee gets in with
    a second factor only.
    """

    id: int
    code: str
    name: LocalText
    organiser: str
    timezone: str
    languages: tuple[str, ...]
    state: EditionState
    submissions_open: datetime | None
    submissions_close: datetime | None
    is_test: bool
    logo_key: str | None
    rehearsal_of_id: int | None = None
    grace_minutes: int = 0
    marks_shown: bool = True
    second_factor_required: bool = False

    @property
    def is_rehearsal(self) -> bool:
        """Tell whether this is a copy with invented teams; a demo is a test, too, but no rehearsal."""
        return self.rehearsal_of_id is not None

    def window(self, now: datetime) -> Window:
        """Tell where the submission window stands."""
        return window_at(self.submissions_open, self.submissions_close, now)

    def accepts_submissions(self, now: datetime) -> bool:
        """Tell whether teams may register, write and submit."""
        return accepts_submissions(self.state, self.submissions_open, self.submissions_close, now)

    def accepts_late(self, now: datetime) -> bool:
        """Tell whether `now` lies in the minutes of grace: a draft may still be handed in, and counts as late."""
        return accepts_late(self.state, self.submissions_close, self.grace_minutes, now)


@dataclass(frozen=True, slots=True)
class RoundHead:
    """A round without its rules and rubric: enough to list it and to know its state.

    `published_version` is the version of the results that everybody sees since `published_at`; it stays while a
    published round is corrected.
    """

    id: int
    edition_id: int
    code: str
    name: LocalText
    kind: RoundKind
    state: RoundState
    opens_at: datetime | None
    closes_at: datetime | None
    position: int
    rubric_version: int
    locked: bool
    published_at: datetime | None = field(default=None, kw_only=True)
    published_version: int | None = field(default=None, kw_only=True)

    def scoring_open(self, now: datetime) -> bool:
        """Tell whether judges may write marks at `now`: the state says scoring and the window, if set, is open."""
        if self.state is not RoundState.SCORING:
            return False
        after_opening = self.opens_at is None or now >= self.opens_at
        return after_opening and (self.closes_at is None or now < self.closes_at)

    def recusal_open(self, now: datetime) -> bool:
        """Tell whether a judge may withdraw from a paper: while the round is open to read, and while it is scored."""
        return self.state is RoundState.OPEN or self.scoring_open(now)


@dataclass(frozen=True, slots=True)
class RoundFacts(RoundHead):
    """A round with its rules and rubric; `criterion_ids` follows the order of `rubric.criteria`."""

    rules: RoundRules
    rubric: Rubric
    criterion_ids: tuple[int, ...]
