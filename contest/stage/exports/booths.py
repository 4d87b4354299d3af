"""The plan of the exhibition on paper, and as a list that spreadsheets open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from contest.infra.typesetting import typeset
from contest.results.exports.flat import shielded

TEMPLATE = Path(__file__).parent.parent / "typst" / "booths.typ"
PAPERS = ("a4", "a3")


def booths_pdf(*, paper: str, drawing: str, values: Mapping[str, Any], made_at: datetime) -> bytes:
    """Return the map on the first page, landscape "a4" or "a3", and the list behind it.

    `drawing`: the map as SVG. `values`: "title", "place", "language", "head" (column titles), "rows", "foot".
    """
    given = {**values, "paper": paper}
    return typeset(TEMPLATE, given, made_at=made_at, pictures={"map.svg": drawing.encode()})


def booths_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the list for spreadsheets: UTF-8 with a byte order mark, every cell quoted, none of them a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([shielded(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")
