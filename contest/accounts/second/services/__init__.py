"""Writes about second factors."""

from __future__ import annotations

from contest.accounts.second.services.app import confirm_app, reseal_apps, start_app, use_app_code, waiting_secret
from contest.accounts.second.services.codes import accept_code, first_codes, renew_codes, use_recovery_code
from contest.accounts.second.services.halves import Whole, begin_half, finish_half
from contest.accounts.second.services.passkeys import (
    Shown,
    add_passkey,
    ask_new_passkey,
    ask_passkey,
    show_passkey,
)
from contest.accounts.second.services.removal import remove_app, remove_everything, remove_passkey

__all__ = [
    "Shown",
    "Whole",
    "accept_code",
    "add_passkey",
    "ask_new_passkey",
    "ask_passkey",
    "begin_half",
    "confirm_app",
    "finish_half",
    "first_codes",
    "remove_app",
    "remove_everything",
    "remove_passkey",
    "renew_codes",
    "reseal_apps",
    "show_passkey",
    "start_app",
    "use_app_code",
    "use_recovery_code",
    "waiting_secret",
]
