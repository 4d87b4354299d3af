"""Extra scorecards that would settle the podium of a round, with the names that the page needs."""

from __future__ import annotations

from dataclasses import dataclass

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.rules import LocalText
from contest.judging.queries.assignments import RoundBoard, round_board
from contest.judging.queries.conflicts import SubmissionLine
from contest.judging.queries.panel import PanelJudge
from contest.results.queries.gathering import Gathered, gather
from contest.results.topup import Choice, TopUp, Wish, top_ups

UNLIMITED = 1_000


@dataclass(frozen=True, slots=True)
class NamedChoice:
    """An extra scorecard with its submission and its judge."""

    choice: Choice
    line: SubmissionLine
    judge: PanelJudge

    @property
    def key(self) -> str:
        """How a form names the pair."""
        return f"{self.line.public_id}:{self.judge.person}"


@dataclass(frozen=True, slots=True)
class TrackTopUp:
    """One track with its proposal; `podium` are the submissions that stand there now."""

    facts: TopUp
    name: LocalText | None
    podium: tuple[SubmissionLine, ...]
    extras: tuple[NamedChoice, ...]


def top_ups_of(edition: EditionFacts, round_: RoundFacts, wish: Wish) -> tuple[TrackTopUp, ...]:
    """Return the proposals per track. What is assigned but not scored yet comes anyway and is not proposed again."""
    gathered, board = gather(edition, round_), round_board(round_)
    lines = {line.code: line for line in board.submissions}
    judges = {judge.code: judge for judge in board.judges}
    entrants = [lines.get(one.code) for one in gathered.entrants]
    people = [judges.get(one.code) for one in gathered.judges]
    found = top_ups(gathered.inputs, _room(board, gathered), _barred(board, gathered), wish)
    return tuple(
        TrackTopUp(
            facts=one,
            name=None if one.track is None else gathered.tracks[one.track].name,
            podium=tuple(line for at in one.podium if (line := entrants[at]) is not None),
            extras=tuple(
                NamedChoice(extra, line, judge)
                for extra in one.extras
                if (line := entrants[extra.submission]) is not None and (judge := people[extra.judge]) is not None
            ),
        )
        for one in found
    )


def _room(board: RoundBoard, gathered: Gathered) -> list[int]:
    loads = {judge.code: (judge, load) for judge, load in zip(board.judges, board.board.loads(), strict=True)}
    return [_left(*loads[one.code]) if one.code in loads else 0 for one in gathered.judges]


def _left(judge: PanelJudge, load: int) -> int:
    if judge.left_at is not None:
        return 0
    return UNLIMITED if judge.max_load is None else max(0, judge.max_load - load)


def _barred(board: RoundBoard, gathered: Gathered) -> set[tuple[int, int]]:
    spot = {one.code: at for at, one in enumerate(gathered.entrants)}
    seat = {one.code: at for at, one in enumerate(gathered.judges)}
    rows = {line.id: spot[line.code] for line in board.submissions if line.code in spot}
    columns = {judge.id: seat[judge.code] for judge in board.judges if judge.code in seat}
    pairs = (*board.conflicts, *board.held)
    return {(rows[one], columns[other]) for one, other in pairs if one in rows and other in columns}
