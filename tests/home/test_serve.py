"""`flask serve` in a process of its own: empty folder to a site that answers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


def _status(port: int, path: str) -> int | None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", path)
            with connection.getresponse() as answer:
                return answer.status
        except OSError:
            return None


def _cookie(port: int, path: str) -> str:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", path)
        with connection.getresponse() as answer:
            return answer.getheader("Set-Cookie") or ""


@contextmanager
def served(folder: Path, *options: str) -> Iterator[tuple[int, Path]]:
    """Run the command until the block ends; yield the port and the file that holds its output."""
    port, log = free_port(), folder / "log.txt"
    left_out = ("FLASK", "DATABASE", "SMTP", "BASE_URL")
    environ = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
    environ |= {"DATA_DIR": str(folder / "data"), "APP_ENV": "development", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port), *options]
    with log.open("w") as out, subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=out) as process:
        try:
            _wait(port, process, log)
            yield port, log
        finally:
            process.terminate()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if _status(port, "/healthz") == 200:
            return
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.mark.parametrize(
    "server", ["waitress", pytest.param("gunicorn", marks=pytest.mark.skipif(os.name == "nt", reason="needs fork()"))]
)
def test_an_empty_folder_becomes_a_site(tmp_path: Path, server: str) -> None:
    with served(tmp_path, "--server", server) as (port, log):
        output = log.read_text()
        tokens = re.findall(r"^  (\w+) .*/s/(\S+)$", output, re.MULTILINE)
        assert [role for role, _ in tokens] == ["organiser", "judge", "captain"]
        assert _status(port, f"/s/{tokens[0][1]}") == 200
        assert _status(port, "/e/y-tuong-2026/") == 200
        assert _status(port, "/e/khong-co/") == 404
        assert f"session-{port}=" in _cookie(port, "/sign-in")


def test_the_network_address_and_its_code_are_printed(tmp_path: Path) -> None:
    with served(tmp_path, "--lan", "--no-demo") as (port, log):
        output = log.read_text()
        assert re.search(rf"On this network: http://[0-9.]+:{port}\n", output)
        assert "█" in output or "▀" in output
        assert "/s/" not in output
