from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from contest.accounts.roles import Nobody
from contest.editions import queries
from contest.editions.basics import Basics
from contest.editions.parts import PartKind, PartSpec
from contest.editions.phases import EditionState
from contest.editions.rules import Aggregate, Guidance, LocalText, RoundRules
from contest.errors import NotFound
from contest.infra.db import db, unit_of_work
from tests.counting import counted
from tests.editions.samples import at
from tests.factories import NOON, Make

pytestmark = pytest.mark.both_databases


def test_an_edition_as_facts(app: Flask, make: Make) -> None:
    row = make.edition(languages="vi", logo_key="ab12", is_test=True)
    found = queries.edition_by_code("mua-thu-2026")
    assert found is not None
    assert (found.id, found.name, found.organiser) == (
        row.id,
        LocalText("Ý tưởng khởi nghiệp 2026", "Start-up ideas 2026"),
        "UBND Phường Tân Thuận",
    )
    assert (found.timezone, found.languages, found.state) == ("Asia/Ho_Chi_Minh", ("vi",), EditionState.ANNOUNCED)
    assert (found.submissions_open, found.submissions_close) == (at(-7), at(7))
    assert (found.logo_key, found.is_test) == ("ab12", True)
    assert queries.edition_by_code("mua-xuan") is None


def test_lists_of_editions_are_newest_first(app: Flask, make: Make) -> None:
    one, two = make.edition("a"), make.edition("b", state=EditionState.DRAFT)
    assert [e.code for e in queries.editions_by_ids([one.id, two.id, 99])] == ["b", "a"]
    assert [e.code for e in queries.editions_in_state(EditionState.ANNOUNCED)] == ["a"]
    assert [e.code for e in queries.visible_editions(Nobody())] == ["a"]


def test_codes_that_begin_alike_and_nothing_is_a_wildcard(app: Flask, make: Make) -> None:
    for code in ("mua-thu", "mua-thu-2", "mua-xuan", "x"):
        make.edition(code)
    assert queries.codes_like("mua-thu") == {"mua-thu", "mua-thu-2"}
    assert queries.codes_like("%") == frozenset()
    assert queries.codes_like("_") == frozenset()


def test_basics_hold_all_texts(app: Flask, make: Make) -> None:
    row = make.edition(about_vi="Thể lệ", about_en="Rules", contact="0903")
    assert queries.basics_of(row.id) == Basics(
        name=LocalText("Ý tưởng khởi nghiệp 2026", "Start-up ideas 2026"),
        organiser="UBND Phường Tân Thuận",
        about=LocalText("Thể lệ", "Rules"),
        contact="0903",
        submissions_open=at(-7),
        submissions_close=at(7),
    )
    with pytest.raises(NotFound):
        queries.basics_of(row.id + 1)


def test_parts_by_row_in_their_order(app: Flask, make: Make) -> None:
    edition = make.edition()
    second = make.part(edition, "video", PartKind.LINK, position=2, required=False, help_vi="3 phút")
    first = make.part(edition, "plan", PartKind.FILE, position=1, accept="pdf,image", max_mb=5)
    make.part(make.edition("other"), "x")
    assert list(queries.parts_of(edition.id).items()) == [
        (first.id, PartSpec("plan", LocalText("Phần plan"), PartKind.FILE, accept=("pdf", "image"), max_mb=5)),
        (
            second.id,
            PartSpec("video", LocalText("Phần video"), PartKind.LINK, required=False, help=LocalText("3 phút")),
        ),
    ]


def test_a_round_with_rules_and_rubric(app: Flask, make: Make) -> None:
    edition = make.edition()
    rules = RoundRules(aggregate=Aggregate.TRIMMED, min_judges=3)
    row = make.round(edition, "r1", rules=rules, criteria=2)
    with unit_of_work():
        db.session.refresh(row)
        row.criteria[0].floor = Decimal("2.5")
        row.criteria[0].guidance = [{"mark": "8.5", "vi": "Rõ", "en": "Clear"}, {"mark": "2"}]
    found = queries.round_by_code(edition.id, "r1")
    assert found is not None
    assert (found.rules, found.locked, found.rubric_version) == (rules, False, 1)
    assert [one.code for one in found.rubric.criteria] == ["C1", "C2"]
    assert found.rubric.criteria[0].floor == Decimal("2.5")
    assert found.rubric.criteria[0].guidance == (
        Guidance(Decimal("8.5"), LocalText("Rõ", "Clear")),
        Guidance(Decimal(2), LocalText()),
    )
    assert len(found.criterion_ids) == 2
    assert queries.round_by_id(found.id) == found
    assert queries.rounds_of(edition.id) == [found]
    assert queries.round_by_code(edition.id, "r2") is None
    assert queries.round_by_code(edition.id + 1, "r1") is None
    assert queries.round_by_id(found.id + 1) is None


def test_heads_are_rounds_without_their_rubric(app: Flask, make: Make) -> None:
    edition = make.edition()
    make.round(edition, "late", position=2)
    make.round(edition, "early", position=1, locked_at=NOON, opens_at=at(1))
    heads = queries.round_heads(edition.id)
    assert [(head.code, head.locked, head.opens_at) for head in heads] == [
        ("early", True, at(1)),
        ("late", False, None),
    ]
    assert queries.round_head(edition.id, "late") == heads[1]
    assert queries.round_head(edition.id, "none") is None


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_set_up_costs_the_same_for_one_and_three_rounds(app: Flask, make: Make, rounds: int) -> None:
    edition = make.edition()
    make.track(edition)
    make.field(edition)
    make.part(edition)
    for number in range(rounds):
        make.round(edition, f"r{number}")
    edition_id = edition.id
    db.session.rollback()
    with counted(app) as statements:
        found = queries.set_up_of(edition_id)
    assert (found.tracks, found.fields, found.parts, len(found.rounds)) == (1, 1, 1, rounds)
    assert len(statements) == 4


def test_tracks_and_fields_in_their_order(app: Flask, make: Make) -> None:
    edition = make.edition()
    for code, position in (("B", 2), ("A", 1)):
        make.track(edition, code, position=position)
        make.field(edition, code.lower(), position=position)
    assert [row.code for row in queries.tracks_of(edition.id)] == ["A", "B"]
    assert [row.code for row in queries.fields_of(edition.id)] == ["a", "b"]
