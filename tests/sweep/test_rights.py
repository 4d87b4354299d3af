"""Forms in wrong hands, about foreign things, or with more than they hold."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.sweep.addresses import filled, kind_of, missing_value, variables, writable
from tests.sweep.forms import PLACES, Filled, fill
from tests.sweep.hostile import Attack
from tests.sweep.site import Site, changes
from tests.sweep.test_forms import send
from tests.sweep.test_reading import GLOBAL, OPEN_TO, ROLES, guard_of

pytestmark = pytest.mark.trust  # walks through the whole site

DECIDERS = {"organiser", "secretary", "administrator"}
MAY_SEND = {**OPEN_TO, "submission:decide": DECIDERS}
# Names of columns that no visitor may set; a form that has one of them as a field keeps its own.
FINGERPRINT = re.compile(r'"fingerprint": "[0-9a-f]{64}"')
COLUMNS = (
    "id", "public_id", "is_admin", "is_active", "is_test", "role", "roles", "status", "state", "edition_id", "team_id",
    "user_id", "captain_id", "judge_id", "round_id", "submission_id", "assignment_id", "version", "rubric_version",
    "points", "max_points", "rank", "result", "submitted_at", "created_at", "updated_at", "published_at", "locked_at",
    "password_hash", "token_hash", "email", "phone", "code", "position", "weight", "pinned", "next_number",
    "logo_key", "cloned_from_id", "status_reason", "organisation", "scope", "actor_id", "expires_at", "purpose",
)  # fmt: skip
# What chance makes anew in every run.
RANDOM = re.compile(
    r"\.(public_id|\w*hash|\w*key|last_digest|body|storage_key|token|subject)\["
    r"|^certificates\.code\["
    r"|^score_events\.(code|content|digest|previous)\["
    r"|^audit_entries\.(digest|previous)\["
)


def rule_of(key: str) -> str:
    return key.partition(" ")[0]


def steady(found: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is drawn anew each time; the fingerprint of a score sheet holds the random key of its form."""
    return {
        cell: FINGERPRINT.sub("", value) if isinstance(value, str) else value
        for cell, value in found.items()
        if not RANDOM.search(cell)
    }


@pytest.mark.parametrize("key", PLACES)
def test_a_form_in_wrong_hands_changes_nothing(site: Site, key: str) -> None:
    form = fill(site, key)
    rule = next(rule for rule in writable() if rule.endpoint == rule_of(key))
    for role in set(ROLES) - MAY_SEND[guard_of(site, rule)]:
        answer = send(site, Attack(role, replace(form, role=role)))
        assert answer.status in (401, 403, 404), (role, answer.status)
        assert site.untouched(), role


@pytest.mark.parametrize("key", PLACES)
def test_a_form_about_a_foreign_thing_changes_nothing(site: Site, key: str) -> None:
    form = fill(site, key)
    rule = next(rule for rule in writable() if rule.endpoint == rule_of(key))
    found = rule_values(site, key, form)
    for name in set(variables(rule)) - GLOBAL | ({"edition_code"} & set(variables(rule)) - public_names(site, key)):
        strange = site.world.foreign.code if name == "edition_code" else site.world.foreign.ids[kind_of(rule, name)][0]
        for value in (strange, missing_value(name)):
            path = filled(site.app, rule, {**found, name: value})
            answer = send(site, Attack(name, replace(form, path=path)))
            assert (answer.status, site.untouched()) == (404, True), (name, value)


def rule_values(site: Site, key: str, form: Filled) -> dict[str, str]:
    endpoint, values = site.app.url_map.bind("localhost").match(form.path.partition("?")[0], "POST")
    assert endpoint == rule_of(key)
    return {name: str(value) for name, value in values.items()}


def public_names(site: Site, key: str) -> set[str]:
    """Return the variables that may name a foreign edition: those of forms that are open to everybody."""
    rule = next(rule for rule in writable() if rule.endpoint == rule_of(key))
    return {"edition_code"} if guard_of(site, rule) in ("public", "edition_public", "signed_in") else set()


@pytest.mark.parametrize("key", PLACES)
def test_columns_that_the_form_does_not_hold_are_not_set(site: Site, key: str) -> None:
    form = fill(site, key)
    send(site, Attack("as it is", form))
    usual = changes(site.pristine, site.dump())
    site.restore()
    data = form.data.copy()
    for name in COLUMNS:
        if not any(control.name == name for control in form.controls) and name not in data:
            data.add(name, "1")
    send(site, Attack("with columns", replace(form, data=data)))
    more = changes(site.pristine, site.dump())
    assert sorted(more) == sorted(usual)
    assert steady(more) == steady(usual)
