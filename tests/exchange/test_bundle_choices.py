"""award_choices.csv: decisions on awards come in, go out, and bad ones are named."""

from __future__ import annotations

import pytest
from flask import Flask

from contest.exchange.bundle.dump import dump_bundle
from contest.exchange.bundle.model import BundleChoice
from contest.exchange.queries import bundle_of
from contest.exchange.services import load_bundle
from contest.infra.db import unit_of_work
from contest.results.queries.awards import choices_of
from tests.conftest import NOON
from tests.exchange.helpers import DOCUMENT, bad, good

AWARDS = """
[[awards]]
code = "green"
name = "Giải xanh"
by = "vote"

[[awards]]
code = "best"
name = "Giải nhất"
by = "chair"
"""
HEAD = "award,submission,votes,reason,author\n"
SOUND = HEAD + (
    "green,S1,4,Kiểm phiếu,Tổ thư ký\n"
    "GREEN,s2,5,Kiểm phiếu,Tổ thư ký\n"
    "best,S2,,Hội đồng thống nhất,Trưởng ban\n"
    "best,,,Không trao giải thứ hai,Trưởng ban\n"
)


def test_decisions_keep_their_order() -> None:
    assert good(DOCUMENT + AWARDS, award_choices=SOUND).choices == (
        BundleChoice("green", "S1", 4, "Kiểm phiếu", "Tổ thư ký"),
        BundleChoice("green", "S2", 5, "Kiểm phiếu", "Tổ thư ký"),
        BundleChoice("best", "S2", None, "Hội đồng thống nhất", "Trưởng ban"),
        BundleChoice("best", "", None, "Không trao giải thứ hai", "Trưởng ban"),
    )


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("gren,S1,4,x,y", "award", "unknown_award"),
        ("green,S9,4,x,y", "submission", "unknown_submission"),
        ("green,S1,four,x,y", "votes", "cell_not_integer"),
        ("best,S1,4,x,y", "votes", "votes_not_counted"),
        ("green,,4,x,y", "votes", "votes_not_counted"),
        ("best,S1,,,y", "reason", "cell_empty"),
        ("best,S1,,x,", "author", "cell_empty"),
    ],
)
def test_each_mistake_is_named(row: str, column: str, code: str) -> None:
    assert bad(DOCUMENT + AWARDS, award_choices=f"{HEAD}{row}\n") == [("award_choices.csv", 2, column, code)]


def test_nobody_is_chosen_or_counted_twice() -> None:
    twice = f"{HEAD}best,S1,,x,y\nbest,s1,,x,y\n"
    assert bad(DOCUMENT + AWARDS, award_choices=twice) == [("award_choices.csv", 3, None, "row_again")]


@pytest.mark.both_databases
def test_they_are_stored_and_come_out_again(app: Flask) -> None:
    bundle = good(DOCUMENT + AWARDS, award_choices=SOUND)
    with unit_of_work():
        edition_id = load_bundle(bundle, actor_id=None, now=NOON)
    stored = choices_of(edition_id)
    assert [(one.award, one.submission, one.votes, one.author) for one in stored] == [
        ("green", "S1", 4, "Tổ thư ký"),
        ("green", "S2", 5, "Tổ thư ký"),
        ("best", "S2", None, "Trưởng ban"),
        ("best", None, None, "Trưởng ban"),
    ]
    again = bundle_of(edition_id)
    assert again.choices == bundle.choices
    assert dump_bundle(again)["award_choices.csv"].decode() == SOUND.replace("GREEN,s2", "green,S2")
