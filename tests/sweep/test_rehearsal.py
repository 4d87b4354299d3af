"""Every page of a rehearsal is marked, every file too, and to everybody else it is a missing page."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from werkzeug.routing import AnyConverter, Rule

from contest.accounts.models import Membership, User
from contest.editions.models import Edition, Round
from contest.infra.db import db
from contest.submissions.models import Submission
from tests.sweep.addresses import filled, kind_of, readable, variables
from tests.sweep.site import Site, read
from tests.sweep.test_reading import OPEN_TO, guard_of, shut
from tests.sweep.world import Side

pytestmark = pytest.mark.trust  # walks through the whole site
BANNER = "bv-test-banner"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What browsers show inside of pages: a picture, a part of a page that is fetched anew, and what is no page at all.
UNNAMED = {
    "editions.logo",
    "progress.now",
    "progress.stream",
    "pitch.now",
    "pitch.stream",
    "pitch.clock_stream",
    "pitch.state",
}


def rehearsal(site: Site) -> Side:
    """Return the rehearsal of the own edition with the ids of its first things."""
    side = Side(site.world.own.rehearsal)
    edition_id = db.session.scalars(select(Edition.id).where(Edition.code == side.code)).one()
    people = select(User.public_id).join(Membership).where(Membership.edition_id == edition_id).order_by(User.id)
    submissions = select(Submission.public_id).where(Submission.edition_id == edition_id).order_by(Submission.id)
    rounds = select(Round.code).where(Round.edition_id == edition_id).order_by(Round.position)
    side.ids = {
        "person": list(db.session.scalars(people)),
        "submission_id": list(db.session.scalars(submissions)),
        "round_code": list(db.session.scalars(rounds))[:2],
    }
    return side


def values(rule: Rule, name: str, side: Side) -> list[str]:
    converter = rule._converters[name]  # noqa: SLF001  werkzeug offers no other way
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)
    return [side.code] if name == "edition_code" else side.ids.get(kind_of(rule, name), [])


def paths(site: Site, side: Side) -> list[tuple[Rule, str]]:
    """Return the addresses of every readable page of the rehearsal whose things are there."""
    found = []
    for rule in readable():
        lists = {name: values(rule, name, side) for name in variables(rule)}
        if "edition_code" not in lists or not all(lists.values()):
            continue
        turns = range(min(2, max(map(len, lists.values()))))
        sets = ({name: one[turn % len(one)] for name, one in lists.items()} for turn in turns)
        found += [(rule, filled(site.app, rule, one)) for one in sets]
    return found


def test_every_page_and_file_of_a_rehearsal_is_marked(site: Site) -> None:
    pages = files = 0
    for rule, path in paths(site, rehearsal(site)):
        if "organiser" not in OPEN_TO.get(guard_of(site, rule), ()) or rule.endpoint in UNNAMED:
            continue
        response = site.person("organiser").get(path)
        headers, answer = response.headers, read(response)
        if answer.status != 200:
            assert answer.status in (303, 404, 409), path
            continue
        assert headers["X-Robots-Tag"].startswith("noindex"), path
        if answer.mimetype == "text/html":
            pages += 1
            assert BANNER in answer.text, path
            assert "<title>TEST · " in answer.text, path
        else:
            files += 1
            assert "TEST" in headers.get("Content-Disposition", ""), path
        if answer.mimetype == XLSX:
            marked(answer.data, path)
    assert pages >= 25
    assert files >= 3


def marked(data: bytes, path: str) -> None:
    sheets: list[Any] = list(openpyxl.load_workbook(BytesIO(data)).worksheets)
    for sheet in sheets:
        header = sheet.oddHeader.center.text
        if sheet.title in (
            "Certificate merge",
            "Trộn chứng nhận",
        ):  # a mail merge wants its headings in the first row: every row says it
            assert {str(row[-1])[:4] for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]} <= {"TEST"}
        else:
            assert str(sheet["A1"].value).startswith("TEST · "), (path, sheet.title)
        assert header == "TEST", (path, sheet.title)
        assert "TEST" in str(sheet.oddFooter.left.text), (path, sheet.title)


def test_to_everybody_else_a_rehearsal_is_a_missing_page(site: Site) -> None:
    side, nothing = rehearsal(site), "mua-khong-co"
    for _rule, path in paths(site, side):
        for role in ("visitor", "judge", "captain", "secretary", "foreign organiser"):
            there = site.get(role, path)
            missing = site.get(role, path.replace(side.code, nothing))
            assert shut(there, role) or (role == "visitor" and there.status == 404), (role, path)
            assert there.status == missing.status, (role, path)
            assert there.text.replace(side.code, nothing) == missing.text, (role, path)


def test_no_list_names_a_rehearsal_to_others(site: Site) -> None:
    for role in ("visitor", "judge", "captain", "secretary", "foreign organiser", "newcomer"):
        for path in ("/", "/editions", "/door", "/sign-in"):
            assert site.world.own.rehearsal not in site.get(role, path).text, (role, path)
