"""keep names beside what stands for good: results, awards and the trail hold commitments; who was erased is noted

The database goes on refusing to change what a fingerprint or the chain covers; `names` and `words` may be emptied.
Whoever rebuilds one of the three tables on SQLite later must drop the triggers first and make them again.

Revision: e5a91b3c70d2
Follows: c5e8f0a91b37
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e5a91b3c70d2"
down_revision = "c5e8f0a91b37"
branch_labels = None
depends_on = None

NAMES = {"snapshots": "names", "award_lists": "names", "audit_entries": "words"}
STANDS = {
    "snapshots": ("id", "round_id", "version", "payload", "fingerprint", "created_at", "created_by"),
    "award_lists": (
        *("id", "edition_id", "version", "payload", "fingerprint", "reason", "created_at", "created_by"),
        "published_at",
    ),
    "audit_entries": ("id", "at", "actor_id", "scope", "seq", "action", "subject", "facts", "previous", "digest"),
}
SAID = {
    "snapshots": "a snapshot is never changed",
    "award_lists": "a settled award list is never changed",
    "audit_entries": "an audit entry is never changed",
}
# An unpublished list may be published, and nothing else.
SAID_IN_LIST = STANDS["award_lists"][:-1]
WHEN = {
    "award_lists": " WHEN OLD.published_at IS NOT NULL OR "
    + " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in SAID_IN_LIST)
}
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    for table, column in NAMES.items():
        op.add_column(table, sa.Column(column, sa.JSON(), nullable=False, server_default="{}"))
    for table in NAMES:
        _drop(table)
        _make(table, of=STANDS[table])
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("alias", sa.String(length=40), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_erasures_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("token", name=op.f("uq_erasures_token")),
    )
    op.create_table(
        "retention_rules",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_retention_rules_edition_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["users.id"], name=op.f("fk_retention_rules_updated_by")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_retention_rules")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("retention_rules")
    op.drop_table("erasures")
    for table in NAMES:
        _drop(table)
        _make(table, of=())
    for table, column in NAMES.items():
        op.drop_column(table, column)


def _drop(table: str) -> None:
    on = "" if op.get_bind().dialect.name == "sqlite" else f" ON {table}"
    op.execute(f"DROP TRIGGER {table}_never_change{on}")


def _make(table: str, *, of: tuple[str, ...]) -> None:
    columns = f" OF {', '.join(of)}" if of else ""
    before = f"CREATE TRIGGER {table}_never_change BEFORE UPDATE{columns} ON {table}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"{before}{WHEN.get(table, '')} BEGIN SELECT RAISE(ABORT, '{SAID[table]}'); END")
    else:
        op.execute(f"{before} FOR EACH ROW EXECUTE FUNCTION {table}_never_change()")
