"""What a contest bundle holds: an edition as frozen data, without ids and without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from contest.editions.entry_rules import NO_RULES, EligibilityRules
from contest.editions.extensions import Extension
from contest.editions.parts import PartSpec
from contest.editions.phases import EditionState, RoundState
from contest.editions.privacy import NO_CONSENTS, PrivacyRules
from contest.editions.rules import LocalText, RoundKind, RoundRules, Rubric
from contest.errors import Problem
from contest.judging.conflicts import ConflictReason
from contest.judging.states import Party, ScorecardStatus
from contest.results.award_rules import AwardSpec
from contest.results.rulings import RulingKind
from contest.submissions.lifecycle import SubmissionStatus

DOCUMENT = "edition.toml"
DEFAULT_ZONE = "Asia/Ho_Chi_Minh"
NO_TEXT = LocalText()
NO_CRITERIA = Rubric()
PLAIN_RULES = RoundRules()
READ_TABLES = (
    "submissions",
    "judges",
    "conflicts",
    "assignments",
    "scores",
    "adjustments",
    "scorecards",
    "advancements",
    "rulings",
    "award_choices",
    "measured",
)


class RowLike(Protocol):
    """A numbered row of text; the header is row 1."""

    @property
    def number(self) -> int:
        """The row's number in the file."""

    @property
    def cells(self) -> Mapping[str, str]:
        """Header name -> text."""


class TableLike(Protocol):
    """A table of text as the edge hands it in; `name` is the file's, for messages."""

    @property
    def name(self) -> str:
        """The file's name."""

    @property
    def header(self) -> Sequence[str]:
        """The columns, in order."""

    @property
    def rows(self) -> Sequence[RowLike]:
        """The rows below the header."""


@dataclass(frozen=True, slots=True)
class BundleTrack:
    """A division with its own ranking."""

    code: str
    name: LocalText


@dataclass(frozen=True, slots=True)
class BundleField:
    """A subject area."""

    code: str
    name: LocalText


@dataclass(frozen=True, slots=True)
class BundleRound:
    """A round with its rules and its rubric; moments are aware, no state means "not said"."""

    code: str
    name: LocalText
    kind: RoundKind
    opens: datetime | None = None
    closes: datetime | None = None
    state: RoundState | None = None
    rules: RoundRules = PLAIN_RULES
    criteria: Rubric = NO_CRITERIA


@dataclass(frozen=True, slots=True)
class BundleEdition:
    """All that `edition.toml` says; no state means "not said"."""

    code: str
    name: LocalText
    organiser: str = ""
    timezone: str = DEFAULT_ZONE
    about: LocalText = NO_TEXT
    contact: str = ""
    languages: tuple[str, ...] = ("vi", "en")
    state: EditionState | None = None
    submissions_open: datetime | None = None
    submissions_close: datetime | None = None
    grace_minutes: int = 0
    marks_shown: bool = True
    second_step: bool = False
    entry_rules: EligibilityRules = NO_RULES
    consents: PrivacyRules = NO_CONSENTS
    extensions: tuple[Extension, ...] = ()
    tracks: tuple[BundleTrack, ...] = ()
    fields: tuple[BundleField, ...] = ()
    parts: tuple[PartSpec, ...] = ()
    rounds: tuple[BundleRound, ...] = ()
    awards: tuple[AwardSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class BundleSubmission:
    """A submission with its team. `track` and `field` are codes of the edition, empty for none."""

    code: str
    title: str
    team: str
    track: str = ""
    field: str = ""
    school: str = ""
    members: tuple[str, ...] = ()
    mentor: str = ""
    summary: str = ""
    email: str = ""
    phone: str = ""
    status: SubmissionStatus = SubmissionStatus.SUBMITTED
    mentor_email: str = ""
    mentor_phone: str = ""
    status_reason: str = ""


@dataclass(frozen=True, slots=True)
class BundleJudge:
    """A judge; loads count submissions in a round."""

    code: str
    name: str
    email: str = ""
    phone: str = ""
    organisation: str = ""
    fields: tuple[str, ...] = ()
    min_load: int | None = None
    max_load: int | None = None
    languages: tuple[str, ...] = ()
    experience: int | None = None
    profile: str = ""


@dataclass(frozen=True, slots=True)
class BundleConflict:
    """A declared conflict of interest; each party declares for itself."""

    judge: str
    submission: str
    reason: str = ""
    kind: ConflictReason = ConflictReason.DECLARED
    party: Party = Party.ORGANISER


@dataclass(frozen=True, slots=True)
class BundleAssignment:
    """A judge is to score a submission in a round; a pinned one is not moved by the engine."""

    round: str
    judge: str
    submission: str
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class BundleScore:
    """One mark in points above the lowest mark; None is "not given". `judge` is empty for an organiser's criterion."""

    round: str
    judge: str
    submission: str
    criterion: str
    points: int | None
    recused: bool = False
    abstained: bool = False

    @property
    def word(self) -> str:
        """What stands in the place of a mark: "recused", "abstained" or nothing."""
        return "recused" if self.recused else "abstained" if self.abstained else ""


@dataclass(frozen=True, slots=True)
class BundleScorecard:
    """The state of a judge's paper and the words on it; one for every pair that has scores."""

    round: str
    judge: str
    submission: str
    status: ScorecardStatus
    feedback: str = ""
    private_note: str = ""
    recusal_reason: str = ""


@dataclass(frozen=True, slots=True)
class BundleAdjustment:
    """A bonus or a penalty."""

    round: str
    submission: str
    points: Decimal
    reason: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class BundleRuling:
    """A decision in writing; an empty `submission` means the whole round."""

    round: str
    kind: RulingKind
    submission: str = ""
    value: str = ""
    reason: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class BundleChoice:
    """A written decision on an award: chosen, so many votes, or (no submission) a place left empty."""

    award: str
    submission: str = ""
    votes: int | None = None
    reason: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class BundleMeasured:
    """A measured number or a count of votes, of a criterion that declares its conversion."""

    round: str
    criterion: str
    submission: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class BundleAdvancement:
    """A submission's place in a later round."""

    round: str
    submission: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A whole edition. Submissions, judges, adjustments, rulings and choices keep the order of the files.

    The rest is sorted by them.
    """

    edition: BundleEdition
    submissions: tuple[BundleSubmission, ...] = ()
    judges: tuple[BundleJudge, ...] = ()
    conflicts: tuple[BundleConflict, ...] = ()
    assignments: tuple[BundleAssignment, ...] = ()
    scores: tuple[BundleScore, ...] = ()
    adjustments: tuple[BundleAdjustment, ...] = ()
    scorecards: tuple[BundleScorecard, ...] = ()
    advancements: tuple[BundleAdvancement, ...] = ()
    rulings: tuple[BundleRuling, ...] = ()
    measured: tuple[BundleMeasured, ...] = ()
    choices: tuple[BundleChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedBundle:
    """The bundle, or None and every problem found. Warnings do not stop a load."""

    bundle: Bundle | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
