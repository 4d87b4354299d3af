from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask

from contest.editions import services
from contest.editions.basics import RoundBasics
from contest.editions.facts import RoundFacts
from contest.editions.models import Round
from contest.editions.queries import round_by_id, round_heads, rounds_of
from contest.editions.rubric_templates import template
from contest.editions.rules import Advance, Aggregate, Guidance, LocalText, RoundKind, RoundRules, Rubric
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db, unit_of_work
from tests.editions.samples import at, spec
from tests.editions.services.trail import acts, last_act
from tests.factories import NOON, Make

pytestmark = pytest.mark.both_databases
PRELIMINARY = RoundBasics(LocalText("Sơ khảo", "Preliminary"), RoundKind.PRELIMINARY, at(1), at(2))


def read(round_id: int) -> RoundFacts:
    db.session.rollback()
    found = round_by_id(round_id)
    assert found is not None
    return found


def test_a_round_with_everything_comes_back_as_it_went_in(app: Flask, make: Make) -> None:
    edition, chosen = make.edition(), template("ward-preliminary")
    assert chosen is not None
    rules = RoundRules(judges_per_submission=3, aggregate=Aggregate.TRIMMED, advance=Advance(top=5))
    with unit_of_work():
        made = services.add_round(
            edition_id=edition.id, basics=PRELIMINARY, rules=rules, rubric=chosen.rubric, actor_id=None, now=NOON
        ).id
    found = read(made)
    assert (found.code, found.name, found.kind) == ("preliminary", PRELIMINARY.name, RoundKind.PRELIMINARY)
    assert (found.opens_at, found.closes_at) == (at(1), at(2))
    assert (found.rules, found.rubric, found.rubric_version, found.locked) == (rules, chosen.rubric, 1, False)
    assert last_act() == ("round.added", f"round:{made}", None, {"code": "preliminary", "kind": "preliminary"})


def test_codes_come_from_the_kind_and_must_differ(app: Flask, make: Make) -> None:
    edition = make.edition()
    with unit_of_work():
        for code in ("", "", "r1"):
            services.add_round(edition_id=edition.id, basics=PRELIMINARY, code=code, actor_id=None, now=NOON)
    assert [head.code for head in round_heads(edition.id)] == ["preliminary", "preliminary-2", "r1"]
    assert [head.position for head in round_heads(edition.id)] == [1, 2, 3]
    for code, refusal in (("r1", "code_twice"), ("vòng 1", "code_invalid")):
        with pytest.raises(RuleBroken, match=refusal), unit_of_work():
            services.add_round(edition_id=edition.id, basics=PRELIMINARY, code=code, actor_id=None, now=NOON)


def test_name_and_times_change_even_when_the_rubric_is_locked(app: Flask, make: Make) -> None:
    row = make.round(make.edition(), locked_at=NOON)
    wanted = RoundBasics(LocalText("Chung kết"), RoundKind.FINAL, None, at(3))
    with unit_of_work():
        services.update_round(round_id=row.id, basics=wanted, actor_id=None, now=NOON)
        services.update_round(round_id=row.id, basics=wanted, actor_id=None, now=NOON)
    found = read(row.id)
    assert (found.name, found.kind, found.opens_at, found.closes_at) == (wanted.name, wanted.kind, None, at(3))
    assert acts() == ["round.updated"]
    assert last_act()[3]["changes"] == {
        "name_vi": ["Vòng r1", "Chung kết"],
        "kind": ["preliminary", "final"],
        "closes_at": ["", "2026-10-11T05:00:00+00:00"],
    }


def test_each_change_of_the_rules_raises_the_version_and_none_does_not(app: Flask, make: Make) -> None:
    row = make.round(make.edition())
    rules = RoundRules(decimals=1, min_judges=2)
    with unit_of_work():
        services.set_rules(round_id=row.id, rules=rules, actor_id=None, now=NOON)
        services.set_rules(round_id=row.id, rules=rules, actor_id=None, now=NOON)
    assert (read(row.id).rules, read(row.id).rubric_version) == (rules, 2)
    assert last_act()[3] == {"version": 2, "changes": {"decimals": [2, 1], "min_judges": [1, 2]}}


def test_a_rubric_is_replaced_under_the_same_codes(app: Flask, make: Make) -> None:
    row = make.round(make.edition())
    wanted = Rubric(
        (
            spec("C2", weight=Decimal("2.5"), floor=Decimal(3), guidance=(Guidance(Decimal("8.5"), LocalText("Rõ")),)),
            spec("C1", minimum=Decimal(1), maximum=Decimal(5), step=Decimal("0.25")),
        )
    )
    with unit_of_work():
        services.replace_rubric(round_id=row.id, rubric=wanted, actor_id=None, now=NOON)
    found = read(row.id)
    assert (found.rubric, found.rubric_version) == (wanted, 2)
    assert last_act()[3] == {"version": 2, "criteria": [["C2", "10", "2.5"], ["C1", "5", "1"]]}
    with unit_of_work():
        services.replace_rubric(round_id=row.id, rubric=Rubric(), actor_id=None, now=NOON)
    assert (read(row.id).rubric, read(row.id).rubric_version) == (Rubric(), 3)


