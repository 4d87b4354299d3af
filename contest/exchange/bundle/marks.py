"""assignments.csv, scorecards.csv, scores.csv, adjustments.csv and advancements.csv."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from contest.editions.numbers import parse_decimal
from contest.editions.rules import CriterionSpec, Source
from contest.errors import RuleBroken
from contest.exchange.bundle.findings import MAX_BLOCK, check_mark, nearest
from contest.exchange.bundle.model import (
    BundleAdjustment,
    BundleAdvancement,
    BundleAssignment,
    BundleScore,
    BundleScorecard,
    TableLike,
)
from contest.exchange.bundle.references import Index, Key, once, refer
from contest.exchange.bundle.rows import Cells, read_cells
from contest.exchange.cleaning import clean_text
from contest.judging.states import ScorecardStatus

RECUSED, ABSTAINED = "recused", "abstained"
WORDS = (RECUSED, ABSTAINED)
"""What may stand in the place of a mark; neither is empty, and neither is zero."""


def _triple(row: Cells, index: Index) -> tuple[str, str, str]:
    return (
        refer(row, "round", index.rounds),
        refer(row, "judge", index.judges),
        refer(row, "submission", index.submissions),
    )


def read_assignments(table: TableLike, index: Index) -> Iterator[BundleAssignment]:
    """Read assignments.csv."""
    seen: dict[Key, int] = {}
    for row in read_cells("assignments", table, index.findings):
        key = _triple(row, index)
        pinned = row.boolean("pinned")
        if once(row, key, seen):
            yield BundleAssignment(*key, pinned)


def read_scorecards(table: TableLike, index: Index) -> Iterator[tuple[BundleScorecard, Cells]]:
    """Read scorecards.csv, each card with its row; a card without a status is given as a draft."""
    seen: dict[Key, int] = {}
    for row in read_cells("scorecards", table, index.findings):
        key = _triple(row, index)
        card = BundleScorecard(
            *key,
            status=row.choice("status", ScorecardStatus) or ScorecardStatus.DRAFT,
            feedback=row.text("feedback", MAX_BLOCK, block=True),
            private_note=row.text("private_note", MAX_BLOCK, block=True),
            recusal_reason=row.text("recusal_reason", 500),
        )
        if once(row, key, seen):
            yield card, row


def read_scores(table: TableLike, index: Index) -> Iterator[tuple[BundleScore, Cells]]:
    """Read scores.csv, each score with its row. Criteria that judges do not fill may come without a judge."""
    seen: dict[Key, int] = {}
    for row in read_cells("scores", table, index.findings):
        score = _score(row, index)
        if score is not None:
            # "-" stands for "no judge", so that the key is complete.
            key = (score.round, score.judge or "-", score.submission, score.criterion)
            if once(row, key, seen):
                yield score, row


def _score(row: Cells, index: Index) -> BundleScore | None:
    round_code = refer(row, "round", index.rounds)
    submission = refer(row, "submission", index.submissions)
    criterion = criterion_of(row, round_code, index)
    judged = criterion is None or criterion.source is Source.JUDGES
    judge = refer(row, "judge", index.judges, optional=not judged)
    if criterion is None or not (round_code and submission) or (judged and not judge):
        return None
    text = row.raw("score").strip()
    if criterion.measure is not None:
        row.problem("criterion", "criterion_measured", value=criterion.code)
        return None
    word = text.casefold() if text.casefold() in WORDS else ""
    if word and not judged:
        row.problem("score", "recused_without_judge")
        return None
    points = None if not text or word else _points(row, text, round_code, criterion, index)
    return BundleScore(
        *(round_code, judge, submission, criterion.code),
        points,
        recused=word == RECUSED,
        abstained=word == ABSTAINED,
    )


def criterion_of(row: Cells, round_code: str, index: Index) -> CriterionSpec | None:
    """Return the criterion of a row; nothing is said about one that the document declares but got wrong."""
    if not round_code:
        return None
    criteria = index.document.criteria[round_code]
    text = row.raw("criterion")
    key = text.casefold() if text.casefold() in criteria else clean_text(text).casefold()
    if key not in criteria:
        known = [each.code for each in criteria.values() if each]
        code = "unknown_criterion" if text.strip() else "cell_empty"
        row.problem("criterion", code, value=text, nearest=nearest(text, known))
    return criteria.get(key)


def _points(row: Cells, text: str, round_code: str, criterion: CriterionSpec, index: Index) -> int | None:
    known = (round_code, criterion.code, text)
    if known not in index.marks:
        try:
            index.marks[known] = check_mark(text, criterion)
        except RuleBroken as error:
            index.findings.broken(row.place("score"), error)
            return None
    return index.marks[known]


def read_adjustments(table: TableLike, index: Index) -> Iterator[BundleAdjustment]:
    """Read adjustments.csv; several for one submission are several entries of the ledger."""
    for row in read_cells("adjustments", table, index.findings):
        key = (refer(row, "round", index.rounds), refer(row, "submission", index.submissions))
        reason = row.text("reason", 500, required=True)
        author = row.text("author", required=True)
        points = _exact(row)
        if points is not None and all(key):
            yield BundleAdjustment(*key, points, reason, author)


def _exact(row: Cells) -> Decimal | None:
    try:
        return parse_decimal(row.raw("points"))
    except RuleBroken as error:
        row.findings.broken(row.place("points"), error)
        return None


def read_advancements(table: TableLike, index: Index) -> Iterator[BundleAdvancement]:
    """Read advancements.csv."""
    seen: dict[Key, int] = {}
    for row in read_cells("advancements", table, index.findings):
        key = (refer(row, "round", index.rounds), refer(row, "submission", index.submissions))
        if once(row, key, seen):
            yield BundleAdvancement(*key)
