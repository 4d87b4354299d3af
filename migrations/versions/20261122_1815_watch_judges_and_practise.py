"""watch who is at work, and let judges practise

Revision: 2e8d4410a6b7
Follows: 7c31be5f0d28
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2e8d4410a6b7"
down_revision = "7c31be5f0d28"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "judge_presences",
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["judge_id"], ["judges.id"], name=op.f("fk_judge_presences_judge_id")),
        sa.PrimaryKeyConstraint("judge_id", name=op.f("pk_judge_presences")),
    )
    op.create_table(
        "practice_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("anchors", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("shown_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_practice_entries_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_entries")),
        sa.UniqueConstraint("public_id", name=op.f("uq_practice_entries_public_id")),
    )
    op.create_index(op.f("ix_practice_entries_round_id"), "practice_entries", ["round_id"])
    op.create_table(
        "practice_marks",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["practice_entries.id"], name=op.f("fk_practice_marks_entry_id")),
        sa.ForeignKeyConstraint(["judge_id"], ["judges.id"], name=op.f("fk_practice_marks_judge_id")),
        sa.PrimaryKeyConstraint("entry_id", "judge_id", name=op.f("pk_practice_marks")),
    )
    op.create_index(op.f("ix_practice_marks_judge_id"), "practice_marks", ["judge_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("practice_marks")
    op.drop_table("practice_entries")
    op.drop_table("judge_presences")
