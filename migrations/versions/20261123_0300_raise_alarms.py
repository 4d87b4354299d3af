"""raise alarms; the database keeps what they say as it is

Revision: d4a81c6e7f25
Follows: b7f0c3a95e21
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d4a81c6e7f25"
down_revision = "b7f0c3a95e21"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEPT = "what an alarm says is never changed"
FACTS = "kind, scope, who, subject, count, seconds, hour, at"
SQLITE = f"""
CREATE TRIGGER alarms_never_change BEFORE UPDATE OF {FACTS} ON alarms
BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
"""
POSTGRESQL = (
    f"""
    CREATE FUNCTION alarms_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'check_violation'; END $$
    """,
    f"""
    CREATE TRIGGER alarms_never_change BEFORE UPDATE OF {FACTS} ON alarms
    FOR EACH ROW EXECUTE FUNCTION alarms_never_change()
    """,
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("hour", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("acknowledged_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["users.id"], name=op.f("fk_alarms_acknowledged_by")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_alarms_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("kind", "scope", "who", "hour", name=op.f("uq_alarms_kind_scope_who_hour")),
    )
    op.create_index("ix_alarms_scope_acknowledged_at", "alarms", ["scope", "acknowledged_at"])
    for statement in (SQLITE,) if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Undo."""
    op.drop_table("alarms")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION alarms_never_change()")
