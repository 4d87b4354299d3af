"""How much a judge's papers weigh, for a device that keeps them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import bindparam, select

from contest.infra.db import plain_rows
from contest.judging.models import Assignment, Judge
from contest.submissions.models import SubmissionFile

_FILES = (
    select(Assignment.id, SubmissionFile.public_id, SubmissionFile.size)
    .join(Judge, Judge.id == Assignment.judge_id)
    .join(SubmissionFile, SubmissionFile.submission_id == Assignment.submission_id)
    .where(
        Judge.user_id == bindparam("user_id"),
        Judge.edition_id == bindparam("edition_id"),
        SubmissionFile.superseded_at.is_(None),
    )
    .order_by(Assignment.id, SubmissionFile.id)
)


def files_to_keep(edition_id: int, user_id: int) -> Mapping[int, list[tuple[str, int]]]:
    """Return (public id, bytes) of the current files by assignment id, for all papers of a judge; one query.

    It names files and says nothing of their content: each is opened by a request of its own, which decides again.
    """
    found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for row in plain_rows(_FILES, edition_id=edition_id, user_id=user_id):
        found[row.id].append((row.public_id, row.size))
    return found
