"""Reads about the panels of a round and about the desk of a live event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.rules import LocalText
from contest.infra.db import db
from contest.judging.models import Judge
from contest.judging.rooms.models import AnchorEntry, LiveDesk, LiveEntry, LiveJudge, RoundPanel, RoundPanelMember
from contest.judging.rooms.states import EntryState


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A panel of a round: its number from 1 on, its name, the ids of its judges."""

    number: int
    name: str
    judges: frozenset[int]


def panels_of_round(round_id: int) -> tuple[PanelLine, ...]:
    """Return the panels of a round by number, in one query."""
    rows = db.session.execute(
        select(RoundPanel.number, RoundPanel.name, RoundPanelMember.judge_id)
        .outerjoin(RoundPanelMember, RoundPanelMember.panel_id == RoundPanel.id)
        .where(RoundPanel.round_id == round_id)
        .order_by(RoundPanel.number)
    ).all()
    names = {row.number: row.name for row in rows}
    return tuple(
        PanelLine(number, name, frozenset(one.judge_id for one in rows if one.number == number and one.judge_id))
        for number, name in names.items()
    )


def anchors_of(round_id: int) -> frozenset[int]:
    """Return the ids of the submissions that every panel of the round judges, in one query."""
    return frozenset(db.session.scalars(select(AnchorEntry.submission_id).where(AnchorEntry.round_id == round_id)))


@dataclass(frozen=True, slots=True)
class Presence:
    """The desk of a live event: entries at a time, who is present since when, what is said about entries."""

    batch: int
    opened_at: datetime
    open: bool
    judges: Mapping[int, datetime]
    seen: frozenset[int]
    entries: Mapping[int, EntryState]


def presence_of(round_id: int) -> Presence | None:
    """Return the desk of a round by ids of judges and submissions, in three queries; none where there never was one.

    `seen` are the judges who were here and left again.
    """
    desk = db.session.execute(
        select(LiveDesk.batch, LiveDesk.opened_at, LiveDesk.closed_at).where(LiveDesk.round_id == round_id)
    ).one_or_none()
    if desk is None:
        return None
    judges = db.session.execute(
        select(LiveJudge.judge_id, LiveJudge.present, LiveJudge.since).where(LiveJudge.round_id == round_id)
    ).all()
    entries = db.session.execute(
        select(LiveEntry.submission_id, LiveEntry.state).where(LiveEntry.round_id == round_id)
    ).all()
    return Presence(
        batch=desk.batch,
        opened_at=desk.opened_at,
        open=desk.closed_at is None,
        judges={row.judge_id: row.since for row in judges if row.present},
        seen=frozenset(row.judge_id for row in judges if not row.present),
        entries={row.submission_id: row.state for row in entries},
    )


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """An open desk as a judge sees it: the round, and whether the judge is checked in."""

    round_code: str
    name: LocalText
    present: bool


def open_desks_for(edition_id: int, user_id: int) -> tuple[OpenDesk, ...]:
    """Return the open desks of an edition for this judge, in the order of the rounds, in one query."""
    rows = db.session.execute(
        select(Round.code, Round.name_vi, Round.name_en, LiveJudge.present)
        .join(LiveDesk, LiveDesk.round_id == Round.id)
        .join(Judge, (Judge.edition_id == Round.edition_id) & (Judge.user_id == user_id))
        .outerjoin(LiveJudge, (LiveJudge.round_id == Round.id) & (LiveJudge.judge_id == Judge.id))
        .where(
            Round.edition_id == edition_id,
            Round.state == RoundState.SCORING,
            LiveDesk.closed_at.is_(None),
            Judge.left_at.is_(None),
        )
        .order_by(Round.position)
    )
    return tuple(OpenDesk(row.code, LocalText(row.name_vi, row.name_en), bool(row.present)) for row in rows)
