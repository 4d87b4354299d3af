"""Secrets and fingerprints: random tokens, their stored hashes, and SHA-256 over a canonical form."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
# No look-alikes and all of one case: 32 letters, five bits each.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz0"
_GROUPS = 4


def new_token() -> str:
    """Return 192 random bits for a link or a session, safe in addresses."""
    return secrets.token_urlsafe(24)


def new_code() -> str:
    """Return six random digits for a sign-in at the door."""
    return f"{secrets.randbelow(1_000_000):06d}"


def new_recovery_code() -> str:
    """Return 80 random bits to be written on paper: four groups of four letters."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUPS)) for _ in range(_GROUPS))


def token_hash(token: str) -> str:
    """Return what the database keeps of a random token (it has enough entropy for a plain hash)."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(key: str, *parts: str) -> str:
    """Return an HMAC of short or guessable values such as six-digit codes."""
    return hmac.new(key.encode(), "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()


def keys_of(key: str) -> tuple[str, ...]:
    """Return the key that signs, and the earlier ones that are still believed (`config.SigningKey`)."""
    return (key, *getattr(key, "earlier", ()))


def fresh_nonce() -> bytes:
    """Return the random bytes that make two seals of one text differ."""
    return secrets.token_bytes(_NONCE)


def seal(key: str, purpose: str, text: str) -> str:
    """Encrypt a secret that must be read again (AES-256-GCM); it opens with the same key for the same purpose only."""
    nonce = fresh_nonce()
    closed = AESGCM(_sealing_key(key)).encrypt(nonce, text.encode(), purpose.encode())
    return base64.urlsafe_b64encode(nonce + closed).decode()


def unseal(key: str, purpose: str, sealed: str) -> str | None:
    """Return the text of `seal`; none when key or purpose are others, or the text was changed."""
    raw = base64.urlsafe_b64decode(sealed)
    for believed in keys_of(key):
        with suppress(InvalidTag):
            return AESGCM(_sealing_key(believed)).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode()).decode()
    return None


def seal_until(key: str, purpose: str, facts: Sequence[str], until: datetime) -> str:
    """Return a token that carries `facts`, read by nobody but us, until a moment; safe in addresses."""
    return seal(key, purpose, json.dumps([int(until.timestamp()), *facts])).rstrip("=")


def unseal_at(key: str, purpose: str, token: str, now: datetime) -> tuple[str, ...] | None:
    """Return the facts of a token of `seal_until`; none when it is over, was changed, or serves another purpose."""
    try:
        text = unseal(key, purpose, token + "=" * (-len(token) % 4))
    except ValueError:  # what somebody typed is no token at all
        return None
    until, *facts = json.loads(text) if text is not None else (0,)
    return tuple(facts) if datetime.fromtimestamp(until, UTC) > now else None


def _sealing_key(key: str) -> bytes:
    return hmac.new(key.encode(), b"sealing key", hashlib.sha256).digest()


def canonical_json(value: Any) -> str:
    """Return the one spelling of `value`: sorted keys, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of the canonical form, as 64 hex digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
