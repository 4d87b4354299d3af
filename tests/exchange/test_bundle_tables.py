"""The tables of a bundle: what each row becomes, and how each mistake is named by file, row and column."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.editions.rules import LocalText
from contest.exchange.bundle.findings import MAX_PROBLEMS
from contest.exchange.bundle.model import (
    READ_TABLES,
    BundleAdjustment,
    BundleAdvancement,
    BundleAssignment,
    BundleConflict,
    BundleField,
    BundleJudge,
    BundleScore,
    BundleScorecard,
    BundleSubmission,
)
from contest.exchange.bundle.parse import parse_bundle
from contest.exchange.bundle.rows import COLUMNS, columns, is_email, shielded, unshielded
from contest.infra.tables import Row, Table
from contest.judging.states import ScorecardStatus
from contest.submissions.lifecycle import SubmissionStatus
from tests.exchange.helpers import DOCUMENT, JUDGES, SUBMISSIONS, bad, good, one, parse

TRACKS = '\n[[tracks]]\ncode = "A"\nname = { vi = "Học sinh" }\n[[tracks]]\ncode = "B"\nname = "Sinh viên"\n'
FIELDS = '\n[[fields]]\ncode = "edu"\nname = { vi = "Giáo dục", en = "Education" }\n'
ORGANISER = '\n[[rounds.criteria]]\ncode = "ATT"\nname = "Chuyên cần"\nmax = "10"\nstep = "1"\nsource = "organiser"\n'
SCORES = "round,judge,submission,criterion,score\n"


def test_a_full_submission() -> None:
    rows = (
        "Submission;TITLE;team;track;field;school;members;mentor;summary;email;phone;status;"
        "mentor_email;mentor_phone;status_reason\n"
        'S1;\'=1+1;  Đội   Sen ;học sinh;EDUCATION;THPT;An;ThS. Tú;"Dòng một\n\n\n\nDòng  hai";a@b.vn;0903.123.782;'
        "Disqualified;c@d.vn;01203123232;Đạo văn\n"
    )
    rows = rows.replace(";An;", ';"An; Bình ;;Cường";')
    assert good(DOCUMENT + TRACKS + FIELDS, submissions=rows).submissions == (
        BundleSubmission(
            code="S1",
            title="=1+1",
            team="Đội Sen",
            track="A",
            field="edu",
            school="THPT",
            members=("An", "Bình", "Cường"),
            mentor="ThS. Tú",
            summary="Dòng một\n\nDòng hai",
            email="a@b.vn",
            phone="+84903123782",
            status=SubmissionStatus.DISQUALIFIED,
            mentor_email="c@d.vn",
            mentor_phone="+84703123232",
            status_reason="Đạo văn",
        ),
    )


def test_a_plain_submission_is_submitted() -> None:
    assert good().submissions[0] == BundleSubmission("S1", "Một", "Đội một")


def test_no_submission_yet() -> None:
    assert good(submissions="submission,title,team\n").submissions == ()


def test_a_single_track_needs_no_column() -> None:
    only = '\n[[tracks]]\ncode = "A"\nname = "Chung"\n'
    assert [each.track for each in good(DOCUMENT + only).submissions] == ["A", "A"]


def test_several_tracks_need_one_from_who_has_submitted() -> None:
    rows = "submission,title,team,track,status\nS1,Một,Đ,,draft\nS2,Hai,Đ,,\nS3,Ba,Đ,C,\n"
    assert bad(DOCUMENT + TRACKS, submissions=rows) == [
        ("submissions.csv", 3, "track", "track_missing"),
        ("submissions.csv", 4, "track", "unknown_track"),
    ]


def test_a_draft_may_lack_its_title() -> None:
    rows = "submission,title,team,status\nS1,,Đ,draft\n"
    assert good(submissions=rows).submissions[0].title == ""


def test_fields_that_nobody_declared_become_fields() -> None:
    rows = (
        "submission,title,team,field\nS1,a,b,Môi trường\nS2,a,b,MÔI TRƯỜNG\nS3,a,b,Moi-truong!\nS4,a,b,教育\nS5,a,b,\n"
    )
    bundle = good(submissions=rows, judges="judge,name,fields\nJ1,An,Giáo dục;môi trường\n")
    assert bundle.edition.fields == (
        BundleField("moi-truong", LocalText("Môi trường")),
        BundleField("moi-truong-2", LocalText("Moi-truong!")),
        BundleField("field", LocalText("教育")),
        BundleField("giao-duc", LocalText("Giáo dục")),
    )
    assert [each.field for each in bundle.submissions] == ["moi-truong", "moi-truong", "moi-truong-2", "field", ""]
    assert bundle.judges[0].fields == ("giao-duc", "moi-truong")


def test_declared_fields_are_the_only_ones() -> None:
    rows = "submission,title,team,field\nS1,a,b,giáo dục\nS2,a,b,Môi trường\n"
    assert bad(DOCUMENT + FIELDS, submissions=rows, judges="judge,name,fields\nJ1,An,x\n") == [
        ("submissions.csv", 3, "field", "unknown_field"),
        ("judges.csv", 2, "fields", "unknown_field"),
    ]


def test_a_full_judge() -> None:
    rows = "judge;name;email;phone;organisation;fields;min_load;max_load;languages\n"
    rows += "J1;An;a@b.vn;+1 415 555 2671;HCM;;0;12;vi\n"
    assert good(judges=rows).judges == (BundleJudge("J1", "An", "a@b.vn", "+14155552671", "HCM", (), 0, 12, ("vi",)),)


@pytest.mark.parametrize(
    ("header", "row", "column", "code"),
    [
        ("submission,title,team", ",a,b", "submission", "cell_empty"),
        ("submission,title,team", "S1,,b", "title", "cell_empty"),
        ("submission,title,team", "S1,a,  ", "team", "cell_empty"),
        ("submission,title,team", '"S1;S2",a,b', "submission", "code_invalid"),
        ("submission,title,team", f"{'S' * 41},a,b", "submission", "text_too_long"),
        ("submission,title,team", f"S1,{'a' * 501},b", "title", "text_too_long"),
        ("submission,title,team", "S1,a\x07,b", "title", "control_character"),
        ("submission,title,team", "S1,a,\u202eb", "team", "control_character"),
        ("submission,title,team,email", "S1,a,b,nobody", "email", "email_invalid"),
        ("submission,title,team,phone", "S1,a,b,12345", "phone", "phone_unknown"),
        ("submission,title,team,status", "S1,a,b,done", "status", "value_not_choice"),
        ("submission,title,team,track", "S1,a,b,A", "track", "unknown_track"),
        ("submission,title,team,members", f"S1,a,b,{'x' * 201}", "members", "text_too_long"),
    ],
)
def test_mistakes_in_a_submission(header: str, row: str, column: str, code: str) -> None:
    assert bad(submissions=f"{header}\n{row}\n") == [("submissions.csv", 2, column, code)]


@pytest.mark.parametrize(
    ("header", "row", "column", "code"),
    [
        ("judge,name", "J1,", "name", "cell_empty"),
        ("judge,name,email", "J1,An,a@b", "email", "email_invalid"),
        ("judge,name,min_load", "J1,An,-1", "min_load", "cell_not_integer"),
        ("judge,name,max_load", "J1,An,1.5", "max_load", "cell_not_integer"),
        ("judge,name,max_load", "J1,An,５", "max_load", "cell_not_integer"),
        ("judge,name,min_load,max_load", "J1,An,5,4", "max_load", "loads_crossed"),
    ],
)
def test_mistakes_in_a_judge(header: str, row: str, column: str, code: str) -> None:
    assert bad(judges=f"{header}\n{row}\n") == [("judges.csv", 2, column, code)]


def test_codes_are_unique_whatever_their_case() -> None:
    problem = one(submissions="submission,title,team\nS1,a,b\ns1,c,d\n")
    assert (problem.row, problem.column, problem.code, problem.facts) == (
        3,
        "submission",
        "code_again",
        {"value": "s1", "first": 2},
    )


def test_columns_are_checked_once() -> None:
    assert bad(
        submissions="submission,titel,team,xyz\nS1,a,b,c\n", judges="name\nAn\n", conflicts="judge,submission\nJ1,S1\n"
    ) == [
        ("submissions.csv", 1, "titel", "column_unknown"),
        ("submissions.csv", 1, "xyz", "column_unknown"),
        ("submissions.csv", 1, "title", "column_missing"),
        ("judges.csv", 1, "judge", "column_missing"),
        ("conflicts.csv", 2, "judge", "unknown_judge"),
        ("conflicts.csv", 2, "submission", "unknown_submission"),
    ]


def test_conflicts_assignments_advancements() -> None:
    bundle = good(
        conflicts="judge,submission,reason\nJ2,S1,Cùng trường\nj1,s2,\n",
        assignments="round,judge,submission,pinned\nR1,J2,S2,TRUE\nr1,J1,S1,\n",
        advancements="round,submission\nr1,S2\nr1,S1\n",
    )
    assert bundle.conflicts == (BundleConflict("J1", "S2"), BundleConflict("J2", "S1", "Cùng trường"))
    assert bundle.assignments == (BundleAssignment("r1", "J1", "S1"), BundleAssignment("r1", "J2", "S2", pinned=True))
    assert bundle.advancements == (BundleAdvancement("r1", "S1"), BundleAdvancement("r1", "S2"))


@pytest.mark.parametrize(
    ("stem", "rows", "row", "column", "code"),
    [
        ("conflicts", "judge,submission\nJ9,S1\n", 2, "judge", "unknown_judge"),
        ("conflicts", "judge,submission\nJ1,S9\n", 2, "submission", "unknown_submission"),
        ("conflicts", "judge,submission\nJ1,\n", 2, "submission", "cell_empty"),
        ("conflicts", "judge,submission\nJ1,S1\nJ2,S1\nj1,S1\n", 4, None, "row_again"),
        ("assignments", "round,judge,submission\nr9,J1,S1\n", 2, "round", "unknown_round"),
        ("assignments", "round,judge,submission\nr1,J1,S1\nr1,J1,S1\n", 3, None, "row_again"),
        ("assignments", "round,judge,submission,pinned\nr1,J1,S1,maybe\n", 2, "pinned", "cell_not_boolean"),
        ("advancements", "round,submission\nr1,S1\nr1,S1\n", 3, None, "row_again"),
        ("adjustments", "round,submission,points,reason,author\nr1,S1,2,,An\n", 2, "reason", "cell_empty"),
        ("adjustments", "round,submission,points,reason,author\nr1,S1,2,x,\n", 2, "author", "cell_empty"),
        ("adjustments", "round,submission,points,reason,author\nr1,S1,hai,x,An\n", 2, "points", "number_invalid"),
        ("adjustments", "round,submission,points,reason,author\nr1,S1,,x,An\n", 2, "points", "number_invalid"),
        ("adjustments", "round,submission,points,reason,author\nr1,S1,1.500,x,An\n", 2, "points", "number_ambiguous"),
        ("scorecards", "round,judge,submission,status\nr1,J1,S1,late\n", 2, "status", "value_not_choice"),
        ("scorecards", "round,judge,submission\nr1,J1,S1\nr1,J1,S1\n", 3, None, "row_again"),
        ("scores", f"{SCORES}r1,J1,S1,IDEE,5\n", 2, "criterion", "unknown_criterion"),
        ("scores", f"{SCORES}r1,J1,S1,,5\n", 2, "criterion", "cell_empty"),
        ("scores", f"{SCORES}r2,J1,S1,IDEA,5\n", 2, "round", "unknown_round"),
        ("scores", f"{SCORES}r1,J3,S1,IDEA,5\n", 2, "judge", "unknown_judge"),
        ("scores", f"{SCORES}r1,,S1,IDEA,5\n", 2, "judge", "cell_empty"),
        ("scores", f"{SCORES}r1,J1,S3,IDEA,5\n", 2, "submission", "unknown_submission"),
        ("scores", f"{SCORES}r1,J1,S1,IDEA,5\nr1,j1,s1,idea,6\n", 3, None, "row_again"),
        ("scores", f"{SCORES}r1,J1,S1,IDEA,10.25\n", 2, "score", "score_out_of_range"),
        ("scores", f"{SCORES}r1,J1,S1,IDEA,-0.25\n", 2, "score", "score_out_of_range"),
        ("scores", f"{SCORES}r1,J1,S1,IDEA,5.3\n", 2, "score", "score_off_step"),
        ("scores", f"{SCORES}r1,J1,S1,TEAM,0\n", 2, "score", "score_out_of_range"),
        ("scores", f"{SCORES}r1,J1,S1,IDEA,tám\n", 2, "score", "number_invalid"),
        ("scores", f"{SCORES}r1,J1,S1,IDEA,=4+5\n", 2, "score", "number_invalid"),
        ("scores", f"{SCORES}r1,J1,S1,IDEA,８\n", 2, "score", "number_invalid"),
        ("scores", f"{SCORES}r1,J1,S1,IDEA,1e0\n", 2, "score", "number_invalid"),
        ("scores", f"{SCORES}r1,J1,S1,IDEA,nan\n", 2, "score", "number_invalid"),
        ("scores", f"{SCORES}r1,J1,S1,IDEA,5.0000000000000000000000001\n", 2, "score", "number_invalid"),
    ],
)
def test_mistakes_in_rows_that_refer(stem: str, rows: str, row: int, column: str | None, code: str) -> None:
    assert bad(**{stem: rows}) == [(f"{stem}.csv", row, column, code)]


def test_facts_of_a_refused_mark() -> None:
    assert one(scores=f"{SCORES}r1,J1,S1,IDEA,11\n").facts == {
        "criterion": "IDEA",
        "low": "0",
        "high": "10",
        "value": "11",
    }
    assert one(scores=f"{SCORES}r1,J1,S1,IDEE,11\n").facts == {"value": "IDEE", "nearest": "IDEA"}


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("8.5", 34),
        ("8,5", 34),
        (" 8.50 ", 34),
        ("0", 0),
        ("-0", 0),
        ("10", 40),
        ("10.000", 40),
        ("5,250", 21),
        ("", None),
    ],
)
def test_marks_with_point_and_comma(text: str, points: int | None) -> None:
    scores = good(scores=f'{SCORES}r1,J1,S1,IDEA,"{text}"\n').scores
    assert scores == (BundleScore("r1", "J1", "S1", "IDEA", points),)


def test_a_mark_that_could_be_a_thousand_is_refused_only_where_thousands_are_marks() -> None:
    wide = DOCUMENT.replace('max = "10"', 'max = "2000"').replace('step = "0.25"', 'step = "0.125"')
    assert one(wide, scores=f"{SCORES}r1,J1,S1,IDEA,1.125\n").code == "number_ambiguous"
    assert good(wide, scores=f"{SCORES}r1,J1,S1,IDEA,1.1250\n").scores[0].points == 9
    assert good(wide, scores=f"{SCORES}r1,J1,S1,IDEA,3.125\n").scores[0].points == 25


def test_adjustments_keep_their_order() -> None:
    rows = 'round,submission,points,reason,author\nr1,S2,"-2,5",Trễ,An\nr1,S1,+1,Thưởng,An\nr1,S2,-2.5,Trễ,An\n'
    late = BundleAdjustment("r1", "S2", Decimal("-2.5"), "Trễ", "An")
    assert good(adjustments=rows).adjustments == (late, BundleAdjustment("r1", "S1", Decimal(1), "Thưởng", "An"), late)


def test_scores_imply_assignments_and_scorecards() -> None:
    rows = (
        f"{SCORES}r1,J2,S1,TEAM,5\nr1,J2,S1,IDEA,10\nr1,J1,S2,IDEA,0\nr1,J1,S1,IDEA,recused\n"
        "r1,J1,S1,TEAM,\nr1,J2,S2,IDEA,\n"
    )
    bundle = good(scores=rows, assignments="round,judge,submission,pinned\nr1,J2,S1,true\n")
    assert bundle.assignments == (
        BundleAssignment("r1", "J1", "S1"),
        BundleAssignment("r1", "J1", "S2"),
        BundleAssignment("r1", "J2", "S1", pinned=True),
        BundleAssignment("r1", "J2", "S2"),
    )
    assert bundle.scorecards == (
        BundleScorecard("r1", "J1", "S1", ScorecardStatus.RECUSED),
        BundleScorecard("r1", "J1", "S2", ScorecardStatus.DRAFT),
        BundleScorecard("r1", "J2", "S1", ScorecardStatus.SUBMITTED),
        BundleScorecard("r1", "J2", "S2", ScorecardStatus.DRAFT),
    )
    assert bundle.scores == (
        BundleScore("r1", "J1", "S1", "IDEA", None, recused=True),
        BundleScore("r1", "J1", "S1", "TEAM", None),
        BundleScore("r1", "J1", "S2", "IDEA", 0),
        BundleScore("r1", "J2", "S1", "IDEA", 40),
        BundleScore("r1", "J2", "S1", "TEAM", 4),
        BundleScore("r1", "J2", "S2", "IDEA", None),
    )


def test_scorecards_say_otherwise() -> None:
    bundle = good(
        scores=f"{SCORES}r1,J1,S1,IDEA,5\nr1,J1,S1,TEAM,5\nr1,J2,S1,IDEA,5\n",
        scorecards="round,judge,submission,status,feedback,private_note,recusal_reason\n"
        "r1,J1,S1,draft,Tốt,Riêng,\nr1,J2,S1,submitted,,,\nr1,J1,S2,,Chờ,,\nr1,J2,S2,recused,,,Người nhà\n",
    )
    assert bundle.scorecards == (
        BundleScorecard("r1", "J1", "S1", ScorecardStatus.DRAFT, "Tốt", "Riêng"),
        BundleScorecard("r1", "J1", "S2", ScorecardStatus.DRAFT, "Chờ"),
        BundleScorecard("r1", "J2", "S1", ScorecardStatus.SUBMITTED),
        BundleScorecard("r1", "J2", "S2", ScorecardStatus.RECUSED, "", "", "Người nhà"),
    )
    assert len(bundle.assignments) == 4


def test_abstained_is_neither_recused_nor_empty_nor_zero() -> None:
    found = good(
        scores=f"{SCORES}r1,J1,S1,IDEA,abstained\nr1,J2,S1,IDEA,recused\nr1,J1,S2,IDEA,0\nr1,J2,S2,IDEA,\n",
        scorecards="round,judge,submission,status,recusal_reason\nr1,J1,S1,abstained,Vắng mặt\n",
    )
    states = {(each.judge, each.submission): each.status for each in found.scorecards}
    assert states["J1", "S1"] is ScorecardStatus.ABSTAINED
    assert states["J2", "S1"] is ScorecardStatus.RECUSED
    assert [(each.word, each.points) for each in found.scores] == [
        ("abstained", None), ("", 0), ("recused", None), ("", None),
    ]  # fmt: skip


def test_abstained_and_set_aside_mean_no_marks() -> None:
    assert bad(scores=f"{SCORES}r1,J1,S1,IDEA,abstained\nr1,J1,S1,TEAM,3\n") == [
        ("scores.csv", 3, "score", "abstained_and_scored")
    ]
    assert bad(scores=f"{SCORES}r1,J1,S1,IDEA,abstained\nr1,J1,S1,TEAM,recused\n") == [
        ("scores.csv", 3, "score", "recused_and_scored")
    ]
    card = "round,judge,submission,status\nr1,J1,S1,"
    for status in ("abstained", "voided"):
        assert bad(scores=f"{SCORES}r1,J1,S1,TEAM,3\n", scorecards=f"{card}{status}\n") == [
            ("scorecards.csv", 2, "status", f"{status}_and_scored")
        ]
    assert bad(scores=f"{SCORES}r1,J1,S1,TEAM,abstained\n", scorecards=f"{card}submitted\n") == [
        ("scorecards.csv", 2, "status", "status_contradicts")
    ]


def test_recused_means_no_marks() -> None:
    assert bad(scores=f"{SCORES}r1,J1,S1,IDEA,recused\nr1,J1,S1,TEAM,3\n") == [
        ("scores.csv", 3, "score", "recused_and_scored")
    ]
    card = "round,judge,submission,status\nr1,J1,S1,"
    assert bad(scores=f"{SCORES}r1,J1,S1,TEAM,3\n", scorecards=f"{card}recused\n") == [
        ("scorecards.csv", 2, "status", "recused_and_scored")
    ]
    assert bad(scores=f"{SCORES}r1,J1,S1,TEAM,Recused\n", scorecards=f"{card}submitted\n") == [
        ("scorecards.csv", 2, "status", "status_contradicts")
    ]


def test_marks_that_no_judge_gives() -> None:
    bundle = good(DOCUMENT + ORGANISER, scores=f"{SCORES}r1,,S1,ATT,7\nr1,J1,S1,ATT,7\n")
    assert bundle.scores == (BundleScore("r1", "", "S1", "ATT", 7), BundleScore("r1", "J1", "S1", "ATT", 7))
    assert bundle.assignments == ()
    assert bundle.scorecards == ()
    assert bad(DOCUMENT + ORGANISER, scores=f"{SCORES}r1,,S1,ATT,recused\n") == [
        ("scores.csv", 2, "score", "recused_without_judge")
    ]
    assert bad(DOCUMENT + ORGANISER, scores=f"{SCORES}r1,,S1,ATT,7\nr1,,S1,ATT,8\n") == [
        ("scores.csv", 3, None, "row_again")
    ]


def test_a_list_of_judges_is_asked_for_once() -> None:
    rows = {"scores": f"{SCORES}r1,J1,S1,IDEA,5\nr1,J2,S1,IDEA,5\n", "conflicts": "judge,submission\n"}
    tables = {
        stem: Table(f"{stem}.csv", ("judge",), tuple(Row(2, {"judge": "J1"}) for _ in text.splitlines()[1:]))
        for stem, text in rows.items()
    }
    tables["submissions"] = Table("submissions.csv", ("submission", "title", "team"))
    problems = parse_bundle(DOCUMENT, tables).problems
    assert [(each.file, each.row, each.code, each.facts) for each in problems] == [
        ("scores.csv", None, "table_needed", {"other": "judges.csv"}),
        ("conflicts.csv", 1, "column_missing", {}),
    ]


def test_oddities_are_warnings() -> None:
    document = DOCUMENT.replace('code = "r1"', 'code = "r1"\njudges_per_submission = 3')
    parsed = parse(document, conflicts="judge,submission\nJ1,S1\n", scores=f"{SCORES}r1,J1,S1,IDEA,5\n")
    assert parsed.bundle is not None
    assert [(each.file, each.row, each.code) for each in parsed.warnings] == [
        ("edition.toml", None, "judges_few"),
        ("scores.csv", 2, "score_despite_conflict"),
    ]


def test_problems_stop_at_a_limit_and_say_so() -> None:
    rows = SCORES + "".join(f"r1,J1,S{number},IDEA,5\n" for number in range(3, 1_000))
    found = parse(scores=rows).problems
    assert len(found) == MAX_PROBLEMS
    assert (found[0].row, found[0].code) == (2, "unknown_submission")
    assert (found[-1].row, found[-1].code, found[-1].facts) == (None, "too_many_problems", {"limit": MAX_PROBLEMS})


def test_warnings_stop_at_the_same_limit() -> None:
    many = "".join(f"S{number},a,b\n" for number in range(300))
    rows = SCORES + "".join(f"r1,J1,S{number},IDEA,5\n" for number in range(300))
    conflicts = "judge,submission\n" + "".join(f"J1,S{number}\n" for number in range(300))
    parsed = parse(submissions=f"submission,title,team\n{many}", scores=rows, conflicts=conflicts)
    assert parsed.bundle is not None
    assert len(parsed.warnings) == MAX_PROBLEMS


def test_one_problem_refuses_everything() -> None:
    parsed = parse(judges=JUDGES + "J3,\n", submissions=SUBMISSIONS)
    assert parsed.bundle is None
    assert len(parsed.problems) == 1


@pytest.mark.parametrize(
    ("text", "ok"),
    [
        ("a@b.vn", True),
        ("trần@ví-dụ.vn", True),
        ("a.b+c@d.e.f", True),
        ("a@b", False),
        ("@b.vn", False),
        ("a@.vn", False),
        ("a@b.", False),
        ("a@@b.vn", False),
        ("a b@c.vn", False),
        ("<a@b.vn>", False),
        ("a@b.vn,c@d.vn", False),
    ],
)
def test_addresses(text: str, ok: bool) -> None:  # noqa: FBT001 -- a parameter of a table
    assert is_email(text) is ok


@given(st.text(alphabet="'=+-@ a", max_size=6))
def test_shielding_is_undone(text: str) -> None:
    assert unshielded(shielded(text)) == text


def test_every_table_has_columns() -> None:
    assert tuple(COLUMNS) == READ_TABLES
    assert columns("scores") == (("round", "judge", "submission", "criterion", "score"), ())


NAMES = st.sampled_from(sorted({name for line in COLUMNS.values() for name in line.replace("|", "").split()} | {"x"}))
CELLS = st.one_of(
    st.sampled_from(
        ["r1", "J1", "S1", "IDEA", "TEAM", "5", "recused", "", "true", "submitted", "\ud800", "=1", "1.000"]
    ),
    st.text(max_size=8),
)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Table]:
    found = {}
    for stem in draw(st.lists(st.sampled_from([*READ_TABLES, "expected"]), unique=True)):
        proper = columns(stem)[0] if stem != "expected" else ()
        header = tuple(dict.fromkeys([*proper, *draw(st.lists(NAMES, max_size=3))]))
        rows = [Row(number, {name: draw(CELLS) for name in header}) for number in range(2, 2 + draw(st.integers(0, 3)))]
        found[stem] = Table(f"{stem}.csv", header, tuple(rows))
    return found


@given(tables())
@settings(deadline=None)
def test_never_raises_whatever_the_rows_hold(found: dict[str, Table]) -> None:
    parsed = parse_bundle(DOCUMENT, found)
    assert (parsed.bundle is None) == bool(parsed.problems)
    for problem in parsed.problems:
        assert problem.file
        assert problem.code.isidentifier()
