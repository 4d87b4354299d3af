"""Run migrations inside the application, on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app

migrate = current_app.extensions["migrate"]


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database: migrations import nothing of the application."""
    del autogen
    if kind == "type" and type(item).__module__.startswith("contest."):
        return f"sa.{item.impl!r}"
    return False


def run() -> None:
    """Apply the migrations in one transaction, on the application's own engine."""
    engine = migrate.db.engine
    with engine.connect().execution_options(writing=True) as connection:
        if connection.dialect.name == "sqlite":
            # Batch mode rebuilds tables; a foreign key must not delete rows on the way. It is checked afterwards.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=migrate.db.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            connection.commit()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.commit()
            if broken:
                raise RuntimeError(f"the migration left {len(broken)} rows without their parents")


run()
