"""Codes of submissions and their order."""

from __future__ import annotations

import re

PREFIX = "BT"
_PIECES = re.compile(r"(\d+)")

CodeKey = tuple[tuple[int, int, str], ...]


def code_of(number: int) -> str:
    """Return the code of the n-th submission of an edition, e.g. "BT-007"."""
    return f"{PREFIX}-{number:03d}"


def code_key(code: str) -> CodeKey:
    """Return a sorting key in which BT-2 stands before BT-10, and numbers before letters."""
    pieces = (piece for piece in _PIECES.split(code.casefold()) if piece)
    return tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces)
