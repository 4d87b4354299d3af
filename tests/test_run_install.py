"""What the one command installs, and when."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from pathlib import Path

import pytest

import run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with two small locks and no environment."""
    (tmp_path / run.RUNTIME).write_text("flask==3.1.3\n", encoding="utf-8")
    (tmp_path / run.DEVELOPMENT).write_text("flask==3.1.3\npytest==9.2.0\n", encoding="utf-8")
    return tmp_path


class Installer:
    """Puts an interpreter in place as a real install does, and counts."""

    def __init__(self) -> None:
        self.locks: list[str] = []
        self.marker_was_away: list[bool] = []
        self.found: list[list[str]] = []

    def __call__(self, root: Path, lock: str) -> None:
        venv = root / ".venv"
        self.marker_was_away.append(not (venv / run.MARKER).exists())
        self.found.append(sorted(path.name for path in venv.iterdir()) if venv.exists() else [])
        run.interpreter(venv).parent.mkdir(parents=True, exist_ok=True)
        run.interpreter(venv).write_text("python", encoding="utf-8")
        (venv / "package").write_text(lock, encoding="utf-8")
        self.locks.append(lock)


@pytest.fixture
def installer() -> Installer:
    return Installer()


# When the environment is ready.


def test_the_first_start_installs_and_the_second_does_not(project: Path, installer: Installer) -> None:
    python = run.prepare(project, run.RUNTIME, installer)
    assert python == run.interpreter(project / ".venv")
    assert run.prepare(project, run.RUNTIME, installer) == python
    assert installer.locks == [run.RUNTIME]


def test_the_marker_holds_hash_and_python(project: Path, installer: Installer) -> None:
    run.prepare(project, run.RUNTIME, installer)
    marker = json.loads((project / ".venv" / run.MARKER).read_text(encoding="utf-8"))
    assert marker == {"python": run.python_tag(), run.RUNTIME: run.lock_hash(project / run.RUNTIME)}


def test_tests_need_more_than_the_site_and_the_site_needs_no_more(project: Path, installer: Installer) -> None:
    for lock in (run.RUNTIME, run.DEVELOPMENT, run.RUNTIME, run.DEVELOPMENT):
        run.prepare(project, lock, installer)
    assert installer.locks == [run.RUNTIME, run.DEVELOPMENT]


def test_a_changed_lock_installs_again_on_top(project: Path, installer: Installer) -> None:
    run.prepare(project, run.DEVELOPMENT, installer)
    (project / run.RUNTIME).write_text("flask==3.1.4\n", encoding="utf-8")
    run.prepare(project, run.RUNTIME, installer)
    run.prepare(project, run.DEVELOPMENT, installer)
    assert installer.locks == [run.DEVELOPMENT, run.RUNTIME, run.DEVELOPMENT]
    assert "package" in installer.found[1]
    assert installer.marker_was_away == [True, True, True]


def test_line_ends_do_not_count(project: Path, installer: Installer) -> None:
    run.prepare(project, run.RUNTIME, installer)
    (project / run.RUNTIME).write_bytes(b"flask==3.1.3\r\n")
    run.prepare(project, run.RUNTIME, installer)
    assert installer.locks == [run.RUNTIME]


def test_another_python_makes_the_environment_anew(
    project: Path, installer: Installer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.prepare(project, run.RUNTIME, installer)
    monkeypatch.setattr(run, "python_tag", lambda: "cpython-399-linux-x86_64")
    run.prepare(project, run.RUNTIME, installer)
    assert installer.found == [[], []]


def test_a_vanished_interpreter_makes_the_environment_anew(project: Path, installer: Installer) -> None:
    run.prepare(project, run.RUNTIME, installer)
    run.interpreter(project / ".venv").unlink()
    run.prepare(project, run.RUNTIME, installer)
    assert installer.found == [[], []]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, run.Failure, OSError])
def test_an_interrupted_install_never_counts(project: Path, installer: Installer, stop: type[BaseException]) -> None:
    def interrupted(root: Path, lock: str) -> None:
        Installer()(root, lock)
        raise stop

    with pytest.raises(stop):
        run.prepare(project, run.RUNTIME, interrupted)
    assert not run.is_ready(project, run.RUNTIME)
    run.prepare(project, run.RUNTIME, installer)
    assert installer.found == [[]], "what the interrupted install left was not removed"


