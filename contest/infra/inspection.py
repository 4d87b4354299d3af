"""Look into a foreign file, or write a copy without its author's notes, in a process with limits of its own.

`docs/uploads.md` says what is refused. A process that takes too long or falls over means that the file is damaged.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

RUN = Path(__file__).parent / "children" / "run.py"
SECONDS = 30
_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MODULES = {
    "application/pdf": "pdf",
    _PPTX: "office",
    "image/jpeg": "picture",
    "image/png": "picture",
    "image/webp": "picture",
}
DAMAGED = "damaged"


class NotStripped(Exception):
    """No clean copy could be made."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a file says: `text` by page, slide or remark; `notes` of programs and cameras about who made it."""

    text: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    read: bool = True


def inspect(stream: BinaryIO, content_type: str) -> frozenset[str]:
    """Return the codes of what is wrong with a file, see `children`; nothing for a type that nobody can look into.

    The stream is a real file; its position is lost.
    """
    answer = _asked("inspect", stream, content_type)
    return frozenset([DAMAGED] if answer is None else answer)


def words(stream: BinaryIO, content_type: str) -> Words:
    """Return the words of a file; `read` is false when nobody could read them."""
    answer = _asked("words", stream, content_type)
    if not isinstance(answer, dict):
        return Words(read=False)
    return Words(tuple(answer["text"]), dict(answer["notes"]))


def strip(stream: BinaryIO, content_type: str, target: BinaryIO) -> None:
    """Write a copy without notes about its author to a real file; raise `NotStripped`."""
    if content_type not in MODULES or not _run("strip", stream, MODULES[content_type], target):
        raise NotStripped(content_type)


def _asked(verb: str, stream: BinaryIO, content_type: str) -> Any:
    if content_type not in MODULES:
        return []
    said = _run(verb, stream, MODULES[content_type], subprocess.PIPE)
    try:
        return None if said is None else json.loads(said)
    except ValueError:
        return None


def _run(verb: str, stream: BinaryIO, module: str, target: BinaryIO | int) -> bytes | None:
    """Return what the child wrote (b"done" for a copy), or none when it failed or was stopped."""
    stream.seek(0)
    try:
        done = subprocess.run(  # noqa: S603  our own file, nothing of the upload is in the command
            [sys.executable, "-I", str(RUN), verb, module],
            stdin=stream,
            stdout=target,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=True,
            env={},
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    return done.stdout if target == subprocess.PIPE else b"done"
