"""The migrations alone make the tables of the models, on both databases, and can be undone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from config import TestConfig
from contest import create_app
from contest.infra.db import db

VERSIONS = Path(__file__).parent.parent / "migrations" / "versions"


@pytest.mark.both_databases
def test_upgrade_from_empty_equals_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(TestConfig.from_env({"DATABASE_URL": f"sqlite:///{tmp_path / 'fresh.sqlite'}", "APP_ENV": "test"}))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_down_and_up_again(fresh: Flask) -> None:
    upgrade()
    made = set(inspect(db.engine).get_table_names())
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    upgrade()
    assert set(inspect(db.engine).get_table_names()) == made


def test_the_line_of_migrations_is_single() -> None:
    assert len(ScriptDirectory(str(VERSIONS.parent)).get_heads()) == 1


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("*.py")), ids=lambda p: p.stem)
def test_migrations_import_no_application_code(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not [name for name in names if name.startswith(("contest", "config"))]
