"""let the organiser weigh how well judges fit, and judges describe themselves

Revision: 5d0b7e92c4f1
Follows: 51b0c87dd6c7
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5d0b7e92c4f1"
down_revision = "51b0c87dd6c7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("editions", sa.Column("fit_rules", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("judges", sa.Column("profile", sa.Text(), nullable=False, server_default=""))
    op.add_column("judges", sa.Column("experience", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Undo."""
    op.drop_column("judges", "experience")
    op.drop_column("judges", "profile")
    op.drop_column("editions", "fit_rules")
