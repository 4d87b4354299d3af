"""The rules of entry of an edition."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from contest.editions.entry_rules import EligibilityRules
from contest.editions.entry_rules_json import entry_rules_to_json
from contest.editions.models import Track
from contest.editions.privacy import PrivacyRules, privacy_from_json, privacy_to_json
from contest.editions.services.rows import edition_row, trace
from contest.errors import RuleBroken
from contest.infra.db import db


def set_entry_rules(*, edition_id: int, rules: EligibilityRules, actor_id: int | None, now: datetime) -> None:
    """Change who may enter; what has been handed in already stays, and its findings are shown to the committee.

    Nothing differs leaves no trace. Raises `RuleBroken` "edition_archived" or "entry_track_unknown".
    """
    row = edition_row(edition_id)
    known = set(db.session.scalars(select(Track.code).where(Track.edition_id == edition_id)))
    for code, _limits in rules.age.tracks:
        if code not in known:
            raise RuleBroken("entry_track_unknown", item=code)
    data = entry_rules_to_json(rules)
    before = dict(row.entry_rules)
    if data == before:
        return
    row.entry_rules = data
    # The list of earlier winners holds names; the trail tells how long it is, not who is on it.
    differing = {
        name: [_told(before.get(name)), _told(value)] for name, value in data.items() if before.get(name) != value
    }
    trace("edition.entry_rules_set", edition_id=edition_id, actor_id=actor_id, now=now, changes=differing)


def set_privacy_rules(*, edition_id: int, rules: PrivacyRules, actor_id: int | None, now: datetime) -> None:
    """Change how consents are asked for; what is handed in already stays. Nothing differs leaves no trace.

    Raises `RuleBroken` "edition_archived".
    """
    row = edition_row(edition_id)
    before, data = dict(row.privacy_rules or {}), privacy_to_json(rules)
    if privacy_to_json(privacy_from_json(before)) == data:
        return
    row.privacy_rules = data
    differing = {name: [before.get(name), value] for name, value in data.items() if before.get(name) != value}
    trace("edition.privacy_set", edition_id=edition_id, actor_id=actor_id, now=now, changes=differing)


def _told(value: object) -> object:
    if isinstance(value, dict) and "listed" in value:
        return {**value, "listed": len(value["listed"])}
    return value
