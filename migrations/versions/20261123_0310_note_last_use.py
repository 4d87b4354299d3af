"""note when and where a device was last used: when, and an address without its end

Revision: c41d9a7e0b36
Follows: d4a81c6e7f25
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c41d9a7e0b36"
down_revision = "d4a81c6e7f25"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("user_sessions") as batch:
        batch.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("place", sa.String(length=40), server_default="", nullable=False))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("user_sessions") as batch:
        batch.drop_column("place")
        batch.drop_column("seen_at")
