"""A finalised final for the tests of papers."""

from __future__ import annotations

from datetime import datetime

import pytest

from contest.papers.queries import Dossier
from tests.factories import Make
from tests.papers.world import Final, final

_kept: list[Dossier] = []


@pytest.fixture
def done(make: Make, noon: datetime) -> Final:
    """Four teams, five judges, awards settled: for what asks the database."""
    return final(make, noon, teams=4)


@pytest.fixture
def dossier(request: pytest.FixtureRequest, noon: datetime) -> Dossier:
    """Twelve teams with every hostile name; frozen data, so that it is built once for all tests."""
    del noon
    if not _kept:
        _kept.append(final(request.getfixturevalue("make"), request.getfixturevalue("noon")).dossier)
    else:
        request.getfixturevalue("app")
    return _kept[0]
