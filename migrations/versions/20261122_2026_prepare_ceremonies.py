"""prepare ceremonies, their logos, and the phones that drive them

Revision: c3a95e1f7b24
Follows: d41b7e90c2aa
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c3a95e1f7b24"
down_revision = "d41b7e90c2aa"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "ceremonies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("readings", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("polled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_ceremonies_edition_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_ceremonies_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremonies")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ceremonies_public_id")),
        sa.UniqueConstraint("round_id", name=op.f("uq_ceremonies_round_id")),
    )
    op.create_index(op.f("ix_ceremonies_edition_id"), "ceremonies", ["edition_id"])
    op.create_table(
        "ceremony_logos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("ceremony_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("storage_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["ceremony_id"], ["ceremonies.id"], name=op.f("fk_ceremony_logos_ceremony_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_logos")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ceremony_logos_public_id")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_ceremony_logos_storage_key")),
    )
    op.create_index(op.f("ix_ceremony_logos_ceremony_id"), "ceremony_logos", ["ceremony_id"])
    op.create_table(
        "ceremony_remotes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ceremony_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["ceremony_id"], ["ceremonies.id"], name=op.f("fk_ceremony_remotes_ceremony_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_ceremony_remotes_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_remotes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_ceremony_remotes_code_hash")),
    )
    op.create_index(op.f("ix_ceremony_remotes_ceremony_id"), "ceremony_remotes", ["ceremony_id"])
    op.create_table(
        "ceremony_presses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ceremony_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("pressed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["ceremony_id"], ["ceremonies.id"], name=op.f("fk_ceremony_presses_ceremony_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_presses")),
    )
    op.create_index(op.f("ix_ceremony_presses_ceremony_id_id"), "ceremony_presses", ["ceremony_id", "id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("ceremony_presses")
    op.drop_table("ceremony_remotes")
    op.drop_table("ceremony_logos")
    op.drop_table("ceremonies")
