"""Writes about editions. Every verb runs in the caller's unit of work, checks with its `now`, leaves a trace."""

from __future__ import annotations

from contest.editions.services.contents import set_fields, set_parts, set_tracks
from contest.editions.services.copies import clone_edition, copy_for_rehearsal
from contest.editions.services.deadlines import extend_deadline
from contest.editions.services.editions import (
    announce,
    archive,
    create_edition,
    require_second_factor,
    restore,
    set_logo,
    unannounce,
    update_basics,
)
from contest.editions.services.entry import set_entry_rules, set_privacy_rules
from contest.editions.services.rounds import (
    add_round,
    lock_rubric,
    move_round,
    remove_round,
    replace_rubric,
    set_rules,
    update_round,
)
from contest.editions.services.scoring import (
    close_scoring,
    mark_confirmed,
    mark_corrected,
    mark_finalised,
    mark_published,
    mark_unconfirmed,
    open_scoring,
    open_to_judges,
    reopen_scoring,
)

__all__ = [
    "add_round",
    "announce",
    "archive",
    "clone_edition",
    "close_scoring",
    "copy_for_rehearsal",
    "create_edition",
    "extend_deadline",
    "lock_rubric",
    "mark_confirmed",
    "mark_corrected",
    "mark_finalised",
    "mark_published",
    "mark_unconfirmed",
    "move_round",
    "open_scoring",
    "open_to_judges",
    "remove_round",
    "reopen_scoring",
    "replace_rubric",
    "require_second_factor",
    "restore",
    "set_entry_rules",
    "set_fields",
    "set_logo",
    "set_parts",
    "set_privacy_rules",
    "set_rules",
    "set_tracks",
    "unannounce",
    "update_basics",
    "update_round",
]
