"""finalise rounds: confirmations, corrections, appeals, and snapshots that the database keeps as they are.

A closed round that has a snapshot was frozen under the old rules and becomes finalised. A published one stays, and its
newest snapshot is the version that everybody sees.

Whoever rebuilds `editions`, `rounds` or `snapshots` on SQLite later must drop the triggers first and make them again.

Revision: b3f4c29a7d51
Follows: 8d2f6b90ce17
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b3f4c29a7d51"
down_revision = "8d2f6b90ce17"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
HEARD = "a snapshot is never changed"
KEPT = "a snapshot is never deleted"
OF_A_TEST = "SELECT 1 FROM rounds JOIN editions ON editions.id = rounds.edition_id WHERE rounds.id = OLD.round_id"
SQLITE = (
    f"CREATE TRIGGER snapshots_never_change BEFORE UPDATE ON snapshots BEGIN SELECT RAISE(ABORT, '{HEARD}'); END",
    f"""
    CREATE TRIGGER snapshots_never_go BEFORE DELETE ON snapshots
    WHEN NOT EXISTS ({OF_A_TEST} AND editions.is_test)
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
    """,
)
POSTGRESQL = (
    f"""
    CREATE FUNCTION snapshots_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{HEARD}' USING ERRCODE = 'check_violation'; END $$
    """,
    """
    CREATE TRIGGER snapshots_never_change BEFORE UPDATE ON snapshots
    FOR EACH ROW EXECUTE FUNCTION snapshots_never_change()
    """,
    f"""
    CREATE FUNCTION snapshots_never_go() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'check_violation';
      END IF;
      IF NOT EXISTS ({OF_A_TEST} AND editions.is_test) THEN
        RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'check_violation';
      END IF;
      RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER snapshots_never_go BEFORE DELETE ON snapshots
    FOR EACH ROW EXECUTE FUNCTION snapshots_never_go()
    """,
    """
    CREATE TRIGGER snapshots_never_emptied BEFORE TRUNCATE ON snapshots
    FOR EACH STATEMENT EXECUTE FUNCTION snapshots_never_go()
    """,
)


def upgrade() -> None:
    """Apply."""
    op.add_column("rounds", sa.Column("published_at", MOMENT, nullable=True))
    op.add_column("rounds", sa.Column("published_version", sa.Integer(), nullable=True))
    newest = "(SELECT {} FROM snapshots WHERE snapshots.round_id = rounds.id)"
    op.execute(
        f"UPDATE rounds SET published_at = {newest.format('max(created_at)')}, "  # noqa: S608  texts of this file
        f"published_version = {newest.format('max(version)')} WHERE state = 'published'"
    )
    op.execute(f"UPDATE rounds SET state = 'finalised' WHERE state = 'closed' AND EXISTS {newest.format('1')}")  # noqa: S608
    _create_meetings()
    _create_reviews()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _create_meetings() -> None:
    op.create_table(
        "closings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("papers", sa.JSON(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_closings_round_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name=op.f("fk_closings_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closings")),
    )
    op.create_index(op.f("ix_closings_round_id"), "closings", ["round_id"])
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("as_chair", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_reason", sa.String(length=500), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_confirmations_round_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_confirmations_user_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["users.id"], name=op.f("fk_confirmations_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
    )
    op.create_index(op.f("ix_confirmations_round_id"), "confirmations", ["round_id"])
    op.create_table(
        "attendances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_attendances_round_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_attendances_user_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["users.id"], name=op.f("fk_attendances_noted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("round_id", "user_id", name=op.f("uq_attendances_round_id_user_id")),
    )


def _create_reviews() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.String(length=1000), nullable=False, server_default=""),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_corrections_round_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_corrections_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_corrections_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("public_id", name=op.f("uq_corrections_public_id")),
    )
    op.create_index(op.f("ix_corrections_round_id"), "corrections", ["round_id"])
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.Integer(), nullable=True),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.Column("effect", sa.String(length=32), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False, server_default=""),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("correction_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_appeals_round_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_appeals_submission_id")),
        sa.ForeignKeyConstraint(["filed_by"], ["users.id"], name=op.f("fk_appeals_filed_by")),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_appeals_answered_by")),
        sa.ForeignKeyConstraint(["correction_id"], ["corrections.id"], name=op.f("fk_appeals_correction_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_appeals_public_id")),
        sa.UniqueConstraint("round_id", "submission_id", name=op.f("uq_appeals_round_id_submission_id")),
    )
    op.create_index(op.f("ix_appeals_submission_id"), "appeals", ["submission_id"])


def downgrade() -> None:
    """Undo; what the old rules do not know becomes closed."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("snapshots_never_change", "snapshots_never_go"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP FUNCTION snapshots_never_change() CASCADE")
        op.execute("DROP FUNCTION snapshots_never_go() CASCADE")
    for table in ("appeals", "corrections", "attendances", "confirmations", "closings"):
        op.drop_table(table)
    op.execute("UPDATE rounds SET state = 'closed' WHERE state IN ('confirmed', 'finalised')")
    op.execute("UPDATE rounds SET state = 'draft' WHERE state = 'open'")
    with op.batch_alter_table("rounds") as batch_op:
        batch_op.drop_column("published_version")
        batch_op.drop_column("published_at")
