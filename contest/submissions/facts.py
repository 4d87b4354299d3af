"""Teams and submissions as one request sees them: frozen, without a database behind."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from contest.editions.parts import PartSpec
from contest.editions.privacy import AgeBand
from contest.editions.rules import LocalText
from contest.submissions.completeness import Item
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.links import Link
from contest.submissions.scans import CLOSED, ScanState


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """A submission with its team, for assigning, ranking and exporting. Holds names: never shown to a blind panel."""

    id: int
    public_id: str
    code: str
    title: str
    summary: str
    status: SubmissionStatus
    team_id: int
    team_name: str
    school: str
    members: tuple[str, ...]
    mentor: str
    track_id: int | None
    field_id: int | None
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Access:
    """What the policy needs to know of a submission."""

    id: int
    public_id: str
    edition_id: int
    team_id: int
    captain_id: int | None
    code: str
    status: SubmissionStatus


@dataclass(frozen=True, slots=True)
class TextView:
    """A written part."""

    part: PartSpec
    text: str


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link part; it was checked when it was saved."""

    part: PartSpec
    link: Link


@dataclass(frozen=True, slots=True)
class FileView:
    """An uploaded file. `name` is what the reader sees and saves (anonymous for a blind panel); size in bytes.

    `blind`: its reader gets a copy without its author's notes.
    """

    public_id: str
    part: PartSpec
    name: str
    kind: str
    content_type: str
    size: int
    sha256: str
    uploaded_at: datetime
    storage_key: str
    scan: ScanState = ScanState.NONE
    scan_found: str = ""
    blind: bool = False

    @property
    def closed(self) -> bool:
        """Whether nobody but its team may open it, because of the virus scanner."""
        return self.scan in CLOSED


@dataclass(frozen=True, slots=True)
class TeamView:
    """The people behind a submission: names only, no contact data."""

    name: str
    school: str
    members: tuple[str, ...]
    mentor: str


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """Everything a judge may see of a submission; `team` is none for a blind panel."""

    id: int
    public_id: str
    edition_id: int
    code: str
    title: str
    summary: str
    status: SubmissionStatus
    track: LocalText | None
    field: LocalText | None
    texts: tuple[TextView, ...]
    links: tuple[LinkView, ...]
    files: tuple[FileView, ...]
    team: TeamView | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a team wants to save. `track` and `field` are codes; `texts` holds text and link parts by code.

    A part that is absent from `texts` stays as it is; an empty one is cleared.
    """

    title: str = ""
    summary: str = ""
    track: str | None = None
    field: str | None = None
    texts: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a rule of entry may ask about a member; none and "" where nothing was asked or said."""

    birth_date: date | None = None
    school: str = ""
    age_band: AgeBand | None = None


NO_PARTICULARS = Particulars()


@dataclass(frozen=True, slots=True)
class TeamDetails:
    """What a team says about itself. `members` are names beside the captain's; contact data only of the mentor.

    `particulars` follows `members`, the captain's are `captain_particulars`; who is not in it has said nothing.
    `declared`: the idea is the team's own, won no prize and is entered nowhere else.
    """

    name: str
    school: str = ""
    members: tuple[str, ...] = ()
    mentor_name: str = ""
    mentor_email: str = ""
    mentor_phone: str = ""
    mentor_school: str = ""
    captain_particulars: Particulars = NO_PARTICULARS
    particulars: tuple[Particulars, ...] = ()
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """A submission with its team as a file describes it."""

    code: str
    title: str
    team: TeamDetails
    summary: str = ""
    track_id: int | None = None
    field_id: int | None = None
    email: str = ""
    phone: str = ""
    status: SubmissionStatus = SubmissionStatus.SUBMITTED


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A team as its captain edits it; `captain` is the captain's name.

    A team from a file has its captain, if any, among the members: then there are no particulars of the captain's own.
    """

    id: int
    edition_id: int
    captain: str
    email: str
    phone: str
    details: TeamDetails
    captain_apart: bool = True


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """A receipt; `number` counts the receipts of a submission from 1."""

    number: int
    at: datetime
    manifest: Mapping[str, object]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One of a captain's own submissions."""

    public_id: str
    code: str
    title: str
    team_name: str
    status: SubmissionStatus
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the organiser's list; `missing` holds the flawed lines of the checklist."""

    public_id: str
    code: str
    title: str
    team_name: str
    school: str
    status: SubmissionStatus
    track: LocalText | None
    field: LocalText | None
    submitted_at: datetime | None
    updated_at: datetime
    missing: tuple[Item, ...]
