"""Every code has words, every word finds its facts, and a sentence names file, row, column, cause and remedy."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

import contest
from contest.errors import Problem
from contest.exchange.answers import Duplicate
from contest.exchange.forms.problems import (
    PROBLEM_SENTENCES,
    TARGET_LABELS,
    cause,
    duplicate_sentence,
    sentence,
)
from contest.exchange.mapping import TARGETS

ROOT = Path(contest.__file__).parent
SOURCES = (
    *(ROOT / "infra" / name for name in ("tables.py", "xlsx.py", "bundle_files.py")),
    *sorted((ROOT / "exchange").rglob("*.py")),
    ROOT / "results" / "exports" / "returned.py",
)
# Calls that note a problem -> where among their arguments its code stands.
NOTES = {"add": 1, "warn": 1, "problem": 1, "_note": 1, "_refused": 1, "_known": 2, "Problem": 3}
# Made of a column's or a key's name, or handed on from another core.
BUILT = {"unknown_judge", "unknown_submission", "unknown_round", "unknown_criterion", "tie_break_not_earlier"}
BUILT |= {f"notes_other_{what}" for what in ("edition", "round", "fingerprint")}
HANDED_ON = {
    *("number_invalid", "number_ambiguous", "score_out_of_range", "score_off_step", "weights_sum_to_zero"),
    *("weight_negative", "scale_empty", "scale_not_whole_steps", "floor_outside_scale", "phone_unknown"),
    *("clamp_missing", "aggregate_needs_scorecards", "whole_marks_fraction", "measure_without_ends"),
    *("measure_for_judges", "ruling_without_submission", "ruling_with_submission", "ruling_value_missing"),
    *("ruling_value_unexpected", "ruling_place_invalid", "cut_top_invalid"),
    *("link_later", "link_refused", "link_unknown"),
    *("entry_limit_missing", "entry_limits_reversed", "entry_mentor_asks_nothing", "entry_awarded_asks_nothing"),
    *("entry_list_too_long", "extension_not_later"),
}


@pytest.fixture(params=["en", "vi"])
def locale(request: pytest.FixtureRequest) -> Iterator[str]:
    app = Flask(__name__)
    Babel(app, default_locale=request.param)
    with app.app_context():
        yield request.param


def codes_in(path: Path) -> Iterator[str]:
    """Yield the codes that a module notes, where they are spelled out."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        position = NOTES.get(name, len(call.args))
        if len(call.args) > position:
            code = call.args[position]
            parts = [code.body, code.orelse] if isinstance(code, ast.IfExp) else [code]
            yield from (part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def test_every_code_has_words_and_every_word_a_code() -> None:
    noted = {code for path in SOURCES for code in codes_in(path)}
    assert len(noted) > 70
    assert set(PROBLEM_SENTENCES) == noted | BUILT | HANDED_ON


def test_every_target_has_a_label() -> None:
    assert tuple(TARGET_LABELS) == TARGETS


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            Problem(
                "scores.csv",
                3,
                "score",
                "score_off_step",
                {"criterion": "IDEA", "low": "0.5", "step": "0.25", "value": "7.3"},
            ),
            "scores.csv, row 3, column “score”: 7.3 is no mark of “IDEA”: marks go from 0.5 in steps of 0.25.",
        ),
        (
            Problem("scores.csv", 3, "judge", "unknown_judge", {"value": "J99", "nearest": "J9"}),
            "scores.csv, row 3, column “judge”: There is no judge with the code “J99”. Did you mean “J9”?",
        ),
        (
            Problem("scores.csv", 3, "judge", "unknown_judge", {"value": "X", "nearest": ""}),
            "scores.csv, row 3, column “judge”: There is no judge with the code “X”.",
        ),
        (
            Problem("scores.csv", 9, None, "row_again", {"first": 2, "what": "r1 / J1 / S1 / IDEA"}),
            "scores.csv, row 9: The same as row 2 (r1 / J1 / S1 / IDEA). Remove one of them.",
        ),
        (
            Problem("edition.toml", 8, "rounds[1].decimal", "key_unknown", {"key": "decimal", "nearest": "decimals"}),
            "edition.toml, line 8, setting rounds[1].decimal: There is no setting “decimal”. Did you mean “decimals”?",
        ),
        (
            Problem("edition.toml", 8, None, "toml_broken", {"cause": "Invalid value"}),
            "edition.toml, line 8: The file cannot be read as TOML: Invalid value.",
        ),
        (
            Problem("edition.toml", None, "edition", "value_missing", {"key": "edition"}),
            "edition.toml, setting edition: “edition” is missing or empty. Fill it in.",
        ),
        (
            Problem("b.zip", None, None, "zip_bomb", {"limit_mb": 128}),
            "b.zip: Unpacked, the archive would be far larger than it looks, or than 128 MB.",
        ),
        (
            Problem("f.xlsx", None, "score", "column_missing"),
            "f.xlsx, column “score”: This column is missing. Add it.",
        ),
        (
            Problem("f.xlsx", 1, None, "target_missing", {"target": "title"}),
            "f.xlsx, row 1: No column is chosen for “Title of the submission”.",
        ),
    ],
)
def test_sentences(problem: Problem, words: str) -> None:
    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.app_context():
        assert sentence(problem) == words
        assert words.endswith(cause(problem))


def test_numbers_have_the_decimal_sign_of_the_page() -> None:
    facts = {"criterion": "C", "low": "0.5", "high": "9.5", "value": "10.25"}
    app = Flask(__name__)
    Babel(app, default_locale="vi")
    with app.app_context():
        assert cause(Problem("s.csv", 2, "score", "score_out_of_range", facts)).endswith("0,5 to 9,5.")


def test_percent_signs_and_braces_of_users_stay(locale: str) -> None:
    text = "50% {x} %(value)s"
    assert locale
    assert text in cause(Problem("f.csv", 2, "email", "email_invalid", {"value": text}))


def test_duplicates(locale: str) -> None:
    assert locale
    sure = Duplicate(5, 66, "team", doubtful=False, team="Lửa", kept_team="Lửa")
    assert duplicate_sentence(sure) == "Row 5: Lửa sent the same title again in row 66. The newer answer counts."
    doubtful = Duplicate(22, 23, "email", doubtful=True, team="Sóng", kept_team="Lửa")
    assert duplicate_sentence(doubtful) == (
        "Row 22: Sóng shares only a contact with Lửa in row 23. These may be two teams."
    )
    for by in ("email", "phone"):
        assert duplicate_sentence(Duplicate(5, 6, by, doubtful=False, team="A", kept_team="A"))
