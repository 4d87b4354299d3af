"""The command: silent rules on a sound site, the first few names of what is broken, and its exit status."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from contest.home.queries.invariants import INVARIANTS, breaches
from contest.home.queries.proofs import PROOFS
from contest.infra.db import unit_of_work
from contest.infra.storage import LocalStorage
from tests.factories import Make


@pytest.fixture(autouse=True)
def empty_storage(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A storage without the files of other tests."""
    monkeypatch.setitem(app.extensions, "storage", LocalStorage(tmp_path))


def test_a_sound_site_says_how_many_rules_hold(app: Flask, make: Make, noon: datetime) -> None:
    make.submission(make.edition())
    answer = app.test_cli_runner().invoke(args=["check"])
    assert (answer.exit_code, answer.output) == (0, f"{len(INVARIANTS) + PROOFS} rules hold\n")


def test_what_is_broken_is_named_and_counted(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    for _ in range(7):
        make.submission(edition)
    with unit_of_work() as session:
        session.execute(text("UPDATE submissions SET submitted_at = NULL, status = 'submitted'"))
    answer = app.test_cli_runner().invoke(args=["check"])
    assert answer.exit_code == 1
    (line,) = answer.output.splitlines()
    assert line.startswith("submitted_has_a_moment: an entry is submitted without a moment (7): ")
    assert line.endswith(" …")
    assert line.count(",") == 4


@pytest.mark.both_databases
def test_every_rule_is_understood_by_both_databases(app: Flask, make: Make, noon: datetime) -> None:
    make.submission(make.edition())
    assert breaches() == ()
