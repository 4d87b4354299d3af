"""Reads about teams and submissions."""

from __future__ import annotations

from contest.submissions.queries.contents import content_of, contents_of, file_of, files_of, requirements_of
from contest.submissions.queries.desk import Desk, desk_of
from contest.submissions.queries.eligibility import reviewed, standing_of
from contest.submissions.queries.facts import access_of, all_of, facts_by_ids, own_submissions, submitted_of, team_of
from contest.submissions.queries.lists import Filters, ListPage, status_counts, submission_list
from contest.submissions.queries.reading import receipts_of, submission_view, view_by_public_id
from contest.submissions.queries.space import edition_bytes, used_by

__all__ = [
    "Desk",
    "Filters",
    "ListPage",
    "access_of",
    "all_of",
    "content_of",
    "contents_of",
    "desk_of",
    "edition_bytes",
    "facts_by_ids",
    "file_of",
    "files_of",
    "own_submissions",
    "receipts_of",
    "requirements_of",
    "reviewed",
    "standing_of",
    "status_counts",
    "submission_list",
    "submission_view",
    "submitted_of",
    "team_of",
    "used_by",
    "view_by_public_id",
]
