#!/usr/bin/env python3
"""One command for everything: prepares `.venv` from the lock, then starts what was asked. Standard library only.

  ./run.py [OPTIONS]             serve the site (./run.py serve --help lists the options)
  ./run.py test [PYTEST ARGS]    the quick tests; --sweep, --browser, --office, --trust, --fuzz,
                                 --faults, --load, or --slow for all of them
  ./run.py check                 style, types, templates, translations, migrations
  ./run.py bench NAME [ARGS]     a measurement; without NAME the list; --json FILE writes the figures
  ./run.py flask ARGS            the command line of the application

On Windows write `py run.py` for `./run.py`.
"""

import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

OLDEST = (3, 11)
if sys.version_info < OLDEST:  # before any line that an older Python cannot run
    sys.exit("This needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031 - as above

ROOT = Path(__file__).resolve().parent
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
SHIPPED = ("contest", "config.py", "wsgi.py", "run.py")
MARKER = "ready.json"
GROUPS = ("sweep", "browser", "office", "trust", "fuzz", "faults", "load")
MOST_WORKERS = 8

Command = list[str]


class Failure(Exception):
    """The environment could not be prepared; the text says why."""


def interpreter(venv: Path) -> Path:
    """Return where the environment's Python is on this system."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def python_tag() -> str:
    """Return what an environment is bound to: the Python line, the system and the machine."""
    return f"{sys.implementation.cache_tag}-{sys.platform}-{platform.machine()}"


def lock_hash(path: Path) -> str:
    """Return the SHA-256 of a lock. Line ends do not count: git may rewrite them on Windows."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def installed(venv: Path) -> dict[str, str]:
    """Return the marker: hash per lock and the Python tag; empty when nothing was installed to the end."""
    try:
        marker = json.loads((venv / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return marker if isinstance(marker, dict) else {}


def is_ready(root: Path, lock: str) -> bool:
    """Tell whether `.venv` holds exactly this lock for this Python."""
    venv = root / ".venv"
    marker = installed(venv)
    wanted = {"python": python_tag(), lock: lock_hash(root / lock)}
    return interpreter(venv).exists() and wanted.items() <= marker.items()


def marker_for(root: Path, lock: str) -> dict[str, str]:
    """Return what the marker says once `lock` is installed: the development lock contains the runtime lock."""
    locks = (RUNTIME, DEVELOPMENT) if lock == DEVELOPMENT else (RUNTIME,)
    return {"python": python_tag(), **{name: lock_hash(root / name) for name in locks}}


def write_marker(root: Path, marker: Mapping[str, str]) -> None:
    """Declare `.venv` ready, in one step."""
    draft = root / ".venv" / f"{MARKER}.{os.getpid()}"
    draft.write_text(json.dumps(marker, indent=1), encoding="utf-8")
    draft.replace(root / ".venv" / MARKER)


def prepare(root: Path, lock: str, install: Callable[[Path, str], None] | None = None) -> Path:
    """Return the interpreter of a `.venv` that holds `lock`; install only when the lock or Python changed.

    The marker is away while an install runs, and a `.venv` without one is made anew, so an interrupted install never
    counts. Of two calls at once, the second waits for the first.
    """
    venv = root / ".venv"
    if is_ready(root, lock):
        return interpreter(venv)
    with exclusive(root / ".venv.lock"):
        if not is_ready(root, lock):
            say(f"Preparing .venv from {lock} (the first time takes about a minute) …")
            marker = marker_for(root, lock)
            if installed(venv).get("python") != python_tag() or not interpreter(venv).exists():
                remove(venv)
            (venv / MARKER).unlink(missing_ok=True)
            (install or install_lock)(root, lock)
            write_marker(root, marker)
    return interpreter(venv)


def remove(venv: Path) -> None:
    """Delete the environment, if there is one."""
    try:
        if venv.exists():
            shutil.rmtree(venv)
    except OSError as error:
        raise Failure(f"{venv} cannot be renewed; stop whatever runs from it. ({error})") from error


def install_lock(root: Path, lock: str) -> None:
    """Make `.venv` when it is missing and install the lock, with uv where it is at hand, else with pip."""
    venv, uv = root / ".venv", shutil.which("uv")
    if uv and all(call(step, root) == 0 for step in uv_steps(uv, venv, lock)):
        return
    if uv:
        say("uv could not do it; trying pip.")
        remove(venv)
    if importlib.util.find_spec("ensurepip") is None:
        raise Failure("This Python comes without pip. On Debian or Ubuntu: apt install python3-venv")
    for step in pip_steps(venv, lock):
        if call(step, root) != 0:
            raise Failure(f"Installing {lock} failed; the lines above say why. Start again to retry.")


def uv_steps(uv: str, venv: Path, lock: str) -> list[Command]:
    """Return the commands that build `venv` with uv."""
    make = [] if interpreter(venv).exists() else [[uv, "venv", "--quiet", "--python", base_python(), str(venv)]]
    target = ["--python", str(interpreter(venv)), "--require-hashes", "--compile-bytecode"]
    return [*make, [uv, "pip", "install", "--quiet", *target, "-r", lock]]


def pip_steps(venv: Path, lock: str) -> list[Command]:
    """Return the commands that build `venv` with the standard library and pip."""
    python = str(interpreter(venv))
    has_pip = interpreter(venv).exists() and subprocess.run([python, "-c", "import pip"], check=False).returncode == 0
    make = [] if has_pip else [[base_python(), "-m", "venv", str(venv)]]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    return [*make, [python, "-m", "pip", "install", *quiet, "--require-hashes", "-r", lock]]


def base_python() -> str:
    """Return the Python outside of any environment: `.venv` may be deleted while its own Python runs this file."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file until the block ends; the system frees it when the process dies."""
    with path.open("a+b") as handle:
        if not _lock(handle.fileno()):
            say("Another run.py is preparing .venv; waiting for it …")
            while not _lock(handle.fileno()):
                time.sleep(0.2)
        yield


def _lock(handle: int) -> bool:
    try:
        _claim(handle)
    except (BlockingIOError, PermissionError):  # how Unix and how Windows say that another process holds it
        return False
    return True


if sys.platform == "win32":
    import msvcrt

    def _claim(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _claim(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def say(text: str) -> None:
    """Tell the person at the terminal; standard output belongs to the command that follows."""
    print(text, file=sys.stderr, flush=True)


def call(command: Command, cwd: Path, env: Mapping[str, str] | None = None) -> int:
    """Run a command to its end and return its exit status."""
    return subprocess.run(command, cwd=cwd, env=env, check=False).returncode


def environment(base: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of every command: from any folder our modules are found, not its own; text is UTF-8."""
    path = os.pathsep.join(filter(None, [str(ROOT), base.get("PYTHONPATH")]))
    return {"PYTHONUTF8": "1", **base, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}


def replace_process(command: Command, env: Mapping[str, str]) -> int:
    """Become the command, so that signals and the exit status are its own; Windows can only wait for it."""
    if os.name != "nt":
        os.execve(command[0], command, env)  # noqa: S606 - no shell is wanted
    with subprocess.Popen(command, env=env) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:  # the console sent it to the child as well; let that one finish
                continue


def flask(args: Command) -> Command:
    """Return the arguments for Python that run the application's command line."""
    return ["-m", "flask", "--app", str(ROOT / "wsgi.py"), *args]


def pytest(args: Command) -> Command:
    """Return the arguments for Python that run one group of tests; the rest of `args` goes to pytest.

    Groups that measure or kill run one test at a time; browsers are limited to two.
    """
    flags = {f"--{name}": [name] for name in GROUPS} | {"--slow": list(GROUPS)}
    groups = [name for name in GROUPS if any(name in flags.get(arg, []) for arg in args)]
    rest = [arg for arg in args if arg not in flags]
    chosen = " or ".join(groups) or " and ".join(f"not {name}" for name in GROUPS)
    most = {
        (): MOST_WORKERS,
        ("sweep",): MOST_WORKERS,
        ("trust",): MOST_WORKERS,
        ("fuzz",): MOST_WORKERS,
        ("browser",): 2,
    }.get(tuple(groups), 0)
    own = any(arg.startswith(("-n", "--numprocesses", "--pdb")) for arg in rest)
    # The last tests are the long ones: a worker that is done takes over what waits for another.
    workers = [] if own else ["-n", str(min(most, os.cpu_count() or 1)), "--dist", "worksteal"]
    return ["-m", "pytest", *workers, "-m", chosen, *rest]


def checks() -> list[tuple[str, Command]]:
    """Return the checks in order, each with the arguments for Python."""
    return [
        ("style", ["-m", "ruff", "check", "."]),
        ("layout", ["-m", "ruff", "format", "--check", "."]),
        ("types", ["-m", "mypy", "--cache-dir", str(ROOT / ".mypy_cache")]),
        ("security", ["-m", "bandit", "--quiet", "--recursive", "-c", "pyproject.toml", *SHIPPED]),
        ("templates", ["-m", "djlint", "--lint", "--quiet", "templates"]),
        ("translations", ["-m", "tests.tools.translations", "check"]),
        ("migrations run", flask(["db", "upgrade"])),
        ("migrations agree with the models", flask(["db", "check"])),
    ]


def check(python: Path) -> int:
    """Run every check, say which failed, and return 1 if any did. The database is a new one in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder, 'check.sqlite3').as_posix()}"
        env = environment(os.environ) | {"APP_ENV": "test", "DATA_DIR": folder, "DATABASE_URL": database}
        failed = []
        for name, args in checks():
            say(f"== {name}")
            if call([str(python), *args], ROOT, env) != 0:
                failed.append(name)
    say("FAILED: " + ", ".join(failed) if failed else "All checks passed.")
    return 1 if failed else 0


def route(args: Command) -> tuple[str, str, Command]:
    """Return the word that was meant, the lock it needs, and the arguments for Python; raise `Failure` for a typo."""
    word, rest = (args[0], args[1:]) if args and not args[0].startswith("-") else ("serve", args)
    commands: dict[str, tuple[str, Callable[[Command], Command]]] = {
        "serve": (RUNTIME, lambda more: flask(["serve", *more])),
        "flask": (RUNTIME, flask),
        "bench": (RUNTIME, lambda more: ["-m", "benchmarks", *more]),
        "test": (DEVELOPMENT, pytest),
        "check": (DEVELOPMENT, list),
    }
    if word not in commands:
        raise Failure(f"There is no command {word!r}.\n{__doc__}")
    lock, build = commands[word]
    return word, lock, build(rest)


def main(args: Command) -> int:
    """Prepare, then run what was asked; return the exit status."""
    if args[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    try:
        word, lock, command = route(args)
        python = prepare(ROOT, lock)
    except Failure as failure:
        say(str(failure))
        return 1
    except KeyboardInterrupt:
        say("Interrupted; the next start begins anew.")
        return 130
    if word == "check":
        return check(python)
    if word == "test":
        os.chdir(ROOT)
    return replace_process([str(python), *command], environment(os.environ))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
