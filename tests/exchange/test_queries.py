"""Reading files and dumping editions: the same number of questions whatever the size."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar, cast
from zipfile import ZIP_STORED, ZipFile

import pytest
from flask import Flask

from contest.editions.queries import round_by_id
from contest.errors import NotFound
from contest.exchange.bundle.model import Bundle
from contest.exchange.queries import (
    bundle_of,
    entered_of,
    packed,
    read_bytes,
    read_path,
    round_assignments,
    taken_problem,
)
from contest.exchange.queries.reading import Reading
from contest.exchange.services import load_bundle
from contest.infra.db import unit_of_work
from contest.judging.models import Judge
from tests.conftest import NOON
from tests.counting import counted
from tests.exchange.bundles import BUNDLES, bundle_named, files_of
from tests.factories import Make

Row = TypeVar("Row")


def load(bundle: Bundle, code: str) -> int:
    with unit_of_work():
        return load_bundle(replace(bundle, edition=replace(bundle.edition, code=code)), actor_id=None, now=NOON)


def times(bundle: Bundle, number: int) -> Bundle:
    """Return the bundle with its submissions, judges and papers several times over."""
    copies = [str(each) if each else "" for each in range(number)]

    def again(things: tuple[Row, ...], *names: str) -> tuple[Row, ...]:
        copied = [
            (each, {name: f"{getattr(each, name)}{copy}" for name in names}) for copy in copies for each in things
        ]
        return tuple(cast("Row", replace(cast("Any", each), **values)) for each, values in copied)

    pair = ("judge", "submission")
    return replace(
        bundle,
        submissions=again(bundle.submissions, "code"),
        judges=again(bundle.judges, "code"),
        conflicts=again(bundle.conflicts, *pair),
        assignments=again(bundle.assignments, *pair),
        scores=again(bundle.scores, *pair),
        scorecards=again(bundle.scorecards, *pair),
        adjustments=again(bundle.adjustments, "submission"),
    )


@pytest.mark.both_databases
def test_a_dump_asks_as_often_for_one_copy_as_for_three(app: Flask) -> None:
    bundle = bundle_named("small")
    numbers = []
    for number in (1, 3):
        edition_id = load(times(bundle, number), f"lan-{number}")
        with counted(app) as queries:
            found = bundle_of(edition_id)
        assert len(found.submissions) == 5 * number
        assert len([score for score in found.scores if score.points is not None]) == 12 * number
        numbers.append(len(queries))
    assert numbers == [19, 19]


def test_an_edition_that_does_not_exist_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        bundle_of(4711)


def test_a_judge_without_an_address_of_the_panel_has_the_account_s(app: Flask, make: Make) -> None:
    edition = make.edition()
    make.judge(edition, make.user(email="tai-khoan@example.org", phone="+84903123782"))
    make.judge(edition, email="rieng@example.org")
    found = bundle_of(edition.id).judges
    assert [(each.email, each.phone) for each in found] == [("tai-khoan@example.org", ""), ("rieng@example.org", "")]


def test_with_one_track_all_are_in_it(app: Flask, make: Make) -> None:
    edition = make.edition()
    make.track(edition, "A")
    make.submission(edition)
    assert [each.track for each in bundle_of(edition.id).submissions] == ["A"]
    make.track(edition, "B")
    assert [each.track for each in bundle_of(edition.id).submissions] == [""]


def test_the_code_of_the_reader_takes_the_place_of_the_file_s(app: Flask) -> None:
    found = read_path(BUNDLES / "small", code="khac").bundle
    assert found is not None
    assert found.edition.code == "khac"


def test_a_path_that_is_nothing_is_a_problem(app: Flask, tmp_path: Path) -> None:
    found = read_path(tmp_path / "nothing")
    assert (found.bundle, [problem.code for problem in found.problems]) == (None, ["file_missing"])


def test_rules_of_every_kind_need_no_remark(app: Flask) -> None:
    assert read_path(BUNDLES / "unsupported").warnings == ()


def test_judges_with_one_address_are_remarked_and_loaded(app: Flask) -> None:
    files = files_of("small")
    files["judges.csv"] = files["judges.csv"].replace(b"thao@example.org", b"KHAO@example.org")
    reading = read_bytes(*packed(list(files.items())))
    assert reading.bundle is not None
    assert [(each.code, each.row, each.facts["other"]) for each in reading.warnings] == [
        ("judge_email_again", 3, "GK1")
    ]


@pytest.mark.parametrize("name", ["tên lạ.zip", "b.ZIP", "no-ending"])
def test_one_archive_is_taken_as_it_is(name: str) -> None:
    assert packed([(name, b"PK")]) == (name, b"PK")


@pytest.mark.parametrize(
    ("sent", "inner"),
    [("scores.csv", "scores.csv"), ("C:\\bundle\\Scores.csv", "Scores.csv"), ("../../scores.csv", "scores.csv")],
)
def test_loose_files_are_packed_under_their_own_names(sent: str, inner: str) -> None:
    name, data = packed([(sent, b"a")])
    with ZipFile(BytesIO(data)) as archive:
        assert [(entry.filename, entry.compress_type) for entry in archive.infolist()] == [(inner, ZIP_STORED)]
    assert name == sent


def test_the_same_table_twice_is_a_problem(app: Flask) -> None:
    files = [*files_of("small").items(), ("Scores.csv", b"round,judge,submission,criterion,score\n")]
    assert [problem.code for problem in read_bytes(*packed(files)).problems] == ["table_twice"]


def test_a_code_is_taken_or_free(app: Flask, make: Make) -> None:
    make.edition("co-roi")
    found = taken_problem("co-roi")
    assert found is not None
    assert (found.code, found.facts) == ("edition_exists", {"value": "co-roi"})
    assert taken_problem("chua-co") is None


@pytest.mark.both_databases
def test_the_submissions_of_an_edition_are_compared_with_answers(app: Flask, make: Make) -> None:
    edition = make.edition()
    team = make.team(edition, name="Đội A", email="a@example.org")
    make.submission(edition, team, code="BT-009", title="Một")
    make.submission(make.edition("khac"))
    assert [(each.code, each.team, each.title, each.email) for each in entered_of(edition.id)] == [
        ("BT-009", "Đội A", "Một", "a@example.org")
    ]


@pytest.mark.both_databases
def test_a_round_tells_what_its_file_may_name(app: Flask, make: Make) -> None:
    edition = make.edition()
    round_ = make.round(edition)
    judges = [
        make.judge(edition, code=code, organisation=unit)
        for code, unit in (("GK10", "A"), ("GK2", "THPT Lê Thánh Tôn"))
    ]
    submissions = [make.submission(edition, code=code) for code in ("BT-002", "BT-001")]
    for judge in judges:
        for submission in submissions:
            make.assignment(round_, judge, submission, pinned=judge is judges[0])
    _limit(judges[0])
    facts = round_by_id(round_.id)
    assert facts is not None
    found = round_assignments(facts)
    assert found.rows == (
        ("BT-001", "GK2", False),
        ("BT-002", "GK2", False),
        ("BT-001", "GK10", True),
        ("BT-002", "GK10", True),
    )
    assert (found.scope.round, found.scope.submissions, sorted(found.scope.judges)) == (
        "r1",
        ("BT-001", "BT-002"),
        ["GK10", "GK2"],
    )
    assert found.scope.conflicts == {("BT-001", "GK2"), ("BT-002", "GK2")}
    assert found.scope.max_loads == {"GK10": 3}


def _limit(judge: Judge) -> None:
    with unit_of_work() as session:
        session.get_one(Judge, judge.id).max_load = 3


def test_a_reading_without_problems_has_a_bundle() -> None:
    assert Reading(None).problems == ()
