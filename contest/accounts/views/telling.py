"""Answers that tell, for want of a mail server, that an address has an account: few of them for one asker.

With a mail server the owner of an address is told by mail, and the answer is the same for every address.
"""

from __future__ import annotations

from flask import Response, g

TELLING = "20 per hour"


def note_told() -> None:
    """Note that this answer tells that somebody has an account."""
    g.told = True


def told(response: Response) -> bool:
    """Tell whether the answer did; for `deduct_when`."""
    del response
    return bool(g.get("told"))
