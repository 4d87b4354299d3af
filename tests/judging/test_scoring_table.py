"""docs/scoring.md names a test for every rule of reliability and of scores that it promises; each test exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ((?:RL|SC)-\d\d) \| ([^|]+) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
EXPECTED = [
    *(f"RL-{number:02}" for number in (3, 4, 5, 6, 9, 12, 13, 15)),
    *(f"SC-{number:02}" for number in range(1, 15)),
]


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_rule_has_its_row_and_a_test() -> None:
    found = ROW.findall(TEXT)
    assert [rule for rule, _, _ in found] == EXPECTED
    assert all(NAMED.search(tests) for _, _, tests in found)


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED.findall(TEXT))))
def test_each_named_test_exists(path: str, name: str) -> None:
    assert name in functions(path)
