"""record every save: score events that the database keeps as they are, and papers that come late

An event is never changed, and deleted with a test edition only. Whoever rebuilds `editions`, `rounds` or `score_events`
on SQLite later must drop the triggers first and make them again.

Revision: 1152467cbc2a
Follows: 40639a018314
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1152467cbc2a"
down_revision = "40639a018314"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
HEARD = "a score event is never changed"
KEPT = "a score event is never deleted"
OF_A_TEST = "SELECT 1 FROM rounds JOIN editions ON editions.id = rounds.edition_id WHERE rounds.id = OLD.round_id"
SQLITE = (
    f"CREATE TRIGGER score_events_never_change BEFORE UPDATE ON score_events BEGIN SELECT RAISE(ABORT, '{HEARD}'); END",
    f"""
    CREATE TRIGGER score_events_never_go BEFORE DELETE ON score_events
    WHEN NOT EXISTS ({OF_A_TEST} AND editions.is_test)
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
    """,
    # REPLACE deletes what is in its way without asking the trigger above.
    f"""
    CREATE TRIGGER score_events_never_replaced BEFORE INSERT ON score_events
    WHEN EXISTS (
        SELECT 1 FROM score_events AS kept
        WHERE kept.id = NEW.id OR kept.code = NEW.code OR kept.digest = NEW.digest
        OR (kept.assignment_id = NEW.assignment_id AND kept.version = NEW.version)
        OR (kept.actor_id = NEW.actor_id AND kept.key = NEW.key)
    )
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
    """,  # noqa: S608  texts of this file
)
POSTGRESQL = (
    f"""
    CREATE FUNCTION score_events_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{HEARD}' USING ERRCODE = 'check_violation'; END $$
    """,
    """
    CREATE TRIGGER score_events_never_change BEFORE UPDATE ON score_events
    FOR EACH ROW EXECUTE FUNCTION score_events_never_change()
    """,
    f"""
    CREATE FUNCTION score_events_never_go() RETURNS trigger LANGUAGE plpgsql AS $$
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
    CREATE TRIGGER score_events_never_go BEFORE DELETE ON score_events
    FOR EACH ROW EXECUTE FUNCTION score_events_never_go()
    """,
    """
    CREATE TRIGGER score_events_never_emptied BEFORE TRUNCATE ON score_events
    FOR EACH STATEMENT EXECUTE FUNCTION score_events_never_go()
    """,
)


def upgrade() -> None:
    """Apply."""
    _create_events()
    _create_late_papers()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _create_events() -> None:
    op.create_table(
        "score_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("feedback_changed", sa.Boolean(), nullable=False),
        sa.Column("note_changed", sa.Boolean(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_score_events_round_id")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_score_events_assignment_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_score_events_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_events")),
        sa.UniqueConstraint("code", name=op.f("uq_score_events_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_score_events_digest")),
        sa.UniqueConstraint("actor_id", "key", name=op.f("uq_score_events_actor_id_key")),
        sa.UniqueConstraint("assignment_id", "version", name=op.f("uq_score_events_assignment_id_version")),
    )
    op.create_index(op.f("ix_score_events_round_id"), "score_events", ["round_id"])


def _create_late_papers() -> None:
    op.create_table(
        "late_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column("submit", sa.Boolean(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("private_note", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=500), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_late_papers_round_id")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_late_papers_assignment_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_late_papers_actor_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_late_papers_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_papers")),
        sa.UniqueConstraint("public_id", name=op.f("uq_late_papers_public_id")),
    )
    op.create_index(op.f("ix_late_papers_round_id"), "late_papers", ["round_id"])
    op.create_index(op.f("ix_late_papers_assignment_id"), "late_papers", ["assignment_id"])


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_table("late_papers")
    op.drop_table("score_events")
    if not sqlite:
        op.execute("DROP FUNCTION score_events_never_change()")
        op.execute("DROP FUNCTION score_events_never_go()")
