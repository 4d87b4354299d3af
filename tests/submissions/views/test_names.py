"""Names in a submission, and the copies that blind judges get."""

from __future__ import annotations

from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from contest.infra import inspection
from contest.infra.db import db
from contest.submissions.facts import Draft
from contest.submissions.models import SubmissionFile
from tests.submissions.conftest import WHOLE, Entry
from tests.submissions.samples import pdf, picture

CAPTAIN = "Lê Thị Ánh"


def signed(text: str = "Nhom Anh Sang") -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf(text))) as made:
        made.docinfo["/Author"] = CAPTAIN
        made.save(out)
    return out.getvalue()


def photo() -> bytes:
    notes = Image.Exif()
    notes[0x013B] = "Le Thi Anh"
    return picture("JPEG", (40, 30), exif=notes)


@pytest.fixture
def named(entry: Entry) -> Entry:
    """A submission with a name in its summary, on a page, in a file name and in two kinds of notes."""
    entry.save(
        Draft(
            **{
                **{name: getattr(WHOLE, name) for name in ("title", "track", "field", "texts")},
                "summary": "Bạn Trần Anh Dung làm bản đồ ở THPT Lê Thánh Tôn.",
            }
        )
    )
    entry.upload(signed(), name="KeHoach_LeThiAnh.pdf")
    entry.upload(photo(), part="photo", name="ảnh.jpg")
    return entry


def page_of(client: FlaskClient, entry: Entry, *, own: bool = True) -> str:
    where = f"team/{entry.public_id}" if own else f"organise/submissions/{entry.public_id}"
    answer = client.get(f"/e/mua-thu-2026/{where}/names")
    assert answer.status_code == 200
    return answer.text


def test_team_and_organiser_read_what_stands_where(captain: FlaskClient, committee: FlaskClient, named: Entry) -> None:
    for client, own in ((captain, True), (committee, False)):
        text = " ".join(page_of(client, named, own=own).split())
        seen, _, hidden = text.partition("Taken out for blind judges")
        assert "<mark>Trần Anh Dung</mark>" in seen
        assert "<mark>THPT Lê Thánh Tôn</mark>" in seen
        assert "<mark>Anh Sang</mark>" in seen
        assert "Plan, page 1" in seen
        assert "<mark>LeThiAnh</mark>" in hidden
        assert "<mark>Lê Thị Ánh</mark>" in hidden
        assert "<mark>Le Thi Anh</mark>" in hidden
        assert "note inside the file (Artist)" in hidden


def test_a_submission_without_names_says_so(captain: FlaskClient, entry: Entry) -> None:
    entry.save(WHOLE)
    entry.upload(pdf("Ban do"))

    assert "No name was found" in page_of(captain, entry)


def file_of(entry: Entry, kind: str) -> SubmissionFile:
    db.session.rollback()
    return next(row for row in db.session.query(SubmissionFile) if row.content_type == kind)


def test_the_copy_of_a_blind_judge_has_a_neutral_name_and_no_author(
    captain: FlaskClient, committee: FlaskClient, named: Entry, app: Flask
) -> None:
    row = file_of(named, "application/pdf")
    for client, where in ((captain, "team"), (committee, "organise/submissions")):
        url = f"/e/mua-thu-2026/{where}/{named.public_id}/files/{row.public_id}"
        with client.get(f"{url}/blind") as copy, client.get(url) as original:
            assert copy.headers["Content-Disposition"] == f"attachment; filename={named.row.code}-plan.pdf"
            assert copy.headers["Content-Length"] == str(len(copy.data))
            with pikepdf.open(BytesIO(original.data)) as read:
                assert str(read.docinfo["/Author"]) == CAPTAIN
            with pikepdf.open(BytesIO(copy.data)) as read:
                assert "/Info" not in read.trailer
                assert len(read.pages) == 1
    assert (Path(app.config["DATA_DIR"]) / "copies" / row.sha256[:2] / row.sha256 / "clean").exists()


def test_where_no_copy_can_be_made_nothing_is_sent(
    captain: FlaskClient, named: Entry, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    row = file_of(named, "image/jpeg")

    def broken(*_: Any) -> None:
        return None

    monkeypatch.setattr(inspection, "_run", broken)
    (Path(app.config["DATA_DIR"]) / "copies" / row.sha256[:2] / row.sha256 / "clean").unlink(missing_ok=True)
    answer = captain.get(f"/e/mua-thu-2026/team/{named.public_id}/files/{row.public_id}/blind")

    assert answer.status_code == 409
    assert "without its author" in answer.text


def test_the_preview_shows_both_views(captain: FlaskClient, named: Entry) -> None:
    url = f"/e/mua-thu-2026/team/{named.public_id}/preview"

    assert "KeHoach_LeThiAnh.pdf" in captain.get(url).text
    blind = captain.get(f"{url}?blind=1").text
    assert "KeHoach_LeThiAnh.pdf" not in blind
    assert f"{named.row.code}-plan.pdf" in blind
    assert "Trần Anh Dung, Đỗ Ân" not in blind


ASKED: tuple[dict[str, str], ...] = ({}, {"Range": "bytes=0-3"}, {"If-None-Match": "*"}, {"If-Modified-Since": "x"})


def test_however_a_file_is_asked_for_it_runs_nothing(captain: FlaskClient, named: Entry) -> None:
    row = file_of(named, "application/pdf")
    url = f"/e/mua-thu-2026/team/{named.public_id}/files/{row.public_id}"
    for path, method, headers in product((url, f"{url}/blind"), ("GET", "HEAD"), ASKED):
        with captain.open(path, method=method, headers=headers) as answer:
            assert answer.status_code == 200
            assert answer.headers["Content-Disposition"].startswith("attachment;")
            assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    missing = captain.get(f"{url[:-1]}/blind")
    assert missing.status_code == 404
    assert missing.headers["Content-Security-Policy"].startswith("default-src 'none'")
