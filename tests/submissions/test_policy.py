from __future__ import annotations

import pytest
from flask import Flask

from contest.accounts.roles import Identity, Nobody, Role
from contest.editions.models import Edition
from contest.infra.db import unit_of_work
from contest.submissions import policy
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Team
from contest.submissions.queries import Filters, access_of, own_submissions, submission_list
from tests.factories import Make
from tests.submissions.conftest import Entry, entry_in


def identity(user_id: int, edition: Edition | None = None, *roles: Role, admin: bool = False) -> Identity:
    held = {edition.id: frozenset(roles)} if edition else {}
    return Identity(id=user_id, name="An", session="s", is_admin=admin, roles=held)


@pytest.mark.both_databases
def test_editing_and_the_own_list_agree(app: Flask, make: Make, entry: Entry) -> None:
    """The pair: whoever may edit a submission has it in the own list, nobody else has."""
    entries = [entry, entry_in(app, make, entry.edition, "Sao Mai"), entry_in(app, make, entry.edition, "Đông")]
    imported = make.submission(entry.edition, make.team(entry.edition))
    stranger = make.user()
    everyone = [identity(person.id) for person in (*(e.captain for e in entries), stranger)]

    for user in everyone:
        listed = {row.public_id for row in own_submissions(entry.edition.id, user.id)}
        for public_id in [*(e.public_id for e in entries), imported.public_id]:
            access = access_of(entry.edition.id, public_id)
            assert access is not None
            assert policy.can_edit_submission(user, access) == (public_id in listed)
    assert [len(own_submissions(entry.edition.id, user.id)) for user in everyone] == [1, 1, 1, 0]


@pytest.mark.parametrize(
    ("roles", "admin", "reads", "decides"),
    [
        ((Role.ORGANISER,), False, True, True),
        ((Role.SECRETARY,), False, True, True),
        ((Role.CHAIR,), False, True, False),
        ((Role.OBSERVER,), False, True, False),
        ((Role.JUDGE,), False, False, False),
        ((Role.CAPTAIN,), False, False, False),
        ((Role.MEMBER, Role.MENTOR), False, False, False),
        ((), False, False, False),
        ((), True, True, True),
    ],
)
def test_the_committee_reads_all_and_its_organisers_decide(
    make: Make,
    entry: Entry,
    roles: tuple[Role, ...],
    admin: bool,  # noqa: FBT001  a case
    reads: bool,  # noqa: FBT001  a case
    decides: bool,  # noqa: FBT001  a case
) -> None:
    """The pair: whoever may read every submission may read each one of the list."""
    user, facts = identity(4711, entry.edition, *roles, admin=admin), make.facts(entry.edition)

    assert policy.can_list_submissions(user, facts) is reads
    assert policy.can_decide_submission(user, facts) is decides
    for row in submission_list(entry.edition.id, Filters()).rows:
        access = access_of(entry.edition.id, row.public_id)
        assert access is not None
        assert policy.can_see_submission(user, facts, access) is reads
        assert not policy.can_edit_submission(user, access)


def test_a_role_in_another_edition_opens_nothing(make: Make, entry: Entry) -> None:
    other = make.edition("mua-2027")
    user = identity(4711, other, Role.ORGANISER)

    assert not policy.can_list_submissions(user, make.facts(entry.edition))


def test_a_captain_sees_her_own_in_every_state(make: Make, entry: Entry) -> None:
    facts, user = make.facts(entry.edition), identity(entry.captain.id, entry.edition, Role.CAPTAIN)
    for status in SubmissionStatus:
        with unit_of_work() as session:
            session.get_one(type(entry.row), entry.id).status = status
        access = access_of(entry.edition.id, entry.public_id)
        assert access is not None
        assert policy.can_see_submission(user, facts, access)


def test_nobody_owns_a_team_without_a_captain(make: Make, entry: Entry) -> None:
    with unit_of_work() as session:
        session.get_one(Team, entry.team.id).captain_id = None
    access = access_of(entry.edition.id, entry.public_id)

    assert access is not None
    assert not policy.can_edit_submission(Nobody(), access)
    assert not policy.can_see_submission(Nobody(), make.facts(entry.edition), access)
