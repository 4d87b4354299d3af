"""How an edition treats conflicts of interest: names of one unit, sponsors, judges of one firm, what teams may say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from contest.editions.models import Round, Track
from contest.editions.services.rows import edition_row
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.judging.models import ConflictSettings, Sponsorship, UnitAlias
from contest.judging.queries.conflicts import aliases_of
from contest.judging.services.judges import judge_row
from contest.judging.states import Colleagues

MOST_ALIASES = 200


def set_rules(
    *,
    edition_id: int,
    colleagues: Colleagues,
    teams_declare: bool,
    aliases: Sequence[tuple[str, str]],
    actor_id: int | None,
    now: datetime,
) -> None:
    """Set what judges of one unit on one submission are, whether teams may name judges, and which names are one unit.

    Raises `RuleBroken` "too_many_aliases" (`limit`), "edition_archived".
    """
    edition_row(edition_id)
    if len(aliases) > MOST_ALIASES:
        raise RuleBroken("too_many_aliases", limit=MOST_ALIASES)
    wanted = list(dict.fromkeys(aliases))
    row = db.session.get(ConflictSettings, edition_id)
    if row is None:
        row = ConflictSettings(edition_id=edition_id)
        db.session.add(row)
    row.colleagues, row.teams_declare = colleagues, teams_declare
    if wanted != list(aliases_of(edition_id)):
        db.session.execute(delete(UnitAlias).where(UnitAlias.edition_id == edition_id))
        db.session.add_all(UnitAlias(edition_id=edition_id, name=name, other=other) for name, other in wanted)
    said = {"colleagues": colleagues.value, "teams_declare": teams_declare, "aliases": [list(pair) for pair in wanted]}
    _trace("conflicts.rules_set", edition_id, f"edition:{edition_id}", actor_id, now, **said)


def set_sponsor(
    *,
    edition_id: int,
    judge_id: int,
    prize: str,
    round_id: int,
    track_id: int | None,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Confine a judge to the round, and track, where the prize of the judge's firm is decided; without prize, free.

    Raises `NotFound`, `RuleBroken` "edition_archived".
    """
    edition_row(edition_id)
    judge = judge_row(edition_id, judge_id)
    if db.session.scalar(select(Round.id).where(Round.id == round_id, Round.edition_id == edition_id)) is None:
        raise NotFound
    if track_id is not None:
        own = select(Track.id).where(Track.id == track_id, Track.edition_id == edition_id)
        if db.session.scalar(own) is None:
            raise NotFound
    row = db.session.get(Sponsorship, judge.id)
    if row is None:
        row = Sponsorship(judge_id=judge.id)
        db.session.add(row)
    row.prize, row.round_id, row.track_id = prize, round_id, track_id
    _trace("judge.confined", edition_id, f"judge:{judge.id}", actor_id, now, code=judge.code, prize=prize)


def free_sponsor(*, edition_id: int, judge_id: int, actor_id: int | None, now: datetime) -> None:
    """Let a sponsor's judge judge everywhere again. Raises `NotFound`, `RuleBroken` "edition_archived"."""
    edition_row(edition_id)
    judge = judge_row(edition_id, judge_id)
    row = db.session.get(Sponsorship, judge.id)
    if row is None:
        raise NotFound
    _trace("judge.freed", edition_id, f"judge:{judge.id}", actor_id, now, code=judge.code, prize=row.prize)
    db.session.delete(row)


def _trace(action: str, edition_id: int, subject: str, actor_id: int | None, now: datetime, **facts: Any) -> None:
    audit.record(at=now, actor_id=actor_id, scope=f"edition:{edition_id}", action=action, subject=subject, **facts)
