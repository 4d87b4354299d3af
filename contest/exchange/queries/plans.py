"""The assignments of a round for its file."""

from __future__ import annotations

from dataclasses import dataclass

from contest.editions.facts import RoundFacts
from contest.exchange.roundplan import Scope
from contest.judging.queries.assignments import round_board
from contest.letters import natural_key


@dataclass(frozen=True, slots=True)
class RoundAssignments:
    """What a file of the round may name, and (submission, judge, pinned) as they are, by judge and submission."""

    scope: Scope
    rows: tuple[tuple[str, str, bool], ...]


def round_assignments(round_: RoundFacts) -> RoundAssignments:
    """Return the round as it stands, in seven queries; submissions that do not take part any more are left out."""
    board = round_board(round_)
    submissions = {line.id: line.code for line in board.submissions}
    judges = {judge.id: judge.code for judge in board.judges}
    scope = Scope(
        round=round_.code,
        submissions=tuple(submissions.values()),
        judges=tuple(judges.values()),
        conflicts=frozenset((submissions[one], judges[other]) for one, other in board.conflicts),
        max_loads={judge.code: judge.max_load for judge in board.judges if judge.max_load is not None},
    )
    rows = [(submissions[one], judges[other], line.pinned) for (one, other), line in board.held.items()]
    rows.sort(key=lambda row: (natural_key(row[1]), natural_key(row[0])))
    return RoundAssignments(scope, tuple(rows))
