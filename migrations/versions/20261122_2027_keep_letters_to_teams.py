"""keep letters to teams: their comments, and who screened them

Revision: 5e1f07c9a3d4
Follows: c3a95e1f7b24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5e1f07c9a3d4"
down_revision = "c3a95e1f7b24"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "feedback_rounds",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("languages", sa.String(length=32), nullable=False),
        sa.Column("with_place", sa.Boolean(), nullable=False),
        sa.Column("prepared_at", MOMENT, nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["prepared_by"], ["users.id"], name=op.f("fk_feedback_rounds_prepared_by")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_feedback_rounds_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_feedback_rounds")),
    )
    op.create_table(
        "feedback_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.Column("mailed_at", MOMENT, nullable=True),
        sa.Column("helpful", sa.Boolean(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["released_by"], ["users.id"], name=op.f("fk_feedback_letters_released_by")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_feedback_letters_round_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_feedback_letters_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_letters")),
        sa.UniqueConstraint("public_id", name=op.f("uq_feedback_letters_public_id")),
        sa.UniqueConstraint("round_id", "submission_id", name=op.f("uq_feedback_letters_round_id_submission_id")),
    )
    op.create_index(op.f("ix_feedback_letters_submission_id"), "feedback_letters", ["submission_id"])
    op.create_table(
        "feedback_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_feedback_comments_version_positive")),
        sa.ForeignKeyConstraint(["letter_id"], ["feedback_letters.id"], name=op.f("fk_feedback_comments_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_comments")),
        sa.UniqueConstraint("letter_id", "source_id", name=op.f("uq_feedback_comments_letter_id_source_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_feedback_comments_public_id")),
    )
    op.create_index(op.f("ix_feedback_comments_state"), "feedback_comments", ["state"])
    op.create_table(
        "feedback_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_feedback_decisions_actor_id")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["feedback_comments.id"], name=op.f("fk_feedback_decisions_comment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_decisions")),
    )
    op.create_index(op.f("ix_feedback_decisions_comment_id"), "feedback_decisions", ["comment_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("feedback_decisions")
    op.drop_table("feedback_comments")
    op.drop_table("feedback_letters")
    op.drop_table("feedback_rounds")
