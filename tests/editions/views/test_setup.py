from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.basics import Basics
from contest.editions.divisions import USUAL_FIELDS, USUAL_TRACKS
from contest.editions.models import Edition
from contest.editions.parts import PartKind, PartSpec
from contest.editions.parts_usual import USUAL_PARTS
from contest.editions.queries import basics_of, edition_by_code, fields_of, parts_of, tracks_of
from contest.editions.rules import LocalText
from contest.infra.db import db
from contest.submissions.models import SubmissionFile
from tests.editions.samples import at
from tests.editions.views.conftest import Words
from tests.factories import NOON, Make

SETUP = "/e/mua-thu-2026/organise/setup/"
GOOD: dict[str, Any] = {
    "name_vi": "Ý tưởng 2026",
    "name_en": "Ideas 2026",
    "organiser": "Đoàn phường",
    "contact": "0903 123 782",
    "about_vi": "Thể lệ\n\nGiải thưởng",
    "submissions_open": "2026-10-08T12:00",
    "submissions_close": "2026-10-09T12:00",
    "timezone": "Asia/Ho_Chi_Minh",
    "languages": ["vi", "en"],
}


@pytest.mark.parametrize("page", ["basics", "divisions", "parts", "rounds"])
def test_every_page_shows_what_is_missing_and_where_to_mend_it(
    organiser: User, client: FlaskClient, edition: Edition, words: Words, page: str
) -> None:
    answer = client.get(SETUP + page)
    assert answer.status_code == 200
    assert "1 thing is still missing before opening" in words(answer)
    assert "At least one round Missing" in words(answer)
    assert f'href="{SETUP}rounds"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("page", ["", "basics", "divisions", "parts", "rounds"])
def test_only_organisers_come_in(make: Make, client: FlaskClient, edition: Edition, page: str) -> None:
    for role, status in ((Role.CHAIR, 403), (Role.JUDGE, 403), (Role.CAPTAIN, 403)):
        make.sign_in(client, make.member(edition, role))
        assert client.get(SETUP + page).status_code == status
    make.sign_in(client, make.user())
    assert client.get(SETUP + page).status_code == 404


def test_basics_are_saved_in_local_time(organiser: User, client: FlaskClient, edition: Edition) -> None:
    answer = client.post(SETUP + "basics", data={**GOOD, "action": "next"})
    assert (answer.status_code, answer.location) == (303, SETUP + "divisions")
    assert basics_of(edition.id) == Basics(
        name=LocalText("Ý tưởng 2026", "Ideas 2026"),
        organiser="Đoàn phường",
        about=LocalText("Thể lệ\n\nGiải thưởng"),
        contact="0903 123 782",
        submissions_open=NOON,
        submissions_close=at(1),
    )
    shown = client.get(SETUP + "basics").get_data(as_text=True)
    assert 'value="2026-10-08T12:00"' in shown
    assert client.post(SETUP + "basics", data={**GOOD, "action": "save"}).location == SETUP + "basics"


def test_another_time_zone_moves_the_moments(organiser: User, client: FlaskClient, edition: Edition) -> None:
    client.post(SETUP + "basics", data={**GOOD, "timezone": "Europe/Berlin"})
    assert basics_of(edition.id).submissions_open == at(5 / 24)


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"name_vi": ""}, "name_vi", "Please fill in this field."),
        ({"organiser": "x" * 201}, "organiser", "At most 200 characters."),
        ({"contact": "a\x00b"}, "contact", "This text holds a NUL byte."),
        ({"submissions_open": "morgen"}, "submissions_open", "Enter a day and a time"),
        ({"submissions_close": "2026-10-08T12:00"}, "submissions_close", "Submissions must close after they open."),
        ({"timezone": "Mars/Olympus"}, "timezone", "Not a valid choice"),
        ({"languages": []}, "languages", "Choose at least one language."),
        ({"logo": (BytesIO(b"GIF89a"), "logo.gif")}, "logo", "This is not a picture that can be read."),
    ],
)
def test_bad_basics_name_their_field_and_keep_the_rest(
    organiser: User,
    client: FlaskClient,
    edition: Edition,
    words: Words,
    values: dict[str, Any],
    field: str,
    message: str,
) -> None:
    before = basics_of(edition.id)
    answer = client.post(SETUP + "basics", data={**GOOD, "about_vi": "Vẫn còn đây", **values})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in page
    assert message in words(answer)
    assert "Vẫn còn đây" in page
    db.session.rollback()
    assert basics_of(edition.id) == before


