"""PostgreSQL is stricter than SQLite: no NUL byte, no text longer than its column, no number beyond its type."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from contest.infra import clock
from contest.infra.db import db
from tests.conftest import POSTGRES, _empty
from tests.factories import NOON
from tests.sweep.addresses import readable, true_paths
from tests.sweep.conftest import OUTSIDE
from tests.sweep.forms import PLACES, fill
from tests.sweep.hostile import HOSTILE, Attack
from tests.sweep.site import Visitors
from tests.sweep.test_forms import send
from tests.sweep.world import build

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.postgres,
    pytest.mark.timeout(900),  # every form is found on its page before the first is sent
    pytest.mark.skipif(not POSTGRES, reason="TEST_DATABASE_URL is not set"),
]
# The limits that our forms set; what a form lets through, its column must hold.
LENGTHS = (120, 200, 254, 300, 500)
# One button and nothing to type; an earlier form may have taken it off its page.
BUTTONS = ("accounts.sign_out", "outbox.retry", "people.revoke", "progress.remind")
KEYS = [key for key in PLACES if not key.startswith(BUTTONS)]
TYPED = ("text", "textarea", "email", "search", "hidden")


@pytest.fixture(scope="module")
def crowd(request: pytest.FixtureRequest) -> Iterator[Visitors]:
    """The world on PostgreSQL. It is not put back between the forms: only crashes are looked for."""
    app: Flask = request.getfixturevalue("postgres_app")
    with pytest.MonkeyPatch.context() as patch, app.app_context(), clock.stopped_at(NOON):
        patch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)  # noqa: FBT003  a setting
        patch.setitem(app.extensions, "outside", OUTSIDE)  # an account linked with a school shows its button
        _empty(app)
        world = build(app)
        db.session.remove()
        visitors = Visitors(app, world, {})
        for key in KEYS:  # found before any of them is sent, whichever worker sends which
            fill(visitors, key)
        yield visitors


@pytest.mark.parametrize("role", ["captain", "chair", "judge", "organiser", "visitor"])
def test_every_page_opens_without_writing(crowd: Visitors, role: str) -> None:
    for rule in readable():
        for path in true_paths(crowd.app, rule, crowd.world.own)[:2]:
            assert crowd.get(role, path).status < 500, path


@pytest.mark.parametrize("key", KEYS)
def test_no_value_breaks_a_form(crowd: Visitors, key: str) -> None:
    with crowd.app.app_context(), clock.stopped_at(NOON):
        form = fill(crowd, key)
        fields = [name for name, control in form.kinds().items() if control.kind in TYPED and name != "csrf_token"]
        for name in fields:
            for value in (HOSTILE, "a\x00b", "9" * 400, *("ă" * length for length in LENGTHS)):
                status = send(crowd, Attack(name, form.having(name, value))).status
                assert status < 500, (name, value[:30], len(value))
