"""What an assignment is asked for and what it answers: positions and numbers, codes and facts, no sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.integer[Any]]
    Floats: TypeAlias = NDArray[np.floating[Any]]
    Bools: TypeAlias = NDArray[np.bool_]
    Pairs: TypeAlias = Sequence[tuple[int, int]] | Ints
else:
    np = lazy("numpy")

Pair = tuple[int, int]
Progress = Callable[[float], None]
"""Is told the share of the work that is done, 0 to 1, never less than before."""


def unheard(_share: float) -> None:
    """Tell nobody."""


def stretch(progress: Progress, start: float, end: float) -> Progress:
    """Return what a part of the work tells its share to, which goes from `start` to `end` of the whole."""
    return lambda share: progress(start + (end - start) * share)


@dataclass(frozen=True, slots=True, eq=False)
class AssignmentProblem:
    """What may be assigned. Everything is a position; pairs are (submission, judge).

    `submission`, `judge`, `affinity` (0 to 1): one entry per eligible pair, in any order; a conflict is a pair not
    listed; a pair listed twice counts once, with its best entry. `seats`: judges wanted per submission, pins included.
    `min_load`, `max_load`: per judge, pins included. `pinned`: pairs that must stay. `current`: pairs of the plan in
    force. `keep`: what moving a current pair costs; from 1 on they move only to fill a seat or lift a load to its
    minimum, 0 plans afresh. `penalty`: per listed pair, in units of affinity; 1 outweighs every difference in affinity.

    `balance`: 0 asks for the greatest total affinity alone; above 0 the worst-off submissions are lifted first, and
    loads are evened out with this weight. `mixing`: the share of the affinity that may be spent on judges who can be
    compared with each other; 0 leaves the plan as it is. `panels`: per judge the number of the panel that judges
    together, negative for a judge of no panel; a submission's seats then count whole panels, as many as fit, at least
    one.
    """

    n_submissions: int
    n_judges: int
    submission: Ints
    judge: Ints
    affinity: Floats
    seats: Ints
    min_load: Ints
    max_load: Ints
    pinned: Pairs = ()
    current: Pairs = ()
    keep: float = 0.0
    penalty: Floats | None = None
    balance: float = 1.0
    mixing: float = 0.01
    panels: Ints | None = None

    def __post_init__(self) -> None:
        """Raise `ValueError` for arrays that do not fit together or positions that do not exist."""
        pairs = len(self.submission)
        lengths = {len(self.judge), len(self.affinity), pairs if self.penalty is None else len(self.penalty)}
        if lengths != {pairs} or len(self.seats) != self.n_submissions:
            raise ValueError("arrays of different lengths")
        if {len(self.min_load), len(self.max_load)} != {self.n_judges}:
            raise ValueError("one minimum and one maximum load per judge")
        if self.panels is not None and len(self.panels) != self.n_judges:
            raise ValueError("arrays of different lengths: one panel per judge")
        for positions, count in ((self.submission, self.n_submissions), (self.judge, self.n_judges)):
            if pairs and not 0 <= int(np.min(positions)) <= int(np.max(positions)) < count:
                raise ValueError("a position that does not exist")


class UnfilledReason(StrEnum):
    """Why a seat stays empty."""

    NO_JUDGE = "no_judge"
    TOO_FEW_JUDGES = "too_few_judges"
    JUDGES_FULL = "judges_full"


@dataclass(frozen=True, slots=True, order=True)
class Unfilled:
    """Seats of one submission that cannot be filled: nobody is eligible, too few are, or all of them are full."""

    submission: int
    seats: int
    reason: UnfilledReason


class AdviceCode(StrEnum):
    """What the organiser should know about the input or the plan."""

    BELOW_MINIMUM = "below_minimum"
    DISCONNECTED = "disconnected"
    MINIMUM_ABOVE_MAXIMUM = "minimum_above_maximum"
    MINIMUMS_ABOVE_SEATS = "minimums_above_seats"
    PENALTY_USED = "penalty_used"
    PIN_NOT_ELIGIBLE = "pin_not_eligible"
    PINS_ABOVE_MAXIMUM = "pins_above_maximum"
    PINS_ABOVE_SEATS = "pins_above_seats"
    SHORTAGE = "shortage"


class RemedyCode(StrEnum):
    """A change of the input that helps."""

    ADD_PAIR = "add_pair"
    INVITE_JUDGES = "invite_judges"
    LOWER_MINIMUM = "lower_minimum"
    LOWER_SEATS = "lower_seats"
    RAISE_MAXIMUM = "raise_maximum"
    RAISE_SEATS = "raise_seats"
    UNPIN = "unpin"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One number to change, `before` to `after`: a judge's load limit, a submission's seats, or one pair (0 to 1)."""

    submission: int | None
    judge: int | None
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Remedy:
    """Changes to make together; `helps` is the number of seats, loads or groups that they repair.

    INVITE_JUDGES has no change: it takes `judges` more judges who may judge the submissions of the advice, each with
    room for `room` of them.
    """

    code: RemedyCode
    helps: int
    changes: tuple[Change, ...] = ()
    judges: int = 0
    room: int = 0


@dataclass(frozen=True, slots=True)
class Advice:
    """One remark: `count` is the number of seats, submissions or groups that it is about.

    A SHORTAGE has the `submissions` that compete and the `judges` who may judge any of them: those need `seats`,
    these have room for `room`, `count` seats are short. PENALTY_USED has the same of the judges without a penalty;
    `count` seats went to others. `remedies`: the cheapest first.
    """

    code: AdviceCode
    judge: int | None
    submission: int | None
    count: int
    submissions: tuple[int, ...] = ()
    judges: tuple[int, ...] = ()
    seats: int = 0
    room: int = 0
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class AssignmentPlan:
    """The pairs, sorted by submission and judge, and what is to be said about them.

    `loads` per judge. `worst_affinity`: the mean affinity of the submission that is worst off; `worst_bound`: no plan
    can lift it above that. `components`: connected groups among the submissions and judges that have a pair; with more
    than one, judges cannot be compared across them. `comparability`: 0 to 1, the variance of the judges' severities
    estimated from an ideal panel of the same size, divided by that from this plan. `kept` and `moved` count the
    current pairs that are in the plan, and those still eligible that are not.
    """

    submission: Ints
    judge: Ints
    loads: Ints
    total_affinity: float
    worst_affinity: float
    worst_bound: float
    components: int
    comparability: float
    unfilled: tuple[Unfilled, ...]
    advice: tuple[Advice, ...]
    kept: int
    moved: int