def test_a_logo_comes_stays_and_goes(organiser: User, client: FlaskClient, edition: Edition) -> None:
    out = BytesIO()
    Image.new("RGB", (30, 30), "red").save(out, "PNG")

    def key() -> str | None:
        db.session.rollback()
        found = edition_by_code(edition.code)
        assert found is not None
        return found.logo_key

    client.post(SETUP + "basics", data={**GOOD, "logo": (BytesIO(out.getvalue()), "logo.png")})
    first = key()
    assert first is not None
    client.post(SETUP + "basics", data=GOOD)
    assert key() == first
    assert f"logo.png?v={first}" in client.get(SETUP + "basics").get_data(as_text=True)
    client.post(SETUP + "basics", data={**GOOD, "remove_logo": "y"})
    assert key() is None


def test_the_usual_divisions_are_filled_in_and_saved_only_on_request(
    organiser: User, client: FlaskClient, edition: Edition, words: Words
) -> None:
    typed = {"tracks": "A = Học sinh", "fields_text": ""}
    answer = client.post(SETUP + "divisions", data={**typed, "action": "usual_tracks"})
    assert answer.status_code == 200
    assert "A = Học sinh sinh-vien = Sinh viên | Students" in words(answer)
    answer = client.post(SETUP + "divisions", data={**typed, "action": "usual_fields"})
    assert "chinh-quyen-so = Chính quyền số | Digital government" in words(answer)
    assert tracks_of(edition.id) == []
    saved = {"tracks": "A = Học sinh\nB = Sinh viên | Students", "fields_text": "Du lịch", "action": "next"}
    assert client.post(SETUP + "divisions", data=saved).location == SETUP + "parts"
    assert [(row.code, row.name_vi, row.name_en) for row in tracks_of(edition.id)] == [
        ("A", "Học sinh", ""),
        ("B", "Sinh viên", "Students"),
    ]
    assert [row.code for row in fields_of(edition.id)] == ["du-lich"]
    assert "B = Sinh viên | Students" in words(client.get(SETUP + "divisions"))
    assert len(USUAL_TRACKS) == 3
    assert len(USUAL_FIELDS) == 12


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"tracks": "A = Một\nA = Hai"}, "tracks", "Line 2: the code “A” occurs twice."),
        ({"fields_text": "x y = Một"}, "fields_text", "Line 1: “x y” cannot be a code."),
        ({"tracks": ""}, "tracks", "The track “A” has submissions, so it cannot be removed."),
    ],
)
def test_bad_divisions_name_line_and_field_and_change_nothing(
    organiser: User,
    client: FlaskClient,
    edition: Edition,
    make: Make,
    words: Words,
    values: dict[str, str],
    field: str,
    message: str,
) -> None:
    make.submission(edition, track_id=make.track(edition, "A").id)
    typed = {"tracks": "A = Mới", "fields_text": "du-lich = Du lịch", **values}
    answer = client.post(SETUP + "divisions", data=typed)
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.get_data(as_text=True)
    assert message in words(answer)
    db.session.rollback()
    assert [(row.code, row.name_vi) for row in tracks_of(edition.id)] == [("A", "Bảng A")]
    assert fields_of(edition.id) == []


def _part(number: int, **values: Any) -> dict[str, Any]:
    usual = {"name_vi": f"Phần {number}", "kind": "file", "required": "y", "accept": ["pdf"], "max_mb": "5"}
    row = {**usual, "max_words": "300", **values}
    return {f"parts-{number}-{name}": value for name, value in row.items()}


