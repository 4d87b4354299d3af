"""Roles of a person in an edition."""

from __future__ import annotations

import dataclasses

import pytest

from contest.accounts.roles import COMMITTEE, JURY, TEAM, Identity, Nobody, Role

ANH = Identity(7, "Lê Thị Ánh", "token", roles={1: frozenset({Role.JUDGE, Role.CHAIR}), 2: frozenset({Role.ORGANISER})})


def test_roles_are_held_per_edition() -> None:
    assert ANH.roles_in(1) == {Role.JUDGE, Role.CHAIR}
    assert ANH.roles_in(3) == frozenset()
    assert ANH.holds(1, Role.ORGANISER, Role.CHAIR)
    assert not ANH.holds(1, Role.ORGANISER)
    assert not ANH.holds(2, Role.JUDGE)
    assert not ANH.holds(1)


def test_the_cookie_gets_the_session_and_never_the_number() -> None:
    assert ANH.get_id() == "token"
    assert not hasattr(Nobody(), "session")


def test_an_identity_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ANH.is_admin = True  # type: ignore[misc]


def test_a_visitor_holds_nothing() -> None:
    visitor = Nobody()
    assert not visitor.holds(1, *Role)
    assert visitor.roles_in(1) == frozenset()
    assert (visitor.is_authenticated, visitor.is_active, visitor.is_anonymous) == (False, False, True)
    assert (ANH.is_authenticated, ANH.is_active, ANH.is_anonymous) == (True, True, False)


def test_every_role_but_the_observer_belongs_to_one_group() -> None:
    assert COMMITTEE | JURY | TEAM | {Role.OBSERVER} == set(Role)
    assert len(COMMITTEE) + len(JURY) + len(TEAM) + 1 == len(Role)
