"""Proposed plans that are kept, and what it would take to undo what was put in force last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from contest.accounts.models import User
from contest.editions.facts import RoundFacts
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.judging.adjusting import Hand, Worth, adjusted, gaps_of, in_force, standing, worth
from contest.judging.assignment import Pair
from contest.judging.models import AssignmentDeployment, AssignmentProposal
from contest.judging.papers import PaperState
from contest.judging.planning import Board, Holding, Proposal, propose
from contest.judging.queries.assignments import AssignmentLine, RoundBoard, fitted, round_board
from contest.judging.queries.conflicts import IdPair

LARGEST_AT_ONCE = 60_000
"""Submissions x judges up to which a plan is computed while somebody waits for the page."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a proposal was worth when it was last computed: enough to compare it with others."""

    seats: int
    empty: int
    total: float
    worst: float | None
    low: int
    high: int
    groups: int
    comparability: float
    added: int
    removed: int
    kept: int


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One kept proposal in a list; `stale` says that the round has changed since its figures were computed."""

    id: int
    number: int
    seed: int
    keep: bool
    by_hand: int
    figures: Figures
    at: datetime
    by: str
    stale: bool


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A kept proposal, opened: computed anew on the round as it stands, with the hand's changes that still hold.

    `lost` counts changes by hand that no longer do. `digest` changes when anything in the plan or its pins would.
    """

    line: ProposalLine
    board: RoundBoard
    computed: Proposal
    proposal: Proposal
    hand: Hand
    lost: int
    worth: Worth
    digest: str

    @property
    def keep(self) -> bool:
        """Whether it keeps what is in force."""
        return self.line.keep

    def pairs(self) -> list[IdPair]:
        """Return the planned (submission id, judge id)."""
        return [self.board.ids(pair) for pair in self.proposal.pairs]

    def pins(self) -> frozenset[IdPair]:
        """Return which of them are to be pinned."""
        return frozenset(map(self.board.ids, self.hand.pinned))


def is_vast(board: Board) -> bool:
    """Tell whether plans of the round are computed as a job and kept with their pairs."""
    return len(board.subjects) * len(board.judges) > LARGEST_AT_ONCE


def board_print(board: RoundBoard) -> str:
    """Return the fingerprint of everything that a plan of the round depends on; `board` as from `fitted`."""
    fit = board.board.fitted()
    measures = hashlib.sha256(fit.matrix.tobytes() + fit.foreign.tobytes()).hexdigest()
    judges = [[one.id, one.min_load, one.max_load, one.left_at is not None] for one in board.judges]
    held = sorted([*board.ids(pair), holding.value] for pair, holding in board.board.held.items())
    blocked = sorted(map(list, map(board.ids, board.board.blocked)))
    submissions = [line.id for line in board.submissions]
    return fingerprint([board.board.wanted, submissions, judges, held, blocked, measures])


def proposals_of(board: RoundBoard) -> tuple[ProposalLine, ...]:
    """Return the kept proposals of a round by number, in one query; `board` as from `fitted`."""
    rows = db.session.execute(
        select(AssignmentProposal, User.name)
        .outerjoin(User, User.id == AssignmentProposal.created_by)
        .where(AssignmentProposal.round_id == board.round.id)
        .order_by(AssignmentProposal.number)
    ).all()
    now = board_print(board) if rows else ""
    return tuple(_line(row, name, now) for row, name in rows)


def _line(row: AssignmentProposal, name: str | None, now: str) -> ProposalLine:
    return ProposalLine(
        id=row.id,
        number=row.number,
        seed=row.seed,
        keep=row.keep,
        by_hand=sum(map(len, row.hand.values())),
        figures=Figures(**row.figures),
        at=row.created_at,
        by=name or "",
        stale=row.board != now,
    )


def kept_plan(round_: RoundFacts, number: int) -> KeptPlan | None:
    """Return a kept proposal of the round as it stands; None when there is none of this number."""
    found = db.session.execute(
        select(AssignmentProposal, User.name)
        .outerjoin(User, User.id == AssignmentProposal.created_by)
        .where(AssignmentProposal.round_id == round_.id, AssignmentProposal.number == number)
    ).one_or_none()
    if found is None:
        return None
    row, name = found
    board = fitted(round_board(round_))
    return opened(row, name, board)


def opened(row: AssignmentProposal, name: str | None, board: RoundBoard) -> KeptPlan:
    """Compute a kept proposal on a board."""
    if row.planned is None:
        computed = propose(board.board, seed=row.seed, keep=row.keep)
    else:
        computed = from_pairs(board.board, row.seed, places_of(board, row.planned))
    wish = Hand(**{key: places_of(board, row.hand.get(key, ())) for key in ("added", "removed", "pinned")})
    hand = standing(board.board, computed, wish)
    proposal = adjusted(board.board, computed, hand)
    line = _line(row, name, board_print(board))
    return KeptPlan(
        line=line,
        board=board,
        computed=computed,
        proposal=proposal,
        hand=hand,
        lost=line.by_hand - sum(map(len, (hand.added, hand.removed, hand.pinned))),
        worth=worth(board.board, proposal.pairs),
        digest=_print_of(board, proposal, row, hand),
    )


