"""remember the last save of a scorecard

Revision: 6d1a0c5b9e42
Follows: f3fc84340447
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6d1a0c5b9e42"
down_revision = "f3fc84340447"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for name in ("last_key", "last_digest"):
        op.add_column("scorecards", sa.Column(name, sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("scorecards") as batch_op:
        batch_op.drop_column("last_digest")
        batch_op.drop_column("last_key")
