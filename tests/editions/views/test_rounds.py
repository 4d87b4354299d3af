from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.editions.facts import RoundFacts
from contest.editions.measures import Conversion, Measure
from contest.editions.models import Edition
from contest.editions.queries import round_by_code, round_heads
from contest.editions.rubric_templates import TEMPLATES, template
from contest.editions.rules import (
    Advance,
    Aggregate,
    Band,
    Combine,
    Counting,
    CutTies,
    Decide,
    Guidance,
    LocalText,
    Per,
    Quorum,
    RoundKind,
    RoundRules,
    Source,
)
from contest.infra.db import db
from tests.editions.samples import at
from tests.editions.views.conftest import Words
from tests.factories import NOON, Make

SETUP = "/e/mua-thu-2026/organise/setup/"
PAGE = SETUP + "round/r1"
RULES: dict[str, Any] = {
    "name_vi": "Sơ khảo",
    "name_en": "Preliminary",
    "kind": "preliminary",
    "opens_at": "2026-10-09T12:00",
    "closes_at": "2026-10-10T12:00",
    "judges_per_submission": "3",
    "min_judges": "2",
    "blind": "y",
    "combine": "criterion",
    "aggregate": "trimmed",
    "trim": "1",
    "decimals": "1",
    "advance_top": "5",
    "advance_per": "field",
    "advance_threshold": "50,5",
}


def read(edition: Edition, code: str = "r1") -> RoundFacts:
    db.session.rollback()
    found = round_by_code(edition.id, code)
    assert found is not None
    return found


def test_a_round_is_added_with_the_name_of_its_kind_and_a_template(
    organiser: User, client: FlaskClient, edition: Edition
) -> None:
    answer = client.post(SETUP + "rounds", data={"kind": "semifinal", "name_vi": "", "template": "lam-dong-2018"})
    assert (answer.status_code, answer.location) == (303, SETUP + "round/semifinal")
    found, chosen = read(edition, "semifinal"), template("lam-dong-2018")
    assert chosen is not None
    assert (found.name, found.kind) == (LocalText("Bán kết", "Semi-final"), RoundKind.SEMIFINAL)
    assert found.rubric == chosen.rubric
    client.post(SETUP + "rounds", data={"kind": "final", "name_vi": "Đêm chung kết", "template": ""})
    assert (read(edition, "final").name, read(edition, "final").rubric.criteria) == (LocalText("Đêm chung kết"), ())


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"kind": "quarterfinal", "template": ""}, "kind"),
        ({"kind": "final", "template": "made-up"}, "template"),
        ({"kind": "final", "template": "", "name_vi": "x" * 201}, "name_vi"),
    ],
)
def test_a_bad_round_is_not_added(
    organiser: User, client: FlaskClient, edition: Edition, data: dict[str, str], field: str
) -> None:
    answer = client.post(SETUP + "rounds", data=data)
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.get_data(as_text=True)
    assert round_heads(edition.id) == []


