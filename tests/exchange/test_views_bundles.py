"""The page that loads an edition: upload, preview, confirmation, and every broken file."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.exchange.bundle.dump import dump_bundle
from contest.exchange.forms.problems import cause
from contest.exchange.models import ImportDraft
from contest.exchange.queries import bundle_of, packed, read_bytes
from contest.infra import clock
from contest.infra.archive import zipped
from contest.infra.db import db
from tests.conftest import NOON
from tests.counting import counted
from tests.exchange.bundles import BAD, Bad, Files, files_of, row_counts, uploaded
from tests.factories import Make

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def admin(make: Make, client: FlaskClient) -> User:
    user = make.user("Quản trị", is_admin=True)
    make.sign_in(client, user)
    return user


def send(client: FlaskClient, files: Files) -> str:
    """Upload a sound bundle and return the address of its preview."""
    answer = client.post("/editions/import", **uploaded(files))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def stored_keys() -> set[str]:
    return set(current_app.extensions["storage"].keys())


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.id)
def test_a_broken_file_is_answered_in_words_and_writes_nothing(
    client: FlaskClient, admin: User, bad: Bad, locale: str
) -> None:
    del admin
    client.set_cookie("locale", locale)
    files = bad.files()
    before, kept = row_counts(), stored_keys()
    answer = client.post("/editions/import", **uploaded(files))
    problems = read_bytes(*packed(list(files.items()))).problems
    found = [
        each
        for each in problems
        if (each.code, each.file, each.row, each.column)[1:] == (bad.file, bad.row, bad.column)
    ]
    with force_locale(locale):
        words = [cause(each) for each in found if each.code == bad.code]
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert len(words) == 1
    assert words[0] in page
    for place in (bad.file, bad.row, bad.column):
        assert place is None or f">{place}</td>" in page
    assert (row_counts(), stored_keys()) == (before, kept)


def test_no_file_is_a_problem_of_the_form(client: FlaskClient, admin: User) -> None:
    del admin
    answer = client.post("/editions/import", data={})
    assert answer.status_code == 422
    assert "is-invalid" in answer.text


def test_a_file_beyond_the_limit_is_refused_unread(app: Flask, client: FlaskClient, admin: User) -> None:
    del admin
    before = row_counts()
    files = {"bundle.zip": b"\0" * (app.config["MAX_CONTENT_LENGTH"] + 1)}
    assert client.post("/editions/import", **uploaded(files)).status_code == 413
    assert row_counts() == before


def test_the_preview_shows_what_would_be_written_and_writes_no_edition(client: FlaskClient, admin: User) -> None:
    del admin
    address = send(client, files_of("small"))
    page = unescape(client.get(address, headers={"Cookie": ""}).text)
    for words in ("Ý tưởng khởi nghiệp 2026", "Bản đồ ngập", "=1+1", "Nguyễn Văn Khảo", "Ý tưởng, Đội ngũ"):
        assert words in page
    assert 'value="y-tuong-2026"' in page
    assert db.session.scalar(select(Edition.id)) is None
    row = db.session.scalars(select(ImportDraft)).one()
    assert (row.storage_key in stored_keys(), row.expires_at) == (True, NOON + timedelta(hours=24))


def test_confirming_loads_the_edition_and_forgets_the_file(client: FlaskClient, admin: User) -> None:
    kept = stored_keys()
    address = send(client, files_of("small"))
    answer = client.post(address, data={"code": "y-tuong-2026"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/e/y-tuong-2026/organise/")
    edition = db.session.scalars(select(Edition)).one()
    assert edition.code == "y-tuong-2026"
    expected = read_bytes("b.zip", zipped(files_of("small"))).bundle
    assert expected is not None
    assert bundle_of(edition.id).submissions == expected.submissions
    assert db.session.scalar(select(ImportDraft.id)) is None
    assert stored_keys() == kept
    assert client.get(address).status_code == 404
    assert client.get("/e/y-tuong-2026/organise/").status_code == 200
    del admin


def test_a_zip_and_its_single_files_are_the_same(client: FlaskClient, admin: User) -> None:
    del admin
    pages = []
    for files in (files_of("small"), {"tên lạ.zip": zipped(files_of("small"))}):
        page = unescape(client.get(send(client, files)).text)
        pages.append(page[page.index("bv-stats") : page.index("bv-split")])
    assert pages[0] == pages[1]


def test_a_code_that_is_taken_is_offered_another_and_refused_as_it_is(client: FlaskClient, admin: User) -> None:
    del admin
    client.post(send(client, files_of("small")), data={"code": "y-tuong-2026"})
    address = send(client, files_of("small"))
    assert 'value="y-tuong-2026-2"' in client.get(address).text
    before = row_counts()
    for code in ("y-tuong-2026", "Không được", ""):
        answer = client.post(address, data={"code": code})
        assert (answer.status_code, row_counts()) == (422, before)
        assert "is-invalid" in answer.text
        assert f'value="{code}"' in answer.text
    assert client.post(address, data={"code": "y-tuong-2026-2"}).status_code == 303


def test_a_file_is_for_the_person_who_sent_it(client: FlaskClient, make: Make, admin: User) -> None:
    del admin
    address = send(client, files_of("small"))
    make.sign_in(client, make.user(is_admin=True))
    assert client.get(address).status_code == 404
    assert client.post(address, data={"code": "cua-toi"}).status_code == 404
    missing, foreign = client.get("/editions/import/khongco"), client.get(address)
    assert missing.text == foreign.text.replace(address.rpartition("/")[2], "khongco")


def test_a_file_waits_for_a_day(client: FlaskClient, admin: User) -> None:
    del admin
    address = send(client, files_of("small"))
    with clock.stopped_at(NOON + timedelta(hours=24)):
        assert client.get(address).status_code in (303, 404)
    with clock.stopped_at(NOON + timedelta(hours=23)):
        assert client.get(address).status_code == 200


def test_a_file_whose_bytes_are_gone_or_spoilt_is_not_found(client: FlaskClient, admin: User) -> None:
    del admin
    storage = current_app.extensions["storage"]
    addresses = [send(client, files_of("small")) for _ in range(2)]
    keys = list(db.session.scalars(select(ImportDraft.storage_key).order_by(ImportDraft.id)))
    storage.delete(keys[0])
    (storage.root / keys[1][:2] / keys[1]).write_bytes(b"spoilt")
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_old_files_of_a_person_leave_the_storage(client: FlaskClient, admin: User) -> None:
    del admin
    kept = stored_keys()
    addresses = [send(client, files_of("small")) for _ in range(7)]
    assert len(stored_keys() - kept) == 5
    assert [client.get(address).status_code for address in addresses] == [404, 404, *[200] * 5]


def test_a_file_that_cannot_wait_is_not_left_in_the_storage(
    client: FlaskClient, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_facts: object) -> None:
        raise OSError("the disk is full")

    del admin
    kept = stored_keys()
    monkeypatch.setattr("contest.exchange.views.holding.services.keep_file", fail)
    with pytest.raises(OSError, match="disk"):
        client.post("/editions/import", **uploaded(files_of("small")))
    assert stored_keys() == kept


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ORGANISER, 200), (Role.SECRETARY, 403), (Role.JUDGE, 403), (Role.CAPTAIN, 403)]
)
def test_organisers_of_any_edition_may_load_another(client: FlaskClient, make: Make, role: Role, status: int) -> None:
    make.sign_in(client, make.member(make.edition(), role))
    assert client.get("/editions/import").status_code == status
    assert client.post("/editions/import", data={}).status_code == (422 if status == 200 else status)


def test_visitors_sign_in_first(client: FlaskClient) -> None:
    assert client.get("/editions/import").headers["Location"].startswith("/sign-in")


def test_the_bundle_of_an_edition_is_downloaded_as_a_zip(client: FlaskClient, admin: User) -> None:
    del admin
    client.post(send(client, files_of("small")), data={"code": "y-tuong-2026"})
    answer = client.get("/e/y-tuong-2026/organise/export")
    assert answer.headers["Content-Disposition"] == "attachment; filename=y-tuong-2026.zip"
    edition = db.session.scalars(select(Edition)).one()
    with ZipFile(BytesIO(answer.data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == dump_bundle(bundle_of(edition.id))
    assert client.get("/e/y-tuong-2026/organise/export").data == answer.data


@pytest.mark.parametrize("role", [Role.JUDGE, Role.CHAIR, Role.OBSERVER, Role.CAPTAIN])
@pytest.mark.parametrize("page", ["files", "export", "import-form", "rounds/r1/assignments.csv"])
def test_contacts_and_files_are_for_organisers(client: FlaskClient, make: Make, role: Role, page: str) -> None:
    edition = make.edition()
    make.sign_in(client, make.member(edition, role))
    assert client.get(f"/e/{edition.code}/organise/{page}").status_code == 403


def test_the_hub_asks_as_often_for_one_round_as_for_three(app: Flask, client: FlaskClient, make: Make) -> None:
    edition = make.edition()
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    numbers = []
    for code in ("r1", "r2", "r3"):
        make.round(edition, code)
        with counted(app) as queries:
            page = client.get(f"/e/{edition.code}/organise/files")
        assert page.status_code == 200
        assert f"/rounds/{code}/assignments.csv" in page.text
        numbers.append(len(queries))
    assert numbers[0] == numbers[2]


def test_two_files_of_one_name_are_told_and_nothing_breaks() -> None:
    name, data = packed([("teams.csv", b"code\n"), ("teams.csv", b"code\n")])
    with ZipFile(BytesIO(data)) as archive:
        assert archive.namelist() == ["teams.csv", "1/teams.csv"]
    assert ("file_ignored", "1/teams.csv") in [(one.code, one.file) for one in read_bytes(name, data).warnings]
