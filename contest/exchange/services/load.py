"""A bundle becomes an edition, all or nothing, in the caller's unit of work."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from contest.accounts.roles import Role
from contest.accounts.services import grant_role
from contest.editions.facts import EditionFacts
from contest.editions.phases import FROZEN, RoundState
from contest.editions.queries import editions_by_ids
from contest.errors import RuleBroken
from contest.exchange.bundle.model import Bundle
from contest.exchange.bundle.settle import settled
from contest.exchange.services.entrants import add_judges, add_submissions
from contest.exchange.services.frame import Frame, create_frame
from contest.exchange.services.papers import Places, add_papers
from contest.exchange.storable import check_storable
from contest.infra import audit
from contest.results.services import freeze_loaded
from contest.submissions.services.consents import hold_imported


def load_bundle(bundle: Bundle, *, actor_id: int | None, now: datetime) -> int:
    """Create the edition of a bundle and return its id; the actor, if any, becomes its organiser.

    Codes, orders and texts are kept. An edition is a draft and a round with marks is in scoring, unless the bundle
    says otherwise; with the first mark its rubric is locked. A round that is finalised or published gets a snapshot of
    its results; when the engine cannot compute them the round stays closed and unpublished. A confirmed one is closed:
    its results are confirmed here again. Consents do not travel: what has no marks yet is held until they are there,
    where the edition asks for them.

    Raises `RuleBroken` "edition_exists" or what `check_storable` raises.
    """
    whole = settled(bundle)
    check_storable(whole)
    scored = {each.round for each in whole.scores if each.points is not None}
    scored |= {each.round for each in whole.measured}
    frame = create_frame(whole.edition, scored, now)
    places = Places(frame, add_submissions(whole.submissions, frame, now), add_judges(whole.judges, frame, now))
    add_papers(whole, places, now)
    _trace(whole, frame.edition_id, actor_id, now)
    judged = {places.submissions[each.submission] for each in whole.scores}
    hold_imported(frame.edition_id, but=judged, actor_id=actor_id, now=now)
    _freeze_settled(whole, frame, actor_id, now)
    return frame.edition_id


def _trace(bundle: Bundle, edition_id: int, actor_id: int | None, now: datetime) -> None:
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{edition_id}",
        action="edition.loaded",
        code=bundle.edition.code,
        submissions=len(bundle.submissions),
        judges=len(bundle.judges),
        scores=len(bundle.scores),
    )
    if actor_id is not None:
        grant_role(user_id=actor_id, edition_id=edition_id, role=Role.ORGANISER, actor_id=actor_id, now=now)


def _freeze_settled(bundle: Bundle, frame: Frame, actor_id: int | None, now: datetime) -> None:
    """Freeze the rounds that are over, because what is published comes from a snapshot and from nothing else."""
    over = [each for each in bundle.edition.rounds if each.state in FROZEN]
    if not over:
        return
    edition: EditionFacts = editions_by_ids([frame.edition_id])[0]
    for each in over:
        round_id = frame.rounds[each.code]
        publish = each.state is RoundState.PUBLISHED
        with suppress(RuleBroken):  # said before the load: see `remarks`
            freeze_loaded(edition=edition, round_id=round_id, publish=publish, actor_id=actor_id, now=now)
