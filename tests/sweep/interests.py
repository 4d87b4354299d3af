"""What the small world knows of conflicts of interest: titles asked about, a sponsor's judge, a shared telephone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.infra.db import unit_of_work
from contest.judging.conflicts import ConflictReason
from contest.judging.models import Conflict, ConflictSettings, Judge, Scorecard, Sponsorship
from contest.judging.services import bids
from contest.judging.states import Party, ScorecardStatus
from contest.submissions.models import Submission, Team
from tests.factories import NOON, Make

if TYPE_CHECKING:
    from tests.sweep.world import Side


def ask_and_confine(make: Make, side: Side, rounds: Sequence[Round], submitted: Sequence[Submission]) -> None:
    """Ask about the titles of the open round, confine one more judge, give a mentor the telephone of the idle one."""
    guest = make.user("Ông tài trợ")
    side.ids["person"].append(guest.public_id)
    idle, sponsor = side.judges["idle judge"].id, make.judge(rounds[0].edition, guest).id
    asked, prize = (next(one for one in rounds if one.state is state) for state in (RoundState.OPEN, RoundState.DRAFT))
    with unit_of_work() as session:
        session.get_one(Judge, idle).phone = "0903 123 321"
        session.get_one(Team, submitted[2].team_id).mentor_phone = "+84 903 123 321"
        session.add(ConflictSettings(edition_id=rounds[0].edition_id, teams_declare=True))
        known = {"judge_id": sponsor, "submission_id": submitted[0].id, "party": Party.TEAM}
        session.add(Conflict(**known, kind=ConflictReason.RELATIVE, reason="Dì của đội trưởng"))
        session.add(Sponsorship(judge_id=sponsor, round_id=prize.id, prize="Giải xanh"))
    with unit_of_work():
        bids.open_titles(round_id=asked.id, actor_id=side.people["organiser"].id, now=NOON)


def withdraw_one(make: Make, side: Side, rounds: Sequence[Round], submitted: Sequence[Submission]) -> None:
    """Let the idle judge withdraw from a paper of the round that is being scored."""
    paper = make.assignment(rounds[1], side.judges["idle judge"], submitted[0])
    with unit_of_work() as session:
        session.add(
            Scorecard(
                assignment_id=paper.id, status=ScorecardStatus.RECUSED, recusal_reason="Học trò cũ", updated_at=NOON
            )
        )
    side.ids["paper"].append(paper.public_id)
