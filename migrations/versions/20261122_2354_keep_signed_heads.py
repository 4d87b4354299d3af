"""keep the heads of the audit trail that are signed at an act

Revision: e91b4c7d5a02
Follows: a7d0c41e9b28
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e91b4c7d5a02"
down_revision = "a7d0c41e9b28"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "audit_heads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("short", sa.String(length=24), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_heads")),
    )
    op.create_index("ix_audit_heads_scope_id", "audit_heads", ["scope", "id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("audit_heads")
