"""What a device may know of who is signed in: a name tag without meaning, and the key that seals what it keeps."""

from __future__ import annotations

from functools import lru_cache

from flask import current_app
from flask_login import current_user

from contest.infra.signing import keyed_hash, keys_of

TAG_LENGTH = 16


def device_tag() -> str:
    """Return the tag of the signed-in person, the same on every device; empty for visitors."""
    return _derived(_oldest(), "device tag", current_user.id)[:TAG_LENGTH]


def seal_key() -> str:
    """Return 256 bits in hex that only this person is ever given; empty for visitors."""
    return _derived(_oldest(), "device seal", current_user.id)


def _oldest() -> str:
    # What lies on a device unsent was sealed before the key was changed, and must open until it has been sent.
    return keys_of(current_app.config["SECRET_KEY"])[-1]


@lru_cache(maxsize=1024)
def _derived(secret: str, purpose: str, user_id: int | None) -> str:
    return "" if user_id is None else keyed_hash(secret, purpose, str(user_id))
