"""The chain of the audit trail: each entry's digest covers the entry before it, so that none can be changed unseen.

`digest = SHA-256(0x01 + previous digest + canonical JSON of the entry)`; entries of one scope are numbered 1, 2, 3 …
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from contest.infra.signing import canonical_json

START = "0" * 64
"""What the first entry of a scope names as the digest before it."""
ENTRY = b"\x01"


class Flaw(StrEnum):
    """What is wrong with an entry: a number is missing or doubled, the link leads elsewhere, the content differs."""

    NUMBER = "number"
    LINK = "link"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Link:
    """An entry with its place in the chain of its scope; `facts` as JSON reads them back."""

    scope: str
    seq: int
    at: datetime
    actor_id: int | None
    action: str
    subject: str
    facts: Mapping[str, Any]
    previous: str
    digest: str


def digest_of(link: Link) -> str:
    """Return the digest that belongs to what the entry says and to the one before it, as 64 hex digits."""
    said = [
        link.scope,
        link.seq,
        link.at.astimezone(UTC).isoformat(timespec="microseconds"),
        link.actor_id,
        link.action,
        link.subject,
        link.facts,
    ]
    return hashlib.sha256(ENTRY + bytes.fromhex(link.previous) + canonical_json(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry of a scope that does not fit, by the number that was expected there."""

    scope: str
    seq: int
    flaw: Flaw


def first_broken(links: Iterable[Link]) -> Broken | None:
    """Return what is wrong first in the entries of one scope, in the order of their numbers; None when all fit."""
    previous = START
    for expected, link in enumerate(links, 1):
        if link.seq != expected:
            return Broken(link.scope, expected, Flaw.NUMBER)
        if link.previous != previous:
            return Broken(link.scope, expected, Flaw.LINK)
        if link.digest != digest_of(link):
            return Broken(link.scope, expected, Flaw.CONTENT)
        previous = link.digest
    return None
