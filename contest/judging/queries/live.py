"""A live event as the desk sees it: who is present, what each entry has seen, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contest.editions.facts import RoundFacts
from contest.judging.live import Floor, next_entries
from contest.judging.papers import WITHOUT_MARKS, PaperState
from contest.judging.planning import Holding, affinities
from contest.judging.queries.assignments import RoundBoard, round_board
from contest.judging.queries.conflicts import SubmissionLine
from contest.judging.queries.panel import PanelJudge
from contest.judging.queries.rooms import Presence, presence_of
from contest.judging.rooms.states import EntryState


@dataclass(frozen=True, slots=True)
class LiveJudgeLine:
    """A judge at the desk. `since` is None for one who is not here; `came` tells of one who was."""

    judge: PanelJudge
    since: datetime | None
    came: bool
    done: int
    under_way: tuple[SubmissionLine, ...]


@dataclass(frozen=True, slots=True)
class LiveEntryLine:
    """An entry at the event: how many judges have seen it or are on the way, and who is there now."""

    line: SubmissionLine
    state: EntryState
    seen: int
    there: tuple[PanelJudge, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """The round at its event; `floor` in the positions of the board."""

    board: RoundBoard
    presence: Presence
    floor: Floor

    def judges(self) -> tuple[LiveJudgeLine, ...]:
        """Return the judges, those present first, each in the order of the board."""
        lines = [
            LiveJudgeLine(
                judge,
                self.presence.judges.get(judge.id),
                judge.id in self.presence.seen,
                sum(other == at for _, other in self.floor.given - self.floor.waiting),
                tuple(self.board.submissions[one] for one, other in sorted(self.floor.waiting) if other == at),
            )
            for at, judge in enumerate(self.board.judges)
            if judge.left_at is None
        ]
        return tuple(sorted(lines, key=lambda line: line.since is None))

    def entries(self) -> tuple[LiveEntryLine, ...]:
        """Return the entries, the least seen first."""
        seen = self.floor.seen()
        lines = [
            LiveEntryLine(
                line,
                self.presence.entries.get(line.id, EntryState.PRESENT),
                seen[at],
                tuple(self.board.judges[other] for one, other in sorted(self.floor.waiting) if one == at),
            )
            for at, line in enumerate(self.board.submissions)
        ]
        return tuple(sorted(lines, key=lambda line: line.seen))

    def place(self, judge_id: int) -> int | None:
        """Return the position of a judge who may get entries."""
        return next(
            (at for at, one in enumerate(self.board.judges) if one.id == judge_id and one.left_at is None), None
        )

    def next_for(self, place: int) -> tuple[int, ...]:
        """Return the positions of the entries that the judge at `place` gets now, those under way included."""
        return next_entries(self.floor, place, self.presence.batch)


def event_of(round_: RoundFacts, judge_id: int | None = None) -> Event | None:
    """Return the event of a round, in the queries of its board and three more; none without a desk.

    Only the fit of `judge_id` is worked out: nobody else asks for an entry.
    """
    presence = presence_of(round_.id)
    if presence is None:
        return None
    board = round_board(round_)
    return Event(board, presence, _floor(board, presence, judge_id))


def _floor(board: RoundBoard, presence: Presence, judge_id: int | None) -> Floor:
    """Return the floor: what was not begun counts only while its judge is present, so that no-shows hold nothing."""
    row = {line.id: at for at, line in enumerate(board.submissions)}
    column = {judge.id: at for at, judge in enumerate(board.judges)}
    here = presence.judges.keys()
    given, waiting = set(), set()
    for (one, other), held in board.held.items():
        pair = (row[one], column[other])
        if held.state in WITHOUT_MARKS or (held.state is PaperState.NOT_STARTED and other not in here):
            continue
        given.add(pair)
        if held.state is not PaperState.SUBMITTED and other in here:
            waiting.add(pair)
    refused = {pair for pair, holding in board.board.held.items() if holding is Holding.RECUSED}
    pairs = zip(board.judges, board.board.loads(), strict=True)
    return Floor(
        n_submissions=len(board.submissions),
        seats=board.board.seats,
        open=frozenset(at for at, line in enumerate(board.submissions) if _is_open(presence.entries, line.id)),
        given=frozenset(given),
        waiting=frozenset(waiting),
        barred=frozenset({*board.board.blocked, *refused}),
        room=tuple(None if one.max_load is None else one.max_load - load for one, load in pairs),
        affinity=_affinity(board, column.get(judge_id)) if judge_id else {},
    )


def _is_open(entries: Mapping[int, EntryState], submission_id: int) -> bool:
    return entries.get(submission_id, EntryState.PRESENT) is EntryState.PRESENT


def _affinity(board: RoundBoard, judge: int | None) -> dict[tuple[int, int], float]:
    if judge is None or not board.submissions:
        return {}
    return {(at, judge): value for at, value in enumerate(affinities(board.board)[:, judge].tolist())}
