"""Writes about people: accounts, roles, sessions, one-time links."""

from __future__ import annotations

from contest.accounts.services.links import (
    CODE_LIFE,
    LINK_LIFE,
    IssuedLink,
    code_hash,
    issue_link,
    issue_links,
    redeem_code,
    redeem_link,
    revoke_links,
)
from contest.accounts.services.people import (
    add_person,
    change_password,
    change_profile,
    correct_person,
    create_user,
    invent_people,
)
from contest.accounts.services.roles import grant_role, revoke_role
from contest.accounts.services.sessions import (
    SESSION_LIFE,
    end_all_sessions,
    end_device,
    end_session,
    note_proved,
    note_sign_in,
    note_use,
    renew_session,
    start_session,
)

__all__ = [
    "CODE_LIFE",
    "LINK_LIFE",
    "SESSION_LIFE",
    "IssuedLink",
    "add_person",
    "change_password",
    "change_profile",
    "code_hash",
    "correct_person",
    "create_user",
    "end_all_sessions",
    "end_device",
    "end_session",
    "grant_role",
    "invent_people",
    "issue_link",
    "issue_links",
    "note_proved",
    "note_sign_in",
    "note_use",
    "redeem_code",
    "redeem_link",
    "renew_session",
    "revoke_links",
    "revoke_role",
    "start_session",
]
