"""chain the audit trail: every entry numbered and linked to the one before it, kept by the database as it is

Entries that stand already are chained in the order of their ids. Whoever rebuilds `audit_entries` on SQLite later must
drop the triggers first and make them again.

Revision: 5e0c7d91ab34
Follows: 4a9f1d27c8e3
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "5e0c7d91ab34"
down_revision = "4a9f1d27c8e3"
branch_labels = None
depends_on = None

CHANGED = "an audit entry is never changed"
KEPT = "an audit entry is never deleted"
SQLITE = (
    f"""
    CREATE TRIGGER audit_entries_never_change BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END
    """,
    f"CREATE TRIGGER audit_entries_never_go BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, '{KEPT}'); END",
    # REPLACE deletes what is in its way without asking the trigger above.
    f"""
    CREATE TRIGGER audit_entries_never_replaced BEFORE INSERT ON audit_entries
    WHEN EXISTS (
        SELECT 1 FROM audit_entries AS kept
        WHERE kept.id = NEW.id OR (kept.scope = NEW.scope AND kept.seq = NEW.seq)
    )
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
    """,  # noqa: S608  texts of this file
)
POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_entries_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{CHANGED}' USING ERRCODE = 'check_violation'; END $$
    """,
    """
    CREATE TRIGGER audit_entries_never_change BEFORE UPDATE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_never_change()
    """,
    f"""
    CREATE FUNCTION audit_entries_never_go() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'check_violation'; END $$
    """,
    """
    CREATE TRIGGER audit_entries_never_go BEFORE DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_never_go()
    """,
    """
    CREATE TRIGGER audit_entries_never_emptied BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_never_go()
    """,
)
ENTRIES = sa.table(
    "audit_entries",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor_id", sa.Integer),
    sa.column("scope", sa.String),
    sa.column("seq", sa.Integer),
    sa.column("action", sa.String),
    sa.column("subject", sa.String),
    sa.column("facts", sa.JSON),
    sa.column("previous", sa.String),
    sa.column("digest", sa.String),
)


def upgrade() -> None:
    """Apply."""
    op.add_column("audit_entries", sa.Column("seq", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("audit_entries", sa.Column("previous", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("audit_entries", sa.Column("digest", sa.String(length=64), nullable=False, server_default=""))
    _chain_what_stands()
    op.create_index("ix_audit_entries_scope_seq", "audit_entries", ["scope", "seq"], unique=True)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _chain_what_stands() -> None:
    connection = op.get_bind()
    ends: dict[str, tuple[int, str]] = {}
    for row in connection.execute(sa.select(ENTRIES).order_by(ENTRIES.c.id)).all():
        seq, previous = ends.get(row.scope, (0, "0" * 64))
        digest = _digest(row, seq + 1, previous)
        values = {"seq": seq + 1, "previous": previous, "digest": digest}
        connection.execute(sa.update(ENTRIES).where(ENTRIES.c.id == row.id).values(**values))
        ends[row.scope] = (seq + 1, digest)


def _digest(row: Any, seq: int, previous: str) -> str:
    at: datetime = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [row.scope, seq, moment, row.actor_id, row.action, row.subject, row.facts]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"\x01" + bytes.fromhex(previous) + text.encode()).hexdigest()


def downgrade() -> None:
    """Undo."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("change", "go", "replaced"):
            op.execute(f"DROP TRIGGER audit_entries_never_{name}")
    else:
        for name in ("change", "go", "emptied"):
            op.execute(f"DROP TRIGGER audit_entries_never_{name} ON audit_entries")
        op.execute("DROP FUNCTION audit_entries_never_change()")
        op.execute("DROP FUNCTION audit_entries_never_go()")
    op.drop_index("ix_audit_entries_scope_seq", "audit_entries")
    for name in ("digest", "previous", "seq"):
        op.drop_column("audit_entries", name)
