"""The limited process of `infra.inspection`: one file on standard input, one answer on standard output.

Started as a script of its own, it imports nothing of the application but the one module beside it that it needs.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

MEMORY = 1 << 30
CPU_SECONDS = 25
ROOM_FOR_COPY = 16 << 20
HERE = Path(__file__).parent


def main(verb: str, module: str) -> None:
    """Set the limits, then do it."""
    _limit(os.fstat(0).st_size)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    reader = _beside(module)
    if verb == "strip":
        reader.strip(source, target)
    else:
        answer = {"inspect": reader.inspect, "words": reader.words}[verb](source)
        target.write(json.dumps(answer).encode())
    target.flush()


def _beside(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _limit(size: int) -> None:
    if sys.platform == "win32":  # no such limits; the time limit of the parent holds
        return
    resource = import_module("resource")
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 2 * size + ROOM_FOR_COPY),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(*sys.argv[1:])
