"""The locks: complete, with hashes, and without a word about where they were made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import run

ROOT = Path(run.__file__).parent
LOCKS = (run.RUNTIME, run.DEVELOPMENT)


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9._-]+)==(\S+)( ;.*)? \\$", text, re.MULTILINE)
    return {name + marker: version for name, version, marker in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) > 40
    for block in blocks:
        assert re.match(r"[a-z0-9._-]+==[^ ]+( ; .+)? \\\n", block), block
        assert "    --hash=sha256:" in block, block


@pytest.mark.parametrize("name", [*LOCKS, "requirements.in", "requirements-dev.in"])
def test_the_locks_hold_no_address_and_no_path(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"(^|\s)(/|[A-Z]:\\|~)\S", text)
    assert not re.search(r"--(index-url|extra-index-url|find-links|trusted-host)", text.replace("--no-emit-", ""))


def test_the_development_lock_contains_the_runtime_lock() -> None:
    assert pins(run.RUNTIME).items() <= pins(run.DEVELOPMENT).items()


@pytest.mark.parametrize(
    ("source", "lock"), [("requirements.in", run.RUNTIME), ("requirements-dev.in", run.DEVELOPMENT)]
)
def test_the_lock_was_made_from_what_is_asked_for(source: str, lock: str) -> None:
    locked = {name.partition(" ")[0]: version for name, version in pins(lock).items()}
    asked = re.findall(
        r"^([a-z0-9-]+)(?:\[.*\])?==([^\s;]+)", (ROOT / source).read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(asked) > 10
    assert {name: locked.get(name) for name, _ in asked} == dict(asked)
