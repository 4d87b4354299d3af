"""What an organiser says of an edition on the first page of its set-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import available_timezones

from contest.editions.extensions import MOST_GRACE
from contest.editions.rules import LocalText, RoundKind
from contest.errors import RuleBroken

TIMEZONE = "Asia/Ho_Chi_Minh"
LANGUAGES = ("vi", "en")
_UNWRITTEN = LocalText()


@lru_cache(maxsize=1)
def timezones() -> frozenset[str]:
    """Return the names of all time zones; reading them walks a folder, so it happens once."""
    return frozenset(available_timezones())


@dataclass(frozen=True, slots=True)
class Basics:
    """The settings of an edition that are plain values. Moments are aware; both may be unset until announced."""

    name: LocalText
    organiser: str = ""
    about: LocalText = _UNWRITTEN
    contact: str = ""
    timezone: str = TIMEZONE
    languages: tuple[str, ...] = LANGUAGES
    submissions_open: datetime | None = None
    submissions_close: datetime | None = None
    grace_minutes: int = 0

    def __post_init__(self) -> None:
        """Refuse settings that no page could show."""
        if not self.name.vi and not self.name.en:
            raise RuleBroken("edition_without_name")
        if not 0 <= self.grace_minutes <= MOST_GRACE:
            raise RuleBroken("grace_out_of_range", most=MOST_GRACE)
        if self.timezone not in timezones():
            raise RuleBroken("timezone_unknown", timezone=self.timezone)
        if not self.languages or not set(self.languages) <= set(LANGUAGES):
            raise RuleBroken("languages_unknown", languages=self.languages)
        if self.submissions_open and self.submissions_close and self.submissions_open >= self.submissions_close:
            raise RuleBroken("window_reversed")


@dataclass(frozen=True, slots=True)
class RoundBasics:
    """A round's name, kind and scoring window; without a window it is opened and closed by hand."""

    name: LocalText
    kind: RoundKind
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what no page could show."""
        if not self.name.vi and not self.name.en:
            raise RuleBroken("round_without_name")
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            raise RuleBroken("round_window_reversed")
