"""The menu: who offers entries, their order, and which one is the page in view."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from contest.web import navigation
from contest.web.navigation import NavItem, items, provider


@pytest.fixture(autouse=True)
def _no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_providers", [])


@pytest.fixture(autouse=True)
def page() -> Iterator[None]:
    with Flask(__name__).test_request_context("/somewhere"):
        yield


def test_entries_of_all_packages_stand_in_their_order() -> None:
    @provider
    def late(edition: object, identity: object) -> list[NavItem]:
        return [NavItem("Last", "/z", "x", order=90), NavItem("Plain", "/p", "x")]

    @provider
    def early(edition: object, identity: object) -> list[NavItem]:
        return [NavItem(f"{edition} of {identity}", "/a", "x", order=10)]

    assert [item.label for item in items("spring", "An")] == ["spring of An", "Plain", "Last"]
    assert provider(early) is early


def test_entries_of_one_order_stay_as_offered() -> None:
    provider(lambda edition, identity: [NavItem(name, f"/{name}", "x") for name in "cab"])
    assert [item.label for item in items(None, None)] == ["c", "a", "b"]


def test_a_package_may_offer_nothing() -> None:
    provider(lambda edition, identity: iter(()))
    assert items(None, None) == []


ENTRIES = ("/", "/account", "/e/x/", "/e/x/organise/", "/e/x/organise/people", "/e/x/organise/people-of-old")


@pytest.mark.parametrize(
    ("path", "active"),
    [
        ("/", ["/"]),
        ("/account", ["/account"]),
        ("/account/devices", ["/account"]),
        ("/accounts", []),
        ("/e/x/", ["/e/x/"]),
        ("/e/x/results/r1", []),
        ("/e/x/organise/", ["/e/x/organise/"]),
        ("/e/x/organise/people", ["/e/x/organise/people"]),
        ("/e/x/organise/people/abc", ["/e/x/organise/people"]),
        ("/e/x/organise/people-of-old", ["/e/x/organise/people-of-old"]),
    ],
)
def test_the_nearest_entry_above_the_page_in_view_is_marked(path: str, active: list[str]) -> None:
    provider(lambda edition, identity: [NavItem("Entry", href, "x") for href in ENTRIES])
    with Flask(__name__).test_request_context(path):
        assert [item.href for item in items(None, None) if item.active] == active


def test_no_entry_is_marked_when_none_lies_above() -> None:
    provider(lambda edition, identity: [NavItem("Entry", "/e/x/", "x")])
    assert [item.active for item in items(None, None)] == [False]


def test_an_entry_is_marked_on_every_page_of_its_area() -> None:
    provider(lambda edition, identity: [NavItem("Data", "/e/x/data/first", "x", area="/e/x/data")])
    for path, active in (("/e/x/data/second/7", True), ("/e/x/data/first", True), ("/e/x/database", False)):
        with Flask(__name__).test_request_context(path):
            assert [item.active for item in items(None, None)] == [active], path
