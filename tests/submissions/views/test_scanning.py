"""Files and the virus scanner: what it refuses stays closed, what it has not seen waits, and marks go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.infra.audit import AuditEntry
from contest.infra.db import db
from contest.submissions.jobs import scan_again
from contest.submissions.models import SubmissionFile
from contest.submissions.queries import desk_of, submission_view
from contest.submissions.queries.facts import access_of
from contest.submissions.scans import ScanState
from tests.clamd import EICAR, NAME, scanner
from tests.submissions.conftest import Entry
from tests.submissions.samples import pdf
from tests.submissions.views.conftest import Answer, form_of

BAD = pdf() + b"%" + EICAR + b"\n%%EOF\n"


@pytest.fixture
def clamd(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with scanner(tmp_path) as address:
        monkeypatch.setitem(app.config, "CLAMD", address)
        yield address


@pytest.fixture
def away(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A scanner that is set and does not answer."""
    monkeypatch.setitem(app.config, "CLAMD", f"unix:{tmp_path}/clamd.ctl")
    return "away"


def send(client: FlaskClient, entry: Entry, content: bytes) -> Answer:
    data = form_of(entry, **{"part-plan": (BytesIO(content), "plan.pdf")})
    return client.post(f"/e/mua-thu-2026/team/{entry.public_id}/", data=data)


def stored() -> SubmissionFile:
    db.session.rollback()
    return db.session.query(SubmissionFile).order_by(SubmissionFile.id.desc()).first() or pytest.fail("no file")


def urls(entry: Entry) -> tuple[str, str]:
    file = stored().public_id
    return (
        f"/e/mua-thu-2026/team/{entry.public_id}/files/{file}",
        f"/e/mua-thu-2026/organise/submissions/{entry.public_id}/files/{file}",
    )


def statuses(captain: FlaskClient, committee: FlaskClient, entry: Entry) -> tuple[int, int]:
    own, theirs = urls(entry)
    with captain.get(own) as mine, committee.get(theirs) as foreign:
        return mine.status_code, foreign.status_code


@pytest.mark.usefixtures("clamd")
def test_what_the_scanner_refuses_is_quarantined_and_its_team_told(
    captain: FlaskClient, committee: FlaskClient, entry: Entry
) -> None:
    page = f"/e/mua-thu-2026/team/{entry.public_id}/"
    assert send(captain, entry, BAD).status_code == 303

    row = stored()
    assert (row.scan, row.scan_found) == (ScanState.QUARANTINED, NAME)
    assert statuses(captain, committee, entry) == (403, 403)
    assert "The virus scanner refuses this file" in captain.get(page).text
    assert NAME in captain.get(page).text
    access = access_of(entry.edition.id, entry.public_id)
    assert access is not None
    assert [item.key for item in desk_of(access).missing if item.flaw == "quarantined"] == ["part-plan"]
    actions = [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert actions[-1] == "submission.file_quarantined"

    assert send(captain, entry, pdf()).status_code == 303
    assert stored().scan is ScanState.CLEAN
    assert statuses(captain, committee, entry) == (200, 200)


@pytest.mark.usefixtures("clamd")
def test_a_quarantined_file_is_not_handed_in(captain: FlaskClient, entry: Entry) -> None:
    send(captain, entry, BAD)

    answer = captain.post(f"/e/mua-thu-2026/team/{entry.public_id}/submit", data={})

    assert answer.status_code == 422
    assert entry.status() == "draft"


@pytest.mark.parametrize("content", [pdf(), BAD], ids=["clean", "bad"])
def test_while_the_scanner_is_away_files_are_kept_closed_and_scanned_later(
    app: Flask,
    away: str,
    captain: FlaskClient,
    committee: FlaskClient,
    entry: Entry,
    tmp_path: Path,
    content: bytes,
) -> None:
    assert away
    assert send(captain, entry, content).status_code == 303
    assert stored().scan is ScanState.UNSCANNED
    assert statuses(captain, committee, entry) == (200, 403)
    assert "has not been scanned for viruses yet" in committee.get(urls(entry)[1]).text
    assert "Not scanned for viruses yet" in captain.get(f"/e/mua-thu-2026/team/{entry.public_id}/").text
    entry.save()
    assert entry.submit().number == 1  # a scanner that is away stops nobody

    with app.app_context():
        scan_again()
    assert stored().scan is ScanState.UNSCANNED
    with scanner(tmp_path), app.app_context():
        scan_again()

    bad = content == BAD
    assert stored().scan is (ScanState.QUARANTINED if bad else ScanState.CLEAN)
    assert statuses(captain, committee, entry) == ((403, 403) if bad else (200, 200))


def test_without_a_scanner_nothing_is_scanned_and_nothing_closed(
    app: Flask, captain: FlaskClient, committee: FlaskClient, entry: Entry, english: Callable[[], FlaskClient]
) -> None:
    assert send(captain, entry, BAD).status_code == 303
    with app.app_context():
        scan_again()

    assert stored().scan is ScanState.NONE
    assert statuses(captain, committee, entry) == (200, 200)
    assert not any(file.closed for file in (submission_view(entry.id) or pytest.fail("none")).files)
    assert english().get(urls(entry)[0]).status_code == 303
