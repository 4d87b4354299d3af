"""Codes of the planner in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from contest.judging.assignment import Advice, AdviceCode, Remedy, RemedyCode, Unfilled, UnfilledReason
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
    skipped = {AdviceCode.DISCONNECTED}  # said below, whether links are known or not
    if plan.board.board.wanted is None:
        skipped.add(AdviceCode.SHORTAGE)  # everybody judges everything: a conflict leaves a seat empty, nobody is short
    for advice in plan.proposal.advice:
        if advice.code not in skipped:
            yield " ".join([_advice_words(plan.board, advice), *_remedy_lines(plan.board, advice)])
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
    if advice.code is AdviceCode.PINS_ABOVE_SEATS:
        return str(_("%(submission)s has %(count)s judges more than needed, and they cannot be moved.", **facts))
    return _numbers_words(advice)


def _numbers_words(advice: Advice) -> str:
    facts = {"count": advice.count, "seats": advice.seats, "room": advice.room}
    if advice.code is AdviceCode.MINIMUMS_ABOVE_SEATS:
        return str(_("The least numbers add up to %(room)s, but only %(seats)s seats are to be filled.", **facts))
    if advice.code is AdviceCode.PENALTY_USED:
        return str(
            ngettext(
                "%(num)s seat had to go to an unsuitable judge.",
                "%(num)s seats had to go to unsuitable judges.",
                advice.count,
            )
        )
    teams, judges = len(advice.submissions), len(advice.judges)
    who = ngettext("only %(num)s judge may judge them", "only %(num)s judges may judge them", judges)
    need = ngettext(
        "%(num)s submission needs %(seats)s seats",
        "%(num)s submissions need %(seats)s seats",
        teams,
        seats=advice.seats,
    )
    return str(_("%(need)s; %(who)s, with room for %(room)s: %(count)s short.", need=need, who=who, **facts))


def _remedy_lines(board: RoundBoard, advice: Advice) -> Iterator[str]:
    """Say the ways out of a shortage, the cheapest first; other advice names its remedy itself."""
    if advice.code is not AdviceCode.SHORTAGE:
        return
    yield str(_("What helps:"))
    yield "; ".join(_remedy_words(board, remedy) for remedy in advice.remedies) + "."


def _remedy_words(board: RoundBoard, remedy: Remedy) -> str:
    if remedy.code is RemedyCode.RAISE_MAXIMUM:
        return ", ".join(
            str(
                _(
                    "raise the most for %(judge)s from %(before)s to %(after)s",
                    judge=board.judges[change.judge or 0].name,
                    before=change.before,
                    after=change.after,
                )
            )
            for change in remedy.changes
        )
    if remedy.code is RemedyCode.INVITE_JUDGES:
        return str(
            ngettext(
                "invite %(num)s more judge without a conflict, with room for %(room)s each",
                "invite %(num)s more judges without a conflict, with room for %(room)s each",
                remedy.judges,
                room=remedy.room,
            )
        )
    return str(ngettext("want %(num)s seat fewer", "want %(num)s seats fewer", remedy.helps))
