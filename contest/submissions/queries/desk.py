"""Everything that a team's page about its submission shows, read at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contest.editions.parts import PartSpec
from contest.editions.queries import fields_of, parts_of, tracks_of
from contest.editions.rules import LocalText
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.submissions.completeness import Content, Item, Requirements, checklist
from contest.submissions.drafts import manifest_of
from contest.submissions.facts import Access, FileView, ReceiptFacts
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission
from contest.submissions.queries.contents import content_of, files_of
from contest.submissions.queries.reading import receipts_of


@dataclass(frozen=True, slots=True)
class Desk:
    """A submission as its team works on it. `tracks` and `fields` map codes to names, in their order."""

    submission_id: int
    public_id: str
    code: str
    status: SubmissionStatus
    status_reason: str
    version: int
    updated_at: datetime
    submitted_at: datetime | None
    late: bool
    content: Content
    parts: tuple[PartSpec, ...]
    tracks: Mapping[str, LocalText]
    fields: Mapping[str, LocalText]
    files: tuple[FileView, ...]
    receipts: tuple[ReceiptFacts, ...]

    @property
    def wanted(self) -> Requirements:
        """What the edition asks."""
        return Requirements(self.parts, bool(self.tracks), bool(self.fields))

    @property
    def items(self) -> tuple[Item, ...]:
        """The checklist."""
        return checklist(self.content, self.wanted)

    @property
    def missing(self) -> tuple[Item, ...]:
        """The lines that forbid handing in."""
        return tuple(item for item in self.items if item.flaw is not None)

    @property
    def manifest(self) -> dict[str, Any]:
        """What a receipt would freeze now."""
        return manifest_of(self.code, self.content, self.wanted, self.files)

    @property
    def manifest_fingerprint(self) -> str:
        """What `services.submit(seen=…)` compares."""
        return fingerprint(self.manifest)

    @property
    def changed_since_receipt(self) -> bool:
        """Whether the content differs from what the last receipt freezes."""
        return bool(self.receipts) and self.receipts[-1].manifest != self.manifest

    def file_of(self, part_code: str) -> FileView | None:
        """Return the current file of a part."""
        return next((file for file in self.files if file.part.code == part_code), None)


def desk_of(access: Access) -> Desk:
    """Return the desk of a submission, in nine queries."""
    row = db.session.get_one(Submission, access.id)
    parts = parts_of(access.edition_id)
    return Desk(
        submission_id=row.id,
        public_id=row.public_id,
        code=row.code,
        status=row.status,
        status_reason=row.status_reason,
        version=row.version,
        updated_at=row.updated_at,
        submitted_at=row.submitted_at,
        late=row.late,
        content=content_of(row.id),
        parts=tuple(parts.values()),
        tracks={track.code: LocalText(track.name_vi, track.name_en) for track in tracks_of(access.edition_id)},
        fields={field.code: LocalText(field.name_vi, field.name_en) for field in fields_of(access.edition_id)},
        files=files_of(row.id, parts),
        receipts=receipts_of(row.id),
    )