def _print_of(board: RoundBoard, proposal: Proposal, row: AssignmentProposal, hand: Hand) -> str:
    parts = (proposal.added, proposal.removed, proposal.kept, hand.pinned)
    return fingerprint([row.round_id, row.number, *([sorted(map(board.ids, pairs))] for pairs in parts)])


def from_pairs(board: Board, seed: int, pairs: Iterable[Pair]) -> Proposal:
    """Return a proposal made of pairs that were computed before; those that no longer may be are left out."""
    begun = {pair for pair, holding in board.held.items() if holding is Holding.STARTED and pair not in board.blocked}
    planned = {pair for pair in pairs if board.may_sit(pair)} | begun
    locked = {pair for pair, holding in board.held.items() if holding in (Holding.STARTED, Holding.RECUSED)}
    loose = board.held.keys() - locked
    measured = worth(board, planned)
    return Proposal(
        seed=seed,
        pairs=tuple(sorted(planned)),
        added=tuple(sorted(planned - board.held.keys())),
        removed=tuple(sorted(loose - planned)),
        kept=tuple(sorted(loose & planned)),
        locked=tuple(sorted(locked)),
        loads=measured.loads,
        gaps=gaps_of(board, planned, measured.loads),
        advice=(),
        components=len(measured.groups),
    )


def figures_of(board: Board, proposal: Proposal, measured: Worth) -> dict[str, Any]:
    """Return the figures of a proposal as they are kept."""
    del board
    figures = Figures(
        seats=measured.filled + measured.empty,
        empty=measured.empty,
        total=round(measured.total, 3),
        worst=None if measured.worst is None else round(measured.worst, 4),
        low=min(measured.loads, default=0),
        high=max(measured.loads, default=0),
        groups=len(measured.groups),
        comparability=round(measured.comparability, 4),
        added=len(proposal.added),
        removed=len(proposal.removed),
        kept=len(proposal.kept) + len(set(proposal.pairs) & set(proposal.locked)),
    )
    return asdict(figures)


def places_of(board: RoundBoard, pairs: Iterable[Iterable[int]]) -> frozenset[Pair]:
    """Return pairs of ids as positions; people and submissions that are there no longer are left out."""
    row = {line.id: place for place, line in enumerate(board.submissions)}
    column = {judge.id: place for place, judge in enumerate(board.judges)}
    return frozenset((row[one], column[other]) for one, other in pairs if one in row and other in column)


@dataclass(frozen=True, slots=True)
class Stuck:
    """A pair that cannot be brought back to what it was, and why: begun, conflict, left, full or gone."""

    pair: IdPair
    why: str


@dataclass(frozen=True, slots=True)
class Undo:
    """What undoing the last deployment would do: pairs that come back (with their pins), go, and are unpinned."""

    deployment_id: int
    action: str
    at: datetime
    back: Mapping[IdPair, bool]
    away: tuple[AssignmentLine, ...]
    unpin: tuple[AssignmentLine, ...]
    stuck: tuple[Stuck, ...]
    digest: str

    def __bool__(self) -> bool:
        """Tell whether it would do anything."""
        return bool(self.back or self.away or self.unpin)


def undo_of(board: RoundBoard) -> Undo | None:
    """Return how to undo what was put in force last; None when there is nothing, or all of it was undone."""
    row = db.session.scalar(
        select(AssignmentDeployment)
        .where(AssignmentDeployment.round_id == board.round.id, AssignmentDeployment.undone_at.is_(None))
        .order_by(AssignmentDeployment.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    added = [(one, other) for one, other in row.added]
    here = {pair: board.held[pair] for pair in added if pair in board.held}
    away = tuple(line for line in here.values() if line.state is PaperState.NOT_STARTED)
    stuck = [Stuck(pair, "begun") for pair, line in here.items() if line.state is not PaperState.NOT_STARTED]
    back: dict[IdPair, bool] = {}
    loads = _loads_without(board, away)
    for one, other, pinned in row.removed:
        pair = (one, other)
        why = _bar(board, pair, loads)
        if why:
            stuck.append(Stuck(pair, why))
        elif pair not in board.held:
            back[pair] = pinned
            loads[other] += 1
    pinned_here = (board.held[one, other] for one, other in row.pinned if (one, other) in board.held)
    unpin = tuple(line for line in pinned_here if line.pinned and line.state is PaperState.NOT_STARTED)
    facts = [row.id, sorted(back.items()), [line.id for line in away], [line.id for line in unpin]]
    return Undo(row.id, row.action, row.done_at, back, away, unpin, tuple(stuck), fingerprint(facts))


def _loads_without(board: RoundBoard, away: Iterable[AssignmentLine]) -> dict[int, int]:
    loads = {judge.id: 0 for judge in board.judges}
    gone = {(line.submission_id, line.judge_id) for line in away}
    for pair in in_force(board.board):
        ids = board.ids(pair)
        loads[ids[1]] += ids not in gone
    return loads


def _bar(board: RoundBoard, pair: IdPair, loads: Mapping[int, int]) -> str:
    """Say why a pair that was taken away cannot come back; "" when it can, or is back already."""
    judge = next((one for one in board.judges if one.id == pair[1]), None)
    if judge is None or all(line.id != pair[0] for line in board.submissions):
        return "gone"
    if pair in board.held:
        return ""
    if pair in board.conflicts:
        return "conflict"
    if judge.left_at is not None:
        return "left"
    return "full" if judge.max_load is not None and loads[judge.id] >= judge.max_load else ""
