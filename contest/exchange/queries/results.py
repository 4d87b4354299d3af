"""The results bundle of a round: read from frozen snapshots, never from live data."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from contest.editions.facts import RoundFacts
from contest.editions.models import Round
from contest.errors import RuleBroken
from contest.exchange.bundle.results import FrozenRound, fingerprints, read_frozen, results_files
from contest.infra.db import db
from contest.results import verify_results
from contest.results.models import Snapshot

_README = Path(__file__).parents[1] / "results_readme.txt"
_SCRIPT = Path(verify_results.__file__)


def results_bundle(round_: RoundFacts) -> bytes:
    """Return the .zip that proves the results of a round: the newest snapshot of it and of each finalised one before.

    Snapshots that are the same give the same bytes. One query. Raises `RuleBroken` "no_frozen_results" (round) before
    the round was finalised.
    """
    rounds = _frozen_rounds(round_)
    if not rounds or rounds[-1].code != round_.code:
        raise RuleBroken("no_frozen_results", round=round_.code)
    files = results_files(rounds)
    files |= {_SCRIPT.name: _SCRIPT.read_bytes(), "README.txt": _README.read_bytes()}
    return verify_results.packed(verify_results.sealed(files, fingerprints(rounds)))


def _frozen_rounds(round_: RoundFacts) -> list[FrozenRound]:
    newest = (
        select(Snapshot.round_id, func.max(Snapshot.version).label("version")).group_by(Snapshot.round_id).subquery()
    )
    rows = db.session.execute(
        select(Snapshot.version, Snapshot.fingerprint, Snapshot.payload, Snapshot.names)
        .join(Round, Round.id == Snapshot.round_id)
        .join(newest, (newest.c.round_id == Snapshot.round_id) & (newest.c.version == Snapshot.version))
        .where(Round.edition_id == round_.edition_id, Round.position <= round_.position)
        .order_by(Round.position)
    )
    return [read_frozen(row.version, row.fingerprint, row.payload, row.names) for row in rows]
