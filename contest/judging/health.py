"""Is the panel well while there is still time? Signs in the marks that somebody should look at, never accusations.

A sign is a code with facts. Each asks how often an honest panel would look like that: thresholds are set so that of
fifty honest judges at most one is pointed at (measured by `./run.py bench ranking`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from contest.judging.additive import Additive, fit_panel
from contest.judging.crossed import Crossed
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.intp]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
else:
    np = lazy("numpy")

RARE = 1e-3  # how improbable a pattern must be among the others' marks
FAR = 3.3  # standard deviations
MOST = 0.9  # "all" allows for one exception in ten
FEWEST = 4  # scorecards below which a judge is not looked at
FEWEST_DRIFT = 8
WILD = 3.8  # noise deviations of a single score from what the others lead to expect
SUNK, BOTTOM = 2.0, 0.12  # the same for a score in the lowest part of the scale
UPSIDE_DOWN = 2.3  # logarithm of the odds
NOISE_VARIES = 0.6  # how the logarithm of honest judges' noise variance spreads
FAST = 0.2  # of the usual time
HALF = 0.5
TIGHT = 0.3  # of the usual spread between criteria


class Sign(StrEnum):
    """What was noticed, of a judge or (the last two) of a submission."""

    LATE = "late"
    FAST = "fast"
    FLAT = "flat"
    EXTREMES = "extremes"
    COPIED = "copied"
    SAME_AS = "same_as"
    HALO = "halo"
    DRIFT = "drift"
    REVERSED = "reversed"
    WILD_SCORES = "wild_scores"
    DISAGREES = "disagrees"
    SPLIT = "split"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sign: of the judge or of the submission at this position, with the numbers behind it."""

    sign: Sign
    judge: int | None = None
    submission: int | None = None
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Papers:
    """The complete scorecards so far: `marks` is scorecards x criteria, `low` and `high` the ends of each scale.

    `minutes` is the time a scorecard took and `when` the time it was handed in (any unit), NaN where unknown.
    """

    submission: Ints
    judge: Ints
    marks: Floats
    weights: Floats
    low: Floats
    high: Floats
    n_submissions: int
    n_judges: int
    minutes: Floats | None = None
    when: Floats | None = None

    @property
    def totals(self) -> Floats:
        """The weighted total of each scorecard."""
        totals: Floats = self.marks @ self.weights
        return totals

    def share(self) -> Floats:
        """Return the marks as shares of their scales."""
        share: Floats = (self.marks - self.low) / (self.high - self.low)
        return share

    def of(self, judge: int) -> Flags:
        """Return which scorecards are this judge's."""
        mine: Flags = self.judge == judge
        return mine


@dataclass(frozen=True, slots=True)
class Load:
    """How far a judge is: scorecards asked for and handed in."""

    judge: int
    asked: int
    done: int


def judge_signs(papers: Papers) -> tuple[Finding, ...]:
    """Return what the marks and times of each judge show, by judge; a judge with few scorecards is left alone."""
    judges = [int(j) for j in np.flatnonzero(np.bincount(papers.judge, minlength=papers.n_judges) >= FEWEST)]
    patterns = {judge: [*_patterns(papers, judge)] for judge in judges}
    full = _fit(papers, np.ones(len(papers.judge), dtype=bool))
    if full.variance[2]:
        against = {judge: _Against.of(papers, judge, full) for judge in judges}
        steady = _steadiness(against.values())
        for judge, view in against.items():
            if Sign.FLAT not in {found.sign for found in patterns[judge]}:
                patterns[judge] += _disagreements(view, judge, steady)
    return tuple(found for judge in judges for found in patterns[judge])


