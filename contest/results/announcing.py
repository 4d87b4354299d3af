"""What is promised before the ceremony and shown after it: the result, sealed with a number that nobody can guess.

Before: `SHA-256(nonce + document)` alone. There are few possible results, so that a plain hash could be tried out; the
nonce of 256 random bits makes that hopeless. After the publication nonce and document are shown, and fit or do not.
"""

from __future__ import annotations

import hashlib
from typing import Any

from contest.results.report import RoundReport

NONCE_BYTES = 32


def document(report: RoundReport, *, edition: str, round_code: str, version: int, fingerprint: str) -> dict[str, Any]:
    """Return what is promised: per entry its code, title, rank and result, as the public ranking will tell them.

    `fingerprint` binds the frozen marks behind it.
    """
    lines = [
        [line.entrant.code, line.entrant.title, line.rank, line.result] for _, group in report.groups for line in group
    ]
    return {
        "edition": edition,
        "round": round_code,
        "version": version,
        "fingerprint": fingerprint,
        "results": lines,
    }


def sealed(nonce: str, said: str) -> str:
    """Return the promise over a text: 64 hex digits. `nonce` is hex; raises `ValueError` when it is not."""
    return hashlib.sha256(bytes.fromhex(nonce) + said.encode()).hexdigest()
