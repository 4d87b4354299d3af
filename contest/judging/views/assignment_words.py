"""What a plan falls short of, what would help, and what it is worth, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from contest.judging.adjusting import Worth
from contest.judging.assignment import Advice, AdviceCode, Pair
from contest.judging.colleagues import together
from contest.judging.planning import NEUTRAL
from contest.judging.queries.assignments import RoundBoard, RoundPlan
from contest.judging.queries.proposals import Figures, KeptPlan
from contest.judging.queries.remedies import Offer, remarks_on
from contest.judging.remedies import Way, WayCode
from contest.judging.views.panel_words import advice_words, reasons_words

FEW = 3
MOST_NAMED = 5  # changes that a button names one by one


@dataclass(frozen=True, slots=True)
class Button:
    """One way out: what pressing it does. With `href` it leads to a form instead; `in_writing` asks for a reason."""

    words: str
    key: str = ""
    href: str = ""
    in_writing: bool = False


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """One sentence about the plan, with the ways out of it."""

    words: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class WorstLine:
    """A submission that is badly matched: `fit` in per cent, and who would judge it."""

    code: str
    title: str
    public_id: str
    fit: int
    judges: tuple[str, ...]


def remark_lines(plan: RoundPlan | KeptPlan, invite: str) -> list[RemarkLine]:
    """Say every advice about a plan with its buttons; `invite` is the address where a judge is added.

    That a plan falls apart is said whether links are known or not.
    """
    found = []
    told = False
    for remark in remarks_on(plan):
        told = told or remark.advice.code is AdviceCode.DISCONNECTED
        buttons = tuple(_button(plan.board, offer, remark.advice, invite) for offer in remark.offers)
        found.append(RemarkLine(_sentence(plan, remark.advice), buttons))
    if plan.proposal.components > 1 and not told:
        found.append(RemarkLine(_apart(plan.proposal.components), ()))
    return found + [RemarkLine(words, ()) for words in _colleague_lines(plan)]


def _colleague_lines(plan: RoundPlan | KeptPlan) -> Iterator[str]:
    """Point out judges of one school or firm who sit on one submission, submission by submission."""
    board = plan.board
    for submission, one, other in together(plan.proposal.pairs, board.board.colleagues):
        yield str(
            _(
                "%(submission)s: %(judge)s and %(other)s come from one school or firm.",
                submission=board.submissions[submission].code,
                judge=board.judges[one].name,
                other=board.judges[other].name,
            )
        )


def _sentence(plan: RoundPlan | KeptPlan, advice: Advice) -> str:
    if advice.code is AdviceCode.DISCONNECTED:
        return _apart(plan.proposal.components)
    return advice_words(plan.board, advice)


def _apart(count: int) -> str:
    return str(
        _("The plan falls into %(count)s groups without a common judge: their marks are hard to compare.", count=count)
    )


def _button(board: RoundBoard, offer: Offer, advice: Advice, invite: str) -> Button:
    way = offer.way
    if way.code is WayCode.INVITE:
        return Button(_invite(way), href=invite)
    begun = board.round.locked and board.round.state.value == "scoring"
    words = " ".join([way_words(board, way), *_part_of(way, advice)])
    return Button(words, offer.key, in_writing=begun and way.code is WayCode.TAKE_AWAY)


def _part_of(way: Way, advice: Advice) -> Iterator[str]:
    if advice.code is AdviceCode.SHORTAGE and way.helps < way.of:
        yield str(_("(fills %(helps)s of %(count)s)", helps=way.helps, count=way.of))


def way_words(board: RoundBoard, way: Way) -> str:
    """Say what a way changes."""
    if way.limits:
        return _limits(board, way)
    if way.code is WayCode.JUDGES_EACH:
        words = ngettext(
            "Want %(num)s judge per submission instead of %(before)s",
            "Want %(num)s judges per submission instead of %(before)s",
            way.each,
            before=way.before,
        )
        return str(words)
    pair = "; ".join(_pair(board, one) for one in way.pairs)
    return str(_PAIR_WORDS[way.code](pair))


_PAIR_WORDS = {
    WayCode.TAKE_AWAY: lambda pair: _("Take away %(pair)s", pair=pair),
    WayCode.UNPIN: lambda pair: _("Unpin %(pair)s: then the plan may move it", pair=pair),
    WayCode.DECLARE: lambda pair: _("Declare the conflict %(pair)s: its marks count no longer", pair=pair),
    WayCode.ADD_PAIR: lambda pair: _("Assign on top: %(pair)s", pair=pair),
}


def _pair(board: RoundBoard, pair: Pair) -> str:
    facts = {"judge": board.judges[pair[1]].name, "submission": board.submissions[pair[0]].code}
    return str(_("%(judge)s – %(submission)s", **facts))


def _limits(board: RoundBoard, way: Way) -> str:
    each = []
    for change in way.limits:
        facts = {"judge": board.judges[change.judge or 0].name, "before": change.before, "after": change.after}
        if way.code is WayCode.RAISE_MAXIMUM:
            each.append(str(_("raise the most for %(judge)s from %(before)s to %(after)s", **facts)))
        else:
            each.append(str(_("lower the least for %(judge)s from %(before)s to %(after)s", **facts)))
    if len(way.limits) > MOST_NAMED:
        return _many_limits(way)
    words = ", ".join(each)
    return words[:1].upper() + words[1:]


def _many_limits(way: Way) -> str:
    step = max(abs(change.after - change.before) for change in way.limits)
    facts = {"count": len(way.limits), "step": step}
    if way.code is WayCode.RAISE_MAXIMUM:
        return str(_("Raise the most for %(count)s judges, by %(step)s or less each", **facts))
    return str(_("Lower the least for %(count)s judges, by %(step)s or less each", **facts))


def _invite(way: Way) -> str:
    words = ngettext(
        "Invite %(num)s more judge without a conflict, with room for %(room)s each",
        "Invite %(num)s more judges without a conflict, with room for %(room)s each",
        way.judges,
        room=way.room,
    )
    return str(words)


def declared_words(board: RoundBoard, pair: Pair) -> str:
    """Return the reason of a conflict that is declared because the data gave it away."""
    return reasons_words(board.board.blocked.get(pair, frozenset()))


def percent_of(affinity: float) -> int:
    """Return a planner's affinity as the fit that people see: 0 to 100."""
    return round(100 * max(0.0, affinity - NEUTRAL) / (1 - NEUTRAL))


