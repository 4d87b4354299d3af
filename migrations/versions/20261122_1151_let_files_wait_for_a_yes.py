"""let files wait for a yes, remember mappings.

Revision: c8e50f7b31a6
Follows: a41c7be20d95
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c8e50f7b31a6"
down_revision = "a41c7be20d95"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "import_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("storage_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_import_drafts_user_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_import_drafts_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_drafts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_import_drafts_public_id")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_import_drafts_storage_key")),
    )
    for column in ("user_id", "edition_id", "expires_at"):
        op.create_index(op.f(f"ix_import_drafts_{column}"), "import_drafts", [column])
    op.create_table(
        "sheet_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_sheet_mappings_edition_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["users.id"], name=op.f("fk_sheet_mappings_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_mappings")),
        sa.UniqueConstraint("edition_id", "fingerprint", name=op.f("uq_sheet_mappings_edition_id_fingerprint")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("sheet_mappings")
    op.drop_table("import_drafts")
