"""keep at which side of the exhibition's map the entrance and the stage are

Revision: 9d27b0c4e81a
Follows: c41f0a7d9e26
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9d27b0c4e81a"
down_revision = "c41f0a7d9e26"
branch_labels = None
depends_on = None

SIDES = ("entrance", "stage")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("exhibitions") as table:
        for name in SIDES:
            table.add_column(sa.Column(name, sa.String(length=32), nullable=False, server_default="none"))
    with op.batch_alter_table("exhibitions") as table:
        for name in SIDES:
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("exhibitions") as table:
        for name in SIDES:
            table.drop_column(name)
