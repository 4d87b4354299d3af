"""assignments.csv of one round, checked against the round as it stands."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from contest.errors import Problem
from contest.exchange.bundle.findings import Findings
from contest.exchange.bundle.model import TableLike
from contest.exchange.bundle.references import Codes, once, refer
from contest.exchange.bundle.rows import Cells, read_cells, shielded

Pair = tuple[str, str]  # submission, judge


@dataclass(frozen=True, slots=True)
class Scope:
    """What a row may name: the round's code, its submissions, the panel, barred pairs and the judges' largest loads."""

    round: str
    submissions: Collection[str]
    judges: Collection[str]
    conflicts: Collection[Pair] = ()
    max_loads: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanFile:
    """The plan, pair -> pinned, and everything that stands against it."""

    pairs: Mapping[Pair, bool]
    problems: tuple[Problem, ...] = ()


def read_plan(table: TableLike, scope: Scope) -> PlanFile:
    """Read the rows of one round: every judge and submission belongs to it, no pair is barred, no load is passed."""
    findings = Findings()
    codes = Codes([scope.round]), Codes(scope.judges), Codes(scope.submissions)
    seen: dict[tuple[str, ...], int] = {}
    pairs: dict[Pair, bool] = {}
    loads: Counter[str] = Counter()
    for row in read_cells("assignments", table, findings):
        key = (refer(row, "round", codes[0]), refer(row, "judge", codes[1]), refer(row, "submission", codes[2]))
        pinned = row.boolean("pinned")
        if not once(row, key, seen):
            continue
        _, judge, submission = key
        loads[judge] += 1
        _check(row, (submission, judge), loads[judge], scope)
        pairs[submission, judge] = pinned
    return PlanFile(pairs, tuple(findings.problems))


def _check(row: Cells, pair: Pair, load: int, scope: Scope) -> None:
    submission, judge = pair
    if pair in scope.conflicts:
        row.problem("judge", "pair_in_conflict", judge=judge, submission=submission)
    limit = scope.max_loads.get(judge)
    if limit is not None and load > limit:
        row.problem("judge", "load_passed", judge=judge, limit=limit)


def plan_csv(round_code: str, rows: Iterable[tuple[str, str, bool]]) -> bytes:
    """Return (submission, judge, pinned) as assignments.csv, in the order given; `read_plan` reads it back."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("round", "judge", "submission", "pinned"))
    for submission, judge, pinned in rows:
        writer.writerow((*map(shielded, (round_code, judge, submission)), "true" if pinned else ""))
    return stream.getvalue().encode()
