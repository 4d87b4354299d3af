"""How the certificates of an edition look: saved as a whole, with pictures of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from contest.certificates.look import Look, check, to_json
from contest.certificates.models import CertificateLook
from contest.editions.services.rows import edition_row, trace
from contest.infra.db import db
from contest.infra.pictures import clean_picture
from contest.infra.signing import fingerprint
from contest.infra.storage import Storage

PICTURE_BYTES = 12 << 20
BACKGROUND_SIDE = 2480  # A4 at 210 dots per inch: sharp in print, and small enough to mail
LOGO_SIDE = 700


def clean_background(data: bytes) -> bytes:
    """Return a background as it is printed. Raises what `clean_picture` raises."""
    return clean_picture(data, side=BACKGROUND_SIDE, max_bytes=PICTURE_BYTES, photo=True)


def clean_logo(data: bytes) -> bytes:
    """Return a logo as it is printed. Raises what `clean_picture` raises."""
    return clean_picture(data, side=LOGO_SIDE, max_bytes=PICTURE_BYTES)


@dataclass(frozen=True, slots=True)
class Picture:
    """What happens to a picture: a new one, or the old one goes, or (neither) it stays."""

    new: bytes | None = None
    drop: bool = False


def save_look(
    *,
    edition_id: int,
    look: Look,
    background: Picture,
    logo: Picture,
    storage: Storage,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Keep a look with its pictures. Certificates that were issued keep their words.

    Raises `RuleBroken` "edition_archived", what `look.check` raises, or what `clean_picture` raises.
    """
    check(look)
    edition_row(edition_id)
    row = db.session.get(CertificateLook, edition_id)
    if row is None:
        row = CertificateLook(edition_id=edition_id)
        db.session.add(row)
    row.look, row.updated_at, row.updated_by = to_json(look), now, actor_id
    row.background_key = _kept(row.background_key, background, clean_background, storage)
    row.logo_key = _kept(row.logo_key, logo, clean_logo, storage)
    facts: dict[str, Any] = {"background": bool(row.background_key), "logo": bool(row.logo_key)}
    facts["fingerprint"] = fingerprint(row.look)
    trace("certificates.look_saved", edition_id=edition_id, actor_id=actor_id, now=now, **facts)


def _kept(key: str | None, picture: Picture, clean: Callable[[bytes], bytes], storage: Storage) -> str | None:
    if picture.new is not None:
        return storage.put(BytesIO(clean(picture.new)), limit=2 * PICTURE_BYTES).key
    return None if picture.drop else key
