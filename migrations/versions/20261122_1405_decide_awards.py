"""decide awards

Revision: 8d2f6b90ce17
Follows: 2c91d4e7ab58
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8d2f6b90ce17"
down_revision = "2c91d4e7ab58"
branch_labels = None
depends_on = None


def _added() -> tuple[sa.Column, ...]:
    return (
        sa.Column("by", sa.String(length=32), nullable=False, server_default="rank"),
        sa.Column("scope", sa.String(length=32), nullable=False, server_default="track"),
        sa.Column("criterion_code", sa.String(length=40), nullable=False, server_default=""),
        sa.Column("band_code", sa.String(length=40), nullable=False, server_default=""),
        sa.Column("threshold", sa.String(length=40), nullable=True),
        sa.Column("ties", sa.String(length=32), nullable=False, server_default="share"),
        sa.Column("amount", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("sponsor", sa.String(length=200), nullable=False, server_default=""),
    )


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("awards") as batch_op:
        for column in _added():
            batch_op.add_column(column)
    with op.batch_alter_table("awards") as batch_op:
        for column in _added():
            if column.server_default is not None:
                batch_op.alter_column(column.name, server_default=None)
    op.create_table(
        "award_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("votes", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_award_choices_award_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_award_choices_submission_id")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_award_choices_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_choices")),
    )
    op.create_index(op.f("ix_award_choices_award_id"), "award_choices", ["award_id"])
    op.create_table(
        "award_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_award_lists_edition_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_award_lists_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_lists")),
        sa.UniqueConstraint("edition_id", "version", name=op.f("uq_award_lists_edition_id_version")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("award_lists")
    op.drop_table("award_choices")
    with op.batch_alter_table("awards") as batch_op:
        for column in _added():
            batch_op.drop_column(column.name)
