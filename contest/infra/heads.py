"""Signed heads of the audit trail: what stands at the end of every chain now, for somebody outside to keep.

A chain alone shows neither that its end was cut off nor that all of it was written anew. A head
that was printed, mailed or copied before shows both. The key lies beside the database, not in it.

A head also names the root of the hash tree (`merkle`) over the digests of each chain, so that one entry can be shown
to stand under it without the others (`prove`). At the acts of `SIGNED_AT` a head is signed and kept with the act.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app
from sqlalchemy import JSON, Index, String, and_, func, select
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import audit, merkle, wiping
from contest.infra.audit import AuditEntry
from contest.infra.chain import Link
from contest.infra.db import Base, db
from contest.infra.signing import canonical_json, fingerprint
from contest.infra.types import UtcDateTime

KEY_FILE = "audit_key"
SHORT = 20


class HeadFlaw(StrEnum):
    """What is wrong with a head: signed by another key or changed, or the trail no longer leads there."""

    SIGNATURE = "signature"
    TRAIL = "trail"


@dataclass(frozen=True, slots=True)
class Head:
    """The ends of all chains at one moment: scope -> [number, digest, root]; `at` is ISO text in UTC.

    Heads that were signed before there were trees have no root.
    """

    at: str
    ends: Mapping[str, list[Any]]
    key: str = ""
    signature: str = ""

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read a head back from its JSON. Raises `KeyError`, `TypeError` or `ValueError` on anything else."""
        ends = {str(scope): [int(end[0]), *map(str, end[1:3])] for scope, end in dict(value["ends"]).items()}
        return cls(str(value["at"]), ends, str(value["key"]), str(value["signature"]))

    def written(self) -> dict[str, Any]:
        """Return the head as plain JSON."""
        return asdict(self)

    def printed(self, scope: str) -> str:
        """Return what a QR code on paper holds: code and moment, a chain's length, digest and root, and the key."""
        return "\n".join([self.short, self.at, " ".join(map(str, [scope, *self.ends[scope]])), self.key])

    @property
    def moment(self) -> datetime:
        """When it was signed."""
        return datetime.fromisoformat(self.at)

    @property
    def file(self) -> str:
        """What `flask audit verify --head` reads."""
        return json.dumps(self.written(), indent=1, sort_keys=True)

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
    stands = all(_leads(scope, *end) for scope, end in head.ends.items())
    return found if stands else [*found, HeadFlaw.TRAIL]


def _leads(scope: str, seq: int, digest: str, root: str = "") -> bool:
    """Tell whether the first `seq` entries of a scope are those that a head was signed over."""
    return _digest_at(scope, seq) == digest and root in ("", _root(scope, seq))


