"""An edition from another one: next year's, or a rehearsal of this year's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from contest.editions.basics import Basics, RoundBasics
from contest.editions.divisions import Division
from contest.editions.entry_rules_json import entry_rules_from_json
from contest.editions.models import Edition
from contest.editions.queries import basics_of, fields_of, parts_of, rehearsal_of, rounds_of, tracks_of
from contest.editions.rules import LocalText
from contest.editions.services.contents import set_fields, set_parts, set_tracks
from contest.editions.services.editions import create_edition, suggested_code
from contest.editions.services.entry import set_entry_rules
from contest.editions.services.rounds import add_round
from contest.editions.services.rows import any_edition_row
from contest.errors import RuleBroken

Copier = Callable[[int, int], None]
_copiers: list[Copier] = []
MARK = "TEST – "
"""What every name of a rehearsal begins with, so that no list and no paper can hide what it is."""
REHEARSAL_CODE = "test-"


def settings_copier(copy: Copier) -> Copier:
    """Register a function of (source id, target id) that copies settings of a package to the right, never results."""
    _copiers.append(copy)
    return copy


def clone_edition(*, edition_id: int, name: LocalText, actor_id: int | None, now: datetime, code: str = "") -> Edition:
    """Create a draft with the settings, logo, tracks, fields, parts, rounds, rules and rubrics of another edition.

    People, teams, scores and dates stay behind; a test's clone is no test. Raises as `create_edition`, and
    `RuleBroken` "rehearsal_not_copied": nothing real may hang on what is wiped one day.
    """
    source = any_edition_row(edition_id)
    if source.rehearsal_of_id is not None:
        raise RuleBroken("rehearsal_not_copied")
    basics = _basics(edition_id, name)
    row = create_edition(basics=basics, code=code, actor_id=actor_id, now=now, cloned_from_id=edition_id)
    _copy_settings(source, row, actor_id, now)
    return row


def copy_for_rehearsal(*, edition_id: int, actor_id: int | None, now: datetime) -> Edition:
    """Create the rehearsal of an edition: the same settings under a marked name, nothing else.

    Raises `RuleBroken` "rehearsal_of_rehearsal", "rehearsal_exists" (`edition`): there is one at a time.
    """
    source = any_edition_row(edition_id)
    if source.rehearsal_of_id is not None:
        raise RuleBroken("rehearsal_of_rehearsal")
    running = rehearsal_of(edition_id)
    if running is not None:
        raise RuleBroken("rehearsal_exists", edition=running.code)
    row = create_edition(
        basics=_basics(edition_id, LocalText(_marked(source.name_vi), _marked(source.name_en))),
        code=suggested_code(f"{REHEARSAL_CODE}{source.code}"),
        actor_id=actor_id,
        now=now,
        rehearsal_of_id=edition_id,
    )
    _copy_settings(source, row, actor_id, now)
    return row


def _marked(name: str) -> str:
    return f"{MARK}{name}"[:200] if name else ""


def _basics(edition_id: int, name: LocalText) -> Basics:
    old = basics_of(edition_id)
    return Basics(
        name=name,
        organiser=old.organiser,
        about=old.about,
        contact=old.contact,
        timezone=old.timezone,
        languages=old.languages,
        grace_minutes=old.grace_minutes,
    )


def _copy_settings(source: Edition, row: Edition, actor_id: int | None, now: datetime) -> None:
    row.logo_key = source.logo_key
    row.fit_rules = dict(source.fit_rules)
    row.marks_shown = source.marks_shown
    row.privacy_rules = dict(source.privacy_rules or {})
    row.second_factor_required = source.second_factor_required
    tracks = [Division(one.code, LocalText(one.name_vi, one.name_en)) for one in tracks_of(source.id)]
    fields = [Division(one.code, LocalText(one.name_vi, one.name_en)) for one in fields_of(source.id)]
    parts = list(parts_of(source.id).values())
    set_tracks(edition_id=row.id, tracks=tracks, actor_id=actor_id, now=now)
    set_fields(edition_id=row.id, fields=fields, actor_id=actor_id, now=now)
    set_parts(edition_id=row.id, parts=parts, actor_id=actor_id, now=now)
    rules = entry_rules_from_json(source.entry_rules)
    if rules.any_on:
        # The day on which ages count is a date of the old edition; without one it is the day of the new deadline.
        moved = replace(rules, age=replace(rules.age, on=None))
        set_entry_rules(edition_id=row.id, rules=moved, actor_id=actor_id, now=now)
    for one in rounds_of(source.id):
        add_round(
            edition_id=row.id,
            code=one.code,
            basics=RoundBasics(one.name, one.kind),
            rules=one.rules,
            rubric=one.rubric,
            actor_id=actor_id,
            now=now,
        )
    for copy in _copiers:
        copy(source.id, row.id)
