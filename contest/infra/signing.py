"""Secrets and fingerprints: random tokens, their stored hashes, and SHA-256 over a canonical form."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any


def new_token() -> str:
    """Return 192 random bits for a link or a session, safe in addresses."""
    return secrets.token_urlsafe(24)


def new_code() -> str:
    """Return six random digits for a sign-in at the door."""
    return f"{secrets.randbelow(1_000_000):06d}"


def token_hash(token: str) -> str:
    """Return what the database keeps of a random token (it has enough entropy for a plain hash)."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(key: str, *parts: str) -> str:
    """Return an HMAC of short or guessable values such as six-digit codes."""
    return hmac.new(key.encode(), "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()


def canonical_json(value: Any) -> str:
    """Return the one spelling of `value`: sorted keys, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of the canonical form, as 64 hex digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
