"""CF-06 and OU-03: the site needs no root, no right to its own code, and no network but this machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import run
from tests.ports import free_port

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
ROOT = Path(run.__file__).parent
NOBODY = 65534
SETPRIV, UNSHARE = shutil.which("setpriv"), shutil.which("unshare")
AS_NOBODY = [str(SETPRIV), f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"]
ALONE = [str(UNSHARE), "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
LONGEST = 120


def works(command: list[str]) -> bool:
    """Tell whether this machine lets us do it: root, and in a container not every root."""
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def up(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:  # noqa: S310  our own server
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def serving_as_nobody(folder: Path, port: int) -> Iterator[int]:
    """Serve in production as a user without any rights; give the process's number once it answers."""
    environ = {
        "PATH": os.environ["PATH"], "APP_ENV": "production", "SECRET_KEY": "k3Yq9_x7LmZp2RtVb8NcWd5FgHj4SaQe",
        "DATA_DIR": str(folder / "data"), "BASE_URL": f"http://localhost:{port}", "ALLOW_HTTP": "1", "PORT": str(port),
        "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "HOME": str(folder), "TMPDIR": str(folder),
    }  # fmt: skip
    command = [*AS_NOBODY, sys.executable, *run.flask(["serve", "--server", "gunicorn"])]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, cwd=folder, env=environ, stderr=log) as server:
        try:
            end = time.monotonic() + LONGEST
            while not up(environ["BASE_URL"]):
                assert server.poll() is None, (folder / "log").read_text(encoding="utf-8")
                assert time.monotonic() < end, (folder / "log").read_text(encoding="utf-8")
                time.sleep(0.2)
            yield server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


@pytest.mark.skipif(not SETPRIV or not works([*AS_NOBODY, sys.executable, str(ROOT / "run.py"), "--help"]),
                    reason="nobody cannot read this copy of the code, or we are not root")  # fmt: skip
def test_cf_06_nobody_serves_from_code_that_it_cannot_write() -> None:
    folder = Path(tempfile.mkdtemp())
    os.chown(folder, NOBODY, NOBODY)
    since = time.time()
    try:
        with serving_as_nobody(folder, free_port()) as pid:
            assert f"\nUid:\t{NOBODY}\t{NOBODY}" in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
            assert not works([*AS_NOBODY, "touch", str(ROOT / "contest" / "__init__.py")])
        written = {path.name for path in (folder / "data").iterdir()}
        strange = [
            str(path)
            for place in (ROOT / "contest", ROOT / "templates", ROOT / "migrations")
            for path in place.rglob("*")
            if path.lstat().st_uid == NOBODY and path.lstat().st_mtime >= since
        ]
        loose = [path.name for path in folder.rglob("*") if path.is_file() and path.stat().st_mode & 0o002]
    finally:
        shutil.rmtree(folder)
    assert any(name.startswith("bang-vang.sqlite3") for name in written)
    assert (strange, loose) == ([], [])


@pytest.mark.skipif(not UNSHARE or not works([*ALONE, "true"]), reason="no network namespace can be made here")
def test_ou_03_the_main_job_runs_where_no_other_machine_can_be_reached() -> None:
    probe = "import socket; socket.create_connection(('192.0.2.1', 80), 3)"
    assert not works([*ALONE, sys.executable, "-c", probe])
    job = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "browser", "tests/browser/test_main_job.py"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("TEST_", "PYTEST_"))}
    done = subprocess.run(
        [*ALONE, sys.executable, *job], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
