"""keep proposed plans, what was put in force, and long work

Revision: 5d0c8a71e3b6
Follows: 1152467cbc2a
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5d0c8a71e3b6"
down_revision = "1152467cbc2a"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "assignment_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("hand", sa.JSON(), nullable=False),
        sa.Column("board", sa.String(length=64), nullable=False),
        sa.Column("planned", sa.JSON(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_assignment_proposals_round_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_assignment_proposals_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_proposals")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_assignment_proposals_round_id_number")),
    )
    op.create_table(
        "assignment_deployments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("proposal", sa.Integer(), nullable=True),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("added", sa.JSON(), nullable=False),
        sa.Column("pinned", sa.JSON(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_assignment_deployments_round_id")),
        sa.ForeignKeyConstraint(["done_by"], ["users.id"], name=op.f("fk_assignment_deployments_done_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_deployments")),
    )
    op.create_index(op.f("ix_assignment_deployments_round_id"), "assignment_deployments", ["round_id"])
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("beat_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_jobs_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("public_id", name=op.f("uq_jobs_public_id")),
    )
    op.create_index(op.f("ix_jobs_scope"), "jobs", ["scope"])
    op.create_index(op.f("ix_jobs_state_id"), "jobs", ["state", "id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("jobs")
    op.drop_table("assignment_deployments")
    op.drop_table("assignment_proposals")
