"""keep what is typed in from paper score sheets

Revision: 7c31be5f0d28
Follows: 5d0b7e92c4f1
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7c31be5f0d28"
down_revision = "5d0b7e92c4f1"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WAITS = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "keyed_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("photo_key", sa.String(length=64), nullable=True),
        sa.Column("photo_sha256", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("keyed_at", MOMENT, nullable=False),
        sa.Column("keyed_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=500), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_keyed_papers_assignment_id")),
        sa.ForeignKeyConstraint(["keyed_by"], ["users.id"], name=op.f("fk_keyed_papers_keyed_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_keyed_papers_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyed_papers")),
    )
    op.create_index(op.f("ix_keyed_papers_assignment_id"), "keyed_papers", ["assignment_id"])
    op.create_index(
        "uq_keyed_papers_waiting",
        "keyed_papers",
        ["assignment_id"],
        unique=True,
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("keyed_papers")