def test_the_archive_takes_no_round(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    make.round(edition, "r1", kind="final", state="draft")
    client.post("/e/mua-thu-2026/organise/announce")
    client.post("/e/mua-thu-2026/organise/archive")
    answer = client.post(SETUP + "rounds", data={"kind": "final", "template": ""})
    assert answer.status_code == 422
    assert "This edition is archived." in words(answer)
    assert [head.code for head in round_heads(edition.id)] == ["r1"]


def test_rounds_move_and_go_when_their_code_is_typed(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    for code in ("a", "b"):
        make.round(edition, code, state="draft")
    assert client.post(SETUP + "round/b/up").location == SETUP + "rounds"
    assert [head.code for head in round_heads(edition.id)] == ["b", "a"]
    client.post(SETUP + "round/b/down")
    assert [head.code for head in round_heads(edition.id)] == ["a", "b"]
    refused = client.post(SETUP + "round/a/remove", data={"confirm": "b"})
    assert refused.status_code == 422
    assert "Nothing was removed: the code you typed is not “a”." in words(refused)
    assert client.post(SETUP + "round/a/remove", data={"confirm": " A "}).status_code == 303
    assert [head.code for head in round_heads(edition.id)] == ["b"]
    assert client.post(SETUP + "round/a/up").status_code == 404


def test_a_round_that_has_begun_stays_in_its_place(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    row = make.round(edition, "a")
    make.assignment(row, make.judge(edition), make.submission(edition))
    make.round(edition, "b", state="draft")
    for path, data, text in (
        ("round/b/up", {}, "A round has begun, so the order of the rounds is fixed."),
        (
            "round/a/remove",
            {"confirm": "a"},
            "Something hangs on the round “a”, so it cannot be removed. Clear its assignments",
        ),
    ):
        answer = client.post(SETUP + path, data=data)
        assert answer.status_code == 409
        assert text in words(answer)
    assert [head.code for head in round_heads(edition.id)] == ["a", "b"]


def test_times_and_rules_are_saved_exactly(organiser: User, client: FlaskClient, edition: Edition, make: Make) -> None:
    make.round(edition, "r1", state="draft")
    answer = client.post(PAGE, data={**RULES, "action": "next"})
    assert (answer.status_code, answer.location) == (303, PAGE + "/rubric")
    found = read(edition)
    assert (found.name, found.kind) == (LocalText("Sơ khảo", "Preliminary"), RoundKind.PRELIMINARY)
    assert (found.opens_at, found.closes_at, found.rubric_version) == (at(1), at(2), 2)
    assert found.rules == RoundRules(
        decimals=1,
        combine=Combine.CRITERION,
        aggregate=Aggregate.TRIMMED,
        min_judges=2,
        judges_per_submission=3,
        blind=True,
        advance=Advance(top=5, per=Per.FIELD, threshold=Decimal("50.5")),
    )
    page = client.get(PAGE).get_data(as_text=True)
    assert 'value="50.5"' in page
    assert client.post(PAGE, data={**RULES, "action": "save"}).location == PAGE


def test_empty_numbers_mean_no_rule(organiser: User, client: FlaskClient, edition: Edition, make: Make) -> None:
    make.round(edition, "r1", state="draft", rules=RoundRules(judges_per_submission=3, advance=Advance(top=3)))
    empty = dict.fromkeys(("judges_per_submission", "advance_top", "advance_threshold", "opens_at", "closes_at"), "")
    data = {name: value for name, value in {**RULES, **empty}.items() if name != "blind"}
    assert client.post(PAGE, data=data).status_code == 303
    found = read(edition)
    assert (found.rules.judges_per_submission, found.rules.advance, found.rules.blind) == (None, None, False)
    assert (found.opens_at, found.closes_at) == (None, None)


EVERY_RULE: dict[str, Any] = {
    **RULES,
    "combine": "scorecard",
    "aggregate": "clamped",
    "trim_from": "3",
    "clamp": "2,5",
    "scale_to": "100",
    "counting": "complete",
    "decide": "agreement",
    "spread_alarm": "10",
    "quorum_present": "6",
    "quorum_chair": "y",
    "min_entries": "5",
    "carry-0-code": "r0",
    "carry-0-weight": "0,3",
    "carry-1-code": "self",
    "carry-1-weight": "0.7",
    "ties-0": "criterion:C1",
    "ties-1": "",
    "ties-2": "earlier_round:r0",
    "ties-3": "chair",
    "ties-4": "chair",
    "advance_percent": "12,5",
    "advance_floors": "y",
    "advance_ties": "chair",
    "advance_direct": "2",
    "bands-0-code": "",
    "bands-0-name_vi": "Bạc",
    "bands-0-name_en": "",
    "bands-0-lowest": "80",
    "bands-1-code": "gold",
    "bands-1-name_vi": "Vàng",
    "bands-1-name_en": "Gold",
    "bands-1-lowest": "90",
    "bands-2-code": "",
    "bands-2-name_vi": "",
    "bands-2-lowest": "",
    "appeal_days": "7",
}


def test_every_rule_can_be_set_on_the_page(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    make.round(edition, "r0", state="draft")
    make.round(edition, "r1", state="draft")
    assert client.post(PAGE, data=EVERY_RULE).status_code == 303
    assert read(edition).rules == RoundRules(
        decimals=1,
        aggregate=Aggregate.CLAMPED,
        trim_from=3,
        clamp=Decimal("2.5"),
        min_judges=2,
        judges_per_submission=3,
        blind=True,
        counting=Counting.COMPLETE,
        decide=Decide.AGREEMENT,
        scale_to=Decimal(100),
        carry=(("r0", Decimal("0.3")), ("self", Decimal("0.7"))),
        tie_breaks=("criterion:C1", "earlier_round:r0", "chair"),
        advance=Advance(
            5, Per.FIELD, Decimal("50.5"), floors=True, ties=CutTies.CHAIR, percent=Decimal("12.5"), direct=2
        ),
        spread_alarm=Decimal(10),
        quorum=Quorum(6, chair=True, secretary=False),
        min_entries=5,
        bands=(
            Band("gold", LocalText("Vàng", "Gold"), Decimal(90)),
            Band("bac", LocalText("Bạc"), Decimal(80)),
        ),
        appeal_days=7,
    )
    page = client.get(PAGE)
    text = page.get_data(as_text=True)
    assert "not ranked yet" not in words(page)
    assert '<option selected value="earlier_round:r0">' in text
    assert 'name="bands-3-lowest"' in text  # two spare rows
    assert text.count("In use") == 6


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"aggregate": "zscore", "combine": "criterion"}, "aggregate"),
        ({"aggregate": "clamped", "clamp": ""}, "clamp"),
        ({"whole_marks": "y"}, "whole_marks"),
        ({"ties-0": "criterion:GONE"}, ""),
        ({"carry-0-weight": "0", "carry-1-weight": "0"}, ""),
        ({"carry-0-code": "r7"}, ""),
        ({"bands-0-lowest": "90"}, ""),
        ({"advance_direct": "6"}, "advance_direct"),
        ({"appeal_days": "0"}, "appeal_days"),
        ({"spread_alarm": "0"}, "spread_alarm"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, values: dict[str, str], place: str
) -> None:
    make.round(edition, "r0", state="draft")
    make.round(edition, "r1", state="draft")
    before = read(edition)
    answer = client.post(PAGE, data={**EVERY_RULE, **values})
    assert answer.status_code == 422
    assert not place or f'<a href="#{place}">' in answer.get_data(as_text=True)
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert read(edition) == before


def test_a_measured_criterion_and_a_part_are_set_on_the_page(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    make.round(edition, "r1", state="draft")
    make.part(edition, "video")
    rows = {
        **_criterion(0, part="video", measure="linear", measure_best="1", measure_worst="2"),
        **_criterion(1, source="organiser", measure="linear", measure_best="30", measure_worst="60,5"),
        **_criterion(2, source="audience", measure="leader", measure_lower="y"),
    }
    assert client.post(PAGE + "/rubric", data=rows).status_code == 303
    first, second, third = read(edition).rubric.criteria
    assert (first.part, first.measure) == ("video", None)
    assert second.measure == Measure(Conversion.LINEAR, Decimal(30), Decimal("60.5"))
    assert third.measure == Measure(Conversion.LEADER, lower_is_better=True)
    assert 'value="60.5"' in client.get(PAGE + "/rubric").get_data(as_text=True)
    refused = client.post(PAGE + "/rubric", data=_criterion(0, source="organiser", measure="linear"))
    assert refused.status_code == 422
    assert "Say which number is worth the highest mark" in words(refused)


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"name_vi": ""}, "name_vi", "Please fill in this field."),
        ({"closes_at": "2026-10-09T12:00"}, "closes_at", "Scoring must close after it opens."),
        ({"opens_at": "soon"}, "opens_at", "Enter a day and a time"),
        ({"judges_per_submission": "0"}, "judges_per_submission", "Enter a whole number from 1 to 100."),
        ({"min_judges": ""}, "min_judges", "Please fill in this field."),
        ({"decimals": "7"}, "decimals", "Enter a whole number from 0 to 6."),
        ({"decimals": "1,5"}, "decimals", "Enter a whole number."),
        ({"aggregate": "best"}, "aggregate", "Not a valid choice"),
        ({"trim": "-1"}, "trim", "Enter a whole number from 0 to 20."),
        ({"advance_threshold": "fünfzig"}, "advance_threshold", "“fünfzig” is not a number."),
        ({"advance_top": "0"}, "advance_top", "Enter a whole number from 1 to 100000."),
    ],
)
def test_bad_rules_name_their_field_and_keep_the_rest(
    organiser: User,
    client: FlaskClient,
    edition: Edition,
    make: Make,
    words: Words,
    values: dict[str, str],
    field: str,
    message: str,
) -> None:
    make.round(edition, "r1", state="draft")
    before = read(edition)
    answer = client.post(PAGE, data={**RULES, "name_en": "Still here", **values})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in page
    assert message in words(answer)
    assert 'value="Still here"' in page
    assert read(edition) == before