def comparing(board: RoundBoard, worth: Worth) -> str:
    """Say whether the judges can be compared with each other, in plain words."""
    if not worth.groups:
        return ""
    if len(worth.groups) > 1:
        parts = "; ".join(_members(board, group) for group in worth.groups[:FEW])
        more = len(worth.groups) - FEW
        tail = ngettext("and %(num)s more group", "and %(num)s more groups", more) if more > 0 else ""
        facts = {"count": len(worth.groups), "parts": " ".join(filter(None, (parts, tail)))}
        return str(_("Falls into %(count)s groups that share no submission: %(parts)s", **facts))
    if len(worth.groups[0]) == 1:
        return str(_("Only one judge has submissions: there is nobody to compare with."))
    return str(one_group(worth.comparability))


def one_group(comparability: float) -> str:
    """Say how well one group holds together."""
    share = round(100 * comparability)
    return str(_("All judges can be compared: one group, as good as %(share)s %% of an ideal mix.", share=share))


def _members(board: RoundBoard, group: Sequence[int]) -> str:
    names = ", ".join(board.judges[judge].name for judge in group[:FEW])
    if len(group) <= FEW:
        return names
    return str(_("%(names)s and %(count)s more", names=names, count=len(group) - FEW))


def comparing_figures(figures: Figures) -> str:
    """Say the same of a kept proposal, whose groups are only counted."""
    if figures.groups > 1:
        return str(_("%(count)s groups that share no submission", count=figures.groups))
    return str(_("one group, %(share)s %% of ideal", share=round(100 * figures.comparability)))


def worst_lines(board: RoundBoard, worth: Worth, pairs: Sequence[Pair]) -> list[WorstLine]:
    """List the submissions that fit their judges least."""
    found = []
    for place, mean in worth.worst_off():
        line = board.submissions[place]
        names = tuple(board.judges[judge].name for one, judge in pairs if one == place)
        found.append(WorstLine(line.code, line.title or line.team, line.public_id, percent_of(mean), names))
    return found


def mean_fit(worth: Worth) -> int | None:
    """Return the mean fit of all seats that are taken, 0 to 100."""
    taken = sum(worth.loads)
    return percent_of(worth.total / taken) if taken else None


def figures_fit(figures: Figures) -> tuple[int | None, int | None]:
    """Return the mean and the worst fit of a kept proposal."""
    taken = figures.added + figures.kept
    mean = percent_of(figures.total / taken) if taken else None
    return mean, None if figures.worst is None else percent_of(figures.worst)
