"""note who opened what, not only who looked at marks

Revision: c5e8f0a91b37
Follows: c2a7d90e5b14
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c5e8f0a91b37"
down_revision = "c2a7d90e5b14"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply; what was noted of looks at marks stays."""
    op.create_table(
        "looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_looks_edition_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_looks_submission_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_looks_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looks")),
        sa.UniqueConstraint(
            *("edition_id", "user_id", "page", "subject", "day"),
            name=op.f("uq_looks_edition_id_user_id_page_subject_day"),
        ),
    )
    op.create_index(op.f("ix_looks_submission_id"), "looks", ["submission_id"])
    op.create_index("ix_looks_user_id_first_at", "looks", ["user_id", "first_at"])
    op.execute(
        "INSERT INTO looks (edition_id, user_id, page, subject, day, first_at) "
        "SELECT edition_id, user_id, page, subject, day, first_at FROM mark_views ORDER BY id"
    )
    op.drop_table("mark_views")


def downgrade() -> None:
    """Undo; what was noted of other looks than those at marks stays among them."""
    op.create_table(
        "mark_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_mark_views_edition_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mark_views_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_views")),
        sa.UniqueConstraint(
            *("edition_id", "user_id", "page", "subject", "day"),
            name=op.f("uq_mark_views_edition_id_user_id_page_subject_day"),
        ),
    )
    op.execute(
        "INSERT INTO mark_views (edition_id, user_id, page, subject, day, first_at) "
        "SELECT edition_id, user_id, page, subject, day, first_at FROM looks ORDER BY id"
    )
    op.drop_table("looks")
