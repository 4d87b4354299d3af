"""What papers say besides the results: typed once, printed instead of dotted lines, noted in the trail."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from contest.errors import RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db
from contest.papers.details import NAMES, Details, check_presenters, from_json, to_json
from contest.papers.exports import PDF, WORD, make_paper
from contest.papers.kinds import Paper
from contest.papers.queries import Dossier, details_of
from tests.factories import Make
from tests.papers.test_exports import flat, text_of, word_text
from tests.papers.world import Final

PAGE = "/e/mua-thu-2026/organise/results/chung-ket/papers/details"
SAID = Details(
    superior="Thành ủy Thành phố", issuer="UBND Phường Bến Nghé", place="Bến Nghé", authority="Chủ tịch UBND Phường",
    rules_decision="07/QĐ-BN", council_decision="08/QĐ-BN", minutes_number="41", tally_number="42",
    proposal_number="43/TTr-XYZ", decision_number="44/QĐ-BN", report_number="45", organiser_role="Trưởng Ban",
    organiser_name="Phan Thị Ỷ", authority_role="Chủ tịch", authority_name="Lý Văn Ký", accountant_name="Ngô Kế Toán",
    maker_name="Vũ Lập Biểu", presenters="first: Bà Trao Nhất\nsecond: Ông Trao Nhì",
)  # fmt: skip
WHERE = {
    Paper.SUMMARY: ("UBND PHƯỜNG BẾN NGHÉ", "Bến Nghé, ngày", "Vũ Lập Biểu"),
    Paper.MINUTES: ("08/QĐ-BN", "41/BB-HĐGK"),
    Paper.TALLY: ("42/BB-KP", "Vũ Lập Biểu"),
    Paper.PROPOSAL: ("43/TTr-XYZ", "Chủ tịch UBND Phường", "07/QĐ-BN", "TRƯỞNG BAN", "Phan Thị Ỷ"),
    Paper.DECISION: ("THÀNH ỦY THÀNH PHỐ", "44/QĐ-BN", "07/QĐ-BN", "CHỦ TỊCH", "Lý Văn Ký"),
    Paper.RECEIPTS: ("Ngô Kế Toán", "Vũ Lập Biểu", "Phan Thị Ỷ"),
    Paper.REPORT: ("45/BC-BTC", "Phan Thị Ỷ"),
    Paper.SCRIPT: ("Bà Trao Nhất", "Ông Trao Nhì"),
}


@pytest.mark.parametrize("form", [PDF, WORD])
@pytest.mark.parametrize("paper", WHERE)
def test_a_paper_prints_what_was_typed_and_dots_where_nothing_was(dossier: Dossier, paper: Paper, form: str) -> None:
    read = text_of if form == PDF else word_text
    said = read(make_paper(replace(dossier, details=SAID), paper, "vi", form).content).casefold()
    empty = read(make_paper(dossier, paper, "vi", form).content).casefold()
    for text in WHERE[paper]:
        assert flat(text).casefold() in said
        assert flat(text).casefold() not in empty
    if paper not in (Paper.SCRIPT, Paper.RECEIPTS):
        assert flat("………, ngày") in empty


def fields(details: Details) -> dict[str, str]:
    return {name: getattr(details, name) for name in NAMES}


@pytest.mark.both_databases
def test_what_is_typed_is_kept_and_noted_without_names(client: FlaskClient, make: Make, done: Final) -> None:
    make.sign_in(client, done.organiser)
    assert client.post(PAGE, data=fields(SAID)).status_code == 303
    assert details_of(done.edition.id) == SAID == done.dossier.details
    page = client.get(PAGE).get_data(as_text=True)
    assert "43/TTr-XYZ" in page
    assert "first: Bà Trao Nhất" in page
    assert client.post(PAGE, data=fields(SAID)).status_code == 303  # nothing changed: nothing is noted
    assert client.post(PAGE, data=fields(replace(SAID, place="", tally_number="50"))).status_code == 303
    noted = [
        one.facts
        for one in db.session.query(AuditEntry).filter_by(action="paper.details_saved").order_by(AuditEntry.id)
    ]
    assert [one["changed"] for one in noted] == [list(NAMES), ["place", "tally_number"]]
    assert "Ỷ" not in str(noted)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("first: A\nkhong-co: B", "Line 2, “khong-co: B”"),
        ("Bà Trao Nhất", "Line 1, “Bà Trao Nhất”"),
        ("first:", "Line 1, “first:”"),
        ("first: A\n\nfirst: B", "this award stands in an earlier line"),
    ],
)
def test_a_line_that_names_no_award_is_refused_with_its_place(
    client: FlaskClient, make: Make, done: Final, typed: str, told: str
) -> None:
    make.sign_in(client, done.organiser)
    client.set_cookie("locale", "en")
    answer = client.post(PAGE, data=fields(replace(SAID, presenters=typed)))
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    assert details_of(done.edition.id) == Details()


def test_only_who_runs_the_edition_types(client: FlaskClient, make: Make, done: Final) -> None:
    for role in (Role.OBSERVER, Role.CHAIR, Role.JUDGE):
        make.sign_in(client, make.member(done.row, role, make.user(f"Người {role}")))
        assert client.get(PAGE).status_code == client.post(PAGE, data=fields(SAID)).status_code == 403
    assert details_of(done.edition.id) == Details()


def test_texts_survive_their_json_and_forget_old_names() -> None:
    assert from_json(to_json(SAID)) == SAID
    assert from_json({"place": "Huế", "no_longer": "x"}) == Details(place="Huế")
    check_presenters("first: A: B\n", ["first"])
    assert Details(presenters="first: A: B").presenter("first") == "A: B"
    with pytest.raises(RuleBroken) as refused:
        check_presenters("x", [])
    assert refused.value.facts == {"line": 1, "text": "x", "codes": "–"}
