"""Keep rules of entry, minutes of grace, extended deadlines and exceptions.

Revision: 2c91d4e7ab58
Follows: 5b7e0d93c1f4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c91d4e7ab58"
down_revision = "5b7e0d93c1f4"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.add_column("editions", sa.Column("grace_minutes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("editions", sa.Column("entry_rules", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("teams", sa.Column("mentor_school", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("teams", sa.Column("declared", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("team_members", sa.Column("birth_date", sa.Date(), nullable=True))
    op.add_column("team_members", sa.Column("school", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("submissions", sa.Column("entered_at", MOMENT, nullable=True))
    op.add_column("submissions", sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE submissions SET entered_at = submitted_at WHERE status IN ('submitted', 'disqualified')")
    _create_extensions()
    _create_exceptions()


def _create_extensions() -> None:
    op.create_table(
        "deadline_extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("was", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("decision", sa.String(length=100), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("until > was", name=op.f("ck_deadline_extensions_until_later")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_deadline_extensions_edition_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_deadline_extensions_round_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_deadline_extensions_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_extensions")),
    )
    for column in ("edition_id", "round_id"):
        op.create_index(op.f(f"ix_deadline_extensions_{column}"), "deadline_extensions", [column])


def _create_exceptions() -> None:
    op.create_table(
        "entry_exceptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_reason", sa.String(length=500), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_entry_exceptions_submission_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_entry_exceptions_actor_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_entry_exceptions_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_exceptions")),
    )
    op.create_index(op.f("ix_entry_exceptions_submission_id"), "entry_exceptions", ["submission_id"])
    in_force = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_entry_exceptions_in_force",
        "entry_exceptions",
        ["submission_id", "key"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("entry_exceptions")
    op.drop_table("deadline_extensions")
    for table, *columns in (
        ("submissions", "late", "entered_at"),
        ("team_members", "school", "birth_date"),
        ("teams", "declared", "mentor_school"),
    ):
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
    for column in ("entry_rules", "grace_minutes"):
        op.execute(f"ALTER TABLE editions DROP COLUMN {column}")
