"""note what the virus scanner says of an uploaded file

Revision: a7d0c41e9b28
Follows: e5a91b3c70d2
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a7d0c41e9b28"
down_revision = "e5a91b3c70d2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("submission_files", sa.Column("scan", sa.String(32), nullable=False, server_default="none"))
    op.add_column("submission_files", sa.Column("scan_found", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("submission_files") as batch:
        batch.drop_column("scan_found")
        batch.drop_column("scan")
