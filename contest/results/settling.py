"""Which extra scorecards would settle the podium: the knowledge gradient of one more score.

For each pair of submission and judge, the expected gain from seeing that score before the line between podium and the
rest is drawn (Frazier, Powell and Dayanik 2009). What is not known yet is not needed: the uncertainty that a score
leaves does not depend on the score, so that a whole batch can be chosen in advance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contest.judging.additive import Additive, is_vast
from contest.judging.calibration import Calibration
from contest.judging.normal import below, density
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.intp]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
else:
    np = lazy("numpy")

NEAR = 60  # submissions looked at, from the best on


@dataclass(frozen=True, slots=True)
class Extra:
    """One scorecard worth asking for; `gain` in points of the panel, expected, for comparing only."""

    submission: int
    judge: int
    gain: float


def next_scorecards(
    calibration: Calibration,
    capacity: ArrayLike,
    *,
    barred: Iterable[tuple[int, int]] = (),
    size: int = 3,
    ordered: bool = False,
    count: int = 1,
    per_judge: int | None = None,
) -> tuple[Extra, ...]:
    """Return up to `count` scorecards that say most about who is among the first `size`, best first.

    `capacity` is how many more each judge can take, at most `per_judge` of them now; `barred` are pairs (submission,
    judge) in conflict. Nobody scores a submission twice. With `ordered` the order of the podium matters too. Fewer come
    back when no pair is free or nothing is uncertain.
    """
    model = calibration.model
    room = np.minimum(np.asarray(capacity, dtype=np.intp), count if per_judge is None else per_judge)
    if not model.variance[2] or model.panel.n_teams <= size:
        return ()
    state = _Uncertain(model, np.argsort(-model.team, kind="stable")[: max(NEAR, size + 1)], barred)
    lines = range(1, size + 1) if ordered else (size,)
    found: list[Extra] = []
    while len(found) < count:
        gain = np.where(state.free & (room > 0), sum(state.gain(line) for line in lines), 0.0)
        place, judge = np.unravel_index(np.argmax(gain), gain.shape)
        if gain[place, judge] <= 0:
            break
        found.append(Extra(int(state.teams[place]), int(judge), float(gain[place, judge])))
        state.add(int(place), int(judge))
        room[judge] -= 1
    return tuple(found)


class _Uncertain:
    """What is uncertain about the best submissions (in that order) and the judges, while scorecards are added."""

    def __init__(self, model: Additive, teams: Ints, barred: Iterable[tuple[int, int]]) -> None:
        panel = model.panel
        self.teams, self.team, self.noise = teams, model.team[teams], model.variance[2]
        self._inverse_ratio = 1 / model.ratios[0]
        self._cells = _rows(model, teams)
        self._precision = _precision(model)
        self.free = self._cells == 0
        place = {int(team): at for at, team in enumerate(teams)}
        for team, judge in barred:
            if team in place and 0 <= judge < panel.n_judges:
                self.free[place[team], judge] = False
        self._see()

    def _see(self) -> None:
        self._share = 1 / (self._cells.sum(axis=1) + self._inverse_ratio)
        self._cover = np.linalg.inv(self._precision)
        self._reach = self._share[:, None] * self._cells
        self._cross = self._reach @ self._cover

    def add(self, place: int, judge: int) -> None:
        """Count the scorecard of this judge for the submission at `place` as given."""
        before = self._share[place] * np.outer(self._cells[place], self._cells[place])
        self._cells[place, judge] += 1
        share = 1 / (self._cells[place].sum() + self._inverse_ratio)
        self._precision = self._precision + before - share * np.outer(self._cells[place], self._cells[place])
        self._precision[judge, judge] += 1
        self.free[place, judge] = False
        self._see()

    def gain(self, line: int) -> Floats:
        """Return what each pair would tell about the line after the first `line` submissions."""
        other = np.where(np.arange(len(self.teams)) < line, line, line - 1)
        own = self._share + (self._cross * self._reach).sum(axis=1)
        shared = (self._cross * self._reach[other]).sum(axis=1)
        moved = (own - shared)[:, None] - self._cross + self._cross[other]
        seen = own[:, None] - 2 * self._cross + np.diag(self._cover) + 1
        step = math.sqrt(self.noise) * np.abs(moved) / np.sqrt(seen)
        z = -np.abs(self.team - self.team[other])[:, None] / np.maximum(step, 1e-12)
        gain: Floats = step * np.maximum(z * below(z) + density(z), 0.0)
        return gain


def _rows(model: Additive, teams: Ints) -> Floats:
    """Return how often each judge scored each of `teams`."""
    panel, place = model.panel, np.full(model.panel.n_teams, -1)
    place[teams] = np.arange(len(teams))
    cells = np.zeros((len(teams), panel.n_judges))
    there = place[panel.team] >= 0
    np.add.at(cells, (place[panel.team][there], panel.judge[there]), 1.0)
    return cells


def _precision(model: Additive) -> Floats:
    """Return the precision of the judges in units of the noise; of a vast panel only its diagonal."""
    panel, (g_team, g_judge) = model.panel, model.ratios
    share = g_team / (1 + g_team * panel.per_team)
    if is_vast(panel):
        return np.diag(panel.per_judge + 1 / g_judge - panel.by_judge(share[panel.team]))
    cells = panel.incidence()
    return np.diag(panel.per_judge + 1 / g_judge) - cells.T @ (share[:, None] * cells)
