"""The runner: `python -m benchmarks NAME [--json FILE] [ARGS]`; without NAME it lists what there is."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import benchmarks
from benchmarks import Report


def names() -> list[str]:
    """Return the measurements there are, sorted, an underscore as a hyphen; helpers begin with an underscore."""
    return sorted(
        module.name.replace("_", "-") for module in iter_modules(benchmarks.__path__) if not module.name.startswith("_")
    )


def measure(name: str, args: list[str]) -> Report:
    """Run one measurement; raise `TypeError` when it hands back anything but a report."""
    report = import_module(f"benchmarks.{name.replace('-', '_')}").run(args)
    if not isinstance(report, Report):
        raise TypeError(f"benchmarks.{name}.run() must return a Report")
    return report


def as_json(name: str, report: Report) -> str:
    """Return the figures with what is needed to compare them: the Python, the system, the processors."""
    machine = {"python": platform.python_version(), "system": platform.system(), "cpus": os.cpu_count()}
    figures = {"name": name, "wrong": report.wrong, "facts": dict(report.facts), "rows": [dict(r) for r in report.rows]}
    return json.dumps({**figures, "machine": machine}, indent=2, ensure_ascii=False) + "\n"


def main(argv: list[str]) -> int:
    """Run, print and write; return 1 when a count was wrong, 2 for an unknown name."""
    known = names()
    if not argv or argv[0] not in known:
        print("Measurements:", ", ".join(known) or "none", file=sys.stderr)
        return 2 if argv else 0
    parser = argparse.ArgumentParser(prog="benchmarks", add_help=False, allow_abbrev=False)
    parser.add_argument("--json", type=Path)
    options, args = parser.parse_known_args(argv[1:])
    report = measure(argv[0], args)
    print(report.table())
    if options.json:
        options.json.write_text(as_json(argv[0], report), encoding="utf-8")
    if report.wrong:
        print(f"WRONG: {report.wrong}", file=sys.stderr)
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
