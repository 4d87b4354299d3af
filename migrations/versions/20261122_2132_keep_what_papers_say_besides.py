"""keep what the papers of an edition say besides its results: bodies, numbers, who signs, who presents

Revision: c41f0a7d9e26
Follows: 7b1c93e0d5f2
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c41f0a7d9e26"
down_revision = "7b1c93e0d5f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "paper_details",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_paper_details_edition_id")),
        sa.ForeignKeyConstraint(["saved_by"], ["users.id"], name=op.f("fk_paper_details_saved_by")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_paper_details")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("paper_details")
