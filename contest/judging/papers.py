"""A judge's paper: one submission to score in one round, as one request sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from contest.editions.facts import RoundHead
from contest.editions.phases import RoundState
from contest.editions.rules import CriterionSpec, LocalText
from contest.errors import RuleBroken
from contest.judging.events import ScoreEvent
from contest.judging.states import ScorecardStatus


class PaperState(StrEnum):
    """What a judge has done about a paper; the names are those of the badges."""

    NOT_STARTED = "not_started"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECUSED = "recused"
    ABSTAINED = "abstained"
    VOIDED = "voided"


WITHOUT_MARKS = (PaperState.RECUSED, PaperState.ABSTAINED, PaperState.VOIDED)
"""Papers that nobody waits for: no mark on them counts, and none is missing."""
UNFINISHED = (PaperState.NOT_STARTED, PaperState.DRAFT)


def state_of(status: ScorecardStatus | None) -> PaperState:
    """Return the state for a scorecard's status; without a scorecard nothing was started."""
    return PaperState.NOT_STARTED if status is None else PaperState(status.value)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What judges fill in a round: the judged criteria of one rubric version with their row ids, in reading order.

    `minutes` are those of a pitch and of the answers after it; 0 where the round sets none.
    """

    round_id: int
    rubric_version: int
    blind: bool
    criteria: tuple[CriterionSpec, ...]
    ids: tuple[int, ...]
    minutes: tuple[int, int] = (0, 0)

    @property
    def maximum(self) -> Decimal:
        """The highest weighted total that a judge can give."""
        return sum((c.maximum * c.weight for c in self.criteria), Decimal(0))


@dataclass(frozen=True, slots=True)
class ScorecardFacts:
    """A stored scorecard. `marks` maps criterion ids to points; a criterion without a mark is absent."""

    id: int
    status: ScorecardStatus
    version: int
    marks: Mapping[int, int]
    feedback: str
    private_note: str
    recusal_reason: str
    updated_at: datetime
    submitted_at: datetime | None
    last_key: str
    last_digest: str


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """An assignment with its round, its submission's heading and the judge's scorecard, if one was begun.

    `listed` tells that the submission is still in the contest and that no conflict of interest is declared. `proof` is
    the fingerprint of the last event; `event` is the one that a save stored, or had stored before under the same key.
    """

    id: int
    public_id: str
    judge_id: int
    judge_user_id: int
    round: RoundHead
    submission_id: int
    submission_version: int
    code: str
    title: str
    track: LocalText | None
    listed: bool
    scorecard: ScorecardFacts | None = None
    proof: str = ""
    event: ScoreEvent | None = field(default=None, compare=False)

    @property
    def state(self) -> PaperState:
        """What the judge has done so far."""
        return state_of(self.scorecard.status if self.scorecard else None)

    @property
    def version(self) -> int:
        """The scorecard's version; 0 before the first save."""
        return self.scorecard.version if self.scorecard else 0

    def opens_to(self, user_id: int | None) -> bool:
        """Tell whether the paper exists for this person: their own, the round is past its set-up, still listed."""
        return self.listed and self.judge_user_id == user_id and self.round.state is not RoundState.DRAFT

    def points(self, sheet: Sheet) -> tuple[int | None, ...]:
        """Return the stored points in the order of the sheet; None is a blank."""
        marks = self.scorecard.marks if self.scorecard else {}
        return tuple(marks.get(criterion_id) for criterion_id in sheet.ids)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a judge sends: texts by criterion code as typed, and the version they were typed over.

    `key` is made by the page for this content; sending it again changes nothing. `after` holds keys that the page sent
    before without hearing back: when the last stored change carries one of them, nobody else wrote in between.
    `started_at` is what the device's clock says about the typing, a hint and nothing more.
    """

    version: int
    rubric_version: int
    key: str
    texts: Mapping[str, str]
    feedback: str = ""
    private_note: str = ""
    submit: bool = False
    after: tuple[str, ...] = field(default=())
    started_at: datetime | None = None

    def said(self) -> list[object]:
        """Return what is sent, with the random key: without it, a fingerprint would give a short text away."""
        texts = [self.feedback, self.private_note]
        return [self.key, self.submit, self.rubric_version, dict(self.texts), *texts]


class StaleScorecard(RuleBroken):
    """The scorecard was changed since the page was opened; `paper` holds what is stored now."""

    def __init__(self, paper: PaperFacts) -> None:
        super().__init__("scorecard_stale")
        self.paper = paper


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paper stands among the judge's papers of its round: how many are handed in, and its neighbours.

    The neighbours are public ids in reading order, empty at either end.
    """

    done: int
    total: int
    before: str
    after: str

    @classmethod
    def among(cls, papers: Sequence[tuple[str, PaperState]], paper: PaperFacts) -> Place:
        """Find the paper among (public id, state) in reading order."""
        ids = [public_id for public_id, _ in papers]
        counted = [state for _, state in papers if state not in WITHOUT_MARKS]
        at = ids.index(paper.public_id) if paper.public_id in ids else None
        return cls(
            done=counted.count(PaperState.SUBMITTED),
            total=len(counted),
            before=ids[at - 1] if at else "",
            after=ids[at + 1] if at is not None and at + 1 < len(ids) else "",
        )


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One line of the judge's list. `team` is empty when the round is blind."""

    id: int
    public_id: str
    code: str
    title: str
    track: LocalText | None
    team: str
    state: PaperState


@dataclass(frozen=True, slots=True)
class DeskRound:
    """One round of the judge's list, its rows in this judge's own reading order."""

    round: RoundHead
    rows: tuple[DeskRow, ...]

    @property
    def total(self) -> int:
        """How many papers are the judge's to score: those recused, abstained from or set aside are not."""
        return sum(row.state not in WITHOUT_MARKS for row in self.rows)

    @property
    def done(self) -> int:
        """How many are submitted."""
        return sum(row.state is PaperState.SUBMITTED for row in self.rows)
