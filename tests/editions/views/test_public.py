from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from contest.accounts.roles import Identity, Nobody, Role
from contest.editions import services
from contest.editions.facts import EditionFacts
from contest.editions.parts import PartKind
from contest.editions.rubric_templates import template
from contest.editions.views.overview_cards import Card, PublicLink, cards, public_links
from contest.infra.db import unit_of_work
from tests.counting import counted
from tests.editions.samples import at, edition_facts
from tests.editions.views.conftest import Words
from tests.factories import NOON, Make


def test_everybody_reads_what_is_asked_and_how_it_is_judged(
    app: Flask, make: Make, client: FlaskClient, noon: datetime, words: Words
) -> None:
    edition, chosen = make.edition(about_vi="Dòng một\ndòng hai\n\nĐoạn hai", contact="0903 123 782"), template("isef")
    assert chosen is not None
    make.track(edition, "A", name_vi="Học sinh")
    make.field(edition, "edtech", name_vi="Công nghệ giáo dục")
    make.part(edition, "plan", PartKind.FILE, name_vi="Thuyết minh", accept="pdf", max_mb=7)
    row = make.round(edition, "r1", state="draft", opens_at=at(8), closes_at=at(9))
    with unit_of_work():
        services.replace_rubric(round_id=row.id, rubric=chosen.rubric, actor_id=None, now=NOON)
    answer = client.get("/e/mua-thu-2026/")
    page = words(answer)
    assert answer.status_code == 200
    for text in (
        *("Ý tưởng khởi nghiệp 2026", "UBND Phường Tân Thuận", "0903 123 782", "Học sinh", "Công nghệ giáo dục"),
        *("Thuyết minh – .pdf", "Câu hỏi nghiên cứu", "GMT+7", "Dòng một dòng hai Đoạn hai"),
        *("01/10/2026 12:00", "15/10/2026 12:00", "16/10/2026 12:00", "17/10/2026 12:00"),
    ):
        assert text in page
    body = answer.get_data(as_text=True)
    assert 'href="/e/mua-thu-2026/register"' in body
    assert 'data-deadline="2026-10-15T05:00:00+00:00"' in body


@pytest.mark.parametrize(
    ("values", "register"),
    [
        ({}, True),
        ({"submissions_open": at(1)}, False),
        ({"submissions_close": NOON}, False),
        ({"submissions_open": None, "submissions_close": None}, False),
        ({"state": "archived"}, False),
    ],
)
def test_teams_register_while_the_window_is_open(
    make: Make, client: FlaskClient, noon: datetime, values: dict[str, Any], *, register: bool
) -> None:
    make.edition(**values)
    answer = client.get("/e/mua-thu-2026/")
    assert answer.status_code == 200
    assert ('href="/e/mua-thu-2026/register"' in answer.get_data(as_text=True)) is register


def test_a_hidden_edition_looks_like_a_missing_one(make: Make, client: FlaskClient, noon: datetime) -> None:
    edition = make.edition(state="draft")
    hidden, missing = client.get("/e/mua-thu-2026/"), client.get("/e/mua-xuan-2026/")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.data.replace(b"mua-thu-2026", b"mua-xuan-2026") == missing.data
    make.sign_in(client, make.member(edition, Role.JUDGE))
    assert client.get("/e/mua-thu-2026/").status_code == 200


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_page_costs_the_same_for_one_and_three_rounds(
    app: Flask, make: Make, client: FlaskClient, noon: datetime, rounds: int
) -> None:
    edition = make.edition()
    for number in range(rounds):
        make.round(edition, f"r{number}")
        make.track(edition, f"T{number}")
        make.part(edition, f"p{number}")
    client.get("/e/mua-thu-2026/")
    with counted(app) as statements:
        client.get("/e/mua-thu-2026/")
    # edition, basics, tracks, fields, parts, rounds, criteria, extensions, the links to results and awards
    assert len(statements) == 11
    assert len([one for one in statements if "FROM rounds" in one]) <= 2


def test_a_logo_is_served_and_kept_by_the_browser_under_its_key(
    app: Flask, make: Make, client: FlaskClient, noon: datetime, tmp_path: Path
) -> None:
    edition = make.edition()
    assert client.get("/e/mua-thu-2026/logo.png").status_code == 404
    out = BytesIO()
    Image.new("RGB", (30, 30), "red").save(out, "PNG")
    with unit_of_work():
        services.set_logo(
            edition_id=edition.id, data=out.getvalue(), storage=app.extensions["storage"], actor_id=None, now=NOON
        )
    key = edition.logo_key
    with client.get(f"/e/mua-thu-2026/logo.png?v={key}") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert answer.headers["Cache-Control"] == "private, max-age=86400"
        assert answer.data.startswith(b"\x89PNG")
    with client.get("/e/mua-thu-2026/logo.png") as answer:
        assert answer.headers["Cache-Control"] == "private, max-age=0"
    assert f"logo.png?v={key}" in client.get("/e/mua-thu-2026/").get_data(as_text=True)
    app.extensions["storage"].delete(key)
    assert client.get(f"/e/mua-thu-2026/logo.png?v={key}").status_code == 404


def test_cards_and_buttons_come_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def some_cards(edition: EditionFacts, identity: Identity | Nobody) -> list[Card]:
        return [Card("late", "2", order=20), Card("early", edition.code, order=10)]

    def some_links(edition: EditionFacts, identity: Identity | Nobody) -> list[PublicLink]:
        return [PublicLink("b", "/b", order=2), PublicLink("a", "/a", order=1)]

    monkeypatch.setattr("contest.editions.views.overview_cards._cards", [some_cards])
    monkeypatch.setattr("contest.editions.views.overview_cards._links", [some_links])
    assert [card.title for card in cards(edition_facts(), Nobody())] == ["early", "late"]
    assert [link.href for link in public_links(edition_facts(), Nobody())] == ["/a", "/b"]
