"""The sweep itself sees what it is there to see."""

from __future__ import annotations

import pytest
from flask import Flask

from contest.editions.models import Edition
from contest.infra.db import db, unit_of_work
from contest.web.guards import public
from tests.conftest import _empty
from tests.sweep.forms import fill
from tests.sweep.hostile import Attack, attacks
from tests.sweep.site import Site, blemish, changes, texts
from tests.sweep.test_forms import Complaints, check, send


def test_a_change_is_seen_named_and_taken_back(site: Site) -> None:
    assert site.untouched()
    with unit_of_work():
        db.session.query(Edition).filter_by(code=site.world.own.code).update({"organiser": "Ai đó"})
    assert not site.untouched()
    found = changes(site.pristine, site.dump())
    site.restore()
    assert site.untouched()
    assert changes(site.pristine, site.dump()) == {}
    assert [cell.partition("[")[0] for cell in found] == ["editions.organiser"]
    assert list(found.values()) == ["Ai đó"]


def test_a_world_put_back_is_emptied_for_the_next_test(site: Site, sqlite_app: Flask) -> None:
    _empty(sqlite_app)  # as a test of another folder does on the same worker
    site.restore()
    _empty(sqlite_app)
    assert [table for table, rows in site.dump().items() if rows] == []


def test_an_accepted_form_changes_only_its_own_cells(site: Site) -> None:
    send(site, Attack("as it is", fill(site, "submissions.withdraw")))
    assert not site.untouched()
    cells = {cell.partition("[")[0] for cell in changes(site.pristine, site.dump())}
    assert {"submissions.status", "submissions.status_reason", "audit_entries.action"} <= cells
    assert not any(cell.startswith(("users.", "editions.", "scores.")) for cell in cells)


def test_a_page_that_writes_is_caught(site: Site) -> None:
    with pytest.raises(AssertionError, match="wrote"), site.only_reading("/somewhere"), unit_of_work():
        db.session.query(Edition).filter_by(code=site.world.own.code).update({"organiser": "Ai đó"})


def test_a_crash_and_a_refusal_that_writes_are_caught(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    form = fill(site, "submissions.withdraw")

    @public
    def crash(**_sent: object) -> str:
        raise ZeroDivisionError

    @public
    def write_and_refuse(**_sent: object) -> tuple[str, int]:
        with unit_of_work():
            db.session.query(Edition).filter_by(code=site.world.own.code).update({"organiser": "Ai đó"})
        return "Không được", 409

    attack = next(attacks(form))
    monkeypatch.setitem(site.app.view_functions, "submissions.withdraw", crash)
    assert check(site, attack) == "answered 500"
    monkeypatch.setitem(site.app.view_functions, "submissions.withdraw", write_and_refuse)
    assert check(site, attack).startswith("answered 409 and wrote ['editions.organiser[")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Tiếng Việt\n😀", ""),
        ("Tie\u0302\u0301ng", "not NFC"),
        ("a\u202eb", "holds"),
        ("a\x00", "holds"),
        ("\ud800", "holds"),
    ],
)
def test_a_blemish_is_named(text: str, wrong: str) -> None:
    assert blemish(text).startswith(wrong)
    assert bool(blemish(text)) == bool(wrong)


def test_texts_are_found_inside_stored_json() -> None:
    assert list(texts('{"a": ["b", {"c": "Ti\\u1ebfng"}], "d": 1}')) == ["a", "b", "c", "Tiếng", "d"]
    assert list(texts("{not json")) == ["{not json"]
    assert list(texts(7)) == []


def test_complaints_are_the_visible_errors() -> None:
    page = '<main><p>Chào</p><p class="bv-error" hidden>Cũ</p><p class="bv-error"><b>Thiếu</b> tên</p></main>'
    assert Complaints(page).words == "Thiếu tên"
