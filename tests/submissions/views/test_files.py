from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from contest.infra.db import db
from contest.submissions.models import SubmissionFile
from tests.factories import Make
from tests.submissions.conftest import Entry, entry_in
from tests.submissions.samples import pdf, picture, pptx


def team_url(entry: Entry, file_id: str) -> str:
    return f"/e/mua-thu-2026/team/{entry.public_id}/files/{file_id}"


def committee_url(entry: Entry, file_id: str) -> str:
    return f"/e/mua-thu-2026/organise/submissions/{entry.public_id}/files/{file_id}"


@pytest.mark.parametrize(
    ("part", "name", "content", "content_type"),
    [
        ("plan", "plan.pdf", pdf(), "application/pdf"),
        ("photo", "ảnh.webp", picture("WEBP"), "image/webp"),
        (
            "photo",
            "slides.pptx",
            pptx(),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
    ],
)
def test_a_file_comes_back_whole_and_can_never_run_in_our_pages(
    captain: FlaskClient, entry: Entry, part: str, name: str, content: bytes, content_type: str
) -> None:
    file_id = entry.upload(content, part=part, name=name)

    with captain.get(team_url(entry, file_id)) as answer:
        assert (answer.status_code, answer.data) == (200, content)
        assert answer.headers["Content-Type"] == content_type
        assert answer.headers["Content-Length"] == str(len(content))
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("uploaded", "told"),
    [
        ("Kế hoạch (bản 2).pdf", "filename*=UTF-8''K%E1%BA%BF%20ho%E1%BA%A1ch%20%28b%E1%BA%A3n%202%29.pdf"),
        ('a"b.pdf', "filename=a-b.pdf"),
        ("a\r\nSet-Cookie: x=y.pdf", 'filename="aSet-Cookie- x=y.pdf"'),
        ("a;b=c.pdf", 'filename="a;b=c.pdf"'),
    ],
)
def test_names_travel_in_one_header_line(captain: FlaskClient, entry: Entry, uploaded: str, told: str) -> None:
    file_id = entry.upload(name=uploaded)

    with captain.get(team_url(entry, file_id)) as answer:
        assert told in answer.headers["Content-Disposition"]
        assert len(answer.headers.getlist("Content-Disposition")) == 1
        assert "Set-Cookie" not in {name for name, value in answer.headers if value.startswith("x=y")}


def test_head_and_range_carry_the_same_protection(captain: FlaskClient, entry: Entry) -> None:
    file_id = entry.upload()

    for answer in (
        captain.head(team_url(entry, file_id)),
        captain.get(team_url(entry, file_id), headers={"Range": "bytes=0-3"}),
    ):
        with answer:
            assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert answer.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.SECRETARY, Role.CHAIR, Role.OBSERVER])
def test_the_committee_downloads_from_its_own_page(
    english: Callable[[], FlaskClient], make: Make, entry: Entry, role: Role
) -> None:
    file_id, client = entry.upload(), english()
    make.sign_in(client, make.member(entry.edition, role))

    with client.get(committee_url(entry, file_id)) as answer:
        assert (answer.status_code, answer.data) == (200, pdf())
    assert client.get(team_url(entry, file_id)).status_code == 404


@pytest.mark.parametrize("role", [Role.JUDGE, Role.CAPTAIN, Role.MENTOR, None])
def test_nobody_else_downloads(english: Callable[[], FlaskClient], make: Make, entry: Entry, role: Role | None) -> None:
    file_id, client = entry.upload(), english()
    make.sign_in(client, make.member(entry.edition, role) if role else make.user())

    assert client.get(team_url(entry, file_id)).status_code == 404
    assert client.get(committee_url(entry, file_id)).status_code == 404


def test_a_visitor_signs_in_first(visitor: FlaskClient, entry: Entry) -> None:
    file_id = entry.upload()

    assert visitor.get(team_url(entry, file_id)).status_code == 303
    assert visitor.get(committee_url(entry, file_id)).status_code == 303


def test_a_file_is_found_only_under_its_own_submission(
    app: Flask, make: Make, captain: FlaskClient, entry: Entry
) -> None:
    other = entry_in(app, make, entry.edition, "Sao Mai")
    foreign = other.upload()

    assert captain.get(team_url(entry, foreign)).status_code == 404
    assert captain.get(team_url(other, foreign)).status_code == 404


def test_a_superseded_file_is_gone(captain: FlaskClient, entry: Entry) -> None:
    old = entry.upload()
    entry.upload(pdf("moi"))

    assert captain.get(team_url(entry, old)).status_code == 404


def test_bytes_that_are_lost_are_not_found_and_logged(
    captain: FlaskClient, entry: Entry, caplog: pytest.LogCaptureFixture
) -> None:
    file_id = entry.upload()
    entry.storage.delete(db.session.query(SubmissionFile).one().storage_key)

    assert captain.get(team_url(entry, file_id)).status_code == 404
    assert f"file {file_id}" in caplog.text