def _patterns(papers: Papers, judge: int) -> Iterator[Finding]:
    mine = papers.of(judge)
    flat = _flat(papers, mine)
    found = [
        (Sign.FLAT, flat),
        (Sign.EXTREMES, {} if flat else _extremes(papers, mine)),
        (Sign.COPIED, {} if flat else _copied(papers, mine)),
        (Sign.SAME_AS, {} if flat else _same_as(papers, mine)),
        (Sign.FAST, _fast(papers, mine)),
    ]
    yield from (Finding(sign, judge=judge, facts=facts) for sign, facts in found if facts)
    if not {Sign.FLAT, Sign.COPIED} & {sign for sign, facts in found if facts}:
        halo = _halo(papers, mine)
        yield from [Finding(Sign.HALO, judge=judge, facts=halo)] if halo else []


def _often(share: float, times: int) -> float:
    """Return the chance that something with this share happens every time."""
    return float(share**times)


def _flat(papers: Papers, mine: Flags) -> dict[str, float]:
    """Find the same marks on all scorecards, unless two scorecards of others are often alike too."""
    count = int(mine.sum())
    _, kind, times = np.unique(papers.marks, axis=0, return_inverse=True, return_counts=True)
    most = int(np.bincount(kind.ravel()[mine]).max())
    others = np.bincount(kind.ravel()[~mine], minlength=len(times)) / max(int((~mine).sum()), 1)
    alike = max(float(others @ others), 1 / len(mine))
    flat = most >= MOST * count and _often(alike, most - 1) * math.comb(count, most) < RARE
    return {"cards": count, "alike": most} if flat else {}


def _extremes(papers: Papers, mine: Flags) -> dict[str, float]:
    """Find marks at the two ends of the scale only."""
    ends = (papers.marks <= papers.low) | (papers.marks >= papers.high)
    return _nearly_always(ends.ravel(), np.repeat(mine, papers.marks.shape[1]))


def _copied(papers: Papers, mine: Flags) -> dict[str, float]:
    """Find scorecards on which all criteria have one and the same mark."""
    share = papers.share()
    if share.shape[1] < 2:  # noqa: PLR2004 - one criterion cannot be copied
        return {}
    return _nearly_always(np.ptp(share, axis=1) < 1e-9, mine)  # noqa: PLR2004 - of a scale


def _nearly_always(seen: Flags, mine: Flags) -> dict[str, float]:
    """Return facts when something is seen nearly always with one judge, and too often for what the others do."""
    times, count = int(seen[mine].sum()), int(mine.sum())
    usual = (float(seen[~mine].sum()) + 1) / (float((~mine).sum()) + 2)
    rare = _often(usual, times) * math.comb(count, times) < RARE
    return {"cards": count, "seen": times, "usual": usual} if times >= MOST * count and rare else {}


def _same_as(papers: Papers, mine: Flags) -> dict[str, float]:
    """Find another judge with the very same marks on every shared submission."""
    alike, shared = _agreement(papers)
    usual = (alike.sum() + 1) / (shared.sum() + 2)
    judge = int(papers.judge[mine][0])
    for other in np.flatnonzero((shared[judge] >= FEWEST) & (alike[judge] == shared[judge])):
        if _often(usual, int(shared[judge, other])) * papers.n_judges**2 < RARE:
            return {"other": int(other), "shared": int(shared[judge, other])}
    return {}


def _agreement(papers: Papers) -> tuple[Ints, Ints]:
    """Return, for each two judges, how many submissions both scored, and on how many with the same marks."""
    _, kind = np.unique(papers.marks, axis=0, return_inverse=True)
    cells = np.full((papers.n_submissions, papers.n_judges), -1)
    cells[papers.submission, papers.judge] = kind.ravel()
    seen = (cells >= 0).astype(np.intp)
    alike = np.array([((cells == cells[:, [judge]]) & (cells >= 0)).sum(axis=0) for judge in range(papers.n_judges)])
    off = 1 - np.eye(papers.n_judges, dtype=np.intp)
    return alike * off, (seen.T @ seen) * off


