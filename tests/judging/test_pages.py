"""Pages of a team's file for its judges: open and closed exactly as the file itself."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from contest.editions.parts import PartKind
from contest.infra.db import db, unit_of_work
from contest.judging.models import Conflict
from contest.submissions.models import SubmissionFile
from contest.submissions.scans import ScanState
from tests.factories import Make
from tests.infra.test_page_images import pdf
from tests.judging.test_judge_views import Judging
from tests.submissions.samples import picture


@pytest.fixture
def judging(make: Make, client: FlaskClient, noon: datetime) -> Judging:
    return Judging(make, client)


def uploaded(app: Flask, judging: Judging, content: bytes, content_type: str = "application/pdf") -> str:
    stored = app.extensions["storage"].put(BytesIO(content), limit=1 << 20)
    part = judging.make.part(judging.edition, "slides", PartKind.FILE, accept="pdf")
    row = SubmissionFile(
        submission_id=judging.submission.id,
        part_id=part.id,
        filename="Bài.pdf",
        content_type=content_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
        uploaded_at=judging.edition.created_at,
    )
    with unit_of_work() as session:
        session.add(row)
        session.flush()  # its public id is wanted
        return str(row.public_id)


def test_a_judge_reads_the_pages_beside_the_marks(judging: Judging, app: Flask) -> None:
    file_id = uploaded(app, judging, pdf(2))
    address = f"{judging.desk_url}files/{file_id}/pages"
    assert f'data-pages="{address}"' in judging.page()
    page = judging.client.get(address)
    assert re.findall(r'<img src="([^"]*)"', page.text) == [f"{address}/1.webp", f"{address}/2.webp"]
    image = judging.client.get(f"{address}/1.webp")
    assert (image.status_code, image.mimetype, image.headers["Cache-Control"]) == (200, "image/webp", "no-store")
    assert image.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert judging.client.get(f"{address}/3.webp").status_code == 404
    assert judging.client.get(f"{address}/{'9' * 30}.webp").status_code == 404


def test_a_file_that_cannot_be_drawn_says_so(judging: Judging, app: Flask) -> None:
    file_id = uploaded(app, judging, b"%PDF-1.4 broken")
    page = judging.client.get(f"{judging.desk_url}files/{file_id}/pages")
    assert page.status_code == 200
    assert "<img" not in page.text
    assert f"{judging.desk_url}files/{file_id}" in page.text


def test_pages_are_closed_when_the_file_is(judging: Judging, app: Flask, make: Make) -> None:
    file_id = uploaded(app, judging, pdf(1))
    addresses = [f"{judging.desk_url}files/{file_id}/pages{end}" for end in ("", "/1.webp")]
    assert [judging.client.get(one).status_code for one in addresses] == [200, 200]
    other = app.test_client()
    make.sign_in(other, type("Person", (), {"id": make.judge(judging.edition).user_id})())
    assert [other.get(one).status_code for one in addresses] == [404, 404]
    with unit_of_work() as session:
        session.add(Conflict(judge_id=judging.judge.id, submission_id=judging.submission.id, reason="Người nhà"))
    assert [judging.client.get(one).status_code for one in addresses] == [404, 404]


def test_a_judge_gets_a_picture_without_what_the_camera_wrote_and_its_team_keeps_it(
    judging: Judging, app: Flask
) -> None:
    notes = Image.Exif()
    notes[0x013B] = "Le Thi Anh"
    content = picture("JPEG", (40, 30), exif=notes)
    file_id = uploaded(app, judging, content, "image/jpeg")

    with judging.client.get(f"{judging.desk_url}files/{file_id}") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        with Image.open(BytesIO(answer.data)) as shown:
            assert (shown.size, dict(shown.getexif())) == ((40, 30), {})
    row = db.session.query(SubmissionFile).filter_by(public_id=file_id).one()
    with app.extensions["storage"].open(row.storage_key) as kept:
        assert kept.read() == content


@pytest.mark.parametrize("state", [ScanState.QUARANTINED, ScanState.UNSCANNED])
def test_a_file_that_the_scanner_has_not_passed_is_closed_and_marks_are_not(
    judging: Judging, app: Flask, state: ScanState
) -> None:
    file_id = uploaded(app, judging, pdf(1))
    with unit_of_work() as session:
        session.query(SubmissionFile).filter_by(public_id=file_id).one().scan = state

    assert judging.client.get(f"{judging.desk_url}files/{file_id}").status_code == 403
    assert judging.client.get(f"{judging.desk_url}files/{file_id}/pages/1.webp").status_code == 404
    assert f"files/{file_id}" not in judging.page()
    assert "C1" in judging.page()
