"""A round as its assignments are planned: submissions, judges, conflicts and what is assigned now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select

from contest.accounts.models import User
from contest.editions.facts import RoundFacts
from contest.infra.audit import AuditEntry
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.judging.affinity import words_of
from contest.judging.models import Assignment, KeyedPaper, LatePaper, Scorecard
from contest.judging.papers import WITHOUT_MARKS, PaperState, state_of
from contest.judging.plan import Progress, unheard
from contest.judging.planning import Board, Candidate, Holding, Proposal, propose
from contest.judging.queries.conflict_rules import colleagues_of
from contest.judging.queries.conflicts import (
    IdPair,
    PairConflict,
    SubmissionLine,
    conflicts_between,
    submission_lines,
)
from contest.judging.queries.fit import fit_of
from contest.judging.queries.panel import PanelJudge, judges_of
from contest.judging.queries.rounds import participants


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """One assignment: who judges what, how far, and whether somebody placed it by hand."""

    id: int
    public_id: str
    submission_id: int
    judge_id: int
    pinned: bool
    state: PaperState
    updated_at: datetime | None

    @property
    def holding(self) -> Holding:
        """What it is to a new plan."""
        if self.state in WITHOUT_MARKS:
            return Holding.RECUSED
        if self.state is not PaperState.NOT_STARTED:
            return Holding.STARTED
        return Holding.PINNED if self.pinned else Holding.FREE


_PAPERS_CAME = or_(
    exists().where(KeyedPaper.assignment_id == Assignment.id), exists().where(LatePaper.assignment_id == Assignment.id)
)


def assignments_of(round_id: int) -> tuple[AssignmentLine, ...]:
    """Return the assignments of a round, in one query; one for which marks on paper or late marks came is begun."""
    rows = db.session.execute(
        select(
            Assignment.id,
            Assignment.public_id,
            Assignment.submission_id,
            Assignment.judge_id,
            Assignment.pinned,
            Scorecard.status,
            Scorecard.updated_at,
            _PAPERS_CAME.label("papers_came"),
        )
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(Assignment.round_id == round_id)
        .order_by(Assignment.id)
    )
    return tuple(map(_assignment, rows))


def _assignment(row: Any) -> AssignmentLine:
    return AssignmentLine(
        id=row.id,
        public_id=row.public_id,
        submission_id=row.submission_id,
        judge_id=row.judge_id,
        pinned=row.pinned,
        state=PaperState.DRAFT if row.status is None and row.papers_came else state_of(row.status),
        updated_at=row.updated_at,
    )


@dataclass(frozen=True, slots=True)
class RoundBoard:
    """Everything that a plan of the round depends on. Places in `submissions` and `judges` are its positions.

    `held` maps (submission id, judge id) to the assignment in force, `strays` are assignments of submissions that no
    longer take part, `conflicts` the barred pairs of ids.
    """

    round: RoundFacts
    submissions: tuple[SubmissionLine, ...]
    judges: tuple[PanelJudge, ...]
    conflicts: Mapping[IdPair, PairConflict]
    held: Mapping[IdPair, AssignmentLine]
    strays: tuple[AssignmentLine, ...]
    board: Board

    def ids(self, pair: tuple[int, int]) -> IdPair:
        """Return the ids of a pair of positions."""
        return self.submissions[pair[0]].id, self.judges[pair[1]].id


def round_board(round_: RoundFacts) -> RoundBoard:
    """Return the round as it stands, in seven queries."""
    taking_part = set(participants(round_))
    submissions = tuple(line for line in submission_lines(round_.edition_id) if line.id in taking_part)
    judges = judges_of(round_.edition_id)
    conflicts = conflicts_between(round_.edition_id, judges, submissions, round_id=round_.id)
    found = assignments_of(round_.id)
    held = {(one.submission_id, one.judge_id): one for one in found if one.submission_id in taking_part}
    row = {line.id: position for position, line in enumerate(submissions)}
    column = {judge.id: position for position, judge in enumerate(judges)}
    colleagues, keep_apart = colleagues_of(round_.edition_id, judges)
    board = Board(
        subjects=tuple(line.subject for line in submissions),
        judges=tuple(_candidate(judge, held) for judge in judges),
        wanted=round_.rules.judges_per_submission,
        blocked={(row[one], column[other]): pair.reasons for (one, other), pair in conflicts.items()},
        held={(row[one], column[other]): _holding(line, conflicts) for (one, other), line in held.items()},
        colleagues=colleagues,
        keep_apart=keep_apart,
    )
    strays = tuple(one for one in found if one.submission_id not in taking_part)
    return RoundBoard(round_, submissions, judges, conflicts, held, strays, board)


def fitted(board: RoundBoard) -> RoundBoard:
    """Return the board with how well everybody fits, in five more queries."""
    found = fit_of(board.round, [line.id for line in board.submissions], [judge.id for judge in board.judges])
    return replace(board, board=replace(board.board, fit=found))


def _candidate(judge: PanelJudge, held: Mapping[IdPair, AssignmentLine]) -> Candidate:
    """Return a judge as the planner sees one: who left the panel keeps what was handed in and gets nothing new."""
    if judge.left_at is None:
        return Candidate(words_of(*judge.fields), judge.min_load, judge.max_load)
    kept = sum(pair[1] == judge.id and line.holding is not Holding.RECUSED for pair, line in held.items())
    return Candidate(words_of(*judge.fields), None, kept, left=True)


def _holding(line: AssignmentLine, conflicts: Mapping[IdPair, PairConflict]) -> Holding:
    """Return what it is to a new plan; what was begun and then declared a conflict counts as withdrawn from."""
    conflict = conflicts.get((line.submission_id, line.judge_id))
    if line.holding is Holding.STARTED and conflict is not None and conflict.declared:
        return Holding.RECUSED
    return line.holding


@dataclass(frozen=True, slots=True)
class LastPlan:
    """The automatic plan that was applied last: repeating it with its seed gives the same."""

    at: datetime
    by: str
    seed: int
    added: int
    removed: int


PLAN_APPLIED = "assignments.planned"


def last_plan_of(round_: RoundFacts) -> LastPlan | None:
    """Return the automatic plan that was applied last, in one query."""
    row = db.session.execute(
        select(AuditEntry.at, AuditEntry.facts, User.name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(
            AuditEntry.scope == f"edition:{round_.edition_id}",
            AuditEntry.action == PLAN_APPLIED,
            AuditEntry.subject == f"round:{round_.id}",
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return LastPlan(row.at, row.name or "", row.facts["seed"], row.facts["added"], row.facts["removed"])


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """A proposal for a round. `digest` changes when anything in it would."""

    board: RoundBoard
    proposal: Proposal
    keep: bool
    digest: str

    def pairs(self) -> list[IdPair]:
        """Return the planned (submission id, judge id)."""
        return [self.board.ids(pair) for pair in self.proposal.pairs]


def plan_of(round_: RoundFacts, *, seed: int, keep: bool) -> RoundPlan:
    """Return the plan for a round as it stands now; the same round, seed and `keep` give the same one."""
    return plan_on(fitted(round_board(round_)), seed=seed, keep=keep)


def plan_on(board: RoundBoard, *, seed: int, keep: bool, progress: Progress = unheard) -> RoundPlan:
    """Return the plan for a board as from `fitted`; `progress` is told the share that is done."""
    proposal = propose(board.board, seed=seed, keep=keep, progress=progress)
    changes = [[sorted(map(board.ids, pairs))] for pairs in (proposal.added, proposal.removed, proposal.kept)]
    return RoundPlan(board, proposal, keep, fingerprint([board.round.id, seed, keep, *changes]))