def test_the_usual_parts_are_offered_edited_and_saved(organiser: User, client: FlaskClient, edition: Edition) -> None:
    offered = client.post(SETUP + "parts", data={"action": "usual"}).get_data(as_text=True)
    assert [f'value="{one.name.vi}"' in offered for one in USUAL_PARTS] == [True, True, True]
    assert parts_of(edition.id) == {}
    rows = {
        **_part(0, name_en="Plan", help_vi="Tối đa 3 trang"),
        **_part(1, name_vi="Phần 0", kind="text", required="", accept=[]),
        **_part(2, kind="link", code="video", accept=[]),
    }
    del rows["parts-1-required"]
    answer = client.post(SETUP + "parts", data={**rows, "action": "next"})
    assert (answer.status_code, answer.location) == (303, SETUP + "entry")
    assert list(parts_of(edition.id).values()) == [
        PartSpec(
            *("phan-0", LocalText("Phần 0", "Plan"), PartKind.FILE),
            accept=("pdf",),
            max_mb=5,
            max_words=300,
            help=LocalText("Tối đa 3 trang"),
        ),
        PartSpec("phan-0-2", LocalText("Phần 0"), PartKind.TEXT, required=False, max_mb=5, max_words=300),
        PartSpec("video", LocalText("Phần 2"), PartKind.LINK, max_mb=5, max_words=300),
    ]


def test_rows_are_added_moved_and_removed_without_saving_and_keep_what_was_typed(
    organiser: User, client: FlaskClient, edition: Edition
) -> None:
    rows = {**_part(0), **_part(1, max_mb="sehr viel")}
    added = client.post(SETUP + "parts", data={**rows, "action": "add"}).get_data(as_text=True)
    assert 'name="parts-2-name_vi"' in added
    assert 'value="sehr viel"' in added
    moved = client.post(SETUP + "parts", data={**rows, "action": "up:1"}).get_data(as_text=True)
    assert moved.index('value="Phần 1"') < moved.index('value="Phần 0"')
    removed = client.post(SETUP + "parts", data={**rows, "action": "remove:0"}).get_data(as_text=True)
    assert 'value="Phần 0"' not in removed
    assert 'value="Phần 1"' in removed
    assert parts_of(edition.id) == {}


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"name_vi": ""}, "name_vi", "Please fill in this field."),
        ({"kind": "hologram"}, "kind", "Not a valid choice"),
        ({"accept": []}, "accept", "Choose at least one file type."),
        ({"accept": ["exe"]}, "accept", "is not a valid choice"),
        ({"max_mb": "0"}, "max_mb", "Enter a whole number from 1 to 2048."),
        ({"max_mb": "51"}, "max_mb", "This server takes files of at most 50 MB."),
        ({"max_words": "9"}, "max_words", "Enter a whole number from 10 to 5000."),
        ({"help_vi": "x" * 2001}, "help_vi", "At most 2000 characters."),
    ],
)
def test_a_bad_part_names_row_and_field_and_saves_nothing(
    organiser: User,
    client: FlaskClient,
    edition: Edition,
    words: Words,
    values: dict[str, Any],
    field: str,
    message: str,
) -> None:
    answer = client.post(SETUP + "parts", data={**_part(0), **_part(1, **values)})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'<a href="#parts-1-{field}">' in page
    assert message in words(answer)
    assert 'value="Phần 0"' in page
    assert parts_of(edition.id) == {}


def test_a_part_in_use_stays(organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words) -> None:
    part = make.part(edition, "plan", PartKind.FILE, accept="pdf")
    submission = make.submission(edition)
    with_file = {"part_id": part.id, "submission_id": submission.id, "storage_key": "k", "size": 1, "sha256": "0" * 64}
    make._save(_file(**with_file))  # noqa: SLF001 the factory's own way to keep a row
    answer = client.post(SETUP + "parts", data=_part(0, code="plan", kind="text"))
    assert answer.status_code == 422
    assert "Teams have filled in the part “plan” already" in words(answer)
    db.session.rollback()
    assert [spec.kind for spec in parts_of(edition.id).values()] == [PartKind.FILE]


def _file(**values: Any) -> SubmissionFile:
    return SubmissionFile(filename="a.pdf", content_type="application/pdf", uploaded_at=NOON, **values)
