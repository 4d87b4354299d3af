"""Writes about teams and submissions: verbs with `actor_id` and `now` by keyword, inside the caller's unit of work."""

from __future__ import annotations

from contest.submissions.services.committee import disqualify, reinstate
from contest.submissions.services.confirming import CONFIRM_LIFE, Claim, claim_of, confirmation_token, take_over
from contest.submissions.services.drafts import Saved, save_draft
from contest.submissions.services.eligibility import let_pass, take_back
from contest.submissions.services.files import Received, add_file, announced_file, received_file, remove_file
from contest.submissions.services.handing_in import restore_withdrawn, submit, withdraw
from contest.submissions.services.scanning import settle_scan, waiting_for_scan
from contest.submissions.services.standing import anything_handed_in
from contest.submissions.services.teams import (
    NewCaptain,
    Registered,
    Unconfirmed,
    create_imported,
    register_team,
    update_team,
)

__all__ = [
    "CONFIRM_LIFE",
    "Claim",
    "NewCaptain",
    "Received",
    "Registered",
    "Saved",
    "Unconfirmed",
    "add_file",
    "announced_file",
    "anything_handed_in",
    "claim_of",
    "confirmation_token",
    "create_imported",
    "disqualify",
    "let_pass",
    "received_file",
    "register_team",
    "reinstate",
    "remove_file",
    "restore_withdrawn",
    "save_draft",
    "settle_scan",
    "submit",
    "take_back",
    "take_over",
    "update_team",
    "waiting_for_scan",
    "withdraw",
]
