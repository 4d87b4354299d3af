"""The sentences of the sum, by the code of a step and its variant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

JUDGE = _l("judge %(number)s")
THIS_ROUND = _l("this round")
USUALLY = _l("%(judge)s %(total)s (usually %(mean)s ± %(deviation)s)")

OUT: Mapping[str, Any] = {
    "recused": _l("withdrew from this submission: the scorecard does not count"),
    "abstained": _l("abstained: that is no zero and does not count"),
    "draft": _l("has not handed the scorecard in: it does not count"),
    "missing": _l("has given no mark: a blank is no zero and does not count"),
}
FALLBACKS: Mapping[str, Any] = {
    "too_few_judges_to_compare": _l("fewer than three judges scored"),
    "too_few_entries_to_compare": _l("fewer than six submissions were scored"),
    "all_judged_all": _l("everybody scored everything"),
    "judges_not_linked": _l("the judges of this track share no submissions"),
}
SENTENCES: Mapping[str, Any] = {
    "card_of_one": _l("%(judge)s: %(terms)s."),
    "card_of_many": _l("%(judge)s: %(terms)s = %(total)s."),
    "card_out": _l("%(judge)s %(state)s."),
    "part_missing": _l(
        "The part %(part)s is missing, so the lowest mark counts for %(criteria)s: %(reason)s (%(author)s)."
    ),
    "scaled": _l("Each total is brought from a maximum of %(maximum)s to %(scale_to)s: %(totals)s."),
    "mean_of_one": _l("Only one number counts: %(value)s."),
    "mean_of_many": _l("The mean of %(values)s is %(value)s."),
    "median": _l("In the middle of %(values)s lies %(value)s."),
    "trimmed": _l("The highest (%(highest)s) and the lowest (%(lowest)s) are dropped."),
    "clamped_within": _l("The mean is %(middle)s and nothing lies beyond %(low)s and %(high)s."),
    "clamped_moved": _l(
        "The mean is %(middle)s; what lies beyond %(low)s and %(high)s is moved to that limit: %(moved)s."
    ),
    "severity": _l(
        "With the strictness of each judge taken off, the estimate is %(value)s; the plain mean is %(mean)s."
    ),
    "zscore": _l(
        "Each total is set against what its judge usually gives: %(parts)s; on the scale of the round the mean of that "
        "is %(value)s, the plain mean is %(mean)s."
    ),
    "ranks": _l(
        "The totals of each judge only rank the entries that this judge saw: %(parts)s; the mean is %(value)s."
    ),
    "fallback": _l("Judges are not compared because %(note)s: the plain mean counts."),
    "measured_organiser": _l("%(criterion)s, entered by the organiser: %(mark)s adds %(product)s."),
    "measured_audience": _l("%(criterion)s, from the audience: %(mark)s adds %(product)s."),
    "weighted": _l("%(criterion)s counts as %(value)s; with its weight %(weight)s that is %(product)s."),
    "summed": _l("The criteria add up to %(total)s."),
    "sum_scaled": _l("The sum is brought from a maximum of %(maximum)s to %(scale_to)s: %(value)s."),
    "rounded_not": _l("The result of this round is %(value)s."),
    "rounded_half_up": _l("%(exact)s is rounded half up: the result of this round is %(value)s."),
    "carried": _l("Rounds together: %(terms)s = %(exact)s, rounded half up: %(value)s."),
    "carry_missing": _l("There is no result in %(rounds)s, so none over the rounds."),
    "spread_alarm": _l(
        "Two judges lie %(spread)s apart, more than %(limit)s (%(per_cent)s%% of the maximum): the chair looks at it."
    ),
    "spread_settled": _l(
        "Two judges lie %(spread)s apart; the marks stand by a written decision: %(reason)s (%(author)s)."
    ),
    "band": _l("The result %(result)s reaches the band %(band)s."),
    "no_scorecard": _l("No scorecard counts."),
    "not_measured": _l("Not entered yet: %(criteria)s."),
    "no_rank_plain": _l("So there is no rank."),
    "no_rank_agreement": _l("The jury has not agreed on a rank yet: the numbers only stand beside."),
    "placed": _l("With %(result)s that is rank %(rank)s of %(ranked)s."),
    "equal_results": _l("%(equal)s submissions of %(ranked)s have the result %(result)s."),
    "decided_criterion": _l("Criterion %(name)s (%(value)s) decides: rank %(rank)s."),
    "decided_judges_preferring": _l("The majority of the judges who scored both decides, pair by pair: rank %(rank)s."),
    "decided_highest_scorecard": _l("The highest single scorecard (%(value)s) decides: rank %(rank)s."),
    "decided_lower_spread": _l("The smaller distance between its judges (%(value)s) decides: rank %(rank)s."),
    "decided_earlier_round_named": _l("The result of %(name)s decides: rank %(rank)s."),
    "decided_earlier_round_nearest": _l("The result of the nearest earlier round decides: rank %(rank)s."),
    "decided_chair": _l("%(author)s decided in writing (%(reason)s): rank %(rank)s."),
    "decided_chair_unnamed": _l("The written order of the chair names others first: rank %(rank)s."),
    "shared": _l("Nothing tells them apart: %(sharing)s share rank %(rank)s."),
    "awaits_chair": _l("%(sharing)s share rank %(rank)s until the chair orders them in writing."),
    "agreed": _l("The jury agreed on rank %(rank)s: %(reason)s (%(author)s)."),
}

COUNTED: Mapping[str, tuple[str, Callable[..., str]]] = {
    "ledger_plus": (
        "points",
        lambda number, **facts: ngettext(
            "%(points)s point is added: %(reason)s (%(author)s).",
            "%(points)s points are added: %(reason)s (%(author)s).",
            number,
            **facts,
        ),
    ),
    "ledger_minus": (
        "points",
        lambda number, **facts: ngettext(
            "%(points)s point is taken off: %(reason)s (%(author)s).",
            "%(points)s points are taken off: %(reason)s (%(author)s).",
            number,
            **facts,
        ),
    ),
    "too_few_to_trim": (
        "judges",
        lambda number, **facts: ngettext(
            "%(judges)s scorecard counts, and dropping the highest and lowest needs at least %(needed)s.",
            "%(judges)s scorecards count, and dropping the highest and lowest needs at least %(needed)s.",
            number,
            **facts,
        ),
    ),
    "too_few_judges": (
        "judges",
        lambda number, **facts: ngettext(
            "%(judges)s scorecard counts, and the rules ask for at least %(needed)s.",
            "%(judges)s scorecards count, and the rules ask for at least %(needed)s.",
            number,
            **facts,
        ),
    ),
}
"""Sentences that bend to a number: the fact that is counted, and the words for it with all facts."""
