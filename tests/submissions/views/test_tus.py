"""Files in pieces: begun, cut, resumed, checked like any other, and gone after an hour."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.infra import clock, room
from contest.infra.db import db
from contest.infra.partial import PartialFiles
from contest.submissions.models import SubmissionFile
from contest.submissions.queries import content_of
from tests.factories import Make
from tests.submissions.conftest import Entry, entry_in
from tests.submissions.samples import pdf
from tests.submissions.views.conftest import Answer, form_of

SPEAKS = {"Tus-Resumable": "1.0.0"}
OCTETS = "application/offset+octet-stream"
WHOLE = pdf(pages=30)


@pytest.fixture(autouse=True)
def folder(app: Flask) -> Iterator[Path]:
    """Where parts lie; empty before and after."""
    place = Path(app.config["DATA_DIR"]) / "uploads"
    yield place
    for path in place.glob("*"):
        path.unlink()


def base(entry: Entry) -> str:
    return f"/e/mua-thu-2026/team/{entry.public_id}/uploads"


def said(**facts: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in facts.items())


def begin(client: FlaskClient, entry: Entry, content: bytes = WHOLE, **changes: Any) -> Answer:
    facts = {"part": "plan", "filename": "Kế hoạch.pdf", "sha256": hashlib.sha256(content).hexdigest(), **changes}
    headers = {**SPEAKS, "Upload-Length": str(len(content)), "Upload-Metadata": said(**facts)}
    return client.post(base(entry), headers=headers)


def place_of(client: FlaskClient, entry: Entry, content: bytes = WHOLE) -> str:
    answer = begin(client, entry, content)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def piece(client: FlaskClient, place: str, offset: int, data: bytes, **headers: str) -> Answer:
    return client.patch(
        place, data=data, headers={**SPEAKS, "Upload-Offset": str(offset), **headers}, content_type=OCTETS
    )


def state(client: FlaskClient, place: str) -> int:
    answer = client.head(place, headers=SPEAKS)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return int(answer.headers["Upload-Offset"])


def hand_over(client: FlaskClient, entry: Entry, *places: str) -> Answer:
    names = " ".join(place.rpartition("/")[2] for place in places)
    return client.post(f"/e/mua-thu-2026/team/{entry.public_id}/", data=form_of(entry, sent=names))


@pytest.mark.parametrize("percent", [1, 50, 99])
def test_a_file_that_was_cut_goes_on_where_it_stopped(
    captain: FlaskClient, entry: Entry, folder: Path, percent: int
) -> None:
    place, cut = place_of(captain, entry), len(WHOLE) * percent // 100
    assert piece(captain, place, 0, WHOLE[:cut]).status_code == 204

    assert state(captain, place) == cut
    assert hand_over(captain, entry, place).status_code == 422  # half a file is none
    assert content_of(entry.id).files == {}
    before = entry.stored_keys
    done = piece(captain, place, cut, WHOLE[cut:])
    assert (done.status_code, done.headers["Upload-Offset"]) == (204, str(len(WHOLE)))
    assert entry.stored_keys == before  # nobody sees it before the form names it
    assert hand_over(captain, entry, place).status_code == 303

    row = db.session.query(SubmissionFile).one()
    assert (row.filename, row.sha256) == ("Kế hoạch.pdf", hashlib.sha256(WHOLE).hexdigest())
    assert entry.bytes_of(row.storage_key) == WHOLE
    assert list(folder.glob("*")) == []


def test_what_the_server_can_is_told(captain: FlaskClient, entry: Entry) -> None:
    answer = captain.options(base(entry))

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,termination,checksum,expiration"
    assert answer.headers["Tus-Max-Size"] == str(50 << 20)
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256,sha1"


def checksum(data: bytes, kind: str = "sha256") -> str:
    return f"{kind} {base64.b64encode(hashlib.new(kind, data).digest()).decode()}"


@pytest.mark.parametrize(
    ("sent", "offset", "headers", "status"),
    [
        (b"abc", 0, {"Upload-Checksum": checksum(b"abc")}, 204),
        (b"abc", 0, {"Upload-Checksum": checksum(b"abc", "sha1")}, 204),
        (b"abd", 0, {"Upload-Checksum": checksum(b"abc")}, 460),
        (b"abc", 0, {"Upload-Checksum": "md5 abc"}, 400),
        (b"abc", 1, {}, 409),
        (b"abc", 0, {"Tus-Resumable": "0.2.2"}, 412),
        (b"abc", 0, {"Upload-Offset": "-1"}, 400),
        (b"abc", 0, {"Upload-Offset": "٣"}, 400),
        (b"abc", 0, {"Content-Type": "application/json"}, 415),
        (WHOLE + b"x", 0, {}, 413),
    ],
)
def test_a_piece_that_is_not_what_it_should_be_changes_nothing(
    captain: FlaskClient, entry: Entry, sent: bytes, offset: int, headers: dict[str, str], status: int
) -> None:
    place = place_of(captain, entry)
    usual = {**SPEAKS, "Upload-Offset": str(offset), "Content-Type": OCTETS}

    raw = {name: value.encode().decode("latin-1") for name, value in {**usual, **headers}.items()}
    answer = captain.patch(place, data=sent, headers=raw)

    assert answer.status_code == status
    assert state(captain, place) == (3 if status == 204 else 0)


@pytest.mark.parametrize(
    ("changes", "content", "status", "words"),
    [
        ({"part": "problem"}, WHOLE, 422, "does not belong"),
        ({"part": "nothing"}, WHOLE, 422, "does not belong"),
        ({"filename": "plan.exe"}, WHOLE, 422, "cannot be taken"),
        ({"filename": "plan.html.pdf"}, WHOLE, 422, "forbidden ending"),
        ({}, b"", 422, "is empty"),
        ({}, bytes((1 << 20) + 1), 413, "at most 1 MB"),
    ],
)
def test_what_can_be_refused_is_refused_before_a_byte_is_sent(
    captain: FlaskClient, entry: Entry, folder: Path, changes: dict[str, str], content: bytes, status: int, words: str
) -> None:
    answer = begin(captain, entry, content, **changes)

    assert answer.status_code == status
    assert words in answer.text
    assert list(folder.glob("*")) == []


@pytest.mark.parametrize(
    "headers",
    [{"Upload-Length": "x"}, {"Upload-Length": ""}, {"Upload-Length": "9" * 16}, {"Upload-Metadata": "part ***"}],
)
def test_broken_headers_begin_nothing(captain: FlaskClient, entry: Entry, headers: dict[str, str]) -> None:
    usual = {**SPEAKS, "Upload-Length": "10", "Upload-Metadata": said(part="plan", filename="a.pdf")}
    assert captain.post(base(entry), headers={**usual, **headers}).status_code == 400


def test_a_full_disk_begins_nothing_and_says_so(
    captain: FlaskClient, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_of(captain, entry)
    monkeypatch.setattr(room, "usage", lambda _path: (1000, 2))

    assert begin(captain, entry).status_code == 507
    assert piece(captain, place, 0, WHOLE).status_code == 507


def test_after_the_deadline_nothing_begins(captain: FlaskClient, entry: Entry) -> None:
    closes = entry.edition.submissions_close
    assert closes
    with clock.stopped_at(closes):
        assert begin(captain, entry).status_code == 409


def test_what_arrived_is_checked_like_a_file_of_the_form(captain: FlaskClient, entry: Entry) -> None:
    for content, changes, words in (
        (b"<html>" + bytes(99), {}, "not what its name says"),
        (WHOLE[:-300], {}, "damaged"),
        (WHOLE, {"sha256": "0" * 64}, "changed on its way"),
    ):
        place = str(begin(captain, entry, content, **changes).headers["Location"])
        piece(captain, place, 0, content)
        answer = hand_over(captain, entry, place)
        assert answer.status_code == 422
        assert words in answer.text
    assert content_of(entry.id).files == {}


def test_a_part_belongs_to_one_person_and_one_submission(
    app: Flask, captain: FlaskClient, entry: Entry, make: Make, english: Callable[[], FlaskClient]
) -> None:
    place, stranger = place_of(captain, entry), make.user("Người lạ")
    other = entry_in(app, make, entry.edition, "Bình Minh", stranger)
    thief = english()
    make.sign_in(thief, stranger)

    for client, address in (
        (thief, place),
        (thief, place.replace(entry.public_id, other.public_id)),
        (captain, place[:-1] + ("0" if place[-1] != "0" else "1")),
        (captain, f"{base(entry)}/..%2f..%2fsecret_key"),
    ):
        for method in ("HEAD", "PATCH", "DELETE"):
            assert client.open(address, method=method, headers=SPEAKS).status_code == 404
    assert english().head(place, headers=SPEAKS).status_code == 401
    assert hand_over(thief, other, place).status_code == 422
    assert state(captain, place) == 0


def test_a_part_without_a_token_or_from_another_site_is_refused(
    app: Flask, captain: FlaskClient, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_of(captain, entry)
    foreign = {**SPEAKS, "Sec-Fetch-Site": "cross-site"}
    assert captain.post(base(entry), headers=foreign).status_code == 403
    assert captain.patch(place, headers=foreign).status_code == 403
    assert captain.delete(place, headers=foreign).status_code == 403

    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", 1)
    assert begin(captain, entry).status_code == 400
    assert piece(captain, place, 0, WHOLE).status_code == 400
    assert captain.delete(place, headers=SPEAKS).status_code == 400


def test_a_part_is_taken_back_and_only_some_are_kept_at_once(captain: FlaskClient, entry: Entry, folder: Path) -> None:
    place = place_of(captain, entry)
    assert captain.delete(place, headers=SPEAKS).status_code == 204
    assert captain.head(place, headers=SPEAKS).status_code == 404

    for _ in range(9):
        place_of(captain, entry)
    assert len(list(folder.glob("*.part"))) == 6


def test_what_gets_no_byte_for_an_hour_is_gone(
    captain: FlaskClient, entry: Entry, folder: Path, noon: datetime
) -> None:
    old = place_of(captain, entry)
    with clock.stopped_at(noon + timedelta(minutes=30)):
        young = place_of(captain, entry)
    with clock.stopped_at(noon + timedelta(minutes=61)):
        assert captain.head(old, headers=SPEAKS).status_code == 404
        assert state(captain, young) == 0
        assert len(list(folder.glob("*.part"))) == 2
        assert PartialFiles(folder).sweep(clock.now() - timedelta(hours=1)) == 1
    assert [path.stem for path in folder.glob("*.part")] == [young.rpartition("/")[2]]
