"""The breaks of rules name one place each, and tests that exist; whether the tests go red is shown by the command."""

from __future__ import annotations

import pytest

from tests.tools.break_rules import BREAKS, ROOT, Break, main


@pytest.mark.parametrize("one", BREAKS, ids=lambda one: f"{one.rule}-{one.path}")
def test_a_break_names_one_place_and_tests_that_exist(one: Break) -> None:
    text = (ROOT / one.path).read_text(encoding="utf-8")
    assert text.count(one.old) == 1
    assert one.new != one.old
    for test in one.tests:
        path, _, name = test.partition("::")
        assert (ROOT / "tests" / path).exists()
        assert not name or f"def {name}(" in (ROOT / "tests" / path).read_text(encoding="utf-8")


def test_forty_rules_are_broken() -> None:
    assert len({one.rule for one in BREAKS}) >= 40


def test_a_rule_that_nobody_breaks_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["XX-99"]) == 0
    assert capsys.readouterr().out == "0 breaks of 0 rules, 0 unnoticed\n"