def test_after_the_first_score_times_change_and_rules_do_not(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    make.round(edition, "r1", locked_at=NOON)
    assert "The rules are locked" in words(client.get(PAGE))
    refused = client.post(PAGE, data=RULES)
    assert refused.status_code == 422
    assert "the rubric and the rules of “r1” are locked" in words(refused)
    assert (read(edition).rules, read(edition).opens_at) == (RoundRules(), None)
    same = {**RULES, "judges_per_submission": "", "min_judges": "1", "combine": "scorecard", "aggregate": "mean"}
    same = {**same, "decimals": "2", "advance_top": "", "advance_threshold": ""}
    del same["blind"]
    assert client.post(PAGE, data=same).status_code == 303
    assert (read(edition).opens_at, read(edition).rubric_version) == (at(1), 1)


def _criterion(number: int, **values: str) -> dict[str, str]:
    usual = {"code": f"C{number}", "name_vi": f"Tiêu chí {number}", "minimum": "0", "maximum": "10", "step": "0,5"}
    row = {**usual, "weight": "2.5", "source": "judges", **values}
    return {f"criteria-{number}-{name}": value for name, value in row.items()}


def test_a_rubric_is_saved_exactly(organiser: User, client: FlaskClient, edition: Edition, make: Make) -> None:
    make.round(edition, "r1", state="draft")
    rows = {
        **_criterion(
            0,
            name_en="Need",
            description_vi="Có thật không?",
            floor="2,5",
            guidance_vi="2: Chưa\n8,5: Rõ",
            guidance_en="8.5 = Clear",
        ),
        **_criterion(1, code="", name_vi="Chuyên cần", source="organiser", maximum="15", step="1", weight="1"),
    }
    answer = client.post(PAGE + "/rubric", data={**rows, "action": "next"})
    assert (answer.status_code, answer.location) == (303, SETUP + "rounds")
    need, attendance = read(edition).rubric.criteria
    assert (need.code, need.name, need.description) == (
        "C0",
        LocalText("Tiêu chí 0", "Need"),
        LocalText("Có thật không?"),
    )
    assert (need.minimum, need.maximum, need.step, need.weight, need.floor) == tuple(
        Decimal(value) for value in ("0", "10", "0.5", "2.5", "2.5")
    )
    assert need.guidance == (
        Guidance(Decimal(2), LocalText("Chưa")),
        Guidance(Decimal("8.5"), LocalText("Rõ", "Clear")),
    )
    assert (attendance.code, attendance.source, attendance.max_points) == ("CHUYEN-CAN", Source.ORGANISER, 15)
    assert read(edition).rubric_version == 2


@pytest.mark.parametrize("one", TEMPLATES, ids=lambda one: one.key)
def test_every_template_is_offered_filled_in_and_saved_as_it_is(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words, one: Any
) -> None:
    make.round(edition, "r1", state="draft")
    answer = client.get(f"{PAGE}/rubric?template={one.key}")
    page = words(answer)
    assert "Not saved yet" in page
    assert f"Source: {one.source}" in page
    assert read(edition).rubric_version == 1
    rows: dict[str, str] = {}
    for number, spec in enumerate(one.rubric.criteria):
        for name in ("code", "name_vi", "minimum", "maximum", "step", "weight", "floor"):
            found = answer.get_data(as_text=True).split(f'name="criteria-{number}-{name}"', 1)[1].split(">", 1)[0]
            rows[f"criteria-{number}-{name}"] = found.split('value="', 1)[1].split('"', 1)[0]
        rows[f"criteria-{number}-source"] = spec.source.value
    client.post(PAGE + "/rubric", data=rows)
    saved = read(edition).rubric
    assert saved.maximum == one.rubric.maximum
    assert [(c.code, c.minimum, c.maximum, c.step, c.weight) for c in saved.criteria] == [
        (c.code, c.minimum, c.maximum, c.step, c.weight) for c in one.rubric.criteria
    ]


def test_an_unknown_template_shows_the_stored_rubric(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    make.round(edition, "r1", state="draft")
    page = words(client.get(PAGE + "/rubric?template=made-up"))
    assert "Not saved yet" not in page
    assert "Highest total: 20" in page


def test_rows_change_without_saving_and_keep_what_was_typed(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    make.round(edition, "r1", state="draft")
    rows = {**_criterion(0), **_criterion(1, maximum="zehn", guidance_vi="8: Rõ")}
    added = client.post(PAGE + "/rubric", data={**rows, "action": "add"})
    page = added.get_data(as_text=True)
    assert added.status_code == 200
    assert 'name="criteria-2-name_vi"' in page
    assert 'value="zehn"' in page
    assert "8: Rõ" in page
    assert "Highest total: a number is missing" in words(added)
    moved = client.post(PAGE + "/rubric", data={**rows, "action": "down:0"}).get_data(as_text=True)
    assert moved.index('value="Tiêu chí 1"') < moved.index('value="Tiêu chí 0"')
    removed = client.post(PAGE + "/rubric", data={**rows, "action": "remove:1"})
    assert "Highest total: 25" in words(removed)
    assert read(edition).rubric_version == 1


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"name_vi": ""}, "name_vi", "Please fill in this field."),
        ({"maximum": "zehn"}, "maximum", "“zehn” is not a number."),
        ({"maximum": "1.000"}, "maximum", "could be a thousand or a decimal"),
        ({"maximum": "0"}, "maximum", "The highest mark must lie above the lowest"),
        ({"step": "3"}, "step", "The step does not lead from the lowest to the highest mark."),
        ({"step": "0,000001"}, "step", "has too many marks"),
        ({"weight": "-1"}, "weight", "A weight cannot be negative."),
        ({"floor": "11"}, "floor", "The floor must lie within the scale."),
        ({"code": "C0"}, "code", "Two criteria have the code “C0”."),
        ({"code": "một hai"}, "code", "“một hai” cannot be a code."),
        ({"source": "parents"}, "source", "Not a valid choice"),
        ({"guidance_vi": "8,25: Rõ"}, "guidance_vi", "The scale has no mark 8.25."),
        ({"guidance_vi": "gut"}, "guidance_vi", "Line 1: write the mark, a colon and its meaning"),
        ({"guidance_en": "8: a\n8: b"}, "guidance_en", "Line 2: the mark 8 occurs twice."),
    ],
)
def test_a_bad_criterion_names_row_and_field_and_saves_nothing(
    organiser: User,
    client: FlaskClient,
    edition: Edition,
    make: Make,
    words: Words,
    values: dict[str, str],
    field: str,
    message: str,
) -> None:
    make.round(edition, "r1", state="draft")
    before = read(edition)
    many = {"maximum": "20"} if field == "step" and values["step"].startswith("0") else {}
    answer = client.post(PAGE + "/rubric", data={**_criterion(0), **_criterion(1, **many, **values)})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'<a href="#criteria-1-{field}">' in page
    assert message in words(answer)
    assert 'value="Tiêu chí 0"' in page
    assert read(edition) == before


