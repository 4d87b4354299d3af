"""Every refusal of this package has words, in which each named fact is really given."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from contest.editions.phases import Verb
from contest.errors import RuleBroken
from contest.web.messages import registered, sentence

EDITIONS = Path(__file__).parents[3] / "contest" / "editions"
# The marks of judges are refused in the words of the judging pages.
ELSEWHERE = {"score_out_of_range", "score_off_step"}


def _raised() -> dict[str, set[str]]:
    """Each code raised in the package, with the facts given every time."""
    found: dict[str, set[str]] = {f"round_cannot_{verb.value}": set() for verb in Verb}
    for path in EDITIONS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            code = node.args[0]
            if (
                node.func.id in ("RuleBroken", "NotAllowed")
                and isinstance(code, ast.Constant)
                and isinstance(code.value, str)
            ):
                facts = {keyword.arg for keyword in node.keywords if keyword.arg}
                found[code.value] = found.get(code.value, facts) & facts
    return {code: facts for code, facts in found.items() if code not in ELSEWHERE}


RAISED = {**_raised(), **{f"{kind}_in_use": {"item"} for kind in ("track", "field", "part")}}


def test_the_search_finds_the_refusals() -> None:
    assert {"rubric_locked", "guidance_twice", "edition_code_taken", "weights_sum_to_zero"} <= RAISED.keys()


@pytest.mark.parametrize("code", sorted(RAISED))
def test_every_refusal_has_words_that_use_given_facts_only(app: Flask, code: str) -> None:
    assert code in registered()
    with app.test_request_context(headers={"Cookie": "locale=en"}):
        words = sentence(RuleBroken(code, **dict.fromkeys(RAISED[code], "x")))
    assert words
    assert not re.search(r"%\(", words)
