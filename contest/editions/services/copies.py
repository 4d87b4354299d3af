"""Next year's edition from this one."""

from __future__ import annotations

from datetime import datetime

from contest.editions.basics import Basics, RoundBasics
from contest.editions.divisions import Division
from contest.editions.models import Edition
from contest.editions.queries import basics_of, fields_of, parts_of, rounds_of, tracks_of
from contest.editions.rules import LocalText
from contest.editions.services.contents import set_fields, set_parts, set_tracks
from contest.editions.services.editions import create_edition
from contest.editions.services.rounds import add_round
from contest.editions.services.rows import any_edition_row


def clone_edition(*, edition_id: int, name: LocalText, actor_id: int | None, now: datetime, code: str = "") -> Edition:
    """Create a draft with the settings, logo, tracks, fields, parts, rounds, rules and rubrics of another edition.

    People, teams, scores and dates stay behind; a rehearsal's clone is no rehearsal. Raises as `create_edition`.
    """
    source = any_edition_row(edition_id)
    old = basics_of(edition_id)
    basics = Basics(
        name=name,
        organiser=old.organiser,
        about=old.about,
        contact=old.contact,
        timezone=old.timezone,
        languages=old.languages,
    )
    row = create_edition(basics=basics, code=code, actor_id=actor_id, now=now, cloned_from_id=edition_id)
    row.logo_key = source.logo_key
    tracks = [Division(one.code, LocalText(one.name_vi, one.name_en)) for one in tracks_of(edition_id)]
    fields = [Division(one.code, LocalText(one.name_vi, one.name_en)) for one in fields_of(edition_id)]
    parts = list(parts_of(edition_id).values())
    set_tracks(edition_id=row.id, tracks=tracks, actor_id=actor_id, now=now)
    set_fields(edition_id=row.id, fields=fields, actor_id=actor_id, now=now)
    set_parts(edition_id=row.id, parts=parts, actor_id=actor_id, now=now)
    for one in rounds_of(edition_id):
        add_round(
            edition_id=row.id,
            code=one.code,
            basics=RoundBasics(one.name, one.kind),
            rules=one.rules,
            rubric=one.rubric,
            actor_id=actor_id,
            now=now,
        )
    return row
