"""An edition from its first name to the archive."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from sqlalchemy.exc import IntegrityError

from contest.accounts.roles import Role
from contest.accounts.services import grant_role
from contest.editions.basics import Basics
from contest.editions.codes import LONGEST_EDITION, check_edition_code, free_code, slug
from contest.editions.models import Edition
from contest.editions.phases import EditionState
from contest.editions.privacy import NO_CONSENTS, PrivacyRules, privacy_to_json
from contest.editions.queries import codes_like, set_up_of
from contest.editions.readiness import gaps, review
from contest.editions.services.holds import is_held
from contest.editions.services.rows import any_edition_row, changes, edition_row, trace
from contest.errors import RuleBroken
from contest.infra.db import db
from contest.infra.pictures import clean_picture
from contest.infra.storage import Storage

LOGO_BYTES = 5 << 20
LOGO_SIDE = 512


def create_edition(
    *,
    basics: Basics,
    actor_id: int | None,
    now: datetime,
    code: str = "",
    is_test: bool = False,
    cloned_from_id: int | None = None,
    rehearsal_of_id: int | None = None,
    privacy: PrivacyRules = NO_CONSENTS,
) -> Edition:
    """Create a draft; without a code one is made from the name. The actor becomes its organiser; flushes for the id.

    A rehearsal is a test from its first moment: what an edition is never changes.

    Raises `RuleBroken` "edition_code_invalid" or "edition_code_taken".
    """
    chosen = check_edition_code(code) if code else suggested_code(basics.name.vi or basics.name.en)
    row = Edition(
        code=chosen,
        is_test=is_test or rehearsal_of_id is not None,
        cloned_from_id=cloned_from_id,
        rehearsal_of_id=rehearsal_of_id,
        privacy_rules=privacy_to_json(privacy),
        created_at=now,
        **_columns(basics),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()  # the id is needed, and the database alone knows whether the code is free
    except IntegrityError as taken:
        raise RuleBroken("edition_code_taken", item=chosen) from taken
    trace("edition.created", edition_id=row.id, actor_id=actor_id, now=now, code=chosen)
    if actor_id is not None:
        grant_role(user_id=actor_id, edition_id=row.id, role=Role.ORGANISER, actor_id=actor_id, now=now)
    return row


def suggested_code(name: str) -> str:
    """Return a free code for an edition of this name."""
    base = slug(name, LONGEST_EDITION) or "mua-thi"
    return free_code(base, codes_like(base), LONGEST_EDITION)


def _columns(basics: Basics) -> dict[str, Any]:
    return {
        "name_vi": basics.name.vi,
        "name_en": basics.name.en,
        "organiser": basics.organiser,
        "about_vi": basics.about.vi,
        "about_en": basics.about.en,
        "contact": basics.contact,
        "timezone": basics.timezone,
        "languages": ",".join(basics.languages),
        "submissions_open": basics.submissions_open,
        "submissions_close": basics.submissions_close,
        "grace_minutes": basics.grace_minutes,
    }


def update_basics(*, edition_id: int, basics: Basics, actor_id: int | None, now: datetime) -> None:
    """Change names, texts and the submission window; the trace holds what differs, nothing differs leaves none.

    Raises `RuleBroken` "edition_archived"; "window_needed" when an announced edition would lose its window.
    """
    row = edition_row(edition_id)
    if row.state is EditionState.ANNOUNCED and None in (basics.submissions_open, basics.submissions_close):
        raise RuleBroken("window_needed")
    differing = changes(row, _columns(basics))
    if differing:
        trace("edition.updated", edition_id=edition_id, actor_id=actor_id, now=now, changes=differing)


def _clean_logo(data: bytes) -> bytes:
    return clean_picture(data, side=LOGO_SIDE, max_bytes=LOGO_BYTES)


def set_logo(*, edition_id: int, data: bytes | None, storage: Storage, actor_id: int | None, now: datetime) -> None:
    """Store a logo, or take it away when `data` is none. The old file stays: a clone may show it too.

    Raises `RuleBroken` "edition_archived", "picture_unreadable", "picture_too_many_pixels", "picture_too_large".
    """
    row = edition_row(edition_id)
    stored = None if data is None else storage.put(BytesIO(_clean_logo(data)), limit=LOGO_BYTES)
    row.logo_key = None if stored is None else stored.key
    trace(
        "edition.logo_removed" if stored is None else "edition.logo_set",
        edition_id=edition_id,
        actor_id=actor_id,
        now=now,
        sha256="" if stored is None else stored.sha256,
    )


def announce(*, edition_id: int, actor_id: int | None, now: datetime) -> None:
    """Show the edition to everybody; nothing happens when it is shown already.

    Raises `RuleBroken` "edition_not_ready" with the `count` of what is missing, "edition_archived".
    """
    row = edition_row(edition_id)
    if row.state is EditionState.ANNOUNCED:
        return
    missing = gaps(review(set_up_of(edition_id), now))
    if missing:
        raise RuleBroken("edition_not_ready", count=len(missing))
    row.state = EditionState.ANNOUNCED
    trace("edition.announced", edition_id=edition_id, actor_id=actor_id, now=now)


def unannounce(*, edition_id: int, actor_id: int | None, now: datetime) -> None:
    """Make an announced edition a draft again. Raises `RuleBroken` "edition_in_use" once something was handed in."""
    row = edition_row(edition_id)
    if is_held(edition_id):
        raise RuleBroken("edition_in_use")
    row.state = EditionState.DRAFT
    trace("edition.unannounced", edition_id=edition_id, actor_id=actor_id, now=now)


def archive(*, edition_id: int, actor_id: int | None, now: datetime) -> None:
    """Make an edition read-only, still shown to everybody.

    Raises `RuleBroken` "edition_not_announced" for drafts, which would become visible, "edition_archived".
    """
    row = edition_row(edition_id)
    if row.state is not EditionState.ANNOUNCED:
        raise RuleBroken("edition_not_announced")
    row.state = EditionState.ARCHIVED
    trace("edition.archived", edition_id=edition_id, actor_id=actor_id, now=now)


def restore(*, edition_id: int, actor_id: int | None, now: datetime) -> None:
    """Take an edition out of the archive. Raises `RuleBroken` "edition_not_archived"."""
    row = any_edition_row(edition_id)
    if row.state is not EditionState.ARCHIVED:
        raise RuleBroken("edition_not_archived")
    row.state = EditionState.ANNOUNCED
    trace("edition.restored", edition_id=edition_id, actor_id=actor_id, now=now)


def require_second_factor(*, edition_id: int, required: bool, actor_id: int | None, now: datetime) -> None:
    """Let the committee in with a second factor only, or without again; repeating changes nothing.

    It holds from the next request on. Raises `RuleBroken` "edition_archived".
    """
    row = edition_row(edition_id)
    if row.second_factor_required is required:
        return
    row.second_factor_required = required
    action = "second.required" if required else "second.not_required"
    trace(action, edition_id=edition_id, actor_id=actor_id, now=now)
