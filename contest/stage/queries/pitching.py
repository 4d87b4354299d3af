"""Reads about the day of the presentations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.editions.facts import RoundFacts
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.judging.models import Draw, DrawTurn
from contest.judging.papers import WITHOUT_MARKS, PaperState
from contest.judging.queries.assignments import round_board
from contest.judging.queries.draw import TurnLine, drawn_order
from contest.judging.queries.watch import present_judges
from contest.stage.models.pitching import PitchBreak, PitchDay, PitchTurn
from contest.stage.pitching import Break, Turn, TurnState, next_up, planned
from contest.stage.screens import Screen
from contest.stage.timer import Lengths, Timer, lengths
from contest.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class StageLine:
    """A team with its place in the order, from 1; `due` is None while no beginning is set. `id` is the submission's."""

    place: int
    turn: Turn
    line: TurnLine
    due: datetime | None
    id: int


@dataclass(frozen=True, slots=True)
class BreakLine:
    """A pause with the number by which it is removed."""

    id: int
    pause: Break


@dataclass(frozen=True, slots=True)
class Stage:
    """The day as it stands. `drawn` is false before the order was drawn; then there are no lines."""

    drawn: bool
    begins_at: datetime | None
    public: bool
    screen: Screen
    break_until: datetime | None
    break_name: str
    timer: Timer
    lengths: Lengths
    revision: int
    lines: tuple[StageLine, ...]
    breaks: tuple[BreakLine, ...]

    @property
    def on_stage(self) -> StageLine | None:
        """The team on stage."""
        return next((one for one in self.lines if one.turn.state is TurnState.ON_STAGE), None)

    def following(self, count: int) -> tuple[StageLine, ...]:
        """Return the next teams: called ones first, then the waiting."""
        known = {one.turn.code: one for one in self.lines}
        return tuple(known[turn.code] for turn in next_up([one.turn for one in self.lines], count))


def stage_of(round_: RoundFacts) -> Stage:
    """Return the day of a round, teams in the order in which they are called, in six queries."""
    day = db.session.get(PitchDay, round_.id) or PitchDay(
        round_id=round_.id, public=False, screen=Screen.NEXT, break_name="", spent=0, extra=0, revision=0
    )
    drawn = drawn_order(round_.id)
    pauses = db.session.scalars(
        select(PitchBreak).where(PitchBreak.round_id == round_.id).order_by(PitchBreak.after, PitchBreak.id)
    )
    breaks = tuple(BreakLine(row.id, Break(row.after, row.minutes, row.name)) for row in pauses)
    begins = day.begins_at or round_.opens_at
    rules = round_.rules
    return Stage(
        drawn=drawn is not None,
        begins_at=begins,
        public=day.public,
        screen=day.screen,
        break_until=day.break_until,
        break_name=day.break_name,
        timer=timer_of(day),
        lengths=lengths(rules.pitch_minutes, rules.answer_minutes),
        revision=day.revision,
        lines=_lines(round_, drawn.lines if drawn else (), begins, breaks),
        breaks=breaks,
    )


def timer_of(day: PitchDay) -> Timer:
    """Return the clock of a day."""
    return Timer(day.part, day.spent, day.since, day.extra) if day.part else Timer()


def _lines(
    round_: RoundFacts, drawn: tuple[TurnLine, ...], begins: datetime | None, breaks: tuple[BreakLine, ...]
) -> tuple[StageLine, ...]:
    rules, turns = round_.rules, turns_of(round_.id)
    minutes = (rules.pitch_minutes, rules.answer_minutes, rules.change_minutes)
    due = planned(begins, len(drawn), minutes, [one.pause for one in breaks])
    codes = [line.turn.code for line in drawn]
    ids = _ids(round_.edition_id, codes)
    return tuple(
        StageLine(place, _turn(line, turns.get(ids[line.turn.code])), line, due[place - 1] if due else None, ids[code])
        for place, (code, line) in enumerate(zip(codes, drawn, strict=True), start=1)
    )


def _ids(edition_id: int, codes: list[str]) -> Mapping[str, int]:
    rows = db.session.execute(
        select(Submission.code, Submission.id).where(Submission.edition_id == edition_id, Submission.code.in_(codes))
    )
    return {row.code: row.id for row in rows}


def turns_of(round_id: int) -> Mapping[int, PitchTurn]:
    """Return what happened today by submission id, in one query."""
    rows = db.session.scalars(select(PitchTurn).where(PitchTurn.round_id == round_id))
    return {row.submission_id: row for row in rows}


def _turn(line: TurnLine, row: PitchTurn | None) -> Turn:
    if row is None:
        return Turn(line.turn.code, here=line.here)
    return Turn(
        *(line.turn.code, row.state, row.missed, row.reason, row.called_at, row.began_at, row.ended_at), here=line.here
    )


def stage_mark(round_id: int) -> str:
    """Return a text that changes when the stage or the order does, in two cheap queries; it tells nothing else."""
    revision = db.session.scalar(select(PitchDay.revision).where(PitchDay.round_id == round_id))
    rows = db.session.execute(
        select(DrawTurn.draw_id, DrawTurn.submission_id, DrawTurn.number, DrawTurn.move, Submission.status)
        .join(Draw, Draw.id == DrawTurn.draw_id)
        .join(Submission, Submission.id == DrawTurn.submission_id)
        .where(Draw.round_id == round_id)
        .order_by(DrawTurn.submission_id)
    )
    return fingerprint([round_id, revision, [[str(value) for value in row] for row in rows]])[:24]


def is_public(round_id: int) -> bool:
    """Tell whether the organiser lets everybody see who is next."""
    return bool(db.session.scalar(select(PitchDay.public).where(PitchDay.round_id == round_id)))


@dataclass(frozen=True, slots=True)
class Seat:
    """A judge of the team on stage: how far the scorecard is, without a mark; whether the judge's page is open."""

    name: str
    code: str
    state: PaperState
    updated_at: datetime | None
    present: bool


_LATE = {PaperState.NOT_STARTED: 0, PaperState.DRAFT: 1, PaperState.SUBMITTED: 2}


def seats_of(round_: RoundFacts, submission_id: int, now: datetime) -> tuple[Seat, ...]:
    """Return the judges of a submission, those who are late first.

    Who withdrew, abstained or has a declared conflict is not waited for and not listed.
    """
    board = round_board(round_)
    present = present_judges(round_.edition_id, now)
    judges = {judge.id: judge for judge in board.judges}
    found = []
    for pair, held in board.held.items():
        aside = pair in board.conflicts and board.conflicts[pair].declared
        if pair[0] == submission_id and held.state not in WITHOUT_MARKS and not aside:
            judge = judges[pair[1]]
            found.append(Seat(judge.name, judge.code, held.state, held.updated_at, judge.id in present))
    return tuple(sorted(found, key=lambda seat: (_LATE[seat.state], seat.name)))
