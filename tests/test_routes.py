"""Every address has a guard, every write a form token, no GET writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from contest.web.guards import refuse_unguarded

SAFE = {"GET", "HEAD", "OPTIONS"}
# What stands for a variable part of an address; nothing in the empty database answers to it.
SAMPLE = "khong-co"


def rules(app: Flask) -> Iterator[Rule]:
    yield from app.url_map.iter_rules()


def sample(converter: BaseConverter) -> str:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return "1" if isinstance(converter, IntegerConverter) else SAMPLE


def address(rule: Rule) -> str:
    text = rule.rule
    for name, converter in rule._converters.items():  # noqa: SLF001  werkzeug offers no other way to list them
        text = re.sub(rf"<(?:[^<>]*:)?{name}>", sample(converter), text)
    return text


def test_every_view_has_a_guard(app: Flask) -> None:
    unguarded = [rule.endpoint for rule in rules(app) if not hasattr(app.view_functions[rule.endpoint], "__guard__")]
    assert unguarded == []


def test_a_view_without_a_guard_answers_403() -> None:
    bare = Flask(__name__)
    refuse_unguarded(bare)
    bare.add_url_rule("/forgotten", "forgotten", lambda: "open")
    assert bare.test_client().get("/forgotten").status_code == 403


def test_a_write_without_a_token_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        client = app.test_client()
        answers = {
            rule.endpoint: client.open(address(rule), method=method).status_code
            for rule in rules(app)
            for method in (rule.methods or set()) - SAFE
        }
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert {endpoint: status for endpoint, status in answers.items() if status != 400} == {}


def test_reading_any_address_as_a_visitor_never_crashes(app: Flask) -> None:
    client = app.test_client()
    for rule in rules(app):
        if "GET" in (rule.methods or set()):
            answer = client.get(address(rule))
            assert answer.status_code in (200, 303, 401, 404, 410), (rule.rule, answer.status_code)


@pytest.mark.parametrize("name", ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"])
@pytest.mark.parametrize("path", ["/healthz", "/sign-in", "/no-such-page", "/static/css/app.css"])
def test_every_answer_has_the_headers(app: Flask, path: str, name: str) -> None:
    with app.test_client().get(path) as answer:
        assert answer.headers[name]


def test_the_policy_for_scripts_has_no_holes(app: Flask) -> None:
    policy = app.test_client().get("/sign-in").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
