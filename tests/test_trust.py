"""docs/trust.md decides on every rule of trust; each test that it names exists, and its sums are right."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([A-Z]{2}-\d{2}) \| (.+?) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
SUMS = re.compile(r"Of (\d+) rules (\d+) have a test, (\d+) do not apply, (\d+) are open in whole or in part\.")
COUNTS = {
    "AC": 18,
    "SC": 14,
    "RS": 17,
    "VO": 9,
    "UP": 15,
    "IN": 11,
    "EX": 6,
    "AU": 14,
    "CS": 5,
    "BR": 10,
    "OU": 4,
    "CO": 4,
    "LG": 12,
    "PR": 15,
    "CF": 10,
}


def rows() -> dict[str, str]:
    return {key: verdict for key, _rule, verdict in ROW.findall(TEXT)}


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_rule_stands_there_once() -> None:
    keys = [key for key, _rule, _verdict in ROW.findall(TEXT)]
    assert Counter(key[:2] for key in keys) == COUNTS
    assert keys == [f"{group}-{number:02}" for group, count in COUNTS.items() for number in range(1, count + 1)]


def test_every_rule_has_a_test_or_a_reason() -> None:
    for key, verdict in rows().items():
        assert NAMED.search(verdict) or re.search(r"(not applicable|open): \w", verdict), key


def test_the_sums_are_those_of_the_rows() -> None:
    verdicts = rows().values()
    tested = sum(1 for verdict in verdicts if NAMED.search(verdict))
    beside = sum(1 for verdict in verdicts if "not applicable:" in verdict)
    unsettled = sum(1 for verdict in verdicts if "open:" in verdict)
    found = SUMS.search(TEXT)
    assert found
    assert [int(one) for one in found.groups()] == [len(verdicts), tested, beside, unsettled]


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED.findall(TEXT))))
def test_each_named_test_exists(path: str, name: str) -> None:
    assert name in functions(path)
