"""The first page."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from contest.editions.phases import EditionState
from tests.counting import counted
from tests.factories import Make


def test_a_visitor_sees_announced_editions_only(make: Make, client: FlaskClient, noon: datetime) -> None:
    make.edition("mo", name_vi="Cuộc thi mở")
    make.edition("nhap", name_vi="Cuộc thi nháp", state=EditionState.DRAFT)
    page = client.get("/").get_data(as_text=True)
    assert "Cuộc thi mở" in page
    assert "Cuộc thi nháp" not in page
    assert "Nhận bài đến 15/10/2026 12:00" in page


def test_an_organiser_sees_the_doors_of_a_draft(make: Make, client: FlaskClient, noon: datetime) -> None:
    edition = make.edition("nhap", name_vi="Cuộc thi nháp", state=EditionState.DRAFT)
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    page = client.get("/").get_data(as_text=True)
    assert "Cuộc thi nháp" in page
    assert "/e/nhap/organise/results" in page


def test_without_any_contest_it_says_so(client: FlaskClient, noon: datetime) -> None:
    assert "Chưa có cuộc thi nào được thông báo" in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize("number", [1, 3])
def test_the_queries_do_not_grow_with_the_editions(
    app: Flask, make: Make, client: FlaskClient, noon: datetime, number: int
) -> None:
    for place in range(number):
        make.edition(f"mua-{place}")
    client.get("/")
    with counted(app) as statements:
        client.get("/")
    assert len(statements) == 1
