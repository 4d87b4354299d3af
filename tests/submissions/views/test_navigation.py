from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from contest.accounts.roles import Identity, Nobody, Role
from contest.editions.views.overview_cards import Card
from contest.submissions.views.navigation import cards, menu
from tests.counting import counted
from tests.factories import Make
from tests.submissions.conftest import Entry, entry_in

LIST = "/e/mua-thu-2026/organise/submissions"


def holder(entry: Entry, *roles: Role) -> Identity:
    return Identity(id=4711, name="An", session="s", roles={entry.edition.id: frozenset(roles)})


@pytest.mark.parametrize(
    ("roles", "labels"),
    [
        ((Role.CAPTAIN,), ["My submission"]),
        ((Role.ORGANISER,), ["Submissions", "Eligibility"]),
        ((Role.OBSERVER, Role.CAPTAIN), ["My submission", "Submissions", "Eligibility"]),
        ((Role.JUDGE, Role.MENTOR), []),
        ((), []),
    ],
)
def test_the_menu_follows_the_roles(
    app: Flask, make: Make, entry: Entry, roles: tuple[Role, ...], labels: list[str]
) -> None:
    with app.test_request_context(), force_locale("en"):
        assert [item.label for item in menu(make.facts(entry.edition), holder(entry, *roles))] == labels


def test_without_an_edition_there_is_no_menu(app: Flask, entry: Entry) -> None:
    assert list(menu(None, holder(entry, Role.ORGANISER))) == []
    assert list(menu(None, Nobody())) == []


def test_the_overview_counts_what_came_in(app: Flask, make: Make, entry: Entry) -> None:
    entry_in(app, make, entry.edition, "Sao Mai").submitted()
    facts = make.facts(entry.edition)

    with app.test_request_context(), force_locale("en"), counted(app) as queries:
        shown = list(cards(facts, holder(entry, Role.ORGANISER)))

    assert shown == [
        Card("Submitted", "1", "", f"{LIST}?status=submitted", 10),
        Card("Drafts", "1", "registered, not handed in", f"{LIST}?status=draft", 11),
    ]
    assert len(queries) == 1


def test_a_captain_sees_no_counts(app: Flask, make: Make, entry: Entry) -> None:
    with app.test_request_context():
        assert list(cards(make.facts(entry.edition), holder(entry, Role.CAPTAIN))) == []
