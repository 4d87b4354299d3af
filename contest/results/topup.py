"""Extra scorecards that would settle the podium: who should read what once more, and what that would be worth.

Positions are those of the inputs of a round. Only totals of scorecards count, as on the fairness page.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contest.judging.calibration import Calibration, calibrate
from contest.judging.relative import unusable
from contest.lazy import lazy
from contest.results.fair_cards import Table, groups_of
from contest.results.inputs import RoundInputs
from contest.results.robustness import rank_chances
from contest.results.settling import Extra, next_scorecards

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
else:
    np = lazy("numpy")

PODIUM = 3
DRAWS = 2_000
NOT_LINKED = "judges_not_linked"


@dataclass(frozen=True, slots=True)
class Wish:
    """How many scorecards to look for, at most `per_judge` each; `ordered`: the order on the podium matters, too."""

    count: int
    per_judge: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One scorecard worth asking for. `place` of the submission now, from 1 on; its chance for the podium.

    `worth` compares with the first of the list, which has 1.
    """

    submission: int
    judge: int
    place: int
    chance: float
    worth: float


@dataclass(frozen=True, slots=True)
class TopUp:
    """One track (None: without). `podium`: who stands there now, best first.

    `sure`: how probable it is on average that each of them belongs there; `after`: the same once the extra scorecards
    are in, if marks fall as expected. `note` says why nothing can be said, if so.
    """

    track: int | None
    podium: tuple[int, ...]
    sure: float
    after: float
    extras: tuple[Choice, ...]
    note: str | None = None


def top_ups(
    inputs: RoundInputs, room: Sequence[int], barred: Collection[tuple[int, int]], wish: Wish
) -> tuple[TopUp, ...]:
    """Return per track, in the order of its first submission, the scorecards that say most about its podium.

    `room`: how many more each judge can take. `barred`: pairs (submission, judge) that must not be or are assigned
    already. What one track takes of a judge's room, the next does not have.
    """
    table = Table.of(inputs)
    groups = groups_of(table)
    left = list(room)
    found = []
    for track in dict.fromkeys(inputs.tracks):
        scored = [at for at, own in enumerate(inputs.tracks) if own == track and table.given[at]]
        parts = [group for group in groups if set(group.members) & set(scored)]
        if not scored:
            continue
        note = NOT_LINKED if len(parts) > 1 else unusable(table.given[one] for one in scored)
        if note is not None:
            found.append(TopUp(track, (), 0.0, 0.0, (), note))
            continue
        one = _Track(table, scored, track).settled(left, barred, wish)
        for extra in one.extras:
            left[extra.judge] -= 1
        found.append(one)
    return tuple(found)


class _Track:
    """The scored submissions of one track with their fit."""

    def __init__(self, table: Table, scored: Sequence[int], track: int | None) -> None:
        self.scored, self.track = scored, track
        self.judges = sorted({judge for one in scored for judge, _ in table.given[one]})
        seat = {judge: at for at, judge in enumerate(self.judges)}
        rows = [(at, seat[judge], total) for at, one in enumerate(scored) for judge, total in table.given[one]]
        self.rows = [(one, other, float(table.points(total))) for one, other, total in rows]
        self.fit = self._fitted(self.rows, None)
        self.size = min(PODIUM, len(scored) - 1)
        order = np.argsort(-self.fit.value, kind="stable").tolist()
        self.place = {one: at + 1 for at, one in enumerate(order)}
        self.podium = order[: self.size]

    def _fitted(self, rows: Sequence[tuple[int, int, float]], ratios: tuple[float, float] | None) -> Calibration:
        submission, judge, score = zip(*rows, strict=True)
        return calibrate(
            submission, judge, score, n_submissions=len(self.scored), n_judges=len(self.judges), ratios=ratios
        )

    def settled(self, room: Sequence[int], barred: Collection[tuple[int, int]], wish: Wish) -> TopUp:
        """Choose the scorecards and say what they would be worth."""
        spot, seat = ({one: at for at, one in enumerate(some)} for some in (self.scored, self.judges))
        extras = next_scorecards(
            self.fit,
            [max(0, room[judge]) for judge in self.judges],
            barred=[(spot[one], seat[other]) for one, other in barred if one in spot and other in seat],
            size=self.size,
            ordered=wish.ordered,
            count=wish.count,
            per_judge=wish.per_judge,
        )
        now = self._chances(self.fit)
        best = extras[0].gain if extras else 1.0
        return TopUp(
            track=self.track,
            podium=tuple(self.scored[one] for one in self.podium),
            sure=float(now[self.podium].mean()),
            after=float(self._chances(self._with(extras))[self.podium].mean()),
            extras=tuple(
                Choice(
                    self.scored[one.submission],
                    self.judges[one.judge],
                    self.place[one.submission],
                    float(now[one.submission]),
                    one.gain / best,
                )
                for one in extras
            ),
        )

    def _chances(self, fit: Calibration) -> Floats:
        chance: Floats = rank_chances(fit.draw(DRAWS, 0), (self.size,)).chance[0]
        return chance

    def _with(self, extras: Sequence[Extra]) -> Calibration:
        """Return the fit as it would be if each extra scorecard held what is expected of it."""
        if not extras:
            return self.fit
        model = self.fit.model
        expected = [
            (one.submission, one.judge, float(model.mean + model.team[one.submission] + model.judge[one.judge]))
            for one in extras
        ]
        return self._fitted([*self.rows, *expected], self.fit.ratios)
