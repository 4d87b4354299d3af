from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask

from contest.accounts.roles import Identity, Nobody, Role
from contest.editions import policy
from contest.editions.phases import EditionState
from contest.editions.queries import edition_by_code, visible_editions
from tests.editions.samples import edition_facts
from tests.factories import Make

DRAFT = edition_facts(state=EditionState.DRAFT)


def person(roles: Mapping[int, frozenset[Role]] | None = None, *, admin: bool = False) -> Identity:
    return Identity(id=1, name="Hà", session="s", is_admin=admin, roles=roles or {})


def holding(*roles: Role) -> Identity:
    return person({1: frozenset(roles)})


@pytest.mark.parametrize(
    ("user", "organise", "read"),
    [
        (Nobody(), False, False),
        (person(), False, False),
        (person({2: frozenset({Role.ORGANISER})}), False, False),
        (person(admin=True), True, True),
        (holding(Role.ORGANISER), True, True),
        (holding(Role.SECRETARY), True, True),
        (holding(Role.CHAIR), False, True),
        (holding(Role.OBSERVER), False, True),
        (holding(Role.JUDGE, Role.MENTOR), False, False),
        (holding(Role.CAPTAIN), False, False),
    ],
)
def test_who_runs_and_who_reads(user: Identity | Nobody, *, organise: bool, read: bool) -> None:
    assert policy.can_organise(user, DRAFT) is organise
    assert policy.can_see_committee_pages(user, DRAFT) is read


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        (Nobody(), False),
        (person(), False),
        (person(admin=True), True),
        (holding(Role.ORGANISER), True),
        (holding(Role.SECRETARY, Role.JUDGE), False),
        (person({1: frozenset({Role.JUDGE}), 9: frozenset({Role.ORGANISER})}), True),
    ],
)
def test_who_may_start_an_edition(user: Identity | Nobody, *, expected: bool) -> None:
    assert policy.can_create_editions(user) is expected


@pytest.mark.both_databases
def test_the_list_and_the_predicate_agree_for_everybody(app: Flask, make: Make) -> None:
    editions = [make.edition(state.value, state=state) for state in EditionState]
    others = make.edition("fremd", state=EditionState.DRAFT)
    facts = [found for code in ("draft", "announced", "archived", "fremd") if (found := edition_by_code(code))]
    assert len(facts) == 4
    people: list[Identity | Nobody] = [
        Nobody(),
        person(),
        person(admin=True),
        *(person({editions[0].id: frozenset({role})}) for role in Role),
        person({others.id: frozenset({Role.MENTOR})}),
    ]
    for user in people:
        seen = {one.code for one in visible_editions(user)}
        assert seen == {one.code for one in facts if policy.can_see_public(user, one)}
    assert {one.code for one in visible_editions(Nobody())} == {"announced", "archived"}
    assert [one.code for one in visible_editions(person(admin=True))] == ["fremd", "archived", "announced", "draft"]
