"""pair devices for a round, keep papers that were taken away, log who looks at marks

Revision: 4a9f1d27c8e3
Follows: 5e1f07c9a3d4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4a9f1d27c8e3"
down_revision = "5e1f07c9a3d4"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PAIRED = ("sign_in_links", "user_sessions")


def upgrade() -> None:
    """Apply."""
    op.add_column("editions", sa.Column("marks_shown", sa.Boolean(), nullable=False, server_default=sa.true()))
    for name in PAIRED:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("round_id", sa.Integer(), nullable=True))
            table.create_foreign_key(op.f(f"fk_{name}_round_id"), "rounds", ["round_id"], ["id"], ondelete="CASCADE")
            table.create_index(op.f(f"ix_{name}_round_id"), ["round_id"])
    _create_tables()
    _late_papers()


def _create_tables() -> None:
    op.create_table(
        "past_assignments",
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_past_assignments_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_past_assignments_submission_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_past_assignments_user_id")),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_past_assignments")),
    )
    op.create_index(op.f("ix_past_assignments_round_id"), "past_assignments", ["round_id"])
    op.create_index(op.f("ix_past_assignments_submission_id"), "past_assignments", ["submission_id"])
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


def _late_papers() -> None:
    with op.batch_alter_table("late_papers") as table:
        table.add_column(sa.Column("submission_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("cause", sa.String(length=32), nullable=False, server_default="closed"))
        table.alter_column("assignment_id", existing_type=sa.Integer(), nullable=True)
    op.execute(
        "UPDATE late_papers SET submission_id = "
        "(SELECT submission_id FROM assignments WHERE assignments.id = late_papers.assignment_id)"
    )
    with op.batch_alter_table("late_papers") as table:
        table.alter_column("submission_id", existing_type=sa.Integer(), nullable=False)
        table.create_foreign_key(op.f("fk_late_papers_submission_id"), "submissions", ["submission_id"], ["id"])
        table.create_index(op.f("ix_late_papers_submission_id"), ["submission_id"])


def downgrade() -> None:
    """Undo; late papers without an assignment go."""
    op.execute("DELETE FROM late_papers WHERE assignment_id IS NULL")
    with op.batch_alter_table("late_papers") as table:
        table.drop_index(op.f("ix_late_papers_submission_id"))
        table.drop_constraint(op.f("fk_late_papers_submission_id"), type_="foreignkey")
        table.alter_column("assignment_id", existing_type=sa.Integer(), nullable=False)
        table.drop_column("cause")
        table.drop_column("submission_id")
    op.drop_table("mark_views")
    op.drop_table("past_assignments")
    for name in PAIRED:
        with op.batch_alter_table(name) as table:
            table.drop_index(op.f(f"ix_{name}_round_id"))
            table.drop_constraint(op.f(f"fk_{name}_round_id"), type_="foreignkey")
            table.drop_column("round_id")
    op.drop_column("editions", "marks_shown")  # not rebuilt: triggers of other tables read it
