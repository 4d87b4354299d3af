"""submissions.csv, judges.csv and conflicts.csv."""

from __future__ import annotations

from collections.abc import Iterator

from contest.exchange.bundle.findings import MAX_BLOCK, nearest
from contest.exchange.bundle.model import BundleConflict, BundleJudge, BundleSubmission, TableLike
from contest.exchange.bundle.references import Index, Key, field_of, once, refer
from contest.exchange.bundle.rows import Cells, read_cells
from contest.judging.conflicts import ConflictReason
from contest.judging.panel_list import LONGEST_PROFILE
from contest.judging.states import Party
from contest.submissions.lifecycle import SubmissionStatus


def read_submissions(table: TableLike, index: Index) -> list[BundleSubmission]:
    """Read submissions.csv; fields that the document does not declare are collected in `index.new_fields`."""
    found = []
    for row in read_cells("submissions", table, index.findings):
        code = index.submissions.declare(row, "submission")
        status = row.choice("status", SubmissionStatus) or SubmissionStatus.SUBMITTED
        found.append(
            BundleSubmission(
                code=code,
                # A draft may not have found its title yet.
                title=row.text("title", 500, required=status is not SubmissionStatus.DRAFT),
                team=row.text("team", required=True),
                track=_track(row, index, status),
                field=field_of(row, "field", row.raw("field"), index),
                school=row.text("school"),
                members=row.texts("members"),
                mentor=row.text("mentor"),
                summary=row.text("summary", MAX_BLOCK, block=True),
                email=row.email("email"),
                phone=row.phone("phone"),
                status=status,
                mentor_email=row.email("mentor_email"),
                mentor_phone=row.phone("mentor_phone"),
                status_reason=row.text("status_reason", 500),
            )
        )
    return found


def _track(row: Cells, index: Index, status: SubmissionStatus) -> str:
    text = row.raw("track").strip()
    tracks = index.document.tracks
    if text:
        found = index.tracks.find(text)
        if not found:
            row.problem("track", "unknown_track", value=text, nearest=nearest(text, [track.code for track in tracks]))
        return found
    if len(tracks) == 1:
        return tracks[0].code
    if tracks and status is SubmissionStatus.SUBMITTED:
        row.problem("track", "track_missing")
    return ""


def read_judges(table: TableLike, index: Index) -> list[BundleJudge]:
    """Read judges.csv."""
    found = []
    for row in read_cells("judges", table, index.findings):
        low, high = row.integer("min_load"), row.integer("max_load")
        if low is not None and high is not None and low > high:
            row.problem("max_load", "loads_crossed", low=low, high=high)
        found.append(
            BundleJudge(
                code=index.judges.declare(row, "judge"),
                name=row.text("name", required=True),
                email=row.email("email"),
                phone=row.phone("phone"),
                organisation=row.text("organisation"),
                fields=tuple(filter(None, (field_of(row, "fields", text, index) for text in row.texts("fields")))),
                min_load=low,
                max_load=high,
                languages=row.texts("languages", 100),
                experience=row.integer("experience"),
                profile=row.text("profile", LONGEST_PROFILE, block=True),
            )
        )
    return found


def read_conflicts(table: TableLike, index: Index) -> Iterator[BundleConflict]:
    """Read conflicts.csv."""
    seen: dict[Key, int] = {}
    for row in read_cells("conflicts", table, index.findings):
        pair = (refer(row, "judge", index.judges), refer(row, "submission", index.submissions))
        reason = row.text("reason", 300)
        kind = row.choice("kind", ConflictReason) or ConflictReason.DECLARED
        party = row.choice("party", Party) or Party.ORGANISER
        if once(row, (*pair, party.value), seen):
            yield BundleConflict(*pair, reason, kind, party)
