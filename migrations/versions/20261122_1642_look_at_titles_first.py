"""let judges look at the titles and bid before anything is assigned

Revision: 40639a018314
Follows: e91d3b7c05fa
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "40639a018314"
down_revision = "e91d3b7c05fa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "bids",
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("bid", sa.String(length=32), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["judge_id"], ["judges.id"], name=op.f("fk_bids_judge_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_bids_submission_id")),
        sa.PrimaryKeyConstraint("judge_id", "submission_id", name=op.f("pk_bids")),
    )
    op.create_index(op.f("ix_bids_submission_id"), "bids", ["submission_id"])
    op.create_table(
        "titles_calls",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_titles_calls_round_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name=op.f("fk_titles_calls_opened_by")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_titles_calls")),
    )
    op.create_table(
        "titles_answers",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_titles_answers_round_id")),
        sa.ForeignKeyConstraint(["judge_id"], ["judges.id"], name=op.f("fk_titles_answers_judge_id")),
        sa.PrimaryKeyConstraint("round_id", "judge_id", name=op.f("pk_titles_answers")),
    )
    op.create_index(op.f("ix_titles_answers_judge_id"), "titles_answers", ["judge_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("titles_answers")
    op.drop_table("titles_calls")
    op.drop_table("bids")
