"""The ledger of adjustments, the awards, and the frozen snapshots of rounds."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, ExactDecimal, UtcDateTime, public_id
from contest.results.award_rules import AwardBy, AwardTies, Scope
from contest.results.desk import LONGEST_NOTE, DeskKind
from contest.results.reviews import AppealEffect, CorrectionStatus
from contest.results.rulings import RulingKind


class Adjustment(Base):
    """A bonus or penalty with its author and reason; one that was withdrawn stays and counts no more."""

    __tablename__ = "adjustments"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    points: Mapped[Decimal] = mapped_column(ExactDecimal)
    reason: Mapped[str] = mapped_column(String(500))
    author: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_reason: Mapped[str] = mapped_column(String(500), default="", server_default="")


class RulingRow(Base):
    """A decision in writing, see `rulings.RulingKind`; a revoked one stays and settles nothing any more."""

    __tablename__ = "rulings"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"), index=True)
    kind: Mapped[RulingKind] = mapped_column(EnumText(RulingKind))
    value: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(String(500))
    author: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    revoked_reason: Mapped[str] = mapped_column(String(500), default="", server_default="")


class Award(Base):
    """A prize of an edition, as declared in the rules."""

    __tablename__ = "awards"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    code: Mapped[str] = mapped_column(String(40))
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    round_code: Mapped[str] = mapped_column(String(40), default="")
    track_code: Mapped[str] = mapped_column(String(40), default="")
    places: Mapped[int] = mapped_column(default=1)
    exclusive: Mapped[bool] = mapped_column(default=False)
    by: Mapped[AwardBy] = mapped_column(EnumText(AwardBy), default=AwardBy.RANK)
    scope: Mapped[Scope] = mapped_column(EnumText(Scope), default=Scope.TRACK)
    criterion_code: Mapped[str] = mapped_column(String(40), default="")
    band_code: Mapped[str] = mapped_column(String(40), default="")
    threshold: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    ties: Mapped[AwardTies] = mapped_column(EnumText(AwardTies), default=AwardTies.SHARE)
    amount: Mapped[int] = mapped_column(BigInteger, default=0)
    sponsor: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int]


class AwardChoice(Base):
    """A written decision on an award: a team chosen, its votes counted, or (no submission) a place left empty.

    Taken back by `revoked_at`, never deleted.
    """

    __tablename__ = "award_choices"

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"), index=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))
    votes: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(500))
    author: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AwardList(Base):
    """The awards as they were settled: canonical JSON that never changes; public from `published_at` on.

    `names` as in `Snapshot`.
    """

    __tablename__ = "award_lists"
    __table_args__ = (UniqueConstraint("edition_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    version: Mapped[int]
    payload: Mapped[str] = mapped_column(Text)
    names: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict, server_default="{}")
    fingerprint: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Snapshot(Base):
    """The frozen results of a round: `payload` is the canonical JSON of `frozen.freeze`.

    It holds commitments in place of people's names, see `contest.commitments`; `names` holds the names, and an erasure
    takes them from there alone. The database itself refuses to change anything else of a row, or to delete one, except
    those of a rehearsal.
    """

    __tablename__ = "snapshots"
    __table_args__ = (UniqueConstraint("round_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    version: Mapped[int]
    payload: Mapped[str] = mapped_column(Text)
    names: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict, server_default="{}")
    fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ResultCommitment(Base):
    """A promise of one snapshot, see `announcing`: `digest` is public at once, `nonce` when the version is."""

    __tablename__ = "result_commitments"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id"), unique=True)
    nonce: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    announced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    announced_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Closing(Base):
    """What lay on the table when the scoring was closed: `papers` lists [entry, judge, state and marks], by codes.

    Written once and counted apart from the rows it describes, so that a row that goes missing later is noticed.
    """

    __tablename__ = "closings"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    papers: Mapped[list[list[str]]] = mapped_column(JSON)
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Confirmation(Base):
    """Who confirmed the results of a round, in which role, and of which content; one that was taken back stays."""

    __tablename__ = "confirmations"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(200))
    as_chair: Mapped[bool]
    fingerprint: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    revoked_reason: Mapped[str] = mapped_column(String(500), default="", server_default="")


class Attendance(Base):
    """Whether a member of the council was at the meeting of a round."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("round_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    present: Mapped[bool]
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class DeskNote(Base):
    """What the committee notes about a team on award night, see `desk.DeskKind`; `award_code` is empty without one."""

    __tablename__ = "desk_notes"
    __table_args__ = (UniqueConstraint("round_id", "submission_id", "kind", "award_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    kind: Mapped[DeskKind] = mapped_column(EnumText(DeskKind))
    award_code: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Correction(Base):
    """A request to correct frozen results: asked by one person, decided by another."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    version: Mapped[int]
    reason: Mapped[str] = mapped_column(String(1000))
    status: Mapped[CorrectionStatus] = mapped_column(EnumText(CorrectionStatus), default=CorrectionStatus.ASKED)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Appeal(Base):
    """A team asks for its published result to be reviewed, once per round."""

    __tablename__ = "appeals"
    __table_args__ = (UniqueConstraint("round_id", "submission_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    effect: Mapped[AppealEffect | None] = mapped_column(EnumText(AppealEffect))
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("corrections.id"))


for owner in (
    ResultCommitment.round_id,
    Closing.round_id,
    Confirmation.round_id,
    Attendance.round_id,
    DeskNote.round_id,
    Correction.round_id,
    Appeal.round_id,
):
    wiping.hangs_on(owner)
for owner in (
    Adjustment.round_id,
    RulingRow.round_id,
    Award.edition_id,
    AwardChoice.award_id,
    AwardList.edition_id,
    Snapshot.round_id,
):
    wiping.hangs_on(owner)
