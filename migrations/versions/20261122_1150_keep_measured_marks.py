"""keep marks that no judge gives.

Revision: a41c7be20d95
Follows: 6d1a0c5b9e42
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a41c7be20d95"
down_revision = "6d1a0c5b9e42"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "measured_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("max_points", sa.Integer(), nullable=False),
        sa.CheckConstraint("points >= 0 AND points <= max_points", name=op.f("ck_measured_scores_points_in_range")),
        sa.ForeignKeyConstraint(
            ["criterion_id", "max_points"],
            ["criteria.id", "criteria.max_points"],
            name=op.f("fk_measured_scores_criterion_id_max_points"),
        ),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_measured_scores_submission_id")),
        sa.ForeignKeyConstraint(["judge_id"], ["judges.id"], name=op.f("fk_measured_scores_judge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measured_scores")),
        sa.UniqueConstraint(
            "criterion_id",
            "submission_id",
            "judge_id",
            name=op.f("uq_measured_scores_criterion_id_submission_id_judge_id"),
        ),
    )
    op.create_index(op.f("ix_measured_scores_submission_id"), "measured_scores", ["submission_id"])
    op.create_index(op.f("ix_measured_scores_judge_id"), "measured_scores", ["judge_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("measured_scores")
