"""keep panels of a round with their anchors, and who is present at a live event

Revision: a71c4e93d0b8
Follows: 5d0c8a71e3b6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a71c4e93d0b8"
down_revision = "5d0c8a71e3b6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "round_panels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_panels_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_panels")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_round_panels_round_id_number")),
    )
    op.create_table(
        "round_panel_members",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_panel_members_round_id")),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judges.id"], name=op.f("fk_round_panel_members_judge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["round_panels.id"], name=op.f("fk_round_panel_members_panel_id")),
        sa.PrimaryKeyConstraint("round_id", "judge_id", name=op.f("pk_round_panel_members")),
    )
    op.create_index(op.f("ix_round_panel_members_judge_id"), "round_panel_members", ["judge_id"])
    op.create_index(op.f("ix_round_panel_members_panel_id"), "round_panel_members", ["panel_id"])
    op.create_table(
        "anchor_entries",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_anchor_entries_round_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_anchor_entries_submission_id")),
        sa.PrimaryKeyConstraint("round_id", "submission_id", name=op.f("pk_anchor_entries")),
    )
    op.create_index(op.f("ix_anchor_entries_submission_id"), "anchor_entries", ["submission_id"])
    op.create_table(
        "live_desks",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_live_desks_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_live_desks")),
    )
    op.create_table(
        "live_judges",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_live_judges_round_id")),
        sa.ForeignKeyConstraint(["judge_id"], ["judges.id"], name=op.f("fk_live_judges_judge_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("round_id", "judge_id", name=op.f("pk_live_judges")),
    )
    op.create_index(op.f("ix_live_judges_judge_id"), "live_judges", ["judge_id"])
    op.create_table(
        "live_entries",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_live_entries_round_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_live_entries_submission_id")),
        sa.PrimaryKeyConstraint("round_id", "submission_id", name=op.f("pk_live_entries")),
    )
    op.create_index(op.f("ix_live_entries_submission_id"), "live_entries", ["submission_id"])


def downgrade() -> None:
    """Undo."""
    for name in (
        "live_entries",
        "live_judges",
        "live_desks",
        "anchor_entries",
        "round_panel_members",
        "round_panels",
    ):
        op.drop_table(name)
