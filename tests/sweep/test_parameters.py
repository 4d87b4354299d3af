"""RS-03: nobody finds, sorts or filters by what is secret: every parameter of every page, in two worlds that differ.

The parameters are read from the source of the views: what a module takes out of an address is tried at every address
that this module answers. What no page asks for is tried on all pages for everybody.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask, Response, request
from werkzeug.routing import Rule
from wtforms import Form

from contest.web.limits import limiter
from tests.sweep.addresses import readable, true_paths
from tests.sweep.site import Site
from tests.sweep.test_reading import guard_of
from tests.sweep.test_two_worlds import PUBLIC, Seen, Worlds, bring, hidden_sum, pictures, seen, worlds_for

__all__ = ["pictures", "worlds_for"]
pytestmark = [pytest.mark.trust, pytest.mark.timeout(600)]
ROLES = ("visitor", "captain", "other captain", "second judge")
# What would tell: a mark, a total, a rank, words that judges wrote in one of the worlds, and how to put in order.
VALUES = ("10", "8,5", "1", "Chữ khác hẳn.", "score", "-rank", "all", "desc")
ASKED_OF_ALL = (
    "q",
    "sort",
    "order",
    "by",
    "filter",
    "rank",
    "score",
    "min",
    "status",
    "judge",
    "page",
    "fields",
    "view",
)
FEW = VALUES[::3]
"""Of those, what is tried where a page reads no such parameter."""
PATHS = 2
AT_ONCE = 25
"""So many requests of one person are counted together: none may be refused for being one too many."""


def taken(tree: ast.Module, forms: dict[str, object]) -> Iterator[str]:
    """Yield the names that a module takes out of an address: by themselves, or as the fields of a form."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and is_args(node.value) and isinstance(node.slice, ast.Constant):
            yield str(node.slice.value)
        elif isinstance(node, ast.Compare) and is_args(node.comparators[0]) and isinstance(node.left, ast.Constant):
            yield str(node.left.value)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and is_args(node.func.value) and node.args:
                yield str(ast.literal_eval(node.args[0]))
            if any(is_args(one) for one in node.args) and isinstance(node.func, ast.Name):
                yield from fields_of(forms.get(node.func.id))


def is_args(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "args" and ast.unparse(node.value) == "request"


def fields_of(form: object) -> Iterator[str]:
    if inspect.isclass(form) and issubclass(form, Form):
        yield from (
            name for name in dir(form) if not name.startswith("_") and hasattr(getattr(form, name), "field_class")
        )


@cache
def names_in(module: str) -> frozenset[str]:
    source = sys.modules[module]
    return frozenset(taken(ast.parse(inspect.getsource(source)), vars(source)))


def asked(site: Site) -> list[tuple[Rule, str, tuple[str, ...]]]:
    """Return each page with each parameter that its module reads, and the usual ones on pages for everybody."""
    found: list[tuple[Rule, str, tuple[str, ...]]] = []
    for rule in readable():
        module = inspect.unwrap(site.app.view_functions[rule.endpoint]).__module__
        read = names_in(module)
        found += [(rule, name, VALUES) for name in sorted(read)]
        if guard_of(site, rule) in PUBLIC and not rule.rule.endswith(".pdf"):  # minutes of typesetting for nothing
            found += [(rule, name, FEW) for name in ASKED_OF_ALL if name not in read]
    return found


def addresses(site: Site) -> list[str]:
    return [
        f"{path}?{urlencode({name: value})}"
        for rule, name, values in asked(site)
        for path in true_paths(site.app, rule, site.world.own)[: PATHS if values is VALUES else 1]
        for value in values
    ]


def answered(site: Site, role: str, paths: list[str]) -> Seen:
    found: Seen = {}
    for begin in range(0, len(paths), AT_ONCE):
        limiter.reset()
        found |= seen(site, role, paths[begin : begin + AT_ONCE])
    return found


def test_rs_03_the_parameters_are_read_from_the_source(site: Site) -> None:
    """The reader finds what is known to be there: plain ones, fields of forms, and in which module."""
    found = {(rule.endpoint, name) for rule, name, _ in asked(site)}
    assert {("submissions.listing", "q"), ("submissions.listing", "status"), ("looks.looks", "submission")} <= found
    assert {("conflicts.conflicts", "by"), ("record.record", "receipt"), ("editions.public", "sort")} <= found
    assert len({name for _, name in found}) > 25


@pytest.mark.parametrize("role", ROLES)
def test_rs_03_no_parameter_tells_the_worlds_apart(
    full_site: Site, worlds_for: Callable[[str], Worlds], role: str
) -> None:
    worlds = worlds_for(role if "judge" in role else "")
    answers: list[Seen] = []
    for picture in (worlds.one, worlds.other):
        site = Site(full_site.app, picture)
        bring(site, "announced")
        answers.append(answered(site, role, addresses(site)))
        site.close()
    one, other = answers
    assert len(one) > 1000
    assert {status for status, _, _ in one.values()} & {429, 500} == set()
    assert [path for path in one if one[path] != other[path]] == []


def test_rs_03_a_planted_filter_is_noticed(
    full_site: Site, worlds_for: Callable[[str], Worlds], monkeypatch: pytest.MonkeyPatch
) -> None:
    app: Flask = full_site.app
    view: Callable[..., Any] = app.view_functions["editions.public"]
    worlds, own = worlds_for(""), full_site.world.own
    line = [0]

    def telling(*args: Any, **kwargs: Any) -> Response:
        answer = app.make_response(view(*args, **kwargs))
        if request.args.get("min") and hidden_sum() > line[0]:
            answer.headers["X-Found"] = "1"
        return answer

    vars(telling)["__guard__"] = "edition_public"
    monkeypatch.setitem(app.view_functions, "editions.public", telling)
    path = f"/e/{own.code}/?min=10"
    sums: list[int] = []
    answers: list[Seen] = []
    for picture in (worlds.one, worlds.other):
        site = Site(app, picture)
        sums.append(hidden_sum())
        site.close()
    line[0] = min(sums)
    assert sums[0] != sums[1]
    for picture in (worlds.one, worlds.other):
        site = Site(app, picture)
        answers.append(seen(site, "visitor", [path]))
        site.close()
    assert answers[0] != answers[1]
