"""The description of the interface names every address; the site itself does not serve it."""

from __future__ import annotations

import json

from flask import Flask

from tests.sweep.addresses import routes
from tests.tools.openapi import PLACE, path_of, plain_name

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def test_every_address_is_described() -> None:
    described = json.loads(PLACE.read_text(encoding="utf-8"))["paths"]
    wanted = {(path_of(rule), method.lower()) for rule in routes() for method in (rule.methods or set()) & METHODS}
    found = {(path, method) for path, methods in described.items() for method in methods}
    assert found == wanted, "write it anew: python -m tests.tools.openapi"


def test_a_name_is_the_same_whatever_the_world_drew() -> None:
    assert {plain_name(name) for name in ("judge-bcdfghjkmn", "judge-7bcdfghjkm", "judge-2345678923")} == {"judge-{id}"}
    assert plain_name("members-12-name") == "members-0-name"


def test_br_10_the_description_is_no_page(app: Flask) -> None:
    client = app.test_client()
    for path in ("/openapi.json", "/docs/openapi.json", "/static/openapi.json", "/docs", "/swagger", "/redoc"):
        assert client.get(path).status_code == 404, path
