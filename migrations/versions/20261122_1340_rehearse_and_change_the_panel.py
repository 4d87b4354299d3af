"""rehearse an edition, and change a panel in writing

Editions are rebuilt on SQLite so that a wiped rehearsal's number is never given again. What is never to be deleted by
any road, also none outside of the application, is guarded by triggers.

Revision: 5b7e0d93c1f4
Follows: 3f81c6a20e57
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5b7e0d93c1f4"
down_revision = "3f81c6a20e57"
branch_labels = None
depends_on = None

SQLITE = (
    """
    CREATE TRIGGER editions_only_rehearsals_go BEFORE DELETE ON editions
    WHEN OLD.rehearsal_of_id IS NULL
      AND EXISTS (SELECT 1 FROM audit_entries WHERE scope = 'edition:' || OLD.id)
    BEGIN SELECT RAISE(ABORT, 'only a rehearsal can be deleted'); END
    """,
    """
    CREATE TRIGGER editions_never_become_rehearsals BEFORE UPDATE OF rehearsal_of_id ON editions
    WHEN OLD.rehearsal_of_id IS NOT NEW.rehearsal_of_id
    BEGIN SELECT RAISE(ABORT, 'an edition never becomes a rehearsal'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION editions_only_rehearsals_go() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.rehearsal_of_id IS NULL
         AND EXISTS (SELECT 1 FROM audit_entries WHERE scope = 'edition:' || OLD.id) THEN
        RAISE EXCEPTION 'only a rehearsal can be deleted' USING ERRCODE = 'check_violation';
      END IF;
      RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER editions_only_rehearsals_go BEFORE DELETE ON editions
    FOR EACH ROW EXECUTE FUNCTION editions_only_rehearsals_go()
    """,
    """
    CREATE FUNCTION editions_never_become_rehearsals() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'an edition never becomes a rehearsal' USING ERRCODE = 'check_violation';
    END $$
    """,
    """
    CREATE TRIGGER editions_never_become_rehearsals BEFORE UPDATE OF rehearsal_of_id ON editions
    FOR EACH ROW WHEN (OLD.rehearsal_of_id IS DISTINCT FROM NEW.rehearsal_of_id)
    EXECUTE FUNCTION editions_never_become_rehearsals()
    """,
)


def upgrade() -> None:
    """Apply."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table(
        "editions", recreate="always" if sqlite else "never", table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.add_column(sa.Column("rehearsal_of_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_editions_rehearsal_of_id"), "editions", ["rehearsal_of_id"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_editions_rehearsal_is_a_test"), "rehearsal_of_id IS NULL OR is_test"
        )
    op.create_index("ix_editions_rehearsal_of_id", "editions", ["rehearsal_of_id"], unique=True)
    with op.batch_alter_table("users", recreate="always" if sqlite else "never") as batch_op:
        batch_op.add_column(sa.Column("rehearsal_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_users_rehearsal_id"), "editions", ["rehearsal_id"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_users_invented_unreachable"),
            "rehearsal_id IS NULL OR (email IS NULL AND phone IS NULL AND NOT is_admin)",
        )
        batch_op.create_index(batch_op.f("ix_users_rehearsal_id"), ["rehearsal_id"])
    op.add_column("judges", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "panel_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("judge_code", sa.String(length=40), nullable=False),
        sa.Column("judge_name", sa.String(length=200), nullable=False),
        sa.Column("successor_code", sa.String(length=40), nullable=False),
        sa.Column("successor_name", sa.String(length=200), nullable=False),
        sa.Column("set_aside", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_panel_changes_edition_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_panel_changes_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_changes")),
    )
    op.create_index(op.f("ix_panel_changes_edition_id"), "panel_changes", ["edition_id"])
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("editions_never_become_rehearsals", "editions_only_rehearsals_go"):
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON editions")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("panel_changes")
    with op.batch_alter_table("judges") as batch_op:
        batch_op.drop_column("left_at")
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_rehearsal_id"))
        batch_op.drop_constraint(batch_op.f("ck_users_invented_unreachable"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_users_rehearsal_id"), type_="foreignkey")
        batch_op.drop_column("rehearsal_id")
    op.drop_index("ix_editions_rehearsal_of_id", "editions")
    with op.batch_alter_table("editions") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_editions_rehearsal_is_a_test"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_editions_rehearsal_of_id"), type_="foreignkey")
        batch_op.drop_column("rehearsal_of_id")
