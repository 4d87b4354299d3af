"""Signed heads of the audit trail: what stands at the end of every chain now, for somebody outside to keep.

A chain alone shows neither that its end was cut off nor that all of it was written anew. A head
that was printed, mailed or copied before shows both. The key lies beside the database, not in it.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import and_, func, select

from contest.infra.audit import AuditEntry
from contest.infra.db import db
from contest.infra.signing import canonical_json, fingerprint

KEY_FILE = "audit_key"
SHORT = 20


class HeadFlaw(StrEnum):
    """What is wrong with a head: signed by another key or changed, or the trail no longer leads there."""

    SIGNATURE = "signature"
    TRAIL = "trail"


@dataclass(frozen=True, slots=True)
class Head:
    """The ends of all chains at one moment. `ends`: scope -> [number, digest]; `at`: ISO text in UTC."""

    at: str
    ends: Mapping[str, list[Any]]
    key: str = ""
    signature: str = ""

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read a head back from its JSON. Raises `KeyError`, `TypeError` or `ValueError` on anything else."""
        ends = {str(scope): [int(end[0]), str(end[1])] for scope, end in dict(value["ends"]).items()}
        return cls(str(value["at"]), ends, str(value["key"]), str(value["signature"]))

    def written(self) -> dict[str, Any]:
        """Return the head as plain JSON."""
        return asdict(self)

    @property
    def said(self) -> bytes:
        """What is signed."""
        return canonical_json([self.at, dict(self.ends)]).encode()

    @property
    def short(self) -> str:
        """Twenty hex digits in groups that can be printed, read aloud and compared."""
        text = fingerprint([self.at, dict(self.ends)])[:SHORT].upper()
        return "-".join(text[at : at + 4] for at in range(0, SHORT, 4))


def sign(folder: Path, *, now: datetime) -> Head:
    """Return the head of the trail as it stands in the database, signed with the key of the data folder."""
    key = _key(folder)
    head = Head(now.isoformat(timespec="milliseconds"), _ends())
    public = b64encode(key.public_key().public_bytes_raw()).decode()
    return Head(head.at, head.ends, public, b64encode(key.sign(head.said)).decode())


def flaws(head: Head, folder: Path) -> list[HeadFlaw]:
    """Return what is wrong with a head that was kept: nothing when it is ours and the trail still leads to it."""
    found = [] if _is_ours(head, folder) else [HeadFlaw.SIGNATURE]
    stands = all(_digest_at(scope, seq) == digest for scope, (seq, digest) in head.ends.items())
    return found if stands else [*found, HeadFlaw.TRAIL]


def _is_ours(head: Head, folder: Path) -> bool:
    public = _key(folder).public_key().public_bytes_raw()
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(b64decode(head.signature, validate=True), head.said)
    except (InvalidSignature, ValueError):
        return False
    return True


def _ends() -> dict[str, list[Any]]:
    last = select(AuditEntry.scope, func.max(AuditEntry.seq).label("seq")).group_by(AuditEntry.scope).subquery()
    at_end = and_(AuditEntry.scope == last.c.scope, AuditEntry.seq == last.c.seq)
    rows = db.session.execute(select(AuditEntry.scope, AuditEntry.seq, AuditEntry.digest).join(last, at_end))
    return {row.scope: [row.seq, row.digest] for row in rows}


def _digest_at(scope: str, seq: int) -> str | None:
    where = (AuditEntry.scope == scope, AuditEntry.seq == seq)
    return db.session.scalar(select(AuditEntry.digest).where(*where))


def _key(folder: Path) -> Ed25519PrivateKey:
    """Return the signing key of a data folder, made at the first call and readable by its owner alone."""
    path = folder / KEY_FILE
    if not path.exists():
        draft = folder / f"{KEY_FILE}.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(b64encode(Ed25519PrivateKey.generate().private_bytes_raw()))
        try:
            os.link(draft, path)  # unlike a rename it never replaces a key that another process made
        except FileExistsError:
            pass
        except OSError:  # a disk without hard links
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    return Ed25519PrivateKey.from_private_bytes(b64decode(path.read_bytes()))
