"""keep who people are at providers outside: issuer and subject

Revision: b7f0c3a95e21
Follows: b7f20d6e4c19
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7f0c3a95e21"
down_revision = "b7f20d6e4c19"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "outside_logins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("provider", sa.String(length=30), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_outside_logins_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_logins")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_outside_logins_issuer_subject")),
        sa.UniqueConstraint("user_id", "issuer", name=op.f("uq_outside_logins_user_id_issuer")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("outside_logins")
