"""Hostile text that is stored already, in every column that holds words: shown on every page as it was typed."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from sqlalchemy import Column, String, Text, text

from contest.infra.db import db, unit_of_work
from tests.sweep.addresses import readable, true_paths
from tests.sweep.hostile import PRODUCT, SCRIPT
from tests.sweep.site import Answer, Site

pytestmark = pytest.mark.trust  # walks through the whole site

MARK = f"={SCRIPT}\"';-- {{{{191*7}}}} %(x)s {{0}}"
# Texts with a grammar of their own; the database would not let them be anything else on the way through the forms.
GRAMMAR = {
    "code", "public_id", "email", "phone", "locale", "timezone", "languages", "scope", "action", "subject", "recipient",
    "storage_key", "filename", "content_type", "accept", "purpose", "logo_key", "fields", "payload", "fingerprint",
    "sha256", "token_hash", "code_hash", "password_hash", "last_key", "last_digest", "round_code", "track_code",
    "mentor_email", "mentor_phone", "criterion_code", "band_code", "part_code", "value", "content", "look",
    "nonce", "digest", "who",
}  # fmt: skip
# What a settled list, a score event, a consent or an audit entry says is never changed, not even by this test.
KEPT = {"alembic_version", "audit_entries", "award_lists", "consents", "score_events"}
READERS = (("captain", "vi"), ("chair", "en"), ("judge", "vi"), ("organiser", "vi"), ("visitor", "en"))


def worded() -> list[Column[Any]]:
    """Return the columns that people's words stand in."""
    return [
        column
        for table in db.metadata.sorted_tables
        for column in table.columns
        if type(column.type) in (String, Text) and column.name not in GRAMMAR and table.name not in KEPT
    ]


@pytest.fixture
def marked(site: Site) -> Site:
    """Every word in the world is hostile."""
    assert len(worded()) > 30
    with unit_of_work() as session:
        for column in worded():
            session.execute(
                text(f"UPDATE {column.table.name} SET {column.name} = {column.name} || :mark"),  # noqa: S608  names of our own tables
                {"mark": f" {MARK}"},
            )
    return site


def shown_raw(answer: Answer) -> bool:
    return SCRIPT in answer.text or PRODUCT in answer.text


@pytest.mark.parametrize(("role", "locale"), READERS)
def test_no_page_runs_a_stored_text(marked: Site, role: str, locale: str) -> None:
    seen = 0
    for rule in readable():
        for path in true_paths(marked.app, rule, marked.world.own)[:3]:
            answer = marked.get(role, path, locale)
            assert answer.status < 500, path
            if answer.mimetype == "text/html":
                assert not shown_raw(answer), path
                seen += "&lt;script&gt;alert(1)" in answer.text
    assert seen >= (2 if role == "visitor" else 4), "the marks are nowhere to be seen"


def test_a_workbook_holds_texts_and_no_foreign_formula(marked: Site) -> None:
    rounds = marked.world.own.ids["round_code"]
    answer = marked.get("organiser", f"/e/{marked.world.own.code}/organise/results/{rounds[1]}/workbook.xlsx")
    assert answer.status == 200
    book = openpyxl.load_workbook(BytesIO(answer.data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(MARK in str(cell.value) for cell in cells)
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert formulas
    assert [one for one in formulas if MARK in str(getattr(one, "text", one))] == []


def test_a_bundle_goes_out_and_comes_back(marked: Site) -> None:
    answer = marked.get("organiser", f"/e/{marked.world.own.code}/organise/export")
    assert answer.status == 200
    archive = ZipFile(BytesIO(answer.data))
    assert any(MARK.replace('"', '""') in archive.read(name).decode() for name in archive.namelist())
    client = marked.person("organiser")
    with client.post("/editions/import", data={"files": (BytesIO(answer.data), "mua.zip")}) as received:
        assert received.status_code == 303, received.get_data(as_text=True)
    preview = marked.get("organiser", received.headers["Location"])
    assert preview.status == 200
    assert not shown_raw(preview)