def test_a_scale_no_column_could_hold_is_refused(app: Flask, make: Make) -> None:
    row = make.round(make.edition())
    finest = spec("C", maximum=Decimal(1), step=Decimal("0.000001"))
    assert finest.max_points == 1_000_000
    with unit_of_work():
        services.replace_rubric(round_id=row.id, rubric=Rubric((finest,)), actor_id=None, now=NOON)
    too_fine = spec("C", maximum=Decimal(2), step=Decimal("0.000001"))
    with pytest.raises(RuleBroken) as refused, unit_of_work():
        services.replace_rubric(round_id=row.id, rubric=Rubric((too_fine,)), actor_id=None, now=NOON)
    assert (refused.value.code, refused.value.facts) == ("scale_too_fine", {"criterion": "C", "limit": 1_000_000})
    assert read(row.id).rubric == Rubric((finest,))


def test_the_first_score_locks_once_and_for_ever(app: Flask, make: Make) -> None:
    row = make.round(make.edition(), rubric_version=4)
    with unit_of_work():
        assert services.lock_rubric(round_id=row.id, now=NOON) == 4
        assert services.lock_rubric(round_id=row.id, now=at(1)) == 4
    db.session.refresh(row)
    assert row.locked_at == NOON
    changes: tuple[Callable[[], None], ...] = (
        lambda: services.replace_rubric(round_id=row.id, rubric=Rubric((spec(),)), actor_id=None, now=NOON),
        lambda: services.set_rules(round_id=row.id, rules=RoundRules(decimals=0), actor_id=None, now=NOON),
        lambda: services.remove_round(round_id=row.id, actor_id=None, now=NOON),
    )
    for change in changes:
        with pytest.raises(RuleBroken) as refused, unit_of_work():
            change()
        assert (refused.value.code, refused.value.facts) == ("rubric_locked", {"item": "r1"})
    assert read(row.id).rubric_version == 4
    with unit_of_work():  # nothing changes, so nothing is refused
        services.set_rules(round_id=row.id, rules=RoundRules(), actor_id=None, now=NOON)
    with pytest.raises(NotFound), unit_of_work():
        services.lock_rubric(round_id=row.id + 1, now=NOON)


def test_a_round_goes_with_its_criteria_unless_something_hangs_on_it(app: Flask, make: Make) -> None:
    edition = make.edition()
    free, used = make.round(edition, "free"), make.round(edition, "used")
    make.assignment(used, make.judge(edition), make.submission(edition))
    with unit_of_work():
        services.remove_round(round_id=free.id, actor_id=None, now=NOON)
    with pytest.raises(RuleBroken) as refused, unit_of_work():
        services.remove_round(round_id=used.id, actor_id=None, now=NOON)
    assert (refused.value.code, refused.value.facts) == ("round_in_use", {"item": "used"})
    assert [one.code for one in rounds_of(edition.id)] == ["used"]
    assert len(rounds_of(edition.id)[0].criterion_ids) == 2
    assert last_act() == ("round.removed", f"round:{free.id}", None, {"code": "free"})


@pytest.mark.parametrize(
    ("code", "places", "order"),
    [("b", -1, "bac"), ("b", 1, "acb"), ("a", -1, "abc"), ("c", 1, "abc"), ("c", -2, "cab"), ("a", 9, "bca")],
)
def test_rounds_move_and_stop_at_the_ends(app: Flask, make: Make, code: str, places: int, order: str) -> None:
    edition = make.edition()
    rows = {name: make.round(edition, name, state="draft") for name in "abc"}
    with unit_of_work():
        services.move_round(round_id=rows[code].id, places=places, actor_id=None, now=NOON)
    heads = round_heads(edition.id)
    assert "".join(head.code for head in heads) == order
    assert [head.position for head in heads] == [1, 2, 3]
    assert last_act()[3] == {"order": list(order)}


def test_the_order_is_fixed_once_a_round_has_begun(app: Flask, make: Make) -> None:
    edition = make.edition()
    make.round(edition, "a")
    later = make.round(edition, "b", state="draft")
    with pytest.raises(RuleBroken, match="rounds_started"), unit_of_work():
        services.move_round(round_id=later.id, places=-1, actor_id=None, now=NOON)
    assert [head.code for head in round_heads(edition.id)] == ["a", "b"]


def test_rounds_of_the_archive_do_not_change(app: Flask, make: Make) -> None:
    row = make.round(make.edition(state="archived"))
    renamed = replace(PRELIMINARY, name=LocalText("Khác"))
    with pytest.raises(RuleBroken, match="edition_archived"), unit_of_work():
        services.update_round(round_id=row.id, basics=renamed, actor_id=None, now=NOON)
    with pytest.raises(NotFound), unit_of_work():
        services.update_round(round_id=row.id + 1, basics=renamed, actor_id=None, now=NOON)
    assert db.session.query(Round).one().name_vi == "Vòng r1"
