"""Who may let whom in; and the page that offers it agrees."""

from __future__ import annotations

import pytest

from contest.accounts.people import PersonFacts
from contest.accounts.policy import can_end_device, can_issue_link
from contest.accounts.roles import Identity, Nobody, Role

HERE, THERE = 1, 2


def person(roles: dict[int, set[Role]], *, is_admin: bool = False) -> PersonFacts:
    frozen = {edition: frozenset(held) for edition, held in roles.items()}
    return PersonFacts(9, "p9", "Lê Văn Ân", None, None, None, is_admin, frozen)


def user(*roles: Role, edition: int = HERE, is_admin: bool = False) -> Identity:
    return Identity(1, "Nguyễn Kim Ngân", "token", is_admin=is_admin, roles={edition: frozenset(roles)})


JUDGE_HERE = person({HERE: {Role.JUDGE}})
JUDGE_IN_BOTH = person({HERE: {Role.JUDGE}, THERE: {Role.JUDGE}})


@pytest.mark.parametrize(("role", "may"), [(role, role in (Role.ORGANISER, Role.SECRETARY)) for role in Role])
def test_the_committee_lets_its_own_people_in(role: Role, may: bool) -> None:  # noqa: FBT001  the expected answer
    assert can_issue_link(user(role), JUDGE_HERE) is may


def test_a_link_never_reaches_further_than_its_issuer() -> None:
    assert not can_issue_link(user(Role.ORGANISER), JUDGE_IN_BOTH)
    assert not can_issue_link(user(Role.ORGANISER), person({HERE: {Role.JUDGE}}, is_admin=True))
    assert not can_issue_link(user(Role.ORGANISER, edition=THERE), JUDGE_HERE)


def test_an_organiser_of_both_editions_may() -> None:
    both = Identity(1, "x", "t", roles={HERE: frozenset({Role.ORGANISER}), THERE: frozenset({Role.SECRETARY})})
    assert can_issue_link(both, JUDGE_IN_BOTH)


def test_the_administrator_may_and_a_visitor_never() -> None:
    assert can_issue_link(user(is_admin=True), person({THERE: {Role.ORGANISER}}, is_admin=True))
    assert not can_issue_link(Nobody(), JUDGE_HERE)


def test_devices_are_ended_by_their_owner_and_the_administrator() -> None:
    assert can_end_device(user(), 1)
    assert not can_end_device(user(), 2)
    assert can_end_device(user(is_admin=True), 2)
    assert not can_end_device(Nobody(), 1)
