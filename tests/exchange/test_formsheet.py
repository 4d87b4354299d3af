"""The response sheet of 2026, row by row, and the rules on small sheets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.editions.rules import LocalText
from contest.errors import Problem
from contest.exchange.answers import Duplicate, FormSubmission
from contest.exchange.bundle.model import BundleField, BundleTrack
from contest.exchange.forms.problems import sentence
from contest.exchange.formsheet import FormRows, read_rows
from contest.exchange.mapping import TARGETS, guess_mapping
from contest.infra.tables import Row
from contest.infra.xlsx import read_xlsx
from tests.exchange.helpers import WORDS

FORM = Path(__file__).parent.parent / "data" / "google-form-2026.xlsx"
TRACKS = (
    BundleTrack("HS", LocalText("Học sinh", "Pupils")),
    BundleTrack("SV", LocalText("Sinh viên", "Students")),
    BundleTrack("TN", LocalText("Thanh niên", "Youth")),
)
FIELDS = (BundleField("edu", LocalText("Edtech")), BundleField("env", LocalText("Môi trường")))


def form(**settings_: bool) -> FormRows:
    table = read_xlsx(FORM.name, FORM.read_bytes())
    return worded(read_rows(FORM.name, table.rows, guess_mapping(table.header), TRACKS, (), **settings_))


@pytest.fixture(scope="module")
def sheet() -> FormRows:
    return form()


@pytest.fixture(scope="module")
def by_row(sheet: FormRows) -> dict[int, FormSubmission]:
    return {each.row: each for each in sheet.accepted}


def notes(problems: tuple[Problem, ...]) -> list[tuple[int | None, str]]:
    return [(each.row, each.code) for each in problems]


def test_every_row_is_accounted_for(sheet: FormRows) -> None:
    """67 rows under the header: one blank, one without a title, four older answers, 61 submissions."""
    assert len(sheet.accepted) == 61
    assert notes(sheet.problems) == [(26, "answer_missing")]
    assert sheet.problems[0].column == "Tên ý tưởng"
    gone = {26, 67, *(each.row for each in sheet.duplicates)}
    assert [each.row for each in sheet.accepted] == [row for row in range(2, 69) if row not in gone]


def test_older_answers_give_way_to_newer_ones(sheet: FormRows) -> None:
    assert sheet.duplicates == (
        Duplicate(5, 66, "team", doubtful=False, team="Đội Lửa 4", kept_team="Đội Lửa 4"),
        Duplicate(19, 56, "phone", doubtful=True, team="Đội Sen 18", kept_team="Đội Bình Minh 55"),
        Duplicate(22, 23, "email", doubtful=True, team="Đội Sóng 21", kept_team="Đội Lửa 22"),
        Duplicate(32, 68, "team", doubtful=False, team="Đội Bình Minh 31", kept_team="Đội Bình Minh 31"),
    )


def test_the_corrected_answer_of_the_same_minute_counts(by_row: Mapping[int, FormSubmission]) -> None:
    assert by_row[68].summary.endswith("(bản sửa)")


def test_teams_that_only_share_a_contact_can_be_kept() -> None:
    kept = form(keep_shared_contacts=True)
    assert len(kept.accepted) == 63
    assert [(each.row, each.kept) for each in kept.duplicates] == [(5, 66), (32, 68)]


def test_every_warning(sheet: FormRows) -> None:
    later = [10, 11, 12, 18, 21, 24, 26, 30, 41, 47, 52, 56, 57, 60, 61, 63]
    rest = [each for each in notes(sheet.warnings) if each[1] != "link_later"]
    assert [row for row, code in notes(sheet.warnings) if code == "link_later"] == later
    assert rest == [(27, "link_refused"), (28, "member_repeated"), (28, "summary_long"), (25, "team_namesake")]
    assert sheet.warnings[-1].facts == {"value": "Đội Trúc 24", "first": 24}


def test_an_ordinary_row(by_row: Mapping[int, FormSubmission]) -> None:
    assert by_row[2] == FormSubmission(
        row=2,
        team="Đội Mặt Trời 1",
        title="Gửi xe không tiền mặt cho chợ truyền thống",
        sent=datetime.fromisoformat("2026-09-17 06:30:00"),
        email="doi1@example.org",
        track="HS",
        field="",
        field_name="Thanh toán không tiền mặt",
        school="Đại học RMIT",
        captain="Đỗ Thanh Hằng",
        captain_birth=date(2003, 11, 26),
        phone="+84903123782",
        members=(),
        mentor="",
        summary=by_row[2].summary,
        video="https://youtu.be/abc123xyz",
        address="12/3 Huỳnh Tấn Phát, Q7",
        consent=True,
    )


def test_odd_cells(by_row: Mapping[int, FormSubmission]) -> None:
    assert by_row[7].captain == "Đỗ Thị Hằng"  # came in NFD
    assert by_row[7].team == "Đội Sóng 6"
    assert by_row[11].team == "=1+1"
    assert by_row[12].title == '=HYPERLINK("https://example.org","Bấm vào")'
    assert by_row[13].summary == "+84 là mã vùng, -5% chi phí, @everyone"
    assert by_row[14].team == "<script>alert(1)</script>"
    assert by_row[27].video == ""
    assert by_row[28].summary == "x" * 4_000
    assert by_row[28].members == ("Huỳnh Đức Long", "Lê Quỳnh Vy", "Võ Văn My")
    assert by_row[29].captain == "Bùi Hữu Hải"
    assert by_row[10].video == ""
    assert by_row[10].mentor == "ThS. Hoàng Ngọc Khoa"


def test_five_spellings_of_telephones(by_row: Mapping[int, FormSubmission]) -> None:
    rows = (2, 6, 7, 10, 25)
    assert [by_row[row].phone for row in rows] == [
        "+84903123782",
        "+84703123232",
        "+84903123020",
        "+84903123094",
        "+84903123249",
    ]
    assert all(len(each.phone) == 12 for each in by_row.values())


def test_dates_in_every_spelling(by_row: Mapping[int, FormSubmission]) -> None:
    rows = (2, 3, 4, 8, 9, 10, 13, 47)
    assert [f"{by_row[row].captain_birth}" for row in rows] == [
        "2003-11-26",
        "2004-02-25",
        "2001-06-01",
        "2008-01-12",
        "2010-02-24",
        "2010-02-23",
        "2010-04-09",
        "2000-05-04",
    ]
    assert all(each.captain_birth and 2000 <= each.captain_birth.year <= 2012 for each in by_row.values())
    assert {each.sent.month for each in by_row.values() if each.sent} == {9}
    assert by_row[44].sent == datetime.fromisoformat("2026-09-01 20:32:00")


def test_separators_of_members(by_row: Mapping[int, FormSubmission]) -> None:
    assert by_row[3].members == ("Trần Anh Phúc", "Huỳnh Thùy Ỷ", "Phan Khánh Châu")
    assert by_row[4].members == ("Phan Đức Hằng", "Ngô Hữu Mai", "Đỗ Ngọc Châu", "Đặng Thanh Lâm")
    assert by_row[9].members == ("Lý Gia Nam", "Hồ Văn Dung", "Dương Văn Hà", "Dương Hoàng Tâm")


def test_schools_and_tracks_are_folded(sheet: FormRows) -> None:
    assert sorted({each.school for each in sheet.accepted}) == [
        "THPT Lê Thánh Tôn",
        "THPT Ngô Quyền",
        "Trường THPT Tân Phong",
        "Tự do",
        "Đoàn phường Tân Thuận",
        "Đại học RMIT",
        "Đại học Tài chính – Marketing",
        "Đại học Tôn Đức Thắng",
    ]
    counts = {code: sum(each.track == code for each in sheet.accepted) for code in ("HS", "SV", "TN", "")}
    assert counts == {"HS": 29, "SV": 18, "TN": 14, "": 0}


def test_reading_twice_gives_the_same(sheet: FormRows) -> None:
    assert form() == sheet


MAPPING = {target: target for target in TARGETS}


def small(*rows: dict[str, str], **settings_: bool) -> FormRows:
    """Read rows of targets; team and title are there unless given."""
    cells = [Row(number, {"team": f"Đội {number}", "title": "Ý", **row}) for number, row in enumerate(rows, start=2)]
    used = {"team", "title", *(key for row in rows for key in row)}
    mapping = {column: target for column, target in MAPPING.items() if target in used}
    return worded(read_rows("f.xlsx", cells, mapping, TRACKS, FIELDS, **settings_))


def worded(read: FormRows) -> FormRows:
    """Check that everything found can be said: each sentence finds its facts."""
    with WORDS.app_context():
        for problem in (*read.problems, *read.warnings):
            assert problem.file in sentence(problem)
    return read


def warned(row: dict[str, str]) -> list[tuple[str | None, str]]:
    read = small(row)
    assert len(read.accepted) == 1
    assert read.problems == ()
    return [(each.column, each.code) for each in read.warnings]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ({"team": " "}, "team", "answer_missing"),
        ({"title": "\u200b"}, "title", "answer_missing"),
        ({"team": "x" * 201}, "team", "text_too_long"),
        ({"title": "x" * 501}, "title", "text_too_long"),
        ({"summary": "x" * 5_001}, "summary", "text_too_long"),
        ({"members": "x" * 201}, "members", "text_too_long"),
        ({"school": "x" * 201}, "school", "text_too_long"),
    ],
)
def test_problems_keep_a_row_out(row: dict[str, str], column: str, code: str) -> None:
    read = small(row, {"team": "Đội khác"})
    assert [each.row for each in read.accepted] == [3]
    assert [(each.file, each.row, each.column, each.code) for each in read.problems] == [("f.xlsx", 2, column, code)]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ({"email": "nobody"}, "email", "email_dropped"),
        ({"phone": "12345"}, "phone", "phone_dropped"),
        ({"captain_birth": "mùa xuân"}, "captain_birth", "date_dropped"),
        ({"captain_birth": "01/02/2003"}, "captain_birth", "date_ambiguous"),
        ({"timestamp": "hôm qua"}, "timestamp", "date_dropped"),
        ({"track": "Phụ huynh"}, "track", "track_unknown"),
        ({"field": "Y tế"}, "field", "field_unknown"),
        ({"summary": "chữ " * 301}, "summary", "summary_long"),
        ({"video": "javascript:alert(1)"}, "video", "link_refused"),
        ({"video": "đây"}, "video", "link_unknown"),
        ({"consent": "Không đồng ý"}, "consent", "consent_missing"),
        ({"consent": ""}, "consent", "consent_missing"),
    ],
)
def test_warnings_let_a_row_in(row: dict[str, str], column: str, code: str) -> None:
    assert warned(row) == [(column, code)]


@pytest.mark.parametrize(
    "row",
    [
        {"phone": "không"},
        {"captain_birth": "-"},
        {"track": " HỌC  SINH "},
        {"track": "pupils"},
        {"track": "hs"},
        {"field": "moi truong"},
        {"consent": "Đồng ý"},
        {"consent": "Có"},
        {"mentor": "không"},
    ],
)
def test_nothing_to_say(row: dict[str, str]) -> None:
    assert warned(row) == []


def test_both_readings_of_a_date_are_told() -> None:
    warning = small({"captain_birth": "01/02/2003"}).warnings[0]
    assert warning.facts == {"value": "01/02/2003", "taken": "01/02/2003", "other": "02/01/2003"}


def test_nothing_is_asked_of_tracks_where_there_are_none() -> None:
    rows = [Row(2, {"team": "a", "title": "b", "track": "Học sinh"})]
    read = read_rows("f.xlsx", rows, {each: each for each in ("team", "title", "track")}, (), ())
    assert read.warnings == ()
    assert read.accepted[0].track == ""


def test_the_mapping_must_name_team_and_title() -> None:
    read = read_rows("f.xlsx", [Row(2, {"a": "b"})], {"a": "title"}, (), ())
    assert read == FormRows(problems=(Problem("f.xlsx", 1, None, "target_missing", {"target": "team"}),))


@pytest.mark.parametrize(
    ("first", "second", "by", "doubtful"),
    [
        ({"email": "A@b.vn"}, {"email": "a@B.vn"}, "email", False),
        ({"phone": "0903123782"}, {"phone": "+84 903 123 782"}, "phone", False),
        ({"team": "Sen"}, {"team": " SEN "}, "team", False),
        ({"email": "a@b.vn", "title": "Khác", "captain": "An"}, {"email": "a@b.vn", "captain": "Bình"}, "email", True),
        ({"email": "a@b.vn", "title": "Khác", "captain": "An"}, {"email": "a@b.vn", "captain": "an"}, "email", False),
    ],
)
def test_what_makes_a_duplicate(first: dict[str, str], second: dict[str, str], by: str, doubtful: bool) -> None:  # noqa: FBT001 -- a parameter of a table
    read = small(first, second)
    assert [each.row for each in read.accepted] == [3]
    assert [(each.row, each.kept, each.by, each.doubtful) for each in read.duplicates] == [(2, 3, by, doubtful)]


def test_the_newest_time_wins_not_the_last_row() -> None:
    read = small(
        {"email": "a@b.vn", "timestamp": "2026-09-03 08:00:00"},
        {"email": "a@b.vn", "timestamp": ""},
        {"email": "a@b.vn", "timestamp": "2026-09-02 08:00:00"},
    )
    assert [each.row for each in read.accepted] == [2]
    assert [(each.row, each.kept) for each in read.duplicates] == [(3, 2), (4, 2)]


def test_a_broken_newer_answer_does_not_remove_the_older_one() -> None:
    read = small({"email": "a@b.vn"}, {"email": "a@b.vn", "title": ""})
    assert [each.row for each in read.accepted] == [2]
    assert read.duplicates == ()
    assert notes(read.problems) == [(3, "answer_missing")]


VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["a@b.vn", "0903123782", "01/02/2003", "Học sinh", "không", "=1+1", "An;An", "youtu.be/x", "\ud800"]
    ),
)


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(TARGETS, VALUES)), max_size=6), st.booleans())
@settings(deadline=None)
def test_never_raises_and_loses_nothing(rows: list[dict[str, str]], keep: bool) -> None:  # noqa: FBT001 -- drawn
    cells = [Row(number, row) for number, row in enumerate(rows, start=2)]
    read = read_rows("f.xlsx", cells, MAPPING, TRACKS, FIELDS, keep_shared_contacts=keep)
    filled = {row.number for row in cells if any(cell.strip() for cell in row.cells.values())}
    places = [each.row for each in read.accepted] + [each.row for each in read.duplicates]
    assert len(places) == len(set(places))
    assert set(places) | {each.row for each in read.problems} == filled
    assert not set(places) & {each.row for each in read.problems}
    assert {each.kept for each in read.duplicates} <= {each.row for each in read.accepted}
