"""What teams may read: released letters, the published results behind them, and whom to tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.accounts.models import User
from contest.editions.facts import RoundHead
from contest.feedback.models import FeedbackComment, FeedbackLetter
from contest.feedback.position import shuffled
from contest.feedback.states import SENT_ON
from contest.infra.db import db
from contest.results.queries.snapshots import frozen_report, snapshot_of
from contest.results.report import RoundReport
from contest.submissions.models import Submission, Team


@dataclass(frozen=True, slots=True)
class OwnLetter:
    """What a team reads: texts in their shuffled order, and nothing of who wrote or screened them."""

    public_id: str
    code: str
    texts: tuple[str, ...]
    released_at: datetime | None
    helpful: bool | None


def released_letters(round_id: int, submission_id: int | None = None) -> dict[int, OwnLetter]:
    """Return what teams may read once the round is published, by submission id, in two queries.

    Whether the round is published is for the caller to know.
    """
    which = [FeedbackLetter.round_id == round_id, FeedbackLetter.released_at.is_not(None)]
    if submission_id is not None:
        which.append(FeedbackLetter.submission_id == submission_id)
    letters = db.session.execute(
        select(FeedbackLetter, Submission.code)
        .join(Submission, Submission.id == FeedbackLetter.submission_id)
        .where(*which)
        .order_by(Submission.code)
    ).all()
    comments = db.session.execute(
        select(FeedbackComment.letter_id, FeedbackComment.public_id, FeedbackComment.text)
        .join(FeedbackLetter, FeedbackLetter.id == FeedbackComment.letter_id)
        .where(*which, FeedbackComment.state.in_(SENT_ON))
    )
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    for letter_id, key, text in comments:
        texts[letter_id][key] = text
    return {row.FeedbackLetter.submission_id: _own(row.FeedbackLetter, row.code, texts) for row in letters}


def _own(letter: FeedbackLetter, code: str, texts: Mapping[int, Mapping[str, str]]) -> OwnLetter:
    mine = texts.get(letter.id, {})
    return OwnLetter(
        public_id=letter.public_id,
        code=code,
        texts=tuple(mine[key] for key in shuffled(letter.seed, mine)),
        released_at=letter.released_at,
        helpful=letter.helpful,
    )


def published_report(round_: RoundHead) -> RoundReport | None:
    """Return the results that everybody sees, none before publication."""
    snapshot = snapshot_of(round_.id, round_.published_version) if round_.published_version else None
    return None if snapshot is None else frozen_report(snapshot.id)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where the mail about a letter goes."""

    letter_id: int
    submission: str
    title: str
    team: str
    address: str
    name: str
    locale: str | None


def unmailed(round_id: int) -> Iterable[Addressee]:
    """Return who is still to be told of a released letter: the captain, else the address of the team, in one query."""
    rows = db.session.execute(
        select(
            FeedbackLetter.id,
            Submission.public_id,
            Submission.title,
            Submission.code,
            Team.name.label("team"),
            Team.email.label("team_email"),
            User.email,
            User.name,
            User.locale,
        )
        .join(Submission, Submission.id == FeedbackLetter.submission_id)
        .join(Team, Team.id == Submission.team_id)
        .outerjoin(User, User.id == Team.captain_id)
        .where(
            FeedbackLetter.round_id == round_id,
            FeedbackLetter.released_at.is_not(None),
            FeedbackLetter.mailed_at.is_(None),
        )
        .order_by(FeedbackLetter.id)
    )
    for row in rows:
        address = row.email or row.team_email
        if address:
            own = bool(row.email)
            yield Addressee(
                letter_id=row.id,
                submission=row.public_id,
                title=row.title or row.code,
                team=row.team,
                address=address,
                name=row.name if own else row.team,
                locale=row.locale if own else None,
            )
