"""The record of a scorecard: one event per change, chained by fingerprints, and the receipt that a judge keeps."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

RECEIPT_DIGITS = 20
GROUP = 4

_NOISE = re.compile(r"[\s-]+")
_RECEIPT = re.compile(rf"[0-9a-f]{{{RECEIPT_DIGITS}}}", re.ASCII)


class EventKind(StrEnum):
    """What happened to a scorecard. Changed: saved again after it was handed in. Accepted: a late paper was taken."""

    SAVED = "saved"
    SUBMITTED = "submitted"
    CHANGED = "changed"
    RECUSED = "recused"
    ABSTAINED = "abstained"
    RESUMED = "resumed"
    ACCEPTED = "accepted"


HANDED_IN = frozenset({EventKind.SUBMITTED, EventKind.CHANGED})
"""The kinds after which the judge holds a receipt; an accepted late paper has one when it is handed in."""


@dataclass(frozen=True, slots=True)
class ScoreEvent:
    """One stored change. `marks` are plain decimals by criterion code, blanks left out; `at` is the server's time.

    `content` fingerprints everything that was sent, the texts included, together with the random key; `previous` is
    the digest of the event before on the same scorecard, empty for the first.
    """

    code: str
    assignment: str
    actor_id: int
    kind: EventKind
    final: bool
    version: int
    rubric_version: int
    at: datetime
    key: str
    content: str
    marks: Mapping[str, str]
    feedback_changed: bool
    note_changed: bool
    previous: str
    digest: str = ""

    def said(self) -> dict[str, object]:
        """Return all that the event says, the event before included: what its fingerprint is taken of."""
        return {
            "event": self.code,
            "assignment": self.assignment,
            "actor": self.actor_id,
            "kind": self.kind.value,
            "final": self.final,
            "version": self.version,
            "rubric_version": self.rubric_version,
            "at": self.at.isoformat(),
            "key": self.key,
            "content": self.content,
            "marks": dict(self.marks),
            "texts": [self.feedback_changed, self.note_changed],
            "previous": self.previous,
        }

    @property
    def receipt(self) -> str:
        """The receipt of a scorecard that is handed in, e.g. "A1B2-C3D4-E5F6-0718-293A"; empty for a draft."""
        return receipt_of(self.digest) if self.final else ""


def receipt_of(digest: str) -> str:
    """Return the first 80 bits of a digest in groups that can be read aloud."""
    text = digest[:RECEIPT_DIGITS].upper()
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def digest_start(receipt: str) -> str | None:
    """Return the beginning of the digest that a receipt stands for; None for anything that is no receipt."""
    text = _NOISE.sub("", receipt).lower()
    return text if _RECEIPT.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class MarkChange:
    """One criterion before and after an event; an empty text is a blank."""

    criterion: str
    before: str
    after: str


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[MarkChange, ...]:
    """Return the criteria whose mark differs, by code."""
    codes = sorted(before.keys() | after.keys())
    pairs = ((code, before.get(code, ""), after.get(code, "")) for code in codes)
    return tuple(MarkChange(*one) for one in pairs if one[1] != one[2])


def first_broken(events: Sequence[ScoreEvent], fingerprint: Callable[[object], str]) -> int | None:
    """Return the version of the first event of one scorecard that does not fit its fingerprint or the one before it.

    `events` in the order of their versions, `fingerprint` takes what an event `said`; None when all of them fit.
    """
    previous = ""
    for event in events:
        if event.previous != previous or event.digest != fingerprint(event.said()):
            return event.version
        previous = event.digest
    return None
