"""How much a team and an edition may store."""

from __future__ import annotations

from dataclasses import dataclass

from contest.errors import RuleBroken
from contest.submissions.completeness import MEGABYTE

MOST_UPLOADS = 60


@dataclass(frozen=True, slots=True)
class Quota:
    """What may be stored: bytes of a team and of an edition, replaced files included, and numbers of files."""

    team_bytes: int = 500 * MEGABYTE
    edition_bytes: int = 20480 * MEGABYTE
    per_hour: int = 40
    per_submission: int = MOST_UPLOADS


@dataclass(frozen=True, slots=True)
class Used:
    """What is stored already. `last_hour` and `files` count files: of the team, and of the submission."""

    team_bytes: int = 0
    edition_bytes: int = 0
    last_hour: int = 0
    files: int = 0


def require_room(used: Used, size: int, quota: Quota) -> None:
    """Refuse one more file of `size` bytes when it goes past what may be stored; exactly the limit is allowed.

    Raises `RuleBroken` "too_many_uploads" (`most`), "too_many_uploads_now" (`most`), "team_quota" or "edition_quota"
    (`limit` in MB).
    """
    if used.files >= quota.per_submission:
        raise RuleBroken("too_many_uploads", most=quota.per_submission)
    if used.last_hour >= quota.per_hour:
        raise RuleBroken("too_many_uploads_now", most=quota.per_hour)
    if used.team_bytes + size > quota.team_bytes:
        raise RuleBroken("team_quota", limit=quota.team_bytes // MEGABYTE)
    if used.edition_bytes + size > quota.edition_bytes:
        raise RuleBroken("edition_quota", limit=quota.edition_bytes // MEGABYTE)
