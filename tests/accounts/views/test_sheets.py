"""QR codes and the cards they stand on."""

from __future__ import annotations

import re
from datetime import datetime
from xml.etree import ElementTree as ET

from flask import Flask

from contest.accounts.people import PersonFacts
from contest.accounts.roles import Role
from contest.accounts.services import IssuedLink
from contest.accounts.views.sheets import card_of, link_url, qr_svg
from contest.editions.queries import edition_by_code
from tests.factories import Make


def link(now: datetime) -> IssuedLink:
    return IssuedLink(7, "tok_en-1", "012345", now, now)


def person(edition_id: int, *roles: Role) -> PersonFacts:
    return PersonFacts(7, "p7", "Lê <Văn> Ân", None, None, None, False, {edition_id: frozenset(roles)})  # noqa: FBT003


def modules(svg: str) -> int:
    """The side of the picture in modules, quiet zone included."""
    [box] = re.findall(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert box[0] == box[1]
    return int(box[0])


def test_a_qr_code_is_plain_svg_that_the_policy_lets_through() -> None:
    svg = str(qr_svg("http://localhost/s/" + "x" * 32))
    root = ET.fromstring(svg)  # noqa: S314  our own text
    assert root.tag == "svg"
    assert not re.search(r"style=|<style|<script|on\w+=|width=", svg)
    assert modules(svg) == 33 + 8  # version 4 and four modules of quiet zone on each side


def test_a_hostile_text_never_becomes_markup() -> None:
    svg = str(qr_svg('"><script>alert(1)</script>'))
    assert "script" not in svg
    assert ET.fromstring(svg) is not None  # noqa: S314  our own text


def test_different_links_give_different_pictures() -> None:
    assert qr_svg("http://localhost/s/a") != qr_svg("http://localhost/s/b")
    assert qr_svg("http://localhost/s/a") == qr_svg("http://localhost/s/a")


def test_a_card_speaks_both_languages(app: Flask, make: Make, noon: datetime) -> None:
    make.edition()
    with app.test_request_context():
        edition = edition_by_code("mua-thu-2026")
        assert edition is not None
        card = card_of(person(edition.id, Role.JUDGE, Role.CHAIR), link(noon), edition)
        assert link_url(card.link) == card.url == "http://localhost/s/tok_en-1"
        assert card.editions == ("Ý tưởng khởi nghiệp 2026", "Start-up ideas 2026")
        assert card.roles[1] == "Chair of the jury, Judge"
        assert "localhost/e/mua-thu-2026/door" in card.texts[0]
        assert card.texts[1].startswith("Scan with the phone's camera")
        assert "08/10/2026 12:00" in card.texts[1]


def test_a_sheet_for_judges_prints_that_role_only(app: Flask, make: Make, noon: datetime) -> None:
    make.edition()
    with app.test_request_context():
        edition = edition_by_code("mua-thu-2026")
        assert edition is not None
        card = card_of(person(edition.id, Role.JUDGE, Role.ORGANISER), link(noon), edition, Role.JUDGE)
        assert card.roles[1] == "Judge"
