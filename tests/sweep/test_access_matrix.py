"""H1: every address, method, role, owner and state has a declared answer, and gives it."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import update
from werkzeug.routing import Rule

from contest.editions import services as editions
from contest.editions.models import Edition
from contest.editions.phases import EditionState
from contest.infra.db import unit_of_work
from tests.factories import NOON
from tests.sweep.access_matrix import (
    AT,
    BY_ROUND,
    OF_ONE_ROUND,
    OPEN_TO_STAKES,
    READABLE,
    READS,
    ROLES,
    STAKED,
    WRITABLE,
    WRITES,
)
from tests.sweep.addresses import filled, readable, true_sets, variables, writable
from tests.sweep.secret_values import edition_id_of
from tests.sweep.site import Site, read

STATES = ("draft", "announced", "archived")
LETTER = {200: ".", 303: ">", 401: "1", 403: "3", 404: "4", 409: "9", 422: "2"}
OUT = frozenset("134>")
HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")


def table(text: str) -> dict[str, dict[str, str]]:
    """Read a table of answers: the class, and its cell per role."""
    lines = [line.partition("|") for line in text.strip().splitlines()]
    return {name.strip(): dict(zip(ROLES, cells.split(), strict=True)) for name, _, cells in lines}


def declared(classes: dict[str, str]) -> dict[str, str]:
    """Return the class of every address."""
    return {endpoint: name for name, text in classes.items() for endpoint in text.split()}


ANSWERS, READ_CLASS = table(READS), declared(READABLE)
SENT, WRITE_CLASS = table(WRITES), declared(WRITABLE)


def test_ac_01_every_address_is_declared_once_and_none_beside() -> None:
    for classes, table_, rules in ((READABLE, ANSWERS, readable()), (WRITABLE, SENT, writable())):
        named = Counter(endpoint for text in classes.values() for endpoint in text.split())
        asked = {rule.endpoint for rule in rules}
        assert asked - set(named) == set(), "say in tests/sweep/access_matrix.py what these answer to whom"
        assert set(named) - asked == set(), "these are no addresses any more"
        assert [name for name, times in named.items() if times > 1] == []
        assert set(classes) == set(table_)


def expected(endpoint: str, role: str, state: str) -> str:
    cell = ANSWERS[READ_CLASS[endpoint]][role]
    return cell if len(cell) == 1 else cell[STATES.index(state)]


def bring(site: Site, state: str) -> None:
    """Nothing leads back to a draft, so that one is written; the archive is a way of the product."""
    edition_id = edition_id_of(site)
    with unit_of_work() as session:
        if state == "draft":
            session.execute(update(Edition).where(Edition.id == edition_id).values(state=EditionState.DRAFT))
        elif state == "archived":
            editions.archive(edition_id=edition_id, actor_id=site.world.own.people_ids["organiser"], now=NOON)
    site.settle()


def path_of(site: Site, rule: Rule) -> str:
    """Return the address of something that is there."""
    values = true_sets(rule, site.world.own)
    place = AT.get(rule.endpoint, 0)
    wanted = dict(values[place % len(values)])
    if place and "round_code" in variables(rule) and rule.endpoint.startswith("next_up"):
        wanted["round_code"] = site.world.own.ids["round_code"][place]
    return filled(site.app, rule, wanted)


def guard_is_public(site: Site, path: str) -> bool:
    """Tell whether an address answers everybody alike; its answer may say itself who keeps it."""
    endpoint, _values = site.app.url_map.bind("localhost").match(path, "GET")
    return READ_CLASS[endpoint].startswith("everybody")


def given(site: Site, role: str, path: str, method: str = "GET") -> str:
    """Return the letter of an answer; every answer carries the headers, every private one is stored nowhere (H5)."""
    with site.person(role).open(path, method=method) as answer:
        assert [name for name in HEADERS if name not in answer.headers] == [], path
        kept = answer.headers.get("Cache-Control", "")
        assert kept.startswith(("private", "no-store")) or guard_is_public(site, path), (path, kept)
        return LETTER.get(answer.status_code, str(answer.status_code))


@pytest.mark.trust
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_ac_01_every_address_answers_as_declared(full_site: Site, role: str, state: str) -> None:
    bring(full_site, state)
    wrong: dict[str, str] = {}
    for rule in readable():
        wanted = expected(rule.endpoint, role, state)
        with full_site.only_reading(rule.rule):
            found = given(full_site, role, path_of(full_site, rule))
        if found != wanted:
            wrong[rule.endpoint] = f"{found}, not {wanted}"
    assert wrong == {}


@pytest.mark.trust
@pytest.mark.parametrize("role", ["visitor", "captain", "barred judge", "foreign organiser"])
def test_ac_16_asking_for_the_head_alone_is_decided_alike(full_site: Site, role: str) -> None:
    for rule in readable():
        if expected(rule.endpoint, role, "announced") in OUT:
            found = given(full_site, role, path_of(full_site, rule), "HEAD")
            told = expected(rule.endpoint, role, "announced")
            # Who has to sign in first is led there from a page alone: a question about its head comes back to nothing.
            assert found in (told, "1" if told == ">" else told), rule.rule


@pytest.mark.trust
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_ac_01_every_form_answers_as_declared(full_site: Site, role: str, state: str) -> None:
    """Forms are sent empty: who is kept out is told so before anything is read; the others are let in."""
    bring(full_site, state)
    wrong: dict[str, str] = {}
    for rule in writable():
        wanted = SENT[WRITE_CLASS[rule.endpoint]][role]
        if wanted == "+":
            continue
        path = filled(full_site.app, rule, true_sets(rule, full_site.world.own)[0])
        found = LETTER.get(answer := read(full_site.person(role).post(path)).status, str(answer))
        if found != wanted:
            wrong[rule.endpoint] = f"{found}, not {wanted}"
        assert full_site.untouched(), rule.endpoint
    assert wrong == {}


@pytest.mark.trust
@pytest.mark.parametrize(
    "role", ["visitor", "captain", "judge", "observer", "chair", "organiser", "organiser who mentors"]
)
def test_ac_01_every_page_of_a_round_answers_as_declared_in_each_of_its_states(full_site: Site, role: str) -> None:
    codes, wrong = full_site.world.own.ids["round_code"], {}
    for rule in readable():
        if "round_code" not in variables(rule) or rule.endpoint in OF_ONE_ROUND:
            continue
        usual = expected(rule.endpoint, role, "announced")
        wanted = usual * len(codes) if usual in "34" or (role == "visitor" and usual == ">") else ""
        wanted = wanted or BY_ROUND.get(rule.endpoint, usual * len(codes))
        if role == "organiser who mentors" and rule.rule.startswith("/e/<edition_code>/organise/"):
            wanted = wanted if rule.endpoint in OPEN_TO_STAKES else wanted[0] + STAKED[1:]
        base = true_sets(rule, full_site.world.own)[AT.get(rule.endpoint, 0)]
        paths = [filled(full_site.app, rule, {**base, "round_code": code}) for code in codes]
        found = "".join(given(full_site, role, path) for path in paths)
        if found != wanted:
            wrong[rule.endpoint] = f"{found}, not {wanted}"
    assert wrong == {}
