"""Who may use a waiting file: the predicate and the query say the same."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from contest.accounts.roles import Identity, Nobody
from contest.exchange.policy import can_use_file
from contest.exchange.queries import waiting_file
from contest.exchange.services import keep_file
from contest.exchange.waiting import LIFE, Purpose
from contest.infra.db import unit_of_work
from contest.infra.storage import Stored
from tests.conftest import NOON
from tests.factories import Make


@pytest.mark.parametrize(
    ("own", "at", "open_"),
    [
        (True, NOON, True),
        (True, NOON + LIFE - timedelta(seconds=1), True),
        (True, NOON + LIFE, False),
        (False, NOON, False),
    ],
)
def test_predicate_and_query_agree(app: Flask, make: Make, *, own: bool, at: datetime, open_: bool) -> None:
    owner, other = make.user(), make.user()
    with unit_of_work():
        public_id = keep_file(
            filename="b.zip", stored=Stored("0" * 32, 1, "0" * 64), purpose=Purpose.BUNDLE, user_id=owner.id, now=NOON
        )
    file = waiting_file(public_id, user_id=owner.id, purpose=Purpose.BUNDLE, now=NOON)
    assert file is not None
    person = owner if own else other
    assert can_use_file(Identity(id=person.id, name="", session=""), file, at) is open_
    found = waiting_file(public_id, user_id=person.id, purpose=Purpose.BUNDLE, now=at)
    assert (found is not None) is open_
    assert not can_use_file(Nobody(), file, NOON)
