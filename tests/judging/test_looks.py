"""LG-11: who opened which submission, file or person is noted once a reader and day, and listed."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.roles import Role
from contest.errors import Busy
from contest.infra import clock
from contest.infra.cache import clear_all
from contest.infra.db import db, unit_of_work
from contest.judging.looking import bursts
from contest.judging.models import Look
from contest.judging.views import looks
from contest.judging.views.looks import NOTED
from contest.judging.views.sights import PAGES
from contest.submissions.models import Submission
from tests.factories import NOON, Make
from tests.judging.test_judge_views import Judging, text_of

both = pytest.mark.both_databases

# Pages whose address names a thing and that are not noted, with the reason.
NAMES_A_THING = {
    "submission_id", "submission_code", "public_id", "file_id", "person", "late_id", "scan_id", "paper",
    "member_id", "consent_record", "privacy_request", "certificate_id", "certificate_file", "letter_id",
    "own_certificate",
}  # fmt: skip
OWN = (
    "appeals.",
    "team_letters.",
    "conflicts.known_judges",
    "certificate.own_pdf",
    "privacy.consents",
    "privacy.member",
)
OWN_PAGES = ("team_names", "team_judges_copy", "draft", "people", "preview", "receipt", "team_file", "check")
NOT_NOTED = {
    "booths.pdf": "`paper` is the size of the sheet",
    "judging.abstention": "a question about a score sheet: no submission on it",
    "judging.recusal": "as above",
    "judging.return_page": "as above",
    "judging.receipt": "the judge's own marks",
    "judging.late": "the judge's own marks",
    "live.judge": "a judge's day in the hall",
    "panel.leave": "a question before a judge leaves",
    "sheets.sheet": "a form to type in what paper says; the photo is noted",
    "exchange.preview_bundle": "belongs to no edition yet; only administrators",
    "exchange.preview_notes": "notes on results, no people",
}


@pytest.fixture
def judging(make: Make, client: FlaskClient, noon: datetime) -> Judging:
    client.set_cookie("locale", "en")
    return Judging(make, client)


@pytest.fixture
def organiser(app: Flask, make: Make, judging: Judging) -> FlaskClient:
    client = app.test_client()
    make.sign_in(client, make.member(judging.edition, Role.ORGANISER, make.user("Phạm Minh Tổ")))
    client.set_cookie("locale", "en")
    return client


def log() -> list[tuple[str, str, int | None]]:
    db.session.rollback()
    rows = db.session.execute(select(Look.page, Look.subject, Look.submission_id).order_by(Look.id))
    return [(row.page, row.subject, row.submission_id) for row in rows]


def test_every_page_that_names_a_thing_is_noted_or_says_why_not(app: Flask) -> None:
    unknown = set()
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not rule.arguments & NAMES_A_THING:
            continue
        own = rule.endpoint.startswith(OWN) or rule.endpoint in {f"submissions.{name}" for name in OWN_PAGES}
        if not own and rule.endpoint not in (*NOTED, *PAGES, *NOT_NOTED):
            unknown.add(rule.endpoint)
    assert unknown == set()
    assert not NOT_NOTED.keys() & NOTED.keys()
    assert NOTED.keys() <= app.view_functions.keys()


@both
def test_lg_11_a_judge_and_the_committee_are_noted_once_a_day(judging: Judging, organiser: FlaskClient) -> None:
    entry = db.session.scalars(select(Submission).order_by(Submission.id)).first()
    assert entry is not None
    number, address = entry.id, f"/e/{judging.edition.code}/organise/submissions/{entry.public_id}"
    subject = entry.public_id
    for _ in range(2):
        assert judging.client.get(f"/e/{judging.edition.code}/judging/{judging.id}").status_code == 200
        assert organiser.get(address).status_code == 200
        clear_all()  # as another process would ask: the database itself keeps one line
    expected = [("judging.paper", judging.id, number), ("submissions.detail", subject, number)]
    assert log() == expected
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        organiser.get(address)
    assert log() == [*expected, expected[1]]


def test_the_own_team_and_a_refused_look_are_not_noted(judging: Judging, organiser: FlaskClient, app: Flask) -> None:
    entry = db.session.scalars(select(Submission).order_by(Submission.id)).first()
    assert entry is not None
    address = f"/e/{judging.edition.code}/organise/submissions/{entry.public_id}"
    assert judging.client.get(address).status_code in (403, 404)
    assert app.test_client().get(address).status_code in (302, 303)
    assert organiser.get(f"/e/{judging.edition.code}/organise/submissions/zzzz").status_code == 404
    assert log() == []


def test_a_busy_database_closes_no_page_and_loses_no_line(
    judging: Judging, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_args: object, **_values: object) -> None:
        raise Busy

    paper = f"/e/{judging.edition.code}/judging/{judging.id}"
    with monkeypatch.context() as patch:
        patch.setattr(looks, "note_look", busy)
        assert judging.client.get(paper).status_code == 200
    assert log() == []
    organiser.get(f"/e/{judging.edition.code}/organise/eligibility")
    assert [page for page, _, _ in log()] == ["judging.paper", "submissions.eligibility"]
    assert not looks._waiting  # noqa: SLF001  nothing is written twice


def test_the_list_and_its_file_tell_who_opened_a_submission(
    judging: Judging, organiser: FlaskClient, make: Make, app: Flask
) -> None:
    entry = db.session.scalars(select(Submission).order_by(Submission.id)).first()
    assert entry is not None
    code, base = entry.code, f"/e/{judging.edition.code}/organise/"
    assert "Nobody has opened anything yet" in text_of(organiser.get(f"{base}looks").text)
    organiser.get(f"{base}submissions/{entry.public_id}")
    organiser.get(f"{base}eligibility")
    shown = text_of(organiser.get(f"{base}looks?submission={code}").text)
    assert f"Phạm Minh Tổ A submission, for the committee {code}" in shown
    assert "Who may enter: what was found" in shown
    assert code not in text_of(organiser.get(f"{base}looks?submission=other").text).partition("other")[2]
    answer = organiser.get(f"{base}looks.csv?submission={code}")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [row[1:4] for row in rows[1:]] == [
        ["Phạm Minh Tổ", "Who may enter: what was found", ""],
        ["Phạm Minh Tổ", "A submission, for the committee", code],
    ]
    assert log()[-1][0] == "looks.sheet"
    observer = app.test_client()
    make.sign_in(observer, make.member(judging.edition, Role.OBSERVER))
    for name in ("looks", "looks.csv"):
        assert observer.get(base + name).status_code == 403


def at(*seconds: int) -> list[datetime]:
    return [NOON + timedelta(seconds=one) for one in seconds]


@pytest.mark.parametrize(
    ("moments", "found"),
    [
        ([], []),
        (at(0, 20, 40), []),
        (at(0, 20, 40, 59), [(0, 4)]),
        (at(0, 20, 40, 60), []),
        (at(0, 1, 2, 3, 4, 70), [(0, 5)]),
        (at(0, 1, 2, 3, 200, 201, 202, 203), [(0, 4), (4, 8)]),
        (at(0, 20, 40, 59, 61, 79), [(0, 6)]),
    ],
)
def test_lg_12_a_burst_is_more_than_so_many_within_a_minute(
    moments: list[datetime], found: list[tuple[int, int]]
) -> None:
    assert bursts(moments, 3, timedelta(minutes=1)) == found


@both
def test_lg_12_who_opens_unusually_much_is_named_to_the_organisers(
    judging: Judging, organiser: FlaskClient, make: Make
) -> None:
    calm, hasty = make.user("Người Thong Thả"), make.user("Người Vội Vã")
    with unit_of_work() as session:
        for number in range(31):
            for person, seconds in ((calm, 60), (hasty, 1)):
                session.add(
                    Look(
                        edition_id=judging.edition.id,
                        user_id=person.id,
                        page="submissions.detail",
                        subject=f"bai{number}",
                        day=NOON.date(),
                        first_at=NOON + timedelta(seconds=number * seconds),
                    )
                )
    page = text_of(organiser.get(f"/e/{judging.edition.code}/organise/looks").text)
    assert "Người Vội Vã: 31 things" in page
    assert "Người Thong Thả: " not in page
