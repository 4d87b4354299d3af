"""OU-01: no request makes the server open a connection, whatever addresses people have typed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sweep.addresses import readable, true_paths
from tests.sweep.forms import PLACES, encoded, fill
from tests.sweep.site import Site

pytestmark = [pytest.mark.trust, pytest.mark.timeout(900)]
# Whom the operator has named in the settings to sign people in; their addresses are nobody else's.
NAMED = {"accounts.sign_in_with", "accounts.link_with", "accounts.come_back"}


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note whom a request calls, and let it call nobody."""
    calls: list[str] = []

    def refuse(*asked: Any, **_more: Any) -> Any:
        calls.append(str(asked[-1] if isinstance(asked[0], socket.socket) else asked[0]))
        raise OSError("no connection leaves a request")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    yield calls
    monkeypatch.undo()


def test_the_net_holds(called: list[str]) -> None:
    with pytest.raises(OSError, match="no connection"):
        socket.create_connection(("192.0.2.1", 80), 1)
    with socket.socket() as line, pytest.raises(OSError, match="no connection"):
        line.connect(("127.0.0.1", 9))
    assert called == ["('192.0.2.1', 80)", "('127.0.0.1', 9)"]


@pytest.mark.parametrize("role", ["administrator", "captain", "judge", "organiser", "visitor"])
def test_ou_01_no_page_calls_anybody(site: Site, called: list[str], role: str) -> None:
    for rule in readable():
        if rule.endpoint in NAMED:
            continue
        for path in true_paths(site.app, rule, site.world.own)[:2]:
            site.get(role, path)
            assert called == [], path


def test_ou_01_no_form_calls_anybody(site: Site, called: list[str]) -> None:
    for key in PLACES:
        form = fill(site, key)
        headers = {"X-Requested-With": "fetch"} if form.script else {}
        site.person(form.role).post(form.path, data=encoded(form.data), headers=headers).close()
        site.restore()
        assert called == [], key
