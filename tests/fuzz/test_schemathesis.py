"""H10: Schemathesis makes up requests from our description, right and wrong ones, for every address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.hypothesis.builder import HypothesisTestConfig, HypothesisTestMode, create_test
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    object_level_authorization,
    unsupported_method,
    use_after_free,
)
from werkzeug.routing import Rule

from contest.infra.db import db
from contest.web.forms import clean
from tests.sweep.addresses import FILES, SPOKEN, routes, true_sets
from tests.sweep.forms import PLACES, fill
from tests.sweep.site import Site
from tests.tools.openapi import describe, path_of, record

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(1800)]
CHECKS = [
    not_a_server_error,
    ignored_auth,
    object_level_authorization,
    use_after_free,
    negative_data_rejection,
    unsupported_method,
]
# The address with its last stroke: nothing was done, and the one that is named answers for itself.
MISSPELT = 308
# Wrong data are refused; what is not open, not there or not now is refused before anybody looks at the data, and a
# visitor is sent to sign in.
REFUSALS = [400, 401, 403, 404, 405, 409, 410, 413, 422, 429]
ROLES = ("visitor", "organiser", "judge", "captain", "administrator", "chair", "idle judge", "other captain")
# Who speaks to the addresses that only a script speaks to; what it says stands in no form and is not described.
SPEAKERS = {
    "accounts.ask_new_passkey": "guarded",
    "accounts.add_passkey": "guarded",
    "accounts.ask_own_passkey": "guarded",
    "accounts.prove_with_passkey": "guarded",
    "accounts.ask_second_passkey": "halfway",
    "accounts.pass_with_passkey": "halfway",
    "accounts.ask_any_passkey": "visitor",
    "accounts.sign_in_with_passkey": "visitor",
    "submissions.begin_upload": "captain",
}
EXAMPLES = 8
OPERATIONS = [
    (rule, method)
    for rule in routes()
    for method in sorted((rule.methods or set()) & {"GET", "POST"})
    if rule.endpoint not in FILES
]


class EachRequestAlone:
    """The application, with a context of its own for each request, as on a server."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        db.session.rollback()
        with self.site.app.app_context():
            body = self.site.app.wsgi_app(environ, start_response)
            try:
                return [b"".join(body)]
            finally:
                getattr(body, "close", lambda: None)()


@pytest.fixture(scope="session")
def forms() -> dict[str, Any]:
    """What the views read, found once for all addresses."""
    return {}


def right_when_clean(case: schemathesis.Case[Any]) -> bool:
    """Tell whether a body is wrong only by letters that nobody sees, which our forms take away before they count."""
    if not isinstance(case.body, dict):
        return False
    plain = {name: clean(value) if isinstance(value, str) else value for name, value in case.body.items()}
    schemas = [one.definition["schema"] for one in case.operation.body if one.media_type == case.media_type]
    return any(Draft202012Validator(schema).is_valid(plain) for schema in schemas)


def takes(site: Site, case: schemathesis.Case[Any]) -> bool:
    """Tell whether another rule of the same address knows the method: `advance` is a page and a step of the round."""
    path = case.formatted_path
    return case.method.upper() in site.app.url_map.bind("localhost").allowed_methods(path)


def ways_in(site: Site, rule: Rule, method: str) -> tuple[str, dict[str, str]]:
    """Return a role that gets in, and the variables of an address that exists."""
    if method == "POST" and rule.endpoint in SPOKEN:
        return SPEAKERS[rule.endpoint], next(iter(true_sets(rule, site.world.own)), {})
    if method == "POST":
        key = next((key for key in PLACES if key.partition(" ")[0] == rule.endpoint), None)
        assert key, f"{rule.endpoint} has no form in tests/sweep/forms.py"
        form = fill(site, key)
        found = site.app.url_map.bind("localhost").match(form.path.partition("?")[0], "POST")[1]
        return form.role, {name: str(value) for name, value in found.items()}
    values = true_sets(rule, site.world.own)[0]
    path = path_of(rule).format(**values)
    return next((role for role in ROLES if site.get(role, path).status == 200), "organiser"), values


@pytest.mark.parametrize(
    ("rule", "method"), OPERATIONS, ids=[f"{rule.endpoint} {m} {rule.rule}" for rule, m in OPERATIONS]
)
def test_h10_no_request_that_is_made_up_breaks_a_rule(
    site: Site, rule: Rule, method: str, forms: dict[str, Any]
) -> None:
    if method == "POST" and not forms:
        forms.update(record(site))
    role, values = ways_in(site, rule, method)
    described = describe(site.app, forms, {rule.endpoint: {name: [value] for name, value in values.items()}})
    given: dict[str, Any] = {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
    if role != "visitor":
        given["auth"] = {"openapi": {"session": {"api_key": site.cookie(role)}}}
    paths = {path_of(rule): described["paths"][path_of(rule)]}  # all methods: others are not allowed
    schema = schemathesis.openapi.from_dict({**described, "paths": paths}, config=SchemathesisConfig.from_dict(given))
    schema.app = EachRequestAlone(site)
    operation = schema[path_of(rule)][method]

    def try_one(case: schemathesis.Case[Any]) -> None:
        try:
            response = case.call()
            # Who has no session is sent to sign in before anything else is looked at.
            outside = response.status_code == 303 and response.headers["location"][0].startswith("/sign-in")
            # A form without a single field has no token either, and tests take forms without tokens.
            empty = method == "POST" and not response.request.body
            spoken = method == "POST" and rule.endpoint in SPOKEN
            unjudged = outside or empty or spoken or right_when_clean(case)
            passed_over = ([negative_data_rejection] if unjudged else []) + (
                [unsupported_method] if response.status_code == MISSPELT or takes(site, case) else []
            )
            case.validate_response(response, checks=[one for one in CHECKS if one not in passed_over])
        finally:
            if not site.untouched():
                site.restore()

    test = create_test(
        operation=operation,
        test_func=try_one,
        config=HypothesisTestConfig(
            project=schema.config,
            modes=[HypothesisTestMode.COVERAGE, HypothesisTestMode.FUZZING],
            settings=settings(
                derandomize=True,
                database=None,
                max_examples=EXAMPLES,
                deadline=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        ),
    )
    test()
