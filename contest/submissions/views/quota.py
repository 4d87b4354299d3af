"""What teams of this site may store, from its settings."""

from __future__ import annotations

from flask import current_app

from contest.submissions.completeness import MEGABYTE
from contest.submissions.quotas import Quota


def quota() -> Quota:
    """Return what teams of this site may store."""
    settings = current_app.config
    return Quota(
        team_bytes=settings["TEAM_QUOTA_MB"] * MEGABYTE,
        edition_bytes=settings["EDITION_QUOTA_MB"] * MEGABYTE,
        per_hour=settings["UPLOADS_PER_HOUR"],
    )
