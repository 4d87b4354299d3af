"""Which submissions take part in a round."""

from __future__ import annotations

from sqlalchemy import exists, select

from contest.editions.facts import RoundFacts
from contest.editions.models import Round
from contest.infra.db import db
from contest.judging.models import Advancement
from contest.letters import natural_key
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission


def is_first_round(round_: RoundFacts) -> bool:
    """Tell whether no round of the edition comes before."""
    earlier = exists().where(Round.edition_id == round_.edition_id, Round.position < round_.position)
    return not db.session.scalar(select(earlier))


def participants(round_: RoundFacts) -> tuple[int, ...]:
    """Return the ids of the submissions in the round, by code.

    The first round takes every submitted one, a later round those that advanced into it. Drafts, withdrawn and
    disqualified ones are in no round.
    """
    chosen = select(Submission.id, Submission.code).where(
        Submission.edition_id == round_.edition_id, Submission.status == SubmissionStatus.SUBMITTED
    )
    if not is_first_round(round_):
        chosen = chosen.join(Advancement, Advancement.submission_id == Submission.id).where(
            Advancement.round_id == round_.id
        )
    rows = db.session.execute(chosen).all()
    return tuple(row.id for row in sorted(rows, key=lambda row: natural_key(row.code)))
