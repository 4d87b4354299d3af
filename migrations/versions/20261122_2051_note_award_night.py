"""note who has come, how names are read and what prizes need on award night

Revision: 7b1c93e0d5f2
Follows: 5e0c7d91ab34
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7b1c93e0d5f2"
down_revision = "5e0c7d91ab34"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "desk_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("award_code", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["noted_by"], ["users.id"], name=op.f("fk_desk_notes_noted_by")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_desk_notes_round_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_desk_notes_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_notes")),
        sa.UniqueConstraint(
            "round_id",
            "submission_id",
            "kind",
            "award_code",
            name=op.f("uq_desk_notes_round_id_submission_id_kind_award_code"),
        ),
    )
    op.create_index(op.f("ix_desk_notes_submission_id"), "desk_notes", ["submission_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("desk_notes")
