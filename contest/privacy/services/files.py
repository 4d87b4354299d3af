"""What the committee decides about files that an erasure has listed: they go, or they stay and are listed no more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from contest.errors import NotFound
from contest.infra import audit
from contest.infra.db import db
from contest.privacy.models import Erasure
from contest.privacy.queries.files import files_left
from contest.submissions.models import SubmissionFile


def decide_file(*, edition_id: int, public_id: str, delete: bool, actor_id: int | None, now: datetime) -> str | None:
    """Take a file off the list; with `delete` its row goes, and the key of its bytes is returned for `erase_file`.

    Raises `NotFound` for a file of another edition and for one that is on no list.
    """
    left = next((one for one in files_left(edition_id) if one.public_id == public_id), None)
    if left is None:
        raise NotFound
    for row in db.session.scalars(select(Erasure)):
        if public_id in row.files:
            row.files = [one for one in row.files if one != public_id]
    file = db.session.scalars(select(SubmissionFile).where(SubmissionFile.public_id == public_id)).one()
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{edition_id}",
        action="file.deleted" if delete else "file.kept",
        subject=f"submission:{left.submission}",
        code=left.entry,
        sha256=file.sha256,
    )
    if not delete:
        return None
    key = file.storage_key
    db.session.delete(file)
    return key
