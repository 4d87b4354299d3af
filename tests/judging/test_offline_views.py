"""What a judge's device asks for: its worker, its manifest, a token, its list, where to go next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.editions.models import Edition, Round
from contest.editions.parts import PartKind
from contest.editions.phases import RoundState
from contest.infra.db import db
from contest.judging.models import Assignment, Judge
from contest.judging.states import ScorecardStatus
from contest.submissions.models import SubmissionFile
from tests.counting import counted
from tests.factories import NOON, Make


class Device:
    """A judge's browser and an edition with a round that is being scored."""

    def __init__(self, make: Make, client: FlaskClient) -> None:
        self.make, self.client = make, client
        self.edition: Edition = make.edition()
        self.judge: Judge = make.judge(self.edition, make.user("Nguyễn Thị Minh Khai"))
        self.round: Round = make.round(self.edition)
        self.base = f"/e/{self.edition.code}/judging/"
        make.sign_in(client, db.session.get_one(User, self.judge.user_id))

    def paper(self, **values: Any) -> Assignment:
        return self.make.assignment(self.round, self.judge, self.make.submission(self.edition, **values))

    def json(self, name: str) -> dict[str, Any]:
        answer = self.client.get(f"{self.base}device/{name}")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.get_json()
        return found


@pytest.fixture
def device(app: Flask, client: FlaskClient, make: Make, noon: datetime) -> Device:
    return Device(make, client)


def test_the_worker_stands_at_the_root_and_is_asked_for_again(client: FlaskClient, app: Flask) -> None:
    with client.get("/judging-worker.js") as answer:
        assert answer.mimetype == "text/javascript"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
        assert b'addEventListener("fetch"' in answer.data


@pytest.mark.parametrize(("locale", "name"), [("vi", "Bảng Vàng · Chấm điểm"), ("en", "Bảng Vàng · Score submissions")])
def test_the_list_of_a_judge_can_be_installed(device: Device, locale: str, name: str) -> None:
    device.client.set_cookie("locale", locale)
    answer = device.client.get(f"{device.base}device/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    told = answer.get_json(force=True)
    assert (told["name"], told["lang"], told["display"]) == (name, locale, "standalone")
    assert told["start_url"] == told["scope"] == device.base
    assert [(icon["sizes"], icon["purpose"]) for icon in told["icons"]] == [
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    ]  # fmt: skip
    for icon in told["icons"]:
        with device.client.get(icon["src"]) as picture:
            assert (picture.status_code, picture.mimetype) == (200, "image/png")


def test_a_device_learns_whose_it_is_and_gets_a_fresh_token(device: Device, app: Flask) -> None:
    told = device.json("hello.json")
    assert set(told) == {"account", "csrf", "now"}
    assert told["account"] == device.json("papers.json")["account"]
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        headers = {"X-CSRFToken": told["csrf"], "X-Requested-With": "outbox"}
        answer = device.client.post(device.base + device.paper().public_id, json={}, headers=headers)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.get_json()["error"] == "entry_malformed"  # the token passed, the entry did not


def test_the_tag_of_a_person_tells_nothing_and_differs_from_the_next(device: Device, app: Flask, make: Make) -> None:
    other = app.test_client()
    make.sign_in(other, db.session.get_one(User, make.judge(device.edition).user_id))
    mine, theirs = (
        device.json("hello.json")["account"],
        other.get(f"{device.base}device/hello.json").get_json()["account"],
    )
    assert mine != theirs
    assert len(mine) == len(theirs) == 16


def test_a_script_whose_sign_in_has_ended_is_told_so(device: Device, app: Flask) -> None:
    answer = app.test_client().get(f"{device.base}device/hello.json", headers={"X-Requested-With": "outbox"})
    assert answer.status_code == 401


def test_the_list_names_papers_in_reading_order_with_the_weight_of_their_files(device: Device) -> None:
    part = device.make.part(device.edition, "slides", PartKind.FILE)
    first, second = device.paper(title="Bản đồ ngập"), device.paper()
    file = SubmissionFile(
        submission_id=first.submission_id, part_id=part.id, filename="a.pdf", content_type="application/pdf", size=4711,
        sha256="0" * 64, storage_key="k", uploaded_at=NOON,
    )  # fmt: skip
    db.session.add(file)
    db.session.commit()
    told = device.json("papers.json")
    by_id = {paper["paper"]: paper for paper in told["papers"]}
    assert set(by_id) == {first.public_id, second.public_id}
    assert by_id[first.public_id] == {
        "paper": first.public_id, "url": device.base + first.public_id, "code": by_id[first.public_id]["code"],
        "title": "Bản đồ ngập", "state": "not_started", "round": "r1", "version": 1,
        "files": [{"url": f"{device.base}files/{file.public_id}", "size": 4711}],
    }  # fmt: skip
    assert by_id[second.public_id]["files"] == []
    assert "/static/js/offline/outbox.js" in told["parts"]


def test_the_digest_changes_with_the_list_and_only_then(device: Device) -> None:
    device.paper()
    before = device.json("papers.json")["digest"]
    assert device.json("papers.json")["digest"] == before
    device.paper()
    assert device.json("papers.json")["digest"] != before


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.CLOSED])
def test_papers_that_cannot_be_scored_are_not_kept(device: Device, state: RoundState) -> None:
    device.paper()
    db.session.get_one(Round, device.round.id).state = state
    db.session.commit()
    assert device.json("papers.json")["papers"] == []


