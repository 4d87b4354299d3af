"""Proposals of who judges what, and which of them came into force."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import UtcDateTime


class AssignmentProposal(Base):
    """A plan of a round that is kept to be looked at: how to compute it again, and what was changed by hand.

    `hand` holds lists of [submission id, judge id] under "added", "removed" and "pinned". `board` is the fingerprint of
    what it was computed from; `planned` the computed pairs of a board too large to be planned anew for each look, else
    null. `figures` say what it was worth when it was last computed or changed.
    """

    __tablename__ = "assignment_proposals"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    number: Mapped[int]
    seed: Mapped[int]
    keep: Mapped[bool] = mapped_column(default=False)
    hand: Mapped[dict[str, Any]] = mapped_column(JSON)
    board: Mapped[str] = mapped_column(String(64))
    planned: Mapped[list[Any] | None] = mapped_column(JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class AssignmentDeployment(Base):
    """One change of many assignments at once, with what it took to take it back.

    `removed` holds [submission id, judge id, pinned] of what went, `added` [submission id, judge id] of what came, and
    `pinned` the pairs that were there and became pinned. Only `undone_at` is written later.
    """

    __tablename__ = "assignment_deployments"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    action: Mapped[str] = mapped_column(String(64))
    proposal: Mapped[int | None]
    removed: Mapped[list[Any]] = mapped_column(JSON)
    added: Mapped[list[Any]] = mapped_column(JSON)
    pinned: Mapped[list[Any]] = mapped_column(JSON)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


for owner in (AssignmentProposal.round_id, AssignmentDeployment.round_id):
    wiping.hangs_on(owner)
