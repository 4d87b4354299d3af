"""draw the order of presentation

Revision: c7a15e40d2b8
Follows: b3f4c29a7d51
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c7a15e40d2b8"
down_revision = "b3f4c29a7d51"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "draws",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_draws_round_id")),
        sa.ForeignKeyConstraint(["drawn_by"], ["users.id"], name=op.f("fk_draws_drawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
        sa.UniqueConstraint("round_id", name=op.f("uq_draws_round_id")),
    )
    op.create_table(
        "draw_turns",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("move", sa.Integer(), nullable=False),
        sa.Column("moved", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_turns_draw_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_draw_turns_submission_id")),
        sa.PrimaryKeyConstraint("draw_id", "submission_id", name=op.f("pk_draw_turns")),
    )
    op.create_index(op.f("ix_draw_turns_submission_id"), "draw_turns", ["submission_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("draw_turns")
    op.drop_table("draws")