def test_a_paper_that_was_given_back_is_not_kept(device: Device) -> None:
    device.make.scorecard(device.paper(), [None, None], ScorecardStatus.RECUSED)
    assert device.json("papers.json")["papers"] == []


@pytest.mark.parametrize("papers", [1, 3])
def test_the_list_costs_the_same_however_long(device: Device, app: Flask, papers: int) -> None:
    for _ in range(papers):
        device.paper()
    device.json("papers.json")
    with counted(app) as statements:
        device.json("papers.json")
    assert len(statements) == 4  # who asks, the edition, the files, the list


def test_the_page_to_get_ready_lists_the_papers(device: Device) -> None:
    paper = device.paper(title="Bản đồ <ngập>")
    page = device.client.get(f"{device.base}device/").get_data(as_text=True)
    assert "Bản đồ &lt;ngập&gt;" in page
    assert f'data-paper="{paper.public_id}"' in page


def test_after_a_sheet_comes_the_next_unfinished_one_and_then_the_list(device: Device) -> None:
    one, other = device.paper(), device.paper()
    after = device.client.get(f"{device.base}device/next?after={one.public_id}")
    assert (after.status_code, after.location) == (303, device.base + other.public_id)
    device.make.scorecard(other, [1, 1])
    assert device.client.get(f"{device.base}device/next?after={one.public_id}").location == device.base
    assert device.client.get(f"{device.base}device/next?after=zzz").location == device.base


def test_pages_of_a_judge_say_whose_they_are(device: Device) -> None:
    paper = device.paper()
    account = device.json("hello.json")["account"]
    for address in (device.base, device.base + paper.public_id, f"{device.base}device/"):
        assert device.client.get(address).headers["Device-Account"] == account
    assert "Device-Account" not in device.client.get("/account").headers


def test_one_judges_page_never_carries_the_key_of_another(device: Device, app: Flask, make: Make) -> None:
    paper = device.paper()
    second = make.judge(device.edition)
    theirs = make.assignment(device.round, second, make.submission(device.edition))
    other = app.test_client()
    make.sign_in(other, db.session.get_one(User, second.user_id))
    mine = device.client.get(device.base + paper.public_id).get_data(as_text=True)
    page = other.get(device.base + theirs.public_id).get_data(as_text=True)
    seals = [text.partition('data-seal="')[2].partition('"')[0] for text in (mine, page)]
    tags = [set(_after(text, 'data-account="')) for text in (mine, page)]
    assert all(len(seal) == 64 for seal in seals)
    assert seals[0] != seals[1]
    assert [len(found) for found in tags] == [1, 1]  # the form and the menu agree
    assert tags[0] != tags[1]


def _after(text: str, mark: str) -> list[str]:
    return [piece.partition('"')[0] for piece in text.split(mark)[1:]]


def test_signing_out_spares_the_store_only_when_the_page_has_cleared_it(device: Device, app: Flask) -> None:
    answers = []
    for data in ({"keep": "1"}, {}):
        client = app.test_client()
        device.make.sign_in(client, db.session.get_one(User, device.judge.user_id))
        answers.append(client.post("/sign-out", data=data).headers["Clear-Site-Data"])
    assert answers == ['"cache"', '"cache", "storage"']
