"""The fingerprint of a receipt, which a team can compare with what the organisers hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contest.infra.signing import fingerprint


def receipt_fingerprint(manifest: dict[str, Any], at: datetime) -> str:
    """Return the fingerprint printed on a receipt: SHA-256 over its manifest and its moment in UTC."""
    return fingerprint({"at": at.isoformat(), "manifest": manifest})