def _fast(papers: Papers, mine: Flags) -> dict[str, float]:
    """Find a judge who needs a fraction of the usual time."""
    if papers.minutes is None:
        return {}
    known = ~np.isnan(papers.minutes)
    own, others = papers.minutes[mine & known], papers.minutes[~mine & known]
    if min(len(own), len(others)) < FEWEST or np.median(own) >= FAST * np.median(others):
        return {}
    return {"minutes": float(np.median(own)), "usual": float(np.median(others))}


def _halo(papers: Papers, mine: Flags) -> dict[str, float]:
    """Find criteria that hardly differ within a scorecard: one impression coloured all marks."""
    share = papers.share()
    freedom = (int(mine.sum()) - 1) * (share.shape[1] - 1)
    others = [_between(share[papers.of(judge)]) for judge in np.unique(papers.judge[~mine])]
    if freedom < FEWEST or not sum(free for _, free in others):
        return {}
    usual = sum(square for square, _ in others) / sum(free for _, free in others)
    own = _between(share[mine])[0] / freedom
    tight = own < TIGHT**2 * usual and math.log(max(own, 1e-12) / usual) < -FAR * math.sqrt(2 / freedom)
    return {"spread": math.sqrt(own), "usual": math.sqrt(usual)} if tight else {}


def _between(share: Floats) -> tuple[float, float]:
    """Return the sum of squares between criteria within scorecards, the judge's habits taken off, and its freedom."""
    rest = share - share.mean(axis=1, keepdims=True) - share.mean(axis=0) + share.mean()
    return float((rest**2).sum()), float((share.shape[0] - 1) * (share.shape[1] - 1))


def _fit(papers: Papers, kept: Flags, ratios: tuple[float, float] | None = None) -> Additive:
    rows = papers.submission[kept], papers.judge[kept], papers.totals[kept]
    return fit_panel(Crossed.of(*rows, papers.n_submissions, papers.n_judges), ratios)


@dataclass(frozen=True, slots=True, eq=False)
class _Against:
    """A judge's totals against the level that all others give each submission: `left` is in noise deviations."""

    total: Floats
    level: Floats
    left: Floats
    when: Floats
    bottom: Flags
    doubt: float

    @classmethod
    def of(cls, papers: Papers, judge: int, full: Additive) -> _Against:
        mine = papers.of(judge)
        rest = _fit(papers, ~mine, full.ratios)
        noise = rest.variance[2] or full.variance[2]
        count = rest.panel.per_team[papers.submission[mine]]
        known = count > 0
        level = (rest.mean + rest.team)[papers.submission[mine]][known]
        total = papers.totals[mine][known]
        doubt = np.sqrt(noise * (1 + full.ratios[0] / (1 + full.ratios[0] * count[known])))
        left = (total - level - np.median(total - level)) / doubt if len(total) else total
        when = np.full(len(mine), np.nan) if papers.when is None else papers.when
        bottom = (papers.share()[mine].max(axis=1) <= BOTTOM)[known]
        return cls(total, level, left, when[mine][known], bottom, float(np.mean(doubt)) if len(total) else 1.0)

    def spread(self) -> float:
        """Return the logarithm of how much further from the others the judge is than noise explains."""
        return math.log(max(float(((self.left - self.left.mean()) ** 2).sum()) / max(len(self.left) - 1, 1), 1e-3))


def _steadiness(views: Iterable[_Against]) -> float:
    spreads = [view.spread() for view in views if len(view.left) >= FEWEST]
    return float(np.median(spreads)) if spreads else 0.0


def _disagreements(view: _Against, judge: int, steady: float) -> Iterator[Finding]:
    count = len(view.left)
    if count < FEWEST:
        return
    reversed_ = _reversed(view)
    if reversed_:
        yield Finding(Sign.REVERSED, judge=judge, facts=reversed_)
        return
    wild = _wild(view, steady)
    if wild:
        yield Finding(Sign.WILD_SCORES, judge=judge, facts={"cards": count, "wild": wild})
    elif (view.spread() - steady) / math.sqrt(NOISE_VARIES**2 + 2 / (count - 1)) > FAR:
        yield Finding(Sign.DISAGREES, judge=judge, facts={"cards": count, "times": math.exp(view.spread() - steady)})
    drift = _drift(view)
    if drift:
        yield Finding(Sign.DRIFT, judge=judge, facts=drift)


