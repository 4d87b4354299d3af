"""keep settled award lists as they are

What a settled list says never changes; only the moment of its publication is written once. A list goes with a wiped
rehearsal alone. Whoever rebuilds `editions` or `award_lists` on SQLite later must drop the triggers first and make them
again.

Revision: e91d3b7c05fa
Follows: c7a15e40d2b8
"""

from __future__ import annotations

from alembic import op

revision = "e91d3b7c05fa"
down_revision = "c7a15e40d2b8"
branch_labels = None
depends_on = None

KEPT = "a settled award list is never changed"
SAID = ("id", "edition_id", "version", "payload", "fingerprint", "reason", "created_at", "created_by")
OF_A_TEST = "SELECT 1 FROM editions WHERE editions.id = OLD.edition_id AND editions.is_test"
SQLITE = (
    f"""
    CREATE TRIGGER award_lists_never_change BEFORE UPDATE ON award_lists
    WHEN OLD.published_at IS NOT NULL OR {" OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in SAID)}
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
    """,
    f"""
    CREATE TRIGGER award_lists_never_go BEFORE DELETE ON award_lists WHEN NOT EXISTS ({OF_A_TEST})
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
    """,
)
POSTGRESQL = (
    f"""
    CREATE FUNCTION award_lists_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.published_at IS NOT NULL
         OR {" OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in SAID)} THEN
        RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER award_lists_never_change BEFORE UPDATE ON award_lists
    FOR EACH ROW EXECUTE FUNCTION award_lists_never_change()
    """,
    f"""
    CREATE FUNCTION award_lists_never_go() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS ({OF_A_TEST}) THEN
        RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'check_violation';
      END IF;
      RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER award_lists_never_go BEFORE DELETE ON award_lists
    FOR EACH ROW EXECUTE FUNCTION award_lists_never_go()
    """,
)


def upgrade() -> None:
    """Apply."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("award_lists_never_change", "award_lists_never_go"):
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON award_lists")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