def test_all_that_is_wrong_is_said_at_once(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    make.round(edition, "r1", state="draft")
    rows = {**_criterion(0, maximum="zehn"), **_criterion(1, weight="-1"), **_criterion(2, floor="99")}
    page = client.post(PAGE + "/rubric", data=rows).get_data(as_text=True)
    for field in ("0-maximum", "1-weight", "2-floor"):
        assert f'<a href="#criteria-{field}">' in page


def test_weights_that_sum_to_zero_are_refused_as_a_whole(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    make.round(edition, "r1", state="draft")
    answer = client.post(PAGE + "/rubric", data=_criterion(0, weight="0"))
    assert answer.status_code == 422
    assert "At least one criterion needs a weight above zero." in words(answer)
    assert read(edition).rubric_version == 1


def test_a_locked_rubric_is_read_and_refused(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    make.round(edition, "r1", locked_at=NOON, rubric_version=3)
    page = client.get(PAGE + "/rubric")
    assert "it cannot change any more (version 3)" in words(page)
    assert 'name="criteria-0-name_vi"' not in page.get_data(as_text=True)
    answer = client.post(PAGE + "/rubric", data=_criterion(0))
    assert answer.status_code == 422
    assert read(edition).rubric_version == 3


@pytest.mark.parametrize("path", ["round/none", "round/none/rubric"])
def test_a_missing_round_is_not_found(organiser: User, client: FlaskClient, edition: Edition, path: str) -> None:
    assert client.get(SETUP + path).status_code == 404
    assert client.post(SETUP + path, data={}).status_code == 404
