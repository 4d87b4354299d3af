from __future__ import annotations

import pytest

from contest.infra.db import unit_of_work
from contest.submissions import services
from contest.submissions.services.standing import anything_handed_in
from tests.factories import NOON, Make
from tests.submissions.conftest import Entry


@pytest.mark.both_databases
def test_drafts_hold_nothing(entry: Entry) -> None:
    entry.complete()

    assert not anything_handed_in(entry.edition.id)


@pytest.mark.both_databases
def test_a_submitted_one_holds_its_own_edition(make: Make, entry: Entry) -> None:
    entry.submitted()

    assert anything_handed_in(entry.edition.id)
    assert not anything_handed_in(make.edition("mua-2027").id)


@pytest.mark.both_databases
def test_whoever_withdrew_and_began_anew_has_relied_on_it_too(entry: Entry) -> None:
    entry.submitted()
    with unit_of_work():
        services.withdraw(submission_id=entry.id, actor_id=None, now=NOON)
    assert anything_handed_in(entry.edition.id)

    with unit_of_work():
        services.restore_withdrawn(submission_id=entry.id, actor_id=None, now=NOON)
    assert anything_handed_in(entry.edition.id)
