"""`flask results papers`: one folder with everything and the hash of each file, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from flask import Flask

from contest.home.cli import papers as command
from contest.papers.kinds import KINDS, Paper
from tests.factories import Make
from tests.papers.world import Final

ARGS = ["results", "papers", "mua-thu-2026", "chung-ket", "--out"]


def run(app: Flask, *args: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=[*args])
    return done.exit_code, done.output


def test_the_folder_holds_everything_with_its_hash(app: Flask, done: Final, tmp_path: Path) -> None:
    out = tmp_path / "dem trao giai"
    code, said = run(app, *ARGS, str(out), "--language", "both")
    assert code == 0, said
    assert done.dossier.snapshot.fingerprint in said
    lines = (out / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {line[66:]: line[:64] for line in lines}
    files = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    assert files.keys() - {"SHA256SUMS"} == sums.keys()
    for name, digest in sums.items():
        assert hashlib.sha256(files[name].read_bytes()).hexdigest() == digest
    words = sum(one.word for one in KINDS.values())
    assert sum(name.endswith(".pdf") for name in sums) == 2 * len(Paper)
    assert sum(name.endswith(".docx") for name in sums) == 2 * words
    for ending, count in ((".xlsx", 2), (".csv", 2), (".json", 2), (".zip", 1)):
        assert sum(name.endswith(ending) for name in sums) == count
    told = json.loads(next(path for name, path in files.items() if name.endswith(".json")).read_text("utf-8"))
    assert done.dossier.snapshot.fingerprint in json.dumps(told)
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_nothing_is_overwritten(app: Flask, done: Final, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    code, said = run(app, *ARGS, str(tmp_path / "x"))
    assert code == 1
    assert "exists already" in said
    assert list((tmp_path / "x").iterdir()) == []


def test_a_failure_in_the_middle_leaves_nothing(
    app: Flask, done: Final, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> bytes:
        raise OSError("no space left on device")

    monkeypatch.setattr(command, "results_bundle", broken)
    code, _said = run(app, *ARGS, str(tmp_path / "x"))
    assert code == 1
    assert list(tmp_path.iterdir()) == []


def test_a_round_that_is_not_final_is_refused_in_words(app: Flask, make: Make, tmp_path: Path) -> None:
    edition = make.edition()
    make.round(edition, "chung-ket")
    code, said = run(app, *ARGS, str(tmp_path / "x"))
    assert code == 1
    assert "are not final yet" in said
    assert run(app, "results", "papers", "khong-co", "r", "--out", str(tmp_path / "y"))[0] == 1
    assert list(tmp_path.iterdir()) == []
