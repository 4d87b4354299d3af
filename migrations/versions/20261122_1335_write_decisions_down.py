"""write decisions down, convert measured numbers.

Revision: 3f81c6a20e57
Follows: c8e50f7b31a6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3f81c6a20e57"
down_revision = "c8e50f7b31a6"
branch_labels = None
depends_on = None


def _in_range() -> sa.CheckConstraint:
    # SQLite rebuilds a table and forgets its checks unless they are said again.
    return sa.CheckConstraint("points >= 0 AND points <= max_points", name=op.f("ck_measured_scores_points_in_range"))


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "rulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_reason", sa.String(length=500), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_rulings_round_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_rulings_submission_id")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_rulings_author_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["users.id"], name=op.f("fk_rulings_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
    )
    op.create_index(op.f("ix_rulings_round_id"), "rulings", ["round_id"])
    op.create_index(op.f("ix_rulings_submission_id"), "rulings", ["submission_id"])
    with op.batch_alter_table("criteria") as batch:
        batch.add_column(sa.Column("part_code", sa.String(length=40), server_default="", nullable=False))
        batch.add_column(sa.Column("measure", sa.JSON(), nullable=True))
    with op.batch_alter_table("adjustments") as batch:
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("withdrawn_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("withdrawn_reason", sa.String(length=500), server_default="", nullable=False))
        batch.create_foreign_key(op.f("fk_adjustments_withdrawn_by"), "users", ["withdrawn_by"], ["id"])
    with op.batch_alter_table("measured_scores", table_args=(_in_range(),)) as batch:
        batch.add_column(sa.Column("raw", sa.String(length=40), nullable=True))
        batch.alter_column("points", existing_type=sa.Integer(), nullable=True)
        batch.create_check_constraint(op.f("ck_measured_scores_points_or_raw"), "(points IS NULL) <> (raw IS NULL)")


def downgrade() -> None:
    """Undo."""
    # Measured numbers have no place in the older table.
    op.execute(sa.text("DELETE FROM measured_scores WHERE points IS NULL"))
    with op.batch_alter_table("measured_scores", table_args=(_in_range(),)) as batch:
        batch.drop_constraint(op.f("ck_measured_scores_points_or_raw"), type_="check")
        batch.alter_column("points", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("raw")
    with op.batch_alter_table("adjustments") as batch:
        batch.drop_constraint(op.f("fk_adjustments_withdrawn_by"), type_="foreignkey")
        batch.drop_column("withdrawn_reason")
        batch.drop_column("withdrawn_by")
        batch.drop_column("withdrawn_at")
    with op.batch_alter_table("criteria") as batch:
        batch.drop_column("measure")
        batch.drop_column("part_code")
    op.drop_table("rulings")
