"""Codes of the planner in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from contest.judging.assignment import Advice, AdviceCode, Unfilled, UnfilledReason
from contest.judging.conflicts import ConflictReason
from contest.judging.planning import BarReason
from contest.judging.queries.assignments import RoundBoard, RoundPlan
from contest.judging.queries.conflicts import SubmissionLine

REASON_WORDS: dict[ConflictReason, Any] = {
    ConflictReason.DECLARED: _l("declared"),
    ConflictReason.MEMBER: _l("name of a team member"),
    ConflictReason.MENTOR: _l("name of the mentor"),
    ConflictReason.SAME_UNIT: _l("same school or organisation"),
    ConflictReason.SAME_CONTACT: _l("same e-mail or phone number"),
}
BAR_WORDS: dict[BarReason, Any] = {
    BarReason.CONFLICT: _l("conflict of interest"),
    BarReason.RECUSED: _l("has withdrawn"),
    BarReason.FULL: _l("has the most submissions allowed"),
}


@dataclass(frozen=True, slots=True)
class GapLine:
    """A submission with empty seats: why, and why each judge who does not sit there cannot."""

    submission: SubmissionLine
    why: str
    bars: tuple[tuple[str, str], ...]


def gap_lines(plan: RoundPlan) -> list[GapLine]:
    board = plan.board
    return [
        GapLine(
            board.submissions[gap.unfilled.submission],
            unfilled_words(gap.unfilled),
            tuple((board.judges[bar.judge].name, _bar_words(board, gap.unfilled, bar)) for bar in gap.bars),
        )
        for gap in plan.proposal.gaps
    ]


def unfilled_words(unfilled: Unfilled) -> str:
    seats = unfilled.seats
    if unfilled.reason is UnfilledReason.NO_JUDGE:
        return str(_("No judge may judge it."))
    if unfilled.reason is UnfilledReason.TOO_FEW_JUDGES:
        return str(
            ngettext(
                "%(num)s seat stays empty: too few judges may judge it.",
                "%(num)s seats stay empty: too few judges may judge it.",
                seats,
            )
        )
    return str(
        ngettext(
            "%(num)s seat stays empty: those who may judge it have no room left.",
            "%(num)s seats stay empty: those who may judge it have no room left.",
            seats,
        )
    )


def _bar_words(board: RoundBoard, unfilled: Unfilled, bar: Any) -> str:
    if bar.reason is not BarReason.CONFLICT:
        return str(BAR_WORDS[bar.reason])
    reasons = board.board.blocked[unfilled.submission, bar.judge]
    return reasons_words(reasons)


def reasons_words(reasons: frozenset[ConflictReason]) -> str:
    return ", ".join(str(REASON_WORDS[reason]) for reason in ConflictReason if reason in reasons)


def advice_lines(plan: RoundPlan) -> Iterator[str]:
    for advice in plan.proposal.advice:
        yield _advice_words(plan.board, advice)
    if plan.proposal.components > 1:
        yield str(
            _(
                "The plan falls into %(count)s groups without a common judge: their marks are hard to compare.",
                count=plan.proposal.components,
            )
        )


def _advice_words(board: RoundBoard, advice: Advice) -> str:
    judge = "" if advice.judge is None else board.judges[advice.judge].name
    submission = "" if advice.submission is None else board.submissions[advice.submission].code
    facts = {"judge": judge, "submission": submission, "count": advice.count}
    if advice.code is AdviceCode.BELOW_MINIMUM:
        return str(_("%(judge)s gets %(count)s fewer than the least number wanted.", **facts))
    if advice.code is AdviceCode.MINIMUM_ABOVE_MAXIMUM:
        return str(_("For %(judge)s the least number of submissions is higher than the most.", **facts))
    if advice.code is AdviceCode.PIN_NOT_ELIGIBLE:
        return str(_("%(judge)s has %(submission)s although there is a conflict of interest.", **facts))
    if advice.code is AdviceCode.PINS_ABOVE_MAXIMUM:
        return str(_("%(judge)s has %(count)s more than the most allowed, and they cannot be moved.", **facts))
    return str(_("%(submission)s has %(count)s judges more than needed, and they cannot be moved.", **facts))
