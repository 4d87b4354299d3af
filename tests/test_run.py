"""The one command: what it refuses, what it starts, what it checks."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import run

ROOT = Path(run.__file__).parent


# Before anything is installed.


def test_only_the_standard_library_is_imported() -> None:
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_old_python_reads_the_file_far_enough_to_refuse() -> None:
    """Parse as Python 3.7 would, and run with a version that lies."""
    source = (ROOT / "run.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    lie = "import runpy, sys; sys.version_info = (3, 10, 4); runpy.run_path('run.py', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", lie], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == "This needs Python 3.11 or newer; this is Python 3.10."


def test_the_refusal_comes_before_any_definition() -> None:
    body = ast.parse((ROOT / "run.py").read_text(encoding="utf-8")).body
    refusal = next(index for index, node in enumerate(body) if isinstance(node, ast.If))
    assert not any(isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AnnAssign) for node in body[:refusal])


@pytest.mark.skipif(os.name == "nt", reason="Windows starts it with py")
def test_it_can_be_started_by_name() -> None:
    done = subprocess.run([str(ROOT / "run.py"), "--help"], capture_output=True, text=True, check=True)
    for word in ("test", "check", "bench NAME", "flask ARGS", "--browser", "--slow", "py run.py"):
        assert word in done.stdout


# What it starts.

QUICK = "not sweep and not browser and not office and not trust and not fuzz and not faults and not load"


@pytest.mark.parametrize(
    ("args", "word", "lock", "command"),
    [
        ([], "serve", run.RUNTIME, ["flask", "serve"]),
        (["--lan", "--port", "9000"], "serve", run.RUNTIME, ["flask", "serve", "--lan", "--port", "9000"]),
        (["serve", "--help"], "serve", run.RUNTIME, ["flask", "serve", "--help"]),
        (["flask", "demo", "seed"], "flask", run.RUNTIME, ["flask", "demo", "seed"]),
        (["flask"], "flask", run.RUNTIME, ["flask"]),
        (["bench", "web", "--json", "f"], "bench", run.RUNTIME, ["benchmarks", "web", "--json", "f"]),
        (["check"], "check", run.DEVELOPMENT, []),
    ],
)
def test_words_lead_to_commands(args: list[str], word: str, lock: str, command: list[str]) -> None:
    meant, needed, built = run.route(args)
    assert (meant, needed) == (word, lock)
    assert [part for part in built if part not in {"-m", "--app", str(ROOT / "wsgi.py")}] == command


@pytest.mark.parametrize("word", ["tset", "start", "runserver"])
def test_a_typing_error_starts_nothing(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main([word]) == 1
    assert capsys.readouterr().err.startswith(f"There is no command '{word}'.\n")


def chosen(*args: str) -> str:
    command = run.pytest(list(args))
    return command[command.index("-m", 2) + 1]


@pytest.mark.parametrize(
    ("flags", "expression"),
    [
        ([], QUICK),
        (["tests/judging", "-x"], QUICK),
        (["--browser"], "browser"),
        (["--faults"], "faults"),
        (["--sweep"], "sweep"),
        (["--trust"], "trust"),
        (["--fuzz"], "fuzz"),
        (["--load", "--browser"], "browser or load"),
        (["--slow"], "sweep or browser or office or trust or fuzz or faults or load"),
        (["--slow", "--faults"], "sweep or browser or office or trust or fuzz or faults or load"),
    ],
)
def test_groups_of_tests(flags: list[str], expression: str) -> None:
    assert chosen(*flags) == expression


def test_every_group_is_a_registered_marker() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert set(run.GROUPS) <= set(re.findall(r'^  "(\w+): ', text, re.MULTILINE))


@pytest.mark.parametrize(
    ("cores", "flags", "workers"),
    [
        (2, [], "2"),
        (1, [], "1"),
        (64, [], "8"),
        (None, [], "1"),
        (64, ["--browser"], "2"),
        (64, ["--sweep"], "8"),
        (64, ["--faults"], "0"),
        (64, ["--slow"], "0"),
    ],
)
def test_workers_follow_the_cores_within_limits(
    cores: int | None, flags: list[str], workers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    command = run.pytest(flags)
    assert command[command.index("-n") + 1] == workers


@pytest.mark.parametrize("own", [["-n", "3"], ["-n3"], ["--numprocesses=3"], ["--pdb"]])
def test_an_own_number_of_workers_wins(own: list[str]) -> None:
    assert run.pytest(own) == ["-m", "pytest", "-m", QUICK, *own]


def test_the_rest_goes_to_pytest_in_order() -> None:
    assert run.pytest(["--browser", "tests/browser", "-k", "a and b", "--maxfail=1"])[-4:] == [
        "tests/browser",
        "-k",
        "a and b",
        "--maxfail=1",
    ]


def test_commands_find_our_modules_from_any_folder(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("raise SystemExit('the wrong config')", encoding="utf-8")
    env = run.environment({**os.environ, "PYTHONPATH": "elsewhere"})
    assert env["PYTHONPATH"] == f"{ROOT}{os.pathsep}elsewhere"
    command = [sys.executable, "-m", "benchmarks"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("Measurements:")


def test_a_chosen_encoding_is_left_alone() -> None:
    assert run.environment({})["PYTHONUTF8"] == "1"
    assert run.environment({"PYTHONUTF8": "0"})["PYTHONUTF8"] == "0"


# The checks.


def test_the_checks_are_those_of_the_house() -> None:
    words = [[part for part in command if not part.startswith(("-", str(ROOT)))] for _, command in run.checks()]
    assert words == [
        ["ruff", "check", "."],
        ["ruff", "format", "."],
        ["mypy"],
        ["bandit", "pyproject.toml", *run.SHIPPED],
        ["djlint", "templates"],
        ["tests.tools.translations", "check"],
        ["flask", "db", "upgrade"],
        ["flask", "db", "check"],
    ]


def checked(monkeypatch: pytest.MonkeyPatch, result: Callable[[run.Command], int]) -> tuple[int, list[dict[str, str]]]:
    environments: list[dict[str, str]] = []

    def call(command: run.Command, cwd: Path, env: dict[str, str]) -> int:
        assert cwd == ROOT
        assert Path(env["DATA_DIR"]).is_dir()
        environments.append(env)
        return result(command)

    monkeypatch.setattr(run, "call", call)
    return run.check(Path("python")), environments


def test_every_check_runs_even_after_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, environments = checked(monkeypatch, lambda command: int(command[2] in {"mypy", "djlint"}))
    assert (status, len(environments)) == (1, len(run.checks()))
    assert capsys.readouterr().err.endswith("FAILED: types, templates\n")


def test_checks_that_pass_say_so_and_use_a_database_of_their_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/precious")
    status, environments = checked(monkeypatch, lambda command: 0)
    assert status == 0
    assert {env["APP_ENV"] for env in environments} == {"test"}
    (url,) = {env["DATABASE_URL"] for env in environments}
    assert url == f"sqlite:///{Path(environments[0]['DATA_DIR']).as_posix()}/check.sqlite3"
    assert not Path(environments[0]["DATA_DIR"]).exists()
    assert capsys.readouterr().err.endswith("All checks passed.\n")


# Handing over.


@pytest.mark.skipif(os.name == "nt", reason="Windows waits instead")
def test_the_command_takes_the_place_of_the_process() -> None:
    hand_over = "import os, sys, run; run.replace_process([sys.executable, '-c', {0!r}], os.environ)"
    code = "import os; print(os.getpid()); raise SystemExit(7)"
    with subprocess.Popen(
        [sys.executable, "-c", hand_over.format(code)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as child:
        out, _ = child.communicate(timeout=30)
    assert (int(out), child.returncode) == (child.pid, 7)


def test_where_a_process_cannot_be_replaced_its_status_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "name", "nt")
    assert run.replace_process([sys.executable, "-c", "raise SystemExit(5)"], dict(os.environ)) == 5


def test_a_failed_preparation_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(root: Path, lock: str) -> Path:
        raise run.Failure("no network")

    monkeypatch.setattr(run, "prepare", fail)
    assert run.main([]) == 1
    assert capsys.readouterr().err == "no network\n"


def test_ctrl_c_while_preparing_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(root: Path, lock: str) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "prepare", interrupt)
    assert run.main(["test"]) == 130
    assert "begins anew" in capsys.readouterr().err


def test_main_prepares_the_right_lock_then_hands_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started: list[run.Command] = []
    monkeypatch.setattr(run, "prepare", lambda root, lock: root / lock)

    def hand_over(command: run.Command, env: dict[str, str]) -> int:
        started.append(command)
        return 3

    monkeypatch.setattr(run, "replace_process", hand_over)
    monkeypatch.setattr(run, "check", lambda python: 4)
    monkeypatch.chdir(tmp_path)
    assert run.main(["flask", "routes"]) == 3
    assert Path.cwd() == tmp_path
    assert run.main(["test", "-x"]) == 3
    assert Path.cwd() == ROOT
    assert run.main(["check"]) == 4
    assert [(command[0], command[2], command[-1]) for command in started] == [
        (str(ROOT / run.RUNTIME), "flask", "routes"),
        (str(ROOT / run.DEVELOPMENT), "pytest", "-x"),
    ]


def test_the_makefile_is_four_lines_of_the_same() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    assert lines == [".PHONY: run test check", "run: ; ./run.py", "test: ; ./run.py test", "check: ; ./run.py check"]
