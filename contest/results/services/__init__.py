"""Writes about results: a round's way to its frozen and published results, and who advances."""

from __future__ import annotations

from contest.results.queries.cuts import awaiting_codes, cut_of, standings_of
from contest.results.services.appeals import answer_appeal, file_appeal
from contest.results.services.copies import copy_awards
from contest.results.services.corrections import ask_correction, decide_correction
from contest.results.services.cuts import advance_round, promote_next
from contest.results.services.finalise import finalise_round, freeze_loaded
from contest.results.services.measured import set_numbers, void_votes
from contest.results.services.rounds import (
    close_round,
    confirm_round,
    note_attendance,
    publish_round,
    reopen_round,
    unconfirm_round,
)
from contest.results.services.rulings import (
    add_entry,
    choose_at_line,
    record_order,
    record_ruling,
    revoke_ruling,
    withdraw_entry,
)
from contest.results.services.situation import situation_of_report

__all__ = [
    "add_entry",
    "advance_round",
    "answer_appeal",
    "ask_correction",
    "awaiting_codes",
    "choose_at_line",
    "close_round",
    "confirm_round",
    "copy_awards",
    "cut_of",
    "decide_correction",
    "file_appeal",
    "finalise_round",
    "freeze_loaded",
    "note_attendance",
    "promote_next",
    "publish_round",
    "record_order",
    "record_ruling",
    "reopen_round",
    "revoke_ruling",
    "set_numbers",
    "situation_of_report",
    "standings_of",
    "unconfirm_round",
    "void_votes",
    "withdraw_entry",
]
