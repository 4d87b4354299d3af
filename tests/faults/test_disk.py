"""RL-10 on a real disk of 64 MB: files stop at its floor, what is small is saved until it is full, nothing is half."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from config import TestConfig
from contest import create_app
from contest.editions.parts import PartKind
from contest.errors import Busy, StorageFull
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.infra.room import usage
from contest.submissions.queries import content_of
from tests.factories import NOON, Make
from tests.submissions.conftest import Entry, entry_in
from tests.submissions.samples import pdf

MEGABYTE = 1 << 20
FLOOR = 8
FILE = pdf() + b"%" * (3 * MEGABYTE) + b"\nstartxref\n0\n%%EOF\n"

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None,
        reason="only root may make a small disk",
    ),
]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        [str(shutil.which("mount")), "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("this machine lets nobody make a small disk")
    yield place
    subprocess.run([str(shutil.which("umount")), "-l", str(place)], check=True)


@pytest.fixture
def app(disk: Path) -> Iterator[Flask]:
    environ = {"DATABASE_URL": f"sqlite:///{disk / 'site.sqlite'}", "DATA_DIR": str(disk), "APP_ENV": "test"}
    app = create_app(TestConfig.from_env({**environ, "DISK_FLOOR_MB": str(FLOOR)}))
    with app.app_context(), clock.stopped_at(NOON):
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def entry(app: Flask) -> Entry:
    make = Make(app)
    edition = make.edition()
    make.track(edition, "A")
    make.part(edition, "plan", PartKind.FILE, name_vi="Thuyết minh", name_en="Plan", accept="pdf", max_mb=5)
    return entry_in(app, make, edition)


def upload_until_refused(entry: Entry) -> int:
    """Send files until one is refused; return how many were taken."""
    for taken in range(40):
        try:
            entry.upload(FILE)
        except StorageFull:
            return taken
    return pytest.fail("no file was refused")


def fill(disk: Path) -> None:
    """Take all that is left, as other programs on the machine may."""
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(64 << 10))
        except OSError as full:
            if full.errno != errno.ENOSPC:
                raise


def save(entry: Entry, text: str) -> None:
    team = entry.team
    with unit_of_work():
        db.session.merge(team).mentor_name = text


def save_until_refused(entry: Entry) -> str:
    """Save one text after another until the database refuses; return the last that was said to be saved."""
    kept = entry.team.mentor_name
    for number in range(100_000):
        text = f"{'x' * 150}{number}"
        try:
            save(entry, text)
        except Busy:
            return kept
        kept = text
    return pytest.fail("nothing was refused")


def test_rl_10_files_stop_at_the_floor_and_small_writes_go_on(entry: Entry, disk: Path) -> None:
    taken = upload_until_refused(entry)

    assert 10 < taken < 20
    assert usage(disk)[1] >= FLOOR * MEGABYTE
    assert entry.storage.room().low
    assert not list(disk.rglob("*.part"))
    assert len(entry.stored_keys) == taken
    for number in range(80):
        save(entry, f"Cô Hoà {number}")
    assert entry.team.mentor_name == "Cô Hoà 79"


def test_rl_10_a_disk_filled_by_others_loses_nothing_that_was_said_to_be_saved(entry: Entry, disk: Path) -> None:
    entry.upload(FILE)
    fill(disk)

    with pytest.raises(StorageFull):
        entry.upload(FILE)
    kept = save_until_refused(entry)
    db.session.rollback()
    assert entry.team.mentor_name == kept

    (disk / "filler").unlink()
    entry.upload(FILE)
    assert content_of(entry.id).files == {"plan": len(FILE)}
    assert db.session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
