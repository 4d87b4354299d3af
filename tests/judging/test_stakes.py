"""Who of the committee has a stake in an entry, and what that closes."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from contest.accounts.models import User
from contest.accounts.roles import Identity, Nobody, Role
from contest.editions.phases import RoundState
from contest.exchange.bundle.model import Bundle, BundleEdition
from contest.exchange.bundle.silence import without_marks
from contest.infra.db import unit_of_work
from contest.judging.models import Advancement
from contest.judging.queries.stakes import rounds_closed_to
from contest.judging.stakes import Person, RoundPlace, TeamContacts, closed_rounds, has_stake
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission
from tests.counting import counted
from tests.factories import NOON, Make

LAN = Person(7, "Nguyễn Thị Lan", "lan@gmail.com", "0903 123 456")


@pytest.mark.parametrize(
    ("team", "stake"),
    [
        (TeamContacts(7), True),
        (TeamContacts(8), False),
        (TeamContacts(None, emails=("L.an+x@Gmail.com",)), True),
        (TeamContacts(None, phones=("+84903123456",)), True),
        (TeamContacts(None, emails=("", "x"), phones=("",)), False),
        (TeamContacts(None, mentor="ThS. nguyen thi lan"), True),
        (TeamContacts(None, mentor="Nguyễn Thị Lan", mentor_reachable=True), False),
        (TeamContacts(None, mentor="Lan"), False),
    ],
)
def test_a_stake(team: TeamContacts, *, stake: bool) -> None:
    assert has_stake(LAN, team) is stake
    assert not has_stake(Person(1, ""), TeamContacts(None, emails=("",), phones=("",)))


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=6))
def test_closed_is_the_first_unpublished_round_of_the_entry_and_all_after(rounds: list[tuple[bool, bool]]) -> None:
    places = [RoundPlace(number, *flags) for number, flags in enumerate(rounds)]
    closed = closed_rounds(places)
    for one in places:
        before = [other for other in places if other.id <= one.id and other.takes_part and not other.published]
        assert (one.id in closed) == bool(before)


def identity(user: User, edition_id: int, *roles: Role) -> Identity:
    return Identity(id=user.id, name=user.name, session="", roles={edition_id: frozenset(roles)})


@pytest.mark.both_databases
def test_which_rounds_are_closed_to_whom(app: Flask, make: Make) -> None:
    edition = make.edition()
    first, second, third = (make.round(edition, code, state=RoundState.SCORING) for code in ("r1", "r2", "r3"))
    mentor = make.user("Trần Văn Bảo", email="bao@example.org")
    entry = make.submission(edition, make.team(edition, mentor_email="BAO@example.org"))
    make.submission(edition, make.team(edition))
    organiser = identity(mentor, edition.id, Role.ORGANISER)
    assert rounds_closed_to(edition.code, organiser) == {"r1", "r2", "r3"}
    assert rounds_closed_to(edition.code, identity(mentor, edition.id, Role.CAPTAIN)) == frozenset()
    assert rounds_closed_to(edition.code, identity(make.user(), edition.id, Role.ORGANISER)) == frozenset()
    assert rounds_closed_to(edition.code, Nobody()) == frozenset()
    admin = Identity(id=mentor.id, name="", session="", is_admin=True)
    assert rounds_closed_to(edition.code, admin) == {"r1", "r2", "r3"}
    with unit_of_work() as session:
        session.get_one(type(first), first.id).state = RoundState.PUBLISHED
    assert rounds_closed_to(edition.code, organiser) == frozenset()
    with unit_of_work() as session:
        session.add(Advancement(round_id=third.id, submission_id=entry.id, decided_at=NOON))
    assert rounds_closed_to(edition.code, organiser) == {"r3"}
    assert second.code == "r2"
    with unit_of_work() as session:
        session.get_one(Submission, entry.id).status = SubmissionStatus.WITHDRAWN
    assert rounds_closed_to(edition.code, organiser) == frozenset()


@pytest.mark.parametrize("size", [1, 3])
def test_who_has_no_stake_costs_one_query(app: Flask, make: Make, size: int) -> None:
    edition = make.edition()
    for _ in range(size):
        make.submission(edition)
    organiser = identity(make.user(), edition.id, Role.ORGANISER)
    with counted(app) as queries:
        assert rounds_closed_to(edition.code, organiser) == frozenset()
    assert len(queries) == 1


def test_nothing_to_hide_hides_nothing() -> None:
    bundle = Bundle(edition=BundleEdition(code="x", name=None))  # type: ignore[arg-type]  # no name is looked at
    assert without_marks(bundle, frozenset()) is bundle
