"""keep requests about personal data

Revision: d1a70c55e201
Follows: 9d27b0c4e81a
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d1a70c55e201"
down_revision = "9d27b0c4e81a"
branch_labels = None
depends_on = None

USERS = ("user_id", "by_id", "answered_by", "closed_by")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "privacy_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asker", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("answer_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended_reason", sa.String(length=500), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=2000), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_privacy_requests_edition_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_privacy_requests_team_id")),
        *(sa.ForeignKeyConstraint([one], ["users.id"], name=op.f(f"fk_privacy_requests_{one}")) for one in USERS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_requests")),
        sa.UniqueConstraint("public_id", name=op.f("uq_privacy_requests_public_id")),
    )
    op.create_index("ix_privacy_requests_edition_id_state", "privacy_requests", ["edition_id", "state"])
    op.create_index(op.f("ix_privacy_requests_team_id"), "privacy_requests", ["team_id"])
    op.create_index(op.f("ix_privacy_requests_user_id"), "privacy_requests", ["user_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("privacy_requests")