@dataclass(frozen=True, slots=True)
class Proof:
    """That the entry `seq` of `scope` stands in the tree of the first `size` entries; `path`: hashes as hex."""

    scope: str
    seq: int
    digest: str
    size: int
    root: str
    path: tuple[str, ...]

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read a proof back from its JSON. Raises `KeyError`, `TypeError` or `ValueError` on anything else."""
        path = tuple(str(one) for one in value["path"])
        numbers = (int(value["seq"]), int(value["size"]))
        return cls(str(value["scope"]), numbers[0], str(value["digest"]), numbers[1], str(value["root"]), path)

    def written(self) -> dict[str, Any]:
        """Return the proof as plain JSON."""
        return {**asdict(self), "path": list(self.path)}

    @property
    def holds(self) -> bool:
        """Whether the hashes lead from the entry to the root; asks no database. Raises `ValueError` for no hex."""
        path = [bytes.fromhex(one) for one in self.path]
        entry = merkle.leaf(bytes.fromhex(self.digest))
        return merkle.includes(entry, self.seq - 1, self.size, path, bytes.fromhex(self.root))

    def under(self, head: Head) -> bool:
        """Tell whether this is the tree that a head was signed over."""
        return list(head.ends.get(self.scope, ()))[::2] == [self.size, self.root]


def prove(scope: str, seq: int, *, size: int | None = None) -> Proof:
    """Return the proof that an entry stands in its chain as it is, or in its first `size` entries.

    Raises `IndexError` when there is no such entry among them.
    """
    return proofs(scope, [seq], size=size)[seq]


def proofs(scope: str, seqs: Collection[int], *, size: int | None = None) -> dict[int, Proof]:
    """Return the proofs of several entries of one tree, by their numbers; raises as `prove` does."""
    digests = audit.digests_of(scope, most=size)
    leaves = [merkle.leaf(one) for one in digests]
    top = merkle.root(leaves).hex()
    found = {}
    for seq in seqs:
        path = tuple(one.hex() for one in merkle.inclusion(leaves, seq - 1))
        found[seq] = Proof(scope, seq, digests[seq - 1].hex(), len(leaves), top, path)
    return found


class KeptHead(Base):
    """A head that was signed at an act: `reason` is its action, `scope` and `subject` what it was about."""

    __tablename__ = "audit_heads"
    __table_args__ = (Index("ix_audit_heads_scope_id", "scope", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    scope: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    short: Mapped[str] = mapped_column(String(24))
    head: Mapped[dict[str, Any]] = mapped_column(JSON)


wiping.in_scope(KeptHead.scope)
SIGNED_AT = frozenset({"scoring.closed", "round.confirmed", "round.finalised", "round.published", "awards.published"})
"""Acts after which a head is signed, in the transaction of the act."""
PERIODIC = "head.periodic"
"""Why a head was kept that no act asked for."""
Told = Callable[[KeptHead], None]
_told: list[Told] = []


def on_signed(function: Told) -> Told:
    """Register who is told of a head that was kept, in the same transaction."""
    _told.append(function)
    return function


def keep(folder: Path, *, scope: str, reason: str, subject: str = "", now: datetime) -> KeptHead:
    """Sign a head, keep it in the running unit of work, and tell whoever is to know."""
    head = sign(folder, now=now)
    row = KeptHead(at=now, scope=scope, reason=reason, subject=subject, short=head.short, head=head.written())
    db.session.add(row)
    for tell in _told:
        tell(row)
    return row


def is_due(scope: str, *, now: datetime) -> bool:
    """Tell whether something new stands in a scope, and its last head was signed as long ago as the setting says."""
    pause = timedelta(minutes=current_app.config["HEADS_EVERY_MINUTES"])
    last = select(KeptHead).where(KeptHead.scope == scope).order_by(KeptHead.id.desc()).limit(1)
    row, length = db.session.scalar(last), audit.length_of(scope)
    if not pause or row is None:
        return bool(pause and length)
    return now - row.at >= pause and length > row.head["ends"][scope][0]


def keep_when_due(scope: str, *, now: datetime) -> None:
    """Keep a head of a scope in the running unit of work if one is due; of several processes at once, one does."""
    audit.hold(scope)
    if is_due(scope, now=now):
        keep(Path(current_app.config["DATA_DIR"]), scope=scope, reason=PERIODIC, now=now)


@audit.reaction
def _sign_at_the_act(link: Link) -> None:
    if link.action in SIGNED_AT:
        folder = Path(current_app.config["DATA_DIR"])
        keep(folder, scope=link.scope, reason=link.action, subject=link.subject, now=link.at)


def head_at(scope: str, *, reason: str, subject: str, at: datetime) -> Head | None:
    """Return the head that was signed at an act, None when there is none."""
    said = (KeptHead.scope == scope, KeptHead.reason == reason, KeptHead.subject == subject, KeptHead.at == at)
    found = db.session.scalar(select(KeptHead.head).where(*said).order_by(KeptHead.id.desc()).limit(1))
    return None if found is None else Head.read(found)


def kept_heads(scope: str, *, reason: str = "", subject: str = "") -> list[Head]:
    """Return the heads that were kept at acts of a scope, latest first."""
    chosen = select(KeptHead.head).where(KeptHead.scope == scope).order_by(KeptHead.id.desc())
    for column, value in ((KeptHead.reason, reason), (KeptHead.subject, subject)):
        chosen = chosen.where(column == value) if value else chosen
    return [Head.read(one) for one in db.session.execute(chosen).scalars()]


def first_over(scope: str, seq: int) -> Head | None:
    """Return the first head kept for a scope that was signed when its entry `seq` stood; None when none was yet."""
    reached = KeptHead.head[("ends", scope, 0)].as_integer()
    chosen = select(KeptHead.head).where(KeptHead.scope == scope, reached >= seq).order_by(KeptHead.id).limit(1)
    found = db.session.scalar(chosen)
    return None if found is None else Head.read(found)


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
    return {row.scope: [row.seq, row.digest, _root(row.scope, row.seq)] for row in rows}


def _leaves(scope: str, size: int) -> list[bytes]:
    return [merkle.leaf(one) for one in audit.digests_of(scope, most=size)]


def _root(scope: str, size: int) -> str:
    return merkle.root(_leaves(scope, size)).hex()


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
