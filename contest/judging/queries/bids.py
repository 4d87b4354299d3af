"""What judges said of the titles before anything was assigned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from contest.editions.facts import RoundFacts
from contest.editions.models import Field, Round, Track
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.rules import LocalText
from contest.infra.db import db
from contest.judging.models import Conflict, Judge, JudgeBid, TitlesAnswer, TitlesCall
from contest.judging.queries.conflicts import IdPair
from contest.judging.queries.rounds import participants
from contest.judging.states import Bid, Party
from contest.judging.titles import TitleWord
from contest.letters import natural_key
from contest.submissions.models import Submission, Team


def bids_of(edition_id: int) -> Mapping[IdPair, Bid]:
    """Return what was bid in an edition, by (submission id, judge id), in one query; most pairs have no bid."""
    rows = db.session.execute(
        select(JudgeBid.submission_id, JudgeBid.judge_id, JudgeBid.bid)
        .join(Judge, Judge.id == JudgeBid.judge_id)
        .where(Judge.edition_id == edition_id)
    )
    return {(row.submission_id, row.judge_id): row.bid for row in rows}


@dataclass(frozen=True, slots=True)
class Call:
    """Whether the judges are asked to look at the titles of a round, since when and until when."""

    round_code: str
    round_name: LocalText
    opened_at: datetime
    closed_at: datetime | None
    answered: bool = False

    @property
    def is_open(self) -> bool:
        """Whether answers are taken now."""
        return self.closed_at is None


def call_of(round_: RoundFacts) -> Call | None:
    """Return whether the titles of a round are shown to the judges, in one query; None when they never were."""
    row = db.session.get(TitlesCall, round_.id)
    return None if row is None else Call(round_.code, round_.name, row.opened_at, row.closed_at)


def open_calls(edition_id: int, user_id: int) -> tuple[Call, ...]:
    """Return the rounds whose titles this judge may look at now, in their order, in one query."""
    rows = db.session.execute(
        select(
            *(Round.code, Round.name_vi, Round.name_en, TitlesCall.opened_at),
            TitlesAnswer.judge_id.is_not(None).label("answered"),
        )
        .select_from(TitlesCall)
        .join(Round, Round.id == TitlesCall.round_id)
        .join(Judge, (Judge.edition_id == Round.edition_id) & (Judge.user_id == user_id) & Judge.left_at.is_(None))
        .outerjoin(TitlesAnswer, (TitlesAnswer.round_id == TitlesCall.round_id) & (TitlesAnswer.judge_id == Judge.id))
        .where(Round.edition_id == edition_id, Round.state.in_(BEFORE_CLOSE), TitlesCall.closed_at.is_(None))
        .order_by(Round.position)
    )
    return tuple(
        Call(row.code, LocalText(row.name_vi, row.name_en), row.opened_at, None, bool(row.answered)) for row in rows
    )


def answers_of(round_id: int) -> Mapping[int, datetime]:
    """Return when each judge last answered about the titles of a round, by judge id, in one query."""
    rows = db.session.execute(
        select(TitlesAnswer.judge_id, TitlesAnswer.answered_at).where(TitlesAnswer.round_id == round_id)
    )
    return {row.judge_id: row.answered_at for row in rows}


@dataclass(frozen=True, slots=True)
class TitleLine:
    """A title as a judge sees it before the assignment; `team` and `school` are empty in a blind round."""

    id: int
    public_id: str
    code: str
    title: str
    track: LocalText | None
    field: LocalText | None
    team: str
    school: str
    word: TitleWord


def title_lines(round_: RoundFacts, judge_id: int) -> tuple[TitleLine, ...]:
    """Return the submissions of a round by code with what the judge said of each, in three queries and the places."""
    rows = db.session.execute(
        select(
            *(Submission.id, Submission.public_id, Submission.code, Submission.title, Team.name.label("team")),
            *(Team.school, Track.name_vi.label("track_vi"), Track.name_en.label("track_en")),
            *(Field.name_vi.label("field_vi"), Field.name_en.label("field_en"), JudgeBid.bid),
            *(Conflict.kind, Conflict.reason),
        )
        .join(Team, Team.id == Submission.team_id)
        .outerjoin(Track, Track.id == Submission.track_id)
        .outerjoin(Field, Field.id == Submission.field_id)
        .outerjoin(JudgeBid, (JudgeBid.submission_id == Submission.id) & (JudgeBid.judge_id == judge_id))
        .outerjoin(
            Conflict,
            (Conflict.submission_id == Submission.id)
            & (Conflict.judge_id == judge_id)
            & (Conflict.party == Party.JUDGE),
        )
        .where(Submission.edition_id == round_.edition_id)
    )
    here = set(participants(round_))
    lines = [_line(row, blind=round_.rules.blind) for row in rows if row.id in here]
    return tuple(sorted(lines, key=lambda line: (natural_key(line.code), line.id)))


def _line(row: Any, *, blind: bool) -> TitleLine:
    return TitleLine(
        id=row.id,
        public_id=row.public_id,
        code=row.code,
        title=row.title,
        track=None if row.track_vi is None else LocalText(row.track_vi, row.track_en),
        field=None if row.field_vi is None else LocalText(row.field_vi, row.field_en),
        team="" if blind else row.team,
        school="" if blind else row.school,
        word=TitleWord(row.bid, row.kind, row.reason or ""),
    )
