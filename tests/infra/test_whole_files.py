"""A file that is written whole: a writer killed at any moment leaves all of it or nothing (RL-14)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from contest.infra.storage import write_whole

SIZE = 8_000_000
KILLS = int(os.environ.get("FAULT_RUNS", "12"))
# Writes its own number over and over again, so that every whole file is eight million times one byte.
WRITER = """
import sys
from pathlib import Path
from contest.infra.storage import write_whole
out = Path(sys.argv[1])
print("ready", flush=True)
for number in range(1, 1_000_000):
    write_whole(out, bytes([number % 256]) * int(sys.argv[2]))
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_file_or_none(tmp_path: Path) -> None:
    dice, out = random.Random(14), tmp_path / "so.xlsx"
    halves = 0
    for _kill in range(KILLS):
        out.unlink(missing_ok=True)
        command = [sys.executable, "-c", WRITER, str(out), str(SIZE)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(dice.uniform(0, 0.12))
        writer.send_signal(signal.SIGKILL)
        assert writer.wait(10) == -signal.SIGKILL
        writer.stdout.close()
        if out.exists():
            content = out.read_bytes()
            assert len(content) == SIZE
            assert content == content[:1] * SIZE
        halves += sum(part.stat().st_size < SIZE for part in tmp_path.glob("*.part"))
        assert {each.suffix for each in tmp_path.iterdir()} <= {".xlsx", ".part"}
    assert halves, "no kill fell into the writing: nothing was tried"


def test_what_was_there_stays_until_the_new_file_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "so.xlsx"
    write_whole(out, b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(out, b"new")
    assert out.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["so.xlsx"]
