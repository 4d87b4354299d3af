"""file signed papers back

Revision: 9d41b7c2e053
Follows: 2e8d4410a6b7
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9d41b7c2e053"
down_revision = "2e8d4410a6b7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "paper_scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=64), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["filed_by"], ["users.id"], name=op.f("fk_paper_scans_filed_by")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_paper_scans_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_scans")),
        sa.UniqueConstraint("public_id", name=op.f("uq_paper_scans_public_id")),
    )
    op.create_index(op.f("ix_paper_scans_round_id"), "paper_scans", ["round_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("paper_scans")
