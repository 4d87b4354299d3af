"""The plan of a round that is judged by closed panels with anchors."""

from __future__ import annotations

from dataclasses import dataclass

from contest.editions.facts import RoundFacts
from contest.infra.signing import fingerprint
from contest.judging.anchored import NO_PANEL, PanelPlan, plan_panels
from contest.judging.queries.assignments import RoundBoard, round_board
from contest.judging.queries.conflicts import IdPair
from contest.judging.queries.rooms import PanelLine, anchors_of, panels_of_round


@dataclass(frozen=True, slots=True)
class RoundPanels:
    """The panels of a round and what they would judge; `digest` changes when anything in it would."""

    board: RoundBoard
    panels: tuple[PanelLine, ...]
    plan: PanelPlan
    wanted: int
    digest: str

    def pairs(self) -> list[IdPair]:
        """Return the planned (submission id, judge id)."""
        return [self.board.ids(pair) for pair in self.plan.pairs]

    def anchor_ids(self) -> list[int]:
        """Return the ids of the anchors."""
        return [self.board.submissions[one].id for one in self.plan.anchors]


def round_panels(round_: RoundFacts, count: int | None) -> RoundPanels | None:
    """Return the plan of the panels of a round with `count` anchors, None for as many as are in force.

    None for a round without panels. In the queries of its board and two more.
    """
    panels = panels_of_round(round_.id)
    if not any(panel.judges for panel in panels):
        return None
    board, fixed = round_board(round_), anchors_of(round_.id)
    wanted = len(fixed) if count is None else count
    numbers = {judge: at for at, panel in enumerate(panels) for judge in panel.judges}
    of_judge = [NO_PANEL if one.left_at is not None else numbers.get(one.id, NO_PANEL) for one in board.judges]
    places = {at for at, line in enumerate(board.submissions) if line.id in fixed}
    plan = plan_panels(board.board, of_judge, wanted, places)
    told = [round_.id, of_judge, plan.anchors, sorted(map(board.ids, plan.pairs))]
    return RoundPanels(board, panels, plan, wanted, fingerprint(told))
