"""Reads about the fairness of a round: computed once for each content of the results."""

from __future__ import annotations

from dataclasses import dataclass

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import FROZEN
from contest.infra.cache import FrozenCache
from contest.infra.signing import fingerprint
from contest.results.fairness import Fairness, fairness_of
from contest.results.queries.rounds import live_report
from contest.results.queries.snapshots import SnapshotLine, frozen_report, latest_snapshot
from contest.results.report import RoundReport, to_payload


@dataclass(frozen=True, slots=True)
class Held:
    """A report and what follows from it."""

    report: RoundReport
    fairness: Fairness


_kept: FrozenCache[Held] = FrozenCache(16)


def fairness_of_round(edition: EditionFacts, round_: RoundFacts) -> tuple[Held, SnapshotLine | None]:
    """Return the fairness of the frozen results of a finalised round with their snapshot, else of the live ones.

    A frozen report is read once: its fingerprint names all that it holds. Raises what `live_report` raises.
    """
    snapshot = latest_snapshot(round_.id) if round_.state in FROZEN else None
    if snapshot is not None:
        kept = _kept.get((round_.id, snapshot.fingerprint), lambda: _held(frozen_report(snapshot.id)))
        return kept, snapshot
    report = live_report(edition, round_)
    return _kept.get((round_.id, fingerprint(to_payload(report))), lambda: _held(report)), None


def _held(report: RoundReport) -> Held:
    return Held(report, fairness_of(report))
