"""Codes become sentences in the reader's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import lazy_gettext

from contest.editions.rules import LocalText
from contest.errors import NotAllowed, NotFound, RuleBroken
from contest.web import messages
from contest.web.messages import register, registered, sentence

CONTEST = Path(__file__).resolve().parents[2] / "contest"


@pytest.fixture
def words(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(messages, "_SENTENCES", {})
    register({"sample": lazy_gettext("Seen: %(fact)s.")})
    with sqlite_app.test_request_context("/", headers={"Cookie": "locale=vi"}):
        yield


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("fact", "shown"),
    [
        ("<b>", "<b>"),
        (3, "3"),
        (Decimal("7.50"), "7,50"),
        (datetime(2026, 10, 8, 5, 0, tzinfo=UTC), "08/10/2026 12:00"),
        (LocalText("Sơ khảo", "Preliminary"), "Sơ khảo"),
        (("a", Decimal("0.5")), "a, 0,5"),
        ([LocalText("Bảng A")], "Bảng A"),
        (None, "None"),
    ],
)
def test_facts_are_written_for_people(fact: object, shown: str) -> None:
    assert sentence(RuleBroken("sample", fact=fact)) == f"Seen: {shown}."


def test_the_language_is_that_of_the_reader(sqlite_app: Flask) -> None:
    said = []
    for locale in ("vi", "en"):
        with sqlite_app.test_request_context("/", headers={"Cookie": f"locale={locale}"}):
            said.append(sentence(NotAllowed()))
    assert said[1] == "You may see this, but not do this."
    assert said[0] not in ("", said[1])


@pytest.mark.usefixtures("words")
def test_a_code_belongs_to_one_package() -> None:
    with pytest.raises(ValueError, match="'sample' is registered twice"):
        register({"sample": "again"})


@pytest.mark.usefixtures("words")
def test_a_code_without_words_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        sentence(RuleBroken("no_such_code"))
    with pytest.raises(KeyError):
        sentence(RuleBroken("sample"))


def raised() -> Iterator[tuple[str, str]]:
    """Every code that the source raises as a literal, with its place."""
    for path in sorted(CONTEST.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            first = node.args[0]
            if node.func.id in ("RuleBroken", "NotAllowed") and isinstance(first, ast.Constant):
                yield str(first.value), f"{path.relative_to(CONTEST)}:{node.lineno}"


# Caught by the package that calls, which has better words (a mark, a cell), or raised only for rows no form can write.
WORDED_ELSEWHERE = {
    *("score_out_of_range", "score_off_step", "phone_unknown", "date_unknown"),
    *("marks_do_not_fit", "mark_missing", "submission_unknown", "scorecard_twice"),
}


def test_every_code_that_is_raised_has_words(sqlite_app: Flask) -> None:
    codes = list(raised())
    assert len(codes) > 20
    assert {code for code, _ in codes} - registered() == WORDED_ELSEWHERE
    assert {NotAllowed().code, NotFound().code} <= registered()
