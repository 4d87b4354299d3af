"""Codes of the planner in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from contest.judging.assignment import Advice, AdviceCode, Unfilled, UnfilledReason
from contest.judging.conflicts import ConflictReason
from contest.judging.planning import BarReason, Gap
from contest.judging.queries.assignments import RoundBoard, RoundPlan
from contest.judging.queries.conflicts import SubmissionLine
from contest.judging.queries.proposals import KeptPlan
from contest.judging.views.fit_words import few_readers_words

REASON_WORDS: dict[ConflictReason, Any] = {
    ConflictReason.DECLARED: _l("declared"),
    ConflictReason.MEMBER: _l("member of the team"),
    ConflictReason.MENTOR: _l("mentor of the team"),
    ConflictReason.SAME_UNIT: _l("same school or organisation"),
    ConflictReason.SAME_CONTACT: _l("same e-mail or phone number"),
    ConflictReason.RELATIVE: _l("relative"),
    ConflictReason.EMPLOYER: _l("employer, investor or partner"),
    ConflictReason.SPONSOR: _l("sent by the sponsor of another prize"),
    ConflictReason.COLLEAGUE: _l("a colleague of the same school or firm judges it"),
}
BAR_WORDS: dict[BarReason, Any] = {
    BarReason.CONFLICT: _l("conflict of interest"),
    BarReason.RECUSED: _l("has withdrawn"),
    BarReason.FULL: _l("has the most submissions allowed"),
    BarReason.LEFT: _l("has left the panel"),
    BarReason.OPEN: _l("has room"),
}


@dataclass(frozen=True, slots=True)
class GapLine:
    """A submission with empty seats: why, and why each judge who does not sit there cannot."""

    submission: SubmissionLine
    why: str
    bars: tuple[tuple[str, str], ...]


def gap_lines(plan: RoundPlan | KeptPlan) -> list[GapLine]:
    board = plan.board
    return [
        GapLine(
            board.submissions[gap.unfilled.submission],
            unfilled_words(gap),
            tuple((board.judges[bar.judge].name, _bar_words(board, gap.unfilled, bar)) for bar in gap.bars),
        )
        for gap in plan.proposal.gaps
    ]


def unfilled_words(gap: Gap) -> str:
    unfilled, seats = gap.unfilled, gap.unfilled.seats
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
    if any(bar.reason is BarReason.OPEN for bar in gap.bars):
        return str(
            ngettext(
                "%(num)s seat stays empty: it was left open by hand.",
                "%(num)s seats stay empty: they were left open by hand.",
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
    parted = frozenset({ConflictReason.COLLEAGUE})
    reasons = board.board.blocked.get((unfilled.submission, bar.judge), parted)
    return reasons_words(reasons)


def reasons_words(reasons: frozenset[ConflictReason]) -> str:
    return ", ".join(str(REASON_WORDS[reason]) for reason in ConflictReason if reason in reasons)


def advice_words(board: RoundBoard, advice: Advice) -> str:
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
        return str(_("%(judge)s has %(count)s more than the most allowed: they are pinned or begun.", **facts))
    if advice.code is AdviceCode.PINS_ABOVE_SEATS:
        return str(_("%(submission)s has %(count)s judges more than needed: they are pinned or begun.", **facts))
    return _numbers_words(board, advice)


def _numbers_words(board: RoundBoard, advice: Advice) -> str:
    facts = {"count": advice.count, "seats": advice.seats, "room": advice.room}
    if advice.code is AdviceCode.MINIMUMS_ABOVE_SEATS:
        return str(_("The least numbers add up to %(room)s, but only %(seats)s seats are to be filled.", **facts))
    if advice.code is AdviceCode.PENALTY_USED and advice.submissions:
        return few_readers_words(board.board.fitted(), advice)
    if advice.code is AdviceCode.PENALTY_USED:
        return str(
            ngettext(
                "%(num)s seat had to go to a judge who does not read the language of the submission.",
                "%(num)s seats had to go to judges who do not read the language of the submission.",
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
