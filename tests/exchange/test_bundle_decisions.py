"""rulings.csv and measured.csv."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from contest.editions.models import Round
from contest.editions.queries import round_by_id
from contest.exchange.bundle.dump import dump_bundle
from contest.exchange.bundle.model import Bundle, BundleMeasured, BundleRuling
from contest.exchange.queries import bundle_of, read_path
from contest.exchange.services import load_bundle
from contest.infra.db import db, unit_of_work
from contest.judging.models import MeasuredScore
from contest.judging.queries.rounds import participants
from contest.results.models import Adjustment, RulingRow
from contest.results.rulings import RulingKind
from contest.submissions.models import Submission
from tests.conftest import NOON
from tests.exchange.helpers import DOCUMENT, EDITION, JUDGES, ROUND, SUBMISSIONS, bad, good, one

RULINGS = "round,kind,submission,value,reason,author\n"
TIMED = """
[[rounds.criteria]]
code = "TIME"
name = "Giây"
max = "10"
step = "0.5"
source = "organiser"
measure = { conversion = "linear", best = "30", worst = "60" }
"""
MEASURED = "round,criterion,submission,value\n"


def test_rulings_keep_their_order() -> None:
    rows = (
        "R1,chair_order,s2,1,Ý tưởng mới hơn,Trưởng ban\n"
        "r1,chair_order,S1,2,Ý tưởng mới hơn,Trưởng ban\n"
        "r1,missing_part,S1,video,Phim riêng tư,Thư ký\n"
        "r1,missing_part,S1,deck,Không mở được,Thư ký\n"
        "r1,cut_top,,A:12,Thêm hai suất,Ban Tổ chức\n"
        "r1,Unfinished_Accepted,,2 phiếu,Giám khảo ốm,Trưởng ban\n"
    )
    assert good(rulings=RULINGS + rows).rulings == (
        BundleRuling("r1", RulingKind.CHAIR_ORDER, "S2", "1", "Ý tưởng mới hơn", "Trưởng ban"),
        BundleRuling("r1", RulingKind.CHAIR_ORDER, "S1", "2", "Ý tưởng mới hơn", "Trưởng ban"),
        BundleRuling("r1", RulingKind.MISSING_PART, "S1", "video", "Phim riêng tư", "Thư ký"),
        BundleRuling("r1", RulingKind.MISSING_PART, "S1", "deck", "Không mở được", "Thư ký"),
        BundleRuling("r1", RulingKind.CUT_TOP, "", "A:12", "Thêm hai suất", "Ban Tổ chức"),
        BundleRuling("r1", RulingKind.UNFINISHED_ACCEPTED, "", "2 phiếu", "Giám khảo ốm", "Trưởng ban"),
    )


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("r9,wild_card,S1,,Vì,An", "round", "unknown_round"),
        ("r1,wildcard,S1,,Vì,An", "kind", "value_not_choice"),
        ("r1,,S1,,Vì,An", "kind", "cell_empty"),
        ("r1,wild_card,S9,,Vì,An", "submission", "unknown_submission"),
        ("r1,wild_card,,,Vì,An", "submission", "ruling_without_submission"),
        ("r1,cut_top,S1,5,Vì,An", "submission", "ruling_with_submission"),
        ("r1,cut_top,,năm,Vì,An", "value", "cut_top_invalid"),
        ("r1,chair_order,S1,0,Vì,An", "value", "ruling_place_invalid"),
        ("r1,missing_part,S1,,Vì,An", "value", "ruling_value_missing"),
        ("r1,held_back,S1,x,Vì,An", "value", "ruling_value_unexpected"),
        ("r1,wild_card,S1,,,An", "reason", "cell_empty"),
        ("r1,wild_card,S1,,Vì,", "author", "cell_empty"),
    ],
)
def test_each_mistake_in_a_ruling_is_named(row: str, column: str, code: str) -> None:
    assert bad(rulings=f"{RULINGS}{row}\n") == [("rulings.csv", 2, column, code)]


@pytest.mark.parametrize(
    "rows",
    [
        "r1,chair_order,S1,1,Vì,An\nr1,chair_order,S1,2,Vì,An\n",
        "r1,cut_top,,5,Vì,An\nr1,cut_top,,6,Vì,An\n",
        "r1,wild_card,S1,,Vì,An\nr1,wild_card,s1,,Vì,An\n",
    ],
)
def test_two_rulings_on_the_same_thing_are_one_too_many(rows: str) -> None:
    problem = one(rulings=RULINGS + rows)
    assert (problem.code, problem.row, problem.facts["first"]) == ("row_again", 3, 2)


def test_measured_numbers_are_exact() -> None:
    rows = 'r1,time,S2,"41,50"\nR1,TIME,S1,-0.1250\n'
    assert good(DOCUMENT + TIMED, measured=MEASURED + rows).measured == (
        BundleMeasured("r1", "TIME", "S1", Decimal("-0.1250")),
        BundleMeasured("r1", "TIME", "S2", Decimal("41.50")),
    )


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("r1,TIME,S1,", "value", "cell_empty"),
        ("r1,TIME,S1,fast", "value", "number_invalid"),
        ("r1,TIME,S1,1.250", "value", "number_ambiguous"),
        ("r1,TYME,S1,3", "criterion", "unknown_criterion"),
        ("r1,IDEA,S1,3", "criterion", "criterion_without_measure"),
        ("r1,TIME,S3,3", "submission", "unknown_submission"),
    ],
)
def test_each_mistake_in_a_measured_number_is_named(row: str, column: str, code: str) -> None:
    assert bad(DOCUMENT + TIMED, measured=f"{MEASURED}{row}\n") == [("measured.csv", 2, column, code)]


def test_a_measured_criterion_takes_no_marks_and_no_number_twice() -> None:
    scores = "round,judge,submission,criterion,score\nr1,,S1,TIME,3\n"
    assert bad(DOCUMENT + TIMED, scores=scores) == [("scores.csv", 2, "criterion", "criterion_measured")]
    again = one(DOCUMENT + TIMED, measured=f"{MEASURED}r1,TIME,S1,3\nr1,TIME,S1,4\n")
    assert (again.code, again.row) == ("row_again", 3)


def loaded(bundle: Bundle) -> int:
    with unit_of_work():
        return load_bundle(bundle, actor_id=None, now=NOON)


@pytest.mark.both_databases
def test_they_are_stored_and_come_out_again(app: Flask, tmp_path: Path) -> None:
    rulings = f"{RULINGS}r1,cut_top,,1,Ít bài,An\nr1,wild_card,S2,,Đáng xem,An\n"
    measured = f'{MEASURED}r1,TIME,S1,"41.500"\n'.replace('"41.500"', "41.5")
    edition_id = loaded(good(DOCUMENT + TIMED, rulings=rulings, measured=measured))
    rows = db.session.execute(
        select(RulingRow.kind, Submission.code, RulingRow.value, RulingRow.reason, RulingRow.author)
        .outerjoin(Submission, Submission.id == RulingRow.submission_id)
        .order_by(RulingRow.id)
    ).all()
    assert [tuple(row) for row in rows] == [
        (RulingKind.CUT_TOP, None, "1", "Ít bài", "An"),
        (RulingKind.WILD_CARD, "S2", "", "Đáng xem", "An"),
    ]
    number = db.session.scalars(select(MeasuredScore)).one()
    assert (number.points, number.raw, number.judge_id) == (None, Decimal("41.5"), None)
    files = dump_bundle(bundle_of(edition_id))
    assert files["rulings.csv"].decode() == rulings
    assert files["measured.csv"].decode() == measured
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    again = read_path(tmp_path, code="lai").bundle
    assert again is not None
    assert (again.rulings, again.measured) == (bundle_of(edition_id).rulings, bundle_of(edition_id).measured)


@pytest.mark.usefixtures("app")
def test_what_was_revoked_or_withdrawn_stays_at_home() -> None:
    adjustments = "round,submission,points,reason,author\nr1,S1,-5,Nêu tên trường,An\nr1,S2,2,Thưởng,An\n"
    rulings = f"{RULINGS}r1,wild_card,S1,,Vì,An\nr1,wild_card,S2,,Vì,An\n"
    edition_id = loaded(good(adjustments=adjustments, rulings=rulings))
    with unit_of_work():
        db.session.scalars(select(RulingRow).order_by(RulingRow.id)).first().revoked_at = NOON  # type: ignore[union-attr]
        db.session.scalars(select(Adjustment).order_by(Adjustment.id)).first().withdrawn_at = NOON  # type: ignore[union-attr]
    found = bundle_of(edition_id)
    assert [each.submission for each in found.rulings] == ["S2"]
    assert [each.submission for each in found.adjustments] == ["S2"]


@pytest.mark.usefixtures("app")
def test_a_measured_number_locks_the_rubric() -> None:
    edition_id = loaded(good(DOCUMENT + TIMED, measured=f"{MEASURED}r1,TIME,S1,3\n"))
    assert db.session.scalars(select(Round.locked_at).where(Round.edition_id == edition_id)).one() == NOON


@pytest.mark.both_databases
def test_whoever_has_work_in_a_later_round_takes_part(app: Flask) -> None:
    """A bundle of other people knows no advancements.csv."""
    del app
    later = [f'\n[[rounds]]\ncode = "r{number}"\nname = "Vòng {number}"\n' for number in (2, 3, 4, 5)]
    judged = '\n[[rounds.criteria]]\ncode = "C"\nname = "C"\nmax = "10"\nstep = "1"\n'
    document = EDITION + ROUND + judged + "".join(text + judged + TIMED for text in later)
    scores = "round,judge,submission,criterion,score\n" + "r1,J1,S1,C,5\nr1,J1,S2,C,6\nr2,J1,S2,C,7\nr2,J1,S1,C,8\n"
    edition_id = loaded(
        good(
            document,
            judges=JUDGES,
            submissions=SUBMISSIONS + "S3,Ba,Đội ba\n",
            scores=scores,
            assignments="round,judge,submission\nr3,J2,S2\n",
            measured=f"{MEASURED}r4,TIME,S3,44\n",
        )
    )
    codes = {row.id: row.code for row in db.session.execute(select(Submission.id, Submission.code))}
    found = {}
    for round_id, code in db.session.execute(select(Round.id, Round.code).where(Round.edition_id == edition_id)):
        round_ = round_by_id(round_id)
        assert round_ is not None
        found[code] = [codes[one] for one in participants(round_)]
    assert found == {"r1": ["S1", "S2", "S3"], "r2": ["S1", "S2"], "r3": ["S2"], "r4": ["S3"], "r5": []}
