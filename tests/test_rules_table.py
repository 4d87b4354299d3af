"""docs/rules.md names a setting and a test for every rule of real contests; each test exists and none is missing."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \|(.+)\|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
RULES, CASES = TEXT.split("## It happened to others")
# The collection has no row 22.
EXPECTED = [number for number in range(1, 61) if number != 22]
# The cases on scores, ranks, rounds and awards; the others belong to pages, files and the stage.
CONCERNED = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 18, 19, 20, 21}


def rows(text: str) -> dict[int, list[str]]:
    return {int(number): [cell.strip() for cell in rest.split(" | ")] for number, rest in ROW.findall(text)}


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_no_rule_is_missing_and_each_has_a_setting_and_a_test() -> None:
    found = rows(RULES)
    assert list(found) == EXPECTED
    for number, cells in found.items():
        assert len(cells) == 3, number
        assert cells[1], number
        assert NAMED.search(cells[2]), number


def test_the_cases_that_concern_scores_ranks_rounds_and_awards_have_tests_of_their_name() -> None:
    found = rows(CASES)
    assert set(found) >= CONCERNED
    for number, cells in found.items():
        names = [name for _path, name in NAMED.findall(cells[0])]
        assert names, number
        assert all(re.match(rf"test_case_0?{number}_", name) for name in names), number


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED.findall(TEXT))))
def test_each_named_test_exists(path: str, name: str) -> None:
    assert name in functions(path)