def _reversed(view: _Against) -> dict[str, float]:
    """Find a judge whose better submissions are the others' worse ones.

    Weighs "as the others" against "as the others, upside down" (a likelihood ratio).
    """
    better = view.level - view.level.mean()
    odds = -2 * float(better @ (view.total - view.total.mean())) / view.doubt**2
    return {"cards": len(view.total), "odds": odds} if odds > UPSIDE_DOWN else {}


def _wild(view: _Against, steady: float) -> int:
    """Count scores far from what the others lead to expect: anywhere, or nearer but at the very bottom of the scale."""
    left = view.left / math.exp(max(steady, 0.0) / 2)
    sunk = (left < -SUNK) & view.bottom
    wild = int(((np.abs(left) > WILD) | sunk).sum())
    return wild if wild > 1 or (sunk & (left < -WILD)).any() else 0


def _drift(view: _Against) -> dict[str, float]:
    """Find a judge who becomes stricter or kinder as time goes by."""
    known = ~np.isnan(view.when)
    if known.sum() < FEWEST_DRIFT or np.ptp(view.when[known]) == 0:
        return {}
    when, left = view.when[known], view.left[known]
    x = (when - when.mean()) / when.std()
    slope = float(x @ left / len(x))
    freedom = len(x) - 2
    error = float(((left - left.mean() - slope * x) ** 2).sum() / freedom / len(x))
    t2 = slope**2 / max(error, 1e-12)
    far = math.sqrt(freedom * math.log1p(t2 / freedom)) * (8 * freedom + 1) / (8 * freedom + 3)
    return {"cards": len(x), "change": slope * float(np.ptp(x))} if far > FAR else {}


def submission_signs(papers: Papers, wanted: Ints) -> tuple[Finding, ...]:
    """Return the submissions whose judges are split beyond what noise explains, or fewer than `wanted`, in order."""
    panel = Crossed.of(papers.submission, papers.judge, papers.totals, papers.n_submissions, papers.n_judges)
    found = [
        Finding(Sign.MISSING, submission=int(i), facts={"judges": int(panel.per_team[i]), "wanted": int(wanted[i])})
        for i in np.flatnonzero(panel.per_team < wanted)
    ]
    model = fit_panel(panel)
    if model.variance[2]:
        found += _splits(panel, model)
    return tuple(sorted(found, key=lambda one: (one.submission or 0, one.sign)))


def _splits(panel: Crossed, model: Additive) -> Iterator[Finding]:
    """Compare the scores of each submission, severity taken off, with the noise of the panel."""
    fair = replace(panel, score=panel.score - model.judge[panel.judge])
    freedom = panel.per_team - 1
    square = fair.by_team((fair.score - fair.means()[fair.team]) ** 2)
    several = freedom > 0
    usual = max(model.variance[2], 1e-12)
    for i in np.flatnonzero(several):
        free, ratio = freedom[i], square[i] / (usual * freedom[i])
        far = (ratio ** (1 / 3) - (1 - 2 / (9 * free))) / math.sqrt(2 / (9 * free))  # Wilson and Hilferty
        if far > FAR:
            mine = fair.score[fair.team == i]
            yield Finding(Sign.SPLIT, submission=int(i), facts={"low": float(mine.min()), "high": float(mine.max())})


def late_signs(loads: Iterable[Load], elapsed: float) -> tuple[Finding, ...]:
    """Return the judges who have done less than half of what the `elapsed` share of the time asks for.

    Nobody is late before half of the time is over; when it is over, everybody is who has not finished.
    """
    return tuple(
        Finding(Sign.LATE, judge=load.judge, facts={"asked": load.asked, "done": load.done})
        for load in loads
        if load.done < load.asked and (elapsed >= 1 or (elapsed >= HALF and load.done < HALF * elapsed * load.asked))
    )
