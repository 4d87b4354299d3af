"""Servers under test: each a process of its own on a free port of this machine, gone when the block ends."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
THREADS = 4
START_SECONDS = 60.0
STOP_SECONDS = 10.0
NAME = "waitress" if sys.platform == "win32" else "gunicorn gthread"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(application: str, port: int) -> list[str]:
    """Return what serves `module:name` with one process and four threads."""
    if sys.platform == "win32":
        return [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", f"--threads={THREADS}", application]
    many = ["--worker-class=gthread", "--workers=1", f"--threads={THREADS}", "--keep-alive=30"]
    quiet = ["--no-control-socket", "--log-level=warning"]
    return [sys.executable, "-m", "gunicorn", *many, *quiet, f"--bind=127.0.0.1:{port}", application]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its first process, its port, and the seconds until it answered."""

    pid: int
    port: int
    seconds: float

    def cpu_seconds(self) -> float:
        """Return the processor time that it and its workers have used; 0 where the system does not list them."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:  # gone meanwhile
                continue
            if self.pid in (int(stat.parent.name), int(fields[1])):
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK") if ticks else 0.0


@contextmanager
def served(application: str, path: str, environ: Mapping[str, str], port: int) -> Iterator[Server]:
    """Serve inside the block, from the moment on when `path` answers; raise `RuntimeError` when it never does."""
    began = time.perf_counter()
    child = subprocess.Popen(command(application, port), cwd=ROOT, env={**os.environ, **environ})
    try:
        while not _answers(port, path):
            if child.poll() is not None or time.perf_counter() - began > START_SECONDS:
                raise RuntimeError(f"{application} did not start (exit status {child.poll()})")
            time.sleep(0.02)
        yield Server(child.pid, port, time.perf_counter() - began)
    finally:
        stop(child)


def stop(child: subprocess.Popen[bytes]) -> None:
    """End a process: asked first, then made to."""
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _answers(port: int, path: str) -> bool:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=STOP_SECONDS)
    try:
        link.request("GET", path)
        return link.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        link.close()
