"""Addresses that no database can look up are answered like any that name nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from tests.factories import Make

pytestmark = pytest.mark.both_databases


@pytest.fixture
def organiser(app: Flask, make: Make, client: FlaskClient) -> FlaskClient:
    edition = make.edition()
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    return client


@pytest.mark.parametrize(
    "path",
    [
        "/e/mua%00thu/",
        "/e/mua-thu-2026/organise/submissions?track=a%00b",
        "/e/mua-thu-2026/organise/submissions/a%00b",
        "/e/mua-thu-2026/organise/submissions/zzz/receipts/99999999999999999999999",
    ],
)
def test_an_address_that_cannot_be_looked_up_is_not_found(organiser: FlaskClient, path: str) -> None:
    assert organiser.get(path).status_code == 404


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"login=" + b"a" * 10_000_000),
        ("application/json", b'{"login": "' + b"a" * 10_000_000 + b'"}'),
        ("text/plain", b"a" * 10_000_000),
    ],
)
def test_ten_megabytes_of_text_are_not_even_read(client: FlaskClient, kind: str, body: bytes) -> None:
    answer = client.post("/sign-in", data=body, content_type=kind)
    assert answer.status_code == 413
    assert b"413" in answer.data


def test_a_text_of_ten_megabytes_beside_a_file_is_refused(organiser: FlaskClient) -> None:
    part = b'--cut\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"a" * 10_000_000 + b"\r\n--cut--\r\n"
    kind = "multipart/form-data; boundary=cut"
    answer = organiser.post("/e/mua-thu-2026/organise/judges/import", data=part, content_type=kind)
    assert answer.status_code == 413


def test_a_row_number_far_too_long_is_not_found(organiser: FlaskClient) -> None:
    number = "9" * 400
    assert organiser.post(f"/e/mua-thu-2026/organise/outbox/{number}/by-hand").status_code == 404
    assert organiser.post(f"/account/devices/{number}/end").status_code == 404
    assert organiser.get(f"/e/mua-thu-2026/organise/outbox?before={number}").status_code == 200
    assert organiser.get(f"/e/mua-thu-2026/organise/submissions?page={number}").status_code == 200


def test_a_judge_with_a_nul_byte_is_not_found(organiser: FlaskClient, make: Make) -> None:
    edition = make.edition("mua-khac")
    make.round(edition)
    organiser_there = make.app.test_client()
    make.sign_in(organiser_there, make.member(edition, Role.ORGANISER))
    path = "/e/mua-khac/organise/rounds/r1/progress/remind"
    assert organiser_there.post(path, data={"judge": "a\x00b"}).status_code == 404
