"""What a device may open that is paired for one round."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from contest.editions.models import Edition, Round
from contest.infra.db import db
from contest.judging.models import Assignment, LatePaper, PastAssignment, PracticeEntry
from contest.submissions.models import SubmissionFile


def is_of_round(round_id: int, named: dict[str, object]) -> bool:
    """Tell whether all that an address names (see `Rule.arguments`) belongs to the round; in one query.

    Known are the edition's and the round's code, a paper that is or was assigned, a practice entry, a late paper and
    a file of a submission that is judged there; anything else belongs to no round.
    """
    known: dict[str, Callable[[Any], ColumnElement[bool]]] = {
        "edition_code": lambda code: exists().where(Edition.code == code, Edition.id == Round.edition_id),
        "round_code": lambda code: Round.code == code,
        "public_id": lambda one: or_(
            exists().where(Assignment.public_id == one, Assignment.round_id == Round.id),
            exists().where(PastAssignment.public_id == one, PastAssignment.round_id == Round.id),
            exists().where(PracticeEntry.public_id == one, PracticeEntry.round_id == Round.id),
        ),
        "practice_id": lambda one: exists().where(PracticeEntry.public_id == one, PracticeEntry.round_id == Round.id),
        "late_id": lambda one: exists().where(LatePaper.public_id == one, LatePaper.round_id == Round.id),
        "file_id": lambda one: exists().where(
            SubmissionFile.public_id == one,
            SubmissionFile.submission_id == Assignment.submission_id,
            Assignment.round_id == Round.id,
        ),
        "number": lambda _one: Round.id == round_id,
    }
    if not named.keys() <= known.keys():
        return False
    where = [known[name](value) for name, value in named.items()]
    return db.session.scalar(select(Round.id).where(Round.id == round_id, *where)) is not None
