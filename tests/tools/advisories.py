"""Ask the advisory services about every pinned library: `python -m tests.tools.advisories`.

Where a service cannot be reached, the line says "skipped:" and why, and nothing fails: no answer is not a good answer.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.tools.sbom import LOCK, ROOT, vendored

SECONDS = 120
Outcome = tuple[bool, str]
Run = Callable[[list[str], Path], tuple[int, str, str]]


def run(command: list[str], folder: Path) -> tuple[int, str, str]:
    """Run a command; return its status and what it said."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return 1, "", f"no answer within {SECONDS} seconds"
    return done.returncode, done.stdout, done.stderr


def python_libraries(call: Run = run) -> Outcome:
    """Look the lock up; return whether it may stay as it is, and a line about it."""
    service = ["--vulnerability-service", "osv", "--timeout", "15", "--progress-spinner", "off", "--format", "json"]
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", *service, "-r", str(LOCK)]
    _status, said, complaint = call(command, ROOT)
    try:
        looked_up = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return True, f"pip-audit skipped: {_reason(complaint)}"
    known = [f"{one['name']} {bad['id']}" for one in looked_up for bad in one.get("vulns", ())]
    return not known, f"pip-audit: {len(looked_up)} libraries, {', '.join(known) or 'nothing known against them'}"


def vendored_files(call: Run = run) -> Outcome:
    """Look up the packages of npm whose files we serve."""
    npm = shutil.which("npm")
    if npm is None:
        return True, "npm audit skipped: there is no npm on this machine"
    with tempfile.TemporaryDirectory() as folder:
        write_lock(Path(folder))
        _status, said, complaint = call([npm, "audit", "--json", "--package-lock-only"], Path(folder))
    try:
        found = json.loads(said)
        known = sorted(found["vulnerabilities"])
    except (ValueError, KeyError, TypeError):
        return True, f"npm audit skipped: {_reason(complaint)}"
    return not known, f"npm audit: {len(vendored())} packages, {', '.join(known) or 'nothing known against them'}"


def write_lock(folder: Path) -> None:
    """Write what npm needs to look up the packages that VENDOR.md names."""
    wanted = {one.name: one.version for one in vendored()}
    packages = {"": {"name": "vendored", "version": "1.0.0", "dependencies": wanted}}
    locked = {f"node_modules/{name}": {"version": version} for name, version in wanted.items()}
    head = {"name": "vendored", "version": "1.0.0", "private": True}
    (folder / "package.json").write_text(json.dumps({**head, "dependencies": wanted}), encoding="utf-8")
    lock = {**head, "lockfileVersion": 3, "requires": True, "packages": {**packages, **locked}}
    (folder / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def _reason(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip() and "complete log" not in line]
    return lines[-1][:160] if lines else "the service gave no answer"


def main() -> int:
    """Ask both; end with 1 when something is known against a library."""
    outcomes = [python_libraries(), vendored_files()]
    for _good, line in outcomes:
        print(line)  # noqa: T201 - the one thing this command is for
    return 0 if all(good for good, _line in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
