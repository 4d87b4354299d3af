"""Argon2id with a memory cost that thirty sign-ins at once survive (19 MiB, OWASP's second profile)."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked when no account matches, so that the answer takes as long as a wrong password.
_DECOY = _hasher.hash("no account has this password")


def hash_password(password: str) -> str:
    """Return the Argon2id hash with its parameters and salt."""
    return _hasher.hash(_typed(password))


def password_matches(stored: str | None, password: str) -> bool:
    """Tell whether `password` belongs to the stored hash; takes the same time when there is none."""
    try:
        _hasher.verify(stored or _DECOY, _typed(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def _typed(password: str) -> str:
    """One form for what keyboards write in two: "ế" as one letter or as a letter with marks."""
    return unicodedata.normalize("NFC", password)
