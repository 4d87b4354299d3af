"""Answers of a registration form through the pages: columns, preview, import, and the same sheet again."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.editions.parts import PartKind
from contest.editions.phases import EditionState
from contest.exchange.models import ImportDraft, SheetMapping
from contest.infra.db import db
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import PartAnswer, Submission, Team, TeamMember
from tests.counting import counted
from tests.exchange.bundles import row_counts, uploaded
from tests.factories import Make

pytestmark = pytest.mark.usefixtures("noon")
FORM = (Path(__file__).parent.parent / "data" / "google-form-2026.xlsx").read_bytes()
HEADER = "Dấu thời gian,Địa chỉ email,Tên đội thi,Tên ý tưởng,Họ tên đội trưởng,Họ tên các thành viên,Số điện thoại"
ANSWERS = [
    "17/09/2026 06:30:00,a@example.org,Đội A,Ý tưởng A,Trần Anh,Lê Bình; Trần Anh,0903123782",
    "18/09/2026 06:30:00,b@example.org,Đội B,=1+1,Vũ Bảo,,",
    "19/09/2026 06:30:00,c@example.org,Đội C,Ý tưởng C,Đỗ Chi,,",
]


@pytest.fixture
def edition(make: Make, client: FlaskClient) -> Edition:
    edition = make.edition()
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    return edition


def sheet(*answers: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *answers, "")).encode()


def send(client: FlaskClient, edition: Edition, data: bytes, name: str = "answers.csv") -> str:
    answer = client.post(f"/e/{edition.code}/organise/import-form", **uploaded({name: data}, "file"))
    assert answer.status_code == 303, unescape(answer.text)
    return str(answer.headers["Location"])


def guessed(client: FlaskClient, address: str) -> dict[str, str]:
    """Return what the columns page offers: the name of each select and its chosen value."""
    found, name = {}, ""
    for line in client.get(address).text.replace("<option", "\n<option").splitlines():
        if "<select" in line:
            name = line.split('name="')[1].split('"')[0]
            found[name] = ""
        elif "<option selected" in line:
            found[name] = line.split('value="')[1].split('"')[0]
    return found


def prepared(client: FlaskClient, edition: Edition, data: bytes, name: str = "answers.csv") -> str:
    """Upload a sheet, take the guess for its columns and return the address of the preview."""
    address = send(client, edition, data, name)
    if not address.endswith("/columns"):
        return address
    answer = client.post(address, data=guessed(client, address))
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def stored() -> set[str]:
    return set(current_app.extensions["storage"].keys())


def teams(edition: Edition) -> list[tuple[str, str, str]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Submission.code, Team.name, Submission.title)
        .join(Team)
        .where(Submission.edition_id == edition.id)
        .order_by(Submission.id)
    )
    return [(code, team, title) for code, team, title in rows]


def test_the_columns_are_guessed_and_shown_with_their_first_values(client: FlaskClient, edition: Edition) -> None:
    address = send(client, edition, sheet(*ANSWERS))
    assert address.endswith("/columns")
    assert list(guessed(client, address).values()) == [
        "timestamp",
        "email",
        "team",
        "title",
        "captain",
        "members",
        "phone",
    ]
    page = unescape(client.get(address).text)
    for words in ("Họ tên các thành viên", "Lê Bình; Trần Anh", "Đội A", "Đội C"):
        assert words in page


def test_answers_become_submitted_submissions_with_teams(client: FlaskClient, edition: Edition) -> None:
    kept = stored()
    address = prepared(client, edition, sheet(*ANSWERS))
    assert teams(edition) == []
    answer = client.post(address)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/e/{edition.code}/organise/submissions")
    assert teams(edition) == [
        ("BT-001", "Đội A", "Ý tưởng A"),
        ("BT-002", "Đội B", "=1+1"),
        ("BT-003", "Đội C", "Ý tưởng C"),
    ]
    assert set(db.session.scalars(select(Submission.status))) == {SubmissionStatus.SUBMITTED}
    first = db.session.scalars(select(Team).where(Team.name == "Đội A")).one()
    names = select(TeamMember.name).where(TeamMember.team_id == first.id).order_by(TeamMember.position)
    assert list(db.session.scalars(names)) == ["Trần Anh", "Lê Bình"]
    assert (first.email, first.phone, first.captain_id) == ("a@example.org", "+84903123782", None)
    assert db.session.scalar(select(ImportDraft.id)) is None
    assert stored() == kept


def test_the_next_sheet_with_these_columns_is_read_at_once_and_adds_only_what_is_new(
    client: FlaskClient, edition: Edition
) -> None:
    client.post(prepared(client, edition, sheet(*ANSWERS[:2])))
    renamed = "20/09/2026 06:30:00,B@example.org,Đội B mới,Ý tưởng khác,Vũ Bảo,,"
    address = send(client, edition, sheet(ANSWERS[0], renamed, ANSWERS[2]))
    assert not address.endswith("/columns")
    page = unescape(client.get(address).text)
    assert "BT-001" in page
    assert "BT-002" in page
    assert client.post(address).status_code == 303
    assert [team for _, team, _ in teams(edition)] == ["Đội A", "Đội B", "Đội C"]
    again = send(client, edition, sheet(*ANSWERS))
    assert '<button type="submit" class="btn btn-primary"' not in client.get(again).text
    before = teams(edition)
    client.post(again)
    assert teams(edition) == before


def test_other_columns_are_asked_about(client: FlaskClient, edition: Edition) -> None:
    client.post(prepared(client, edition, sheet(*ANSWERS)))
    other = sheet("Đội D,Ý tưởng D", header="Tên đội,Tên dự án")
    assert send(client, edition, other).endswith("/columns")


def test_a_changed_mapping_replaces_the_remembered_one(client: FlaskClient, edition: Edition) -> None:
    address = send(client, edition, sheet(*ANSWERS))
    chosen = guessed(client, address)
    client.post(address, data=chosen)
    client.post(address, data={**chosen, "targets-6": ""})
    row = db.session.scalars(select(SheetMapping)).one()
    assert "Số điện thoại" not in row.columns
    assert row.columns["Tên đội thi"] == "team"


@pytest.mark.parametrize(
    "change",
    [{"targets-2": ""}, {"targets-3": ""}, {"targets-0": "team"}, {"targets-0": "no-such-meaning"}],
    ids=["no-team", "no-title", "team-twice", "unknown"],
)
def test_columns_that_cannot_be_used_are_refused(client: FlaskClient, edition: Edition, change: dict[str, str]) -> None:
    address = send(client, edition, sheet(*ANSWERS))
    before = row_counts()
    answer = client.post(address, data={**guessed(client, address), **change})
    assert (answer.status_code, row_counts()) == (422, before)
    assert 'role="alert"' in answer.text
    preview = client.get(address.removesuffix("/columns"))
    assert (preview.status_code, preview.headers["Location"]) == (303, address)


def test_a_row_with_a_problem_is_left_out_and_named(client: FlaskClient, edition: Edition) -> None:
    nameless = "19/09/2026 06:30:00,d@example.org,,Ý tưởng D,Đỗ Chi,,"
    address = prepared(client, edition, sheet(ANSWERS[0], nameless))
    page = unescape(client.get(address).text)
    assert ">3</td>" in page
    assert ">Tên đội thi</td>" in page
    client.post(address)
    assert [team for _, team, _ in teams(edition)] == ["Đội A"]


def test_teams_that_share_only_a_contact_are_kept_when_the_organiser_says_so(
    client: FlaskClient, edition: Edition
) -> None:
    other = "20/09/2026 06:30:00,a@example.org,Đội Khác,Ý tưởng khác,Hồ Hà,,"
    address = prepared(client, edition, sheet(ANSWERS[0], other))
    assert f"{address}?keep=1" in client.get(address).text
    assert unescape(client.get(f"{address}?keep=1").text).count('<td class="is-title">') == 2
    client.post(f"{address}?keep=1")
    assert [team for _, team, _ in teams(edition)] == ["Đội A", "Đội Khác"]


def test_a_video_goes_into_the_link_part_or_below_the_summary(
    client: FlaskClient, make: Make, edition: Edition
) -> None:
    header = "Tên đội,Tên dự án,Tóm tắt,Link video"
    client.post(prepared(client, edition, sheet("Đội A,Một,Tóm tắt A,https://youtu.be/a", header=header)))
    part = make.part(edition, "video", PartKind.LINK)
    client.post(prepared(client, edition, sheet("Đội B,Hai,Tóm tắt B,https://youtu.be/b", header=header)))
    assert list(db.session.scalars(select(Submission.summary).order_by(Submission.id))) == [
        "Tóm tắt A\n\nVideo: https://youtu.be/a",
        "Tóm tắt B",
    ]
    answer = db.session.scalars(select(PartAnswer)).one()
    assert (answer.part_id, answer.text) == (part.id, "https://youtu.be/b")


def test_both_readings_of_a_date_are_shown(client: FlaskClient, edition: Edition) -> None:
    header = f"{HEADER},Ngày sinh đội trưởng"
    page = unescape(client.get(prepared(client, edition, sheet(f"{ANSWERS[0]},04/05/2008", header=header))).text)
    assert "04/05/2008" in page
    assert "05/04/2008" in page or "5/4/2008" in page


def test_the_real_sheet_is_imported_whole_and_again_changes_nothing(
    client: FlaskClient, make: Make, edition: Edition
) -> None:
    for number, name in enumerate(("Học sinh", "Sinh viên", "Thanh niên")):
        make.track(edition, f"T{number}", name_vi=name)
    address = prepared(client, edition, FORM, "google-form-2026.xlsx")
    page = unescape(client.get(address).text)
    assert page.count('<td class="is-title">') == 61
    assert ">26</td>" in page  # the row without a title
    assert page.count("<li>Dòng ") + page.count("<li>Row ") == 4
    client.post(address)
    found = teams(edition)
    assert len(found) == 61
    assert db.session.scalar(select(func.count()).where(Submission.track_id.is_(None))) == 0
    assert all(title == title.strip() for _, _, title in found)
    client.post(send(client, edition, FORM, "google-form-2026.xlsx"))
    assert teams(edition) == found


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("answers.csv", b""),
        ("answers.csv", sheet()),
        ("answers.csv", b"a\x00b,c\n1,2\n"),
        ("answers.csv", "Tên đội".encode("utf-16")),
        ("answers.csv", sheet(ANSWERS[0].replace("Ý tưởng A", "x" * 10_000_000))),
        ("answers.xlsx", b"no workbook"),
        ("answers.xlsx", b"PK\x03\x04" + b"\0" * 200),
        ("answers.csv", b'a,b\n"open,1\n'),
    ],
    ids=["empty", "header-only", "nul", "not-utf-8", "cell-of-10-mb", "not-a-workbook", "half-a-zip", "open-quote"],
)
def test_a_broken_sheet_is_answered_in_words_and_writes_nothing(
    client: FlaskClient, edition: Edition, name: str, data: bytes
) -> None:
    before, kept = row_counts(), stored()
    answer = client.post(f"/e/{edition.code}/organise/import-form", **uploaded({name: data}, "file"))
    assert (answer.status_code, row_counts(), stored()) == (422, before, kept)
    assert f">{name}</td>" in answer.text


def test_a_missing_sheet_is_a_problem_of_the_form(client: FlaskClient, edition: Edition) -> None:
    page = f"/e/{edition.code}/organise/import-form"
    assert client.get(page).status_code == 200
    answer = client.post(page, data={})
    assert answer.status_code == 422
    assert "is-invalid" in answer.text


def test_nothing_is_imported_before_the_columns_are_named(client: FlaskClient, edition: Edition) -> None:
    address = send(client, edition, sheet(*ANSWERS))
    answer = client.post(address.removesuffix("/columns"))
    assert (answer.status_code, answer.headers["Location"], teams(edition)) == (303, address, [])


def test_a_sheet_that_is_spoilt_while_it_waits_is_not_found(client: FlaskClient, edition: Edition) -> None:
    address = send(client, edition, sheet(*ANSWERS))
    key = db.session.scalars(select(ImportDraft.storage_key)).one()
    (current_app.extensions["storage"].root / key[:2] / key).write_bytes(b"")
    assert client.get(address).status_code == 404


def test_an_archived_edition_takes_no_answers(client: FlaskClient, edition: Edition) -> None:
    address = prepared(client, edition, sheet(*ANSWERS))
    edition.state = EditionState.ARCHIVED
    db.session.commit()
    assert client.post(address).status_code == 409
    assert teams(edition) == []


def test_a_sheet_belongs_to_its_edition(client: FlaskClient, make: Make, edition: Edition) -> None:
    address = prepared(client, edition, sheet(*ANSWERS))
    make.edition("khac")
    make.sign_in(client, make.user(is_admin=True))
    assert client.get(address).status_code == 404
    assert client.get(address.replace(edition.code, "khac")).status_code == 404


def test_the_preview_asks_as_often_for_one_answer_as_for_three(
    app: Flask, client: FlaskClient, edition: Edition
) -> None:
    numbers = []
    for answers in (ANSWERS[:1], ANSWERS):
        address = prepared(client, edition, sheet(*answers))
        with counted(app) as queries:
            assert client.get(address).status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
