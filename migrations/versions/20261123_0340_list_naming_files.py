"""list the files that named somebody who was erased: their public ids, beside the erasure

Revision: d52e8b1f9c47
Follows: c41d9a7e0b36
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d52e8b1f9c47"
down_revision = "c41d9a7e0b36"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("erasures") as batch:
        batch.add_column(sa.Column("files", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("erasures") as batch:
        batch.drop_column("files")
