"""What submissions hold, for checklists and receipts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from contest.editions.models import Field, Part, Track
from contest.editions.parts import PartSpec
from contest.editions.queries import fields_of, parts_of, tracks_of
from contest.infra.db import db
from contest.submissions.completeness import Content, Requirements
from contest.submissions.facts import FileView
from contest.submissions.filetypes import TYPES
from contest.submissions.models import PartAnswer, Submission, SubmissionFile
from contest.submissions.scans import ScanState

_KINDS = {kind.content_type: kind.kind for kind in TYPES.values()}


def requirements_of(edition_id: int) -> Requirements:
    """Return what the edition asks of a submission, in three queries."""
    return Requirements(
        parts=tuple(parts_of(edition_id).values()),
        with_track=bool(tracks_of(edition_id)),
        with_field=bool(fields_of(edition_id)),
    )


def contents_of(submission_ids: Sequence[int]) -> dict[int, Content]:
    """Return the contents of submissions by id, in three queries whatever their number."""
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    files: dict[int, dict[str, int]] = defaultdict(dict)
    answers = select(PartAnswer.submission_id, Part.code, PartAnswer.text).join(Part, Part.id == PartAnswer.part_id)
    for row in db.session.execute(answers.where(PartAnswer.submission_id.in_(submission_ids))):
        texts[row.submission_id][row.code] = row.text
    infected: dict[int, set[str]] = defaultdict(set)
    uploads = select(SubmissionFile.submission_id, Part.code, SubmissionFile.size, SubmissionFile.scan).join(
        Part, Part.id == SubmissionFile.part_id
    )
    current = uploads.where(SubmissionFile.submission_id.in_(submission_ids), SubmissionFile.superseded_at.is_(None))
    for upload in db.session.execute(current):
        files[upload.submission_id][upload.code] = upload.size
        if upload.scan is ScanState.QUARANTINED:
            infected[upload.submission_id].add(upload.code)
    heads = (
        select(
            Submission.id,
            Submission.title,
            Submission.summary,
            Track.code.label("track"),
            Field.code.label("field"),
        )
        .outerjoin(Track, Track.id == Submission.track_id)
        .outerjoin(Field, Field.id == Submission.field_id)
        .where(Submission.id.in_(submission_ids))
    )
    return {
        row.id: Content(
            row.title, row.summary, row.track, row.field, texts[row.id], files[row.id], frozenset(infected[row.id])
        )
        for row in db.session.execute(heads)
    }


def content_of(submission_id: int) -> Content:
    """Return the content of one submission, in three queries; raise `KeyError` when there is none."""
    return contents_of([submission_id])[submission_id]


def files_of(submission_id: int, parts: Mapping[int, PartSpec], *, blind_code: str = "") -> tuple[FileView, ...]:
    """Return the current files in the order of `parts` (by row id, as `parts_of` gives them).

    With `blind_code` the files are named after that code and their part, because names of files hold names of people.
    """
    rows = db.session.scalars(
        select(SubmissionFile)
        .where(SubmissionFile.submission_id == submission_id, SubmissionFile.superseded_at.is_(None))
        .order_by(SubmissionFile.id)
    )
    order = {part_id: place for place, part_id in enumerate(parts)}
    return tuple(
        _file(row, parts[row.part_id], blind_code) for row in sorted(rows, key=lambda row: (order[row.part_id], row.id))
    )


def file_of(submission_id: int, public_id: str, *, blind_code: str = "") -> FileView | None:
    """Return one current file of a submission by the code in its address, in two queries; named as in `files_of`."""
    row = db.session.execute(
        select(SubmissionFile, Part.edition_id)
        .join(Part, Part.id == SubmissionFile.part_id)
        .where(
            SubmissionFile.submission_id == submission_id,
            SubmissionFile.public_id == public_id,
            SubmissionFile.superseded_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    return _file(row.SubmissionFile, parts_of(row.edition_id)[row.SubmissionFile.part_id], blind_code)


def _file(row: SubmissionFile, part: PartSpec, blind_code: str) -> FileView:
    name = f"{blind_code}-{part.code}.{row.filename.rpartition('.')[2]}" if blind_code else row.filename
    return FileView(
        public_id=row.public_id,
        part=part,
        name=name,
        kind=_KINDS.get(row.content_type, ""),
        content_type=row.content_type,
        size=row.size,
        sha256=row.sha256,
        uploaded_at=row.uploaded_at,
        storage_key=row.storage_key,
        scan=row.scan,
        scan_found=row.scan_found,
        blind=bool(blind_code),
    )
