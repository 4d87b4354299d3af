"""A round on its way, as services take it: each function is one unit of work."""

from __future__ import annotations

from datetime import datetime

from contest.editions.facts import EditionFacts
from contest.infra.db import unit_of_work
from contest.results import services
from contest.results.rulings import RulingKind


def close(edition: EditionFacts, round_id: int, now: datetime) -> None:
    with unit_of_work():
        services.close_round(edition=edition, round_id=round_id, actor_id=None, now=now)


def confirm(edition: EditionFacts, round_id: int, actor_id: int, now: datetime) -> None:
    with unit_of_work():
        services.confirm_round(edition=edition, round_id=round_id, actor_id=actor_id, now=now)


def accept(
    round_id: int, kind: RulingKind, actor_id: int, now: datetime, reason: str = "Hai giám khảo đi vắng"
) -> None:
    with unit_of_work():
        services.record_ruling(round_id=round_id, kind=kind, reason=reason, actor_id=actor_id, now=now)


def finalise(edition: EditionFacts, round_id: int, actor_id: int, now: datetime) -> str:
    """Close, confirm and finalise; return the fingerprint."""
    close(edition, round_id, now)
    confirm(edition, round_id, actor_id, now)
    return freeze(edition, round_id, actor_id, now)


def freeze(edition: EditionFacts, round_id: int, actor_id: int, now: datetime) -> str:
    with unit_of_work():
        return services.finalise_round(edition=edition, round_id=round_id, actor_id=actor_id, now=now)


def publish(edition: EditionFacts, round_id: int, actor_id: int, now: datetime) -> str:
    """Close, confirm, finalise and publish; return the fingerprint."""
    digest = finalise(edition, round_id, actor_id, now)
    with unit_of_work():
        services.publish_round(edition=edition, round_id=round_id, actor_id=actor_id, now=now)
    return digest


def correct(
    edition: EditionFacts, round_id: int, asker: int, decider: int, now: datetime, reason: str = "Sai điểm"
) -> None:
    """Ask for a correction and approve it."""
    with unit_of_work():
        asked = services.ask_correction(edition=edition, round_id=round_id, reason=reason, actor_id=asker, now=now)
        public_id = asked.public_id
    with unit_of_work():
        services.decide_correction(
            edition=edition, round_id=round_id, public_id=public_id, approve=True, answer="", actor_id=decider, now=now
        )
