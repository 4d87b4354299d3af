"""A day of presentations under way and an exhibition, for every world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contest.editions.facts import EditionFacts
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.queries import round_by_code
from contest.infra.db import unit_of_work
from contest.stage.booth_list import read_booths
from contest.stage.booths import Kind
from contest.stage.pitching import Act, Break
from contest.stage.queries.pitching import stage_of
from contest.stage.services import booths, pitching
from tests.factories import NOON

if TYPE_CHECKING:
    from tests.sweep.world import Side


def begin_the_day(side: Side, edition: EditionFacts, rounds: list[Round]) -> None:
    """Bring the first drawn team on stage and call the second, with a break and a page for everybody."""
    row = next(row for row in rounds if row.state is RoundState.SCORING)
    round_ = round_by_code(edition.id, row.code)
    assert round_ is not None
    by: dict[str, Any] = {"round_": round_, "actor_id": side.people["organiser"].id, "now": NOON}
    first, second = (one.turn.code for one in stage_of(round_).lines[:2])
    with unit_of_work():
        pitching.save_day(begins_at=NOON, public=True, **by)
        pitching.add_break(pause=Break(1, 15, "Trà"), **by)
        pitching.act(code=first, act=Act.STAGE, reason="", **by)
        pitching.act(code=second, act=Act.CALL, reason="", **by)
    exhibit(side, edition, by["actor_id"])


def exhibit(side: Side, edition: EditionFacts, actor_id: int | None) -> None:
    """Release an exhibition of three booths with a team and a company."""
    by: dict[str, Any] = {"edition_id": edition.id, "actor_id": actor_id, "now": NOON}
    with unit_of_work():
        booths.add_booths(rows=read_booths("A1-A3; Dãy A; 3x3; có").rows, **by)
        booths.add_guest(kind=Kind.TEAM, name=side.codes["submission"], power=True, note="", **by)
        booths.add_guest(kind=Kind.COMPANY, name="Vườn ươm Xanh", power=False, note="Bàn dài", **by)
        booths.assign(**by)
        booths.release(released=True, place="Sân trước", **by)
