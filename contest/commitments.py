"""Names in documents that stand for good: the document holds a salted commitment, the name lies beside it. Pure.

`SHA-256(salt + text)` in the document tells nothing once salt and text are gone, and the document's fingerprint stays.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping

Names = dict[str, list[str]]
"""Commitment -> [salt, text]; an erased one is ["", alias]."""

MARK = re.compile(r"⟦([0-9a-f]{64})⟧")


def digest_of(salt: str, text: str) -> str:
    """Return the commitment to a text, 64 hex digits. `salt` is 32 hex digits of chance."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def fresh_salt() -> str:
    """Return 128 bits of chance as hex digits."""
    return secrets.token_hex(16)


class Book:
    """The names of one document while it is written. Texts that `known` has keep their commitments."""

    def __init__(self, known: Mapping[str, list[str]] | None = None) -> None:
        self._known = {text: (token, salt) for token, (salt, text) in (known or {}).items() if salt}
        self.names: Names = {}

    def put(self, text: str) -> str:
        """Return the mark that stands for a text; an empty text stands for itself."""
        if not text:
            return text
        if text not in self._known:
            salt = fresh_salt()
            self._known[text] = (digest_of(salt, text), salt)
        token, salt = self._known[text]
        self.names[token] = [salt, text]
        return f"⟦{token}⟧"


def reveal(document: str, names: Mapping[str, list[str]]) -> str:
    """Return the JSON text with each mark replaced by what stands beside it; an unknown mark stays."""
    if not names:
        return document

    def said(found: re.Match[str]) -> str:
        held = names.get(found[1])
        return found[0] if held is None else json.dumps(held[1], ensure_ascii=False)[1:-1]

    return MARK.sub(said, document)


def _fits(token: str, salt: str, text: str) -> bool:
    try:
        return digest_of(salt, text) == token
    except ValueError:  # a salt that somebody has spoilt is found, not tripped over
        return False


def flawed(document: str, names: Mapping[str, list[str]]) -> bool:
    """Tell whether a name beside the document is not the one that the document committed to, or a mark has none."""
    marks = set(MARK.findall(document))
    wrong = any(salt and not _fits(token, salt, text) for token, (salt, text) in names.items())
    return wrong or not marks <= set(names)


def shredded(names: Mapping[str, list[str]], doomed: Mapping[str, str]) -> Names:
    """Return the names without the salts and texts of those in `doomed` (text -> what stands there from now on)."""
    return {token: ["", doomed[text]] if text in doomed else [salt, text] for token, (salt, text) in names.items()}