def test_an_interrupted_second_install_never_counts_either(project: Path, installer: Installer) -> None:
    def interrupted(root: Path, lock: str) -> None:
        raise KeyboardInterrupt

    run.prepare(project, run.RUNTIME, installer)
    with pytest.raises(KeyboardInterrupt):
        run.prepare(project, run.DEVELOPMENT, interrupted)
    assert not run.is_ready(project, run.RUNTIME)
    run.prepare(project, run.RUNTIME, installer)
    assert installer.found == [[], []]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"python": 1}', "\ufeff{}"])
def test_a_damaged_marker_means_not_ready(project: Path, installer: Installer, text: str) -> None:
    run.prepare(project, run.RUNTIME, installer)
    (project / ".venv" / run.MARKER).write_text(text, encoding="utf-8")
    assert not run.is_ready(project, run.RUNTIME)
    run.prepare(project, run.RUNTIME, installer)
    assert len(installer.locks) == 2


def test_the_lock_as_it_was_before_the_install_is_what_counts(project: Path, installer: Installer) -> None:
    def edited_meanwhile(root: Path, lock: str) -> None:
        installer(root, lock)
        (root / lock).write_text("flask==3.1.9\n", encoding="utf-8")

    run.prepare(project, run.RUNTIME, edited_meanwhile)
    assert not run.is_ready(project, run.RUNTIME)


def test_of_two_starts_at_once_one_installs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entered, installer = threading.Event(), Installer()

    def slow(root: Path, lock: str) -> None:
        entered.set()
        time.sleep(0.5)
        installer(root, lock)

    first = threading.Thread(target=run.prepare, args=(project, run.RUNTIME, slow))
    first.start()
    assert entered.wait(10)
    run.prepare(project, run.RUNTIME, slow)
    first.join(10)
    assert installer.locks == [run.RUNTIME]
    assert "waiting for it" in capsys.readouterr().err


def test_an_environment_in_use_is_a_clear_error(
    project: Path, installer: Installer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(path: Path) -> None:
        raise PermissionError(path)

    (project / ".venv").mkdir()
    monkeypatch.setattr(shutil, "rmtree", busy)
    with pytest.raises(run.Failure, match="stop whatever runs from it"):
        run.prepare(project, run.RUNTIME, installer)


# With what it installs.


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[run.Command]:
    """Record the commands of an install instead of running them; each succeeds."""
    made: list[run.Command] = []

    def call(command: run.Command, cwd: Path, env: object = None) -> int:
        made.append(command)
        return 0

    monkeypatch.setattr(run, "call", call)
    return made


def test_uv_is_used_where_it_is_on_the_path(
    project: Path, calls: list[run.Command], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    run.install_lock(project, run.RUNTIME)
    assert [command[:3] for command in calls] == [["/bin/uv", "venv", "--quiet"], ["/bin/uv", "pip", "install"]]
    assert "--require-hashes" in calls[1]


def test_pip_is_used_otherwise(project: Path, calls: list[run.Command], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    run.install_lock(project, run.DEVELOPMENT)
    assert [command[1:4] for command in calls] == [["-m", "venv", str(project / ".venv")], ["-m", "pip", "install"]]
    assert calls[1][-3:] == ["--require-hashes", "-r", run.DEVELOPMENT]


def test_pip_takes_over_when_uv_fails(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[str] = []

    def call(command: run.Command, cwd: Path, env: object = None) -> int:
        made.append(Path(command[0]).name)
        return 1 if command[0] == "/bin/uv" else 0

    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(run, "call", call)
    run.install_lock(project, run.RUNTIME)
    assert made[0] == "uv"
    assert made.count("uv") == 1
    assert len(made) == 3
    assert "trying pip" in capsys.readouterr().err


def test_a_failed_install_says_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(run, "call", lambda command, cwd, env=None: 1)
    with pytest.raises(run.Failure, match=r"Installing requirements\.txt failed"):
        run.prepare(project, run.RUNTIME)
    assert not run.is_ready(project, run.RUNTIME)


def test_a_python_without_pip_says_what_to_install(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(run.Failure, match="apt install python3-venv"):
        run.install_lock(project, run.RUNTIME)


def test_an_environment_without_pip_gets_one(project: Path) -> None:
    """uv leaves pip out; the steps must not count on it."""
    python = run.interpreter(project / ".venv")
    python.parent.mkdir(parents=True)
    shutil.copy("/bin/false", python) if os.name != "nt" else python.touch()
    assert len(run.pip_steps(project / ".venv", run.RUNTIME)) == 2


def test_both_systems_interpreters(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run.interpreter(tmp_path).relative_to(tmp_path).parts[0] == ("Scripts" if os.name == "nt" else "bin")
