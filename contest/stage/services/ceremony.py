"""Writes about ceremonies: prepare, arrange, logos, phones and their presses, and publishing everything at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO

from sqlalchemy import delete, func, select, update

from contest.editions.facts import EditionFacts
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.infra.pictures import clean_picture
from contest.infra.signing import token_hash
from contest.infra.storage import Storage
from contest.infra.types import public_id
from contest.results.services import awards as awards_services
from contest.results.services import publish_round
from contest.stage.models import Ceremony, CeremonyLogo, CeremonyPress, CeremonyRemote
from contest.stage.queries.ceremony import (
    FRESH,
    CeremonyFacts,
    finals_of,
    presses_after,
    remote_ceremony,
    standing_of,
)
from contest.stage.script import Place, Press, places_json

MOST_LOGOS = 24
LOGO_SIDE = 600
LOGO_BYTES = 4 << 20
PAIRED = timedelta(hours=4)
CODE_LENGTH = 12
"""27^12 codes, and few tries a minute: guessing one while it lasts is hopeless. It reads nothing anyway."""
POLL_NOTED = timedelta(seconds=4)


def prepare_ceremony(*, edition_id: int, round_code: str, actor_id: int | None, now: datetime) -> str:
    """Make the ceremony of a final round and return its public id; the one that stands, when there is one.

    Raises `NotFound` for a round that can have none. Flushes for the id.
    """
    round_ = next((one for one in finals_of(edition_id) if one.code == round_code), None)
    if round_ is None:
        raise NotFound
    standing = db.session.scalar(select(Ceremony.public_id).where(Ceremony.round_id == round_.id))
    if standing is not None:
        return standing
    row = Ceremony(edition_id=edition_id, round_id=round_.id, places=[], readings={}, created_at=now)
    db.session.add(row)
    db.session.flush()  # its public id is needed
    _trace("ceremony.prepared", edition_id, row.public_id, actor_id, now, round=round_code)
    return row.public_id


def save_script(
    *,
    ceremony: CeremonyFacts,
    places: Sequence[Place],
    readings: Mapping[str, str],
    actor_id: int | None,
    now: datetime,
) -> None:
    """Keep the order of the steps, who presents each, and how names are read. Steps that are not known are left out."""
    known = {step.key for step in ceremony.steps}
    row = _row(ceremony)
    row.places = places_json(place for place in places if place.key in known)
    row.readings = {code: text for code, text in readings.items() if text}
    hidden = [place.key for place in places if not place.shown]
    _trace("ceremony.arranged", ceremony.edition_id, ceremony.public_id, actor_id, now, hidden=hidden)


def add_logo(
    *, ceremony: CeremonyFacts, name: str, data: bytes, storage: Storage, actor_id: int | None, now: datetime
) -> None:
    """Put a logo on the wall. Raises `RuleBroken` "logos_too_many" (most) or what `clean_picture` raises."""
    _row(ceremony)
    count = db.session.scalar(
        select(func.count()).select_from(CeremonyLogo).where(CeremonyLogo.ceremony_id == ceremony.id)
    )
    if (count or 0) >= MOST_LOGOS:
        raise RuleBroken("logos_too_many", most=MOST_LOGOS)
    clean = clean_picture(data, side=LOGO_SIDE, max_bytes=LOGO_BYTES)
    stored = storage.put(BytesIO(clean), limit=len(clean))
    db.session.add(CeremonyLogo(ceremony_id=ceremony.id, name=name, storage_key=stored.key))
    _trace("ceremony.logo_added", ceremony.edition_id, ceremony.public_id, actor_id, now, name=name)


def remove_logo(*, ceremony: CeremonyFacts, logo_id: str, actor_id: int | None, now: datetime) -> str:
    """Take a logo off the wall and return the key of its file, to be deleted once this stands. Raises `NotFound`."""
    key: str | None = db.session.scalar(
        delete(CeremonyLogo)
        .where(CeremonyLogo.ceremony_id == ceremony.id, CeremonyLogo.public_id == logo_id)
        .returning(CeremonyLogo.storage_key)
    )
    if key is None:
        raise NotFound
    _trace("ceremony.logo_removed", ceremony.edition_id, ceremony.public_id, actor_id, now)
    return key


def note_loaded(*, ceremony: CeremonyFacts, rehearsal: bool, actor_id: int | None, now: datetime) -> None:
    """Write down who loaded the winners, or the invented ones, onto a screen."""
    action = "ceremony.rehearsal_loaded" if rehearsal else "ceremony.loaded"
    _trace(action, ceremony.edition_id, ceremony.public_id, actor_id, now)


def pair_phone(*, ceremony: CeremonyFacts, actor_id: int | None, now: datetime) -> str:
    """End earlier pairings and return a new code, which is stored only as its hash and ends after `PAIRED`."""
    unpair_phones(ceremony=ceremony, actor_id=actor_id, now=now)
    code = public_id(CODE_LENGTH)
    db.session.add(
        CeremonyRemote(
            ceremony_id=ceremony.id,
            code_hash=token_hash(code),
            created_at=now,
            created_by=actor_id,
            expires_at=now + PAIRED,
        )
    )
    _trace("ceremony.phone_paired", ceremony.edition_id, ceremony.public_id, actor_id, now)
    return code


def unpair_phones(*, ceremony: CeremonyFacts, actor_id: int | None, now: datetime) -> None:
    """End every pairing that is in force."""
    ended = db.session.scalars(
        update(CeremonyRemote)
        .where(CeremonyRemote.ceremony_id == ceremony.id, CeremonyRemote.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(CeremonyRemote.id)
    ).all()
    if ended:
        _trace("ceremony.phones_ended", ceremony.edition_id, ceremony.public_id, actor_id, now, count=len(ended))


def press(*, edition_id: int, code: str, verb: Press, now: datetime) -> bool:
    """Hand a phone's press on and tell whether an operator's screen is listening.

    Presses that have grown old are thrown away. Raises `RuleBroken` "remote_unknown".
    """
    ceremony_id = remote_ceremony(edition_id, code, now)
    if ceremony_id is None:
        raise RuleBroken("remote_unknown")
    db.session.execute(
        delete(CeremonyPress).where(CeremonyPress.ceremony_id == ceremony_id, CeremonyPress.pressed_at < now - FRESH)
    )
    db.session.add(CeremonyPress(ceremony_id=ceremony_id, verb=verb, pressed_at=now))
    polled = db.session.scalar(select(Ceremony.polled_at).where(Ceremony.id == ceremony_id))
    return polled is not None and polled > now - FRESH


def collect(*, ceremony: CeremonyFacts, after: int, now: datetime) -> tuple[tuple[int, Press], ...]:
    """Return the presses after the press `after`, and note now and then that somebody asks."""
    db.session.execute(
        update(Ceremony)
        .where(Ceremony.id == ceremony.id)
        .where(Ceremony.polled_at.is_(None) | (Ceremony.polled_at < now - POLL_NOTED))
        .values(polled_at=now)
    )
    return presses_after(ceremony.id, after, now)


def publish_everything(*, edition: EditionFacts, ceremony: CeremonyFacts, actor_id: int | None, now: datetime) -> None:
    """Open the results of the round and the list of awards to the public, in one transaction or not at all.

    Raises `RuleBroken` "round_not_finalised", "awards_not_settled", "ceremony_outdated".
    """
    standing = standing_of(ceremony)
    if standing.settled is not None and standing.outdated:
        raise RuleBroken("ceremony_outdated", version=standing.settled.version)
    publish_round(edition=edition, round_id=ceremony.round.id, actor_id=actor_id, now=now)
    awards_services.publish_awards(edition_id=edition.id, actor_id=actor_id, now=now)
    _trace("ceremony.published", edition.id, ceremony.public_id, actor_id, now, round=ceremony.round.code)


def _row(ceremony: CeremonyFacts) -> Ceremony:
    return db.session.execute(select(Ceremony).where(Ceremony.id == ceremony.id).with_for_update()).scalar_one()


def _trace(action: str, edition_id: int, subject: str, actor_id: int | None, now: datetime, **facts: object) -> None:
    audit.record(
        at=now, actor_id=actor_id, scope=f"edition:{edition_id}", action=action, subject=f"ceremony:{subject}", **facts
    )
