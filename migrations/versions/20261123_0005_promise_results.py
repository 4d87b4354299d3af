"""keep promises of results made before the ceremony

Revision: b7f20d6e4c19
Follows: e91b4c7d5a02
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7f20d6e4c19"
down_revision = "e91b4c7d5a02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "result_commitments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["announced_by"], ["users.id"], name=op.f("fk_result_commitments_announced_by")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_result_commitments_round_id")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshots.id"], name=op.f("fk_result_commitments_snapshot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_commitments")),
        sa.UniqueConstraint("snapshot_id", name=op.f("uq_result_commitments_snapshot_id")),
    )
    op.create_index(op.f("ix_result_commitments_round_id"), "result_commitments", ["round_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("result_commitments")
