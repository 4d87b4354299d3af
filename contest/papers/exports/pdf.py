"""Papers as PDF/A, set by typst."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from contest.infra.typesetting import typeset, typeset_long
from contest.papers.blocks import Break, Cards, Document

TEMPLATES = Path(__file__).parent.parent / "typst"
MOST_SHEETS = 100
"""So many sheets, which begin on new pages of their own, are set at a time."""


def as_pdf(paper: Document | Cards, *, made_at: datetime) -> bytes:
    """Return a paper as PDF/A-2b with every font inside; the same paper and moment give the same bytes."""
    if isinstance(paper, Cards):
        values = {name: value for name, value in asdict(paper).items() if name != "pictures"}
        return typeset(TEMPLATES / "cards.typ", values, made_at=made_at, pictures=paper.pictures)
    return typeset_long(TEMPLATES / "blocks.typ", [asdict(part) for part in _parts(paper)], made_at=made_at)


def _parts(paper: Document) -> Iterator[Document]:
    """Yield a paper in parts of as many sheets as are set at a time; the page numbers begin anew with each sheet."""
    breaks = [place for place, block in enumerate(paper.blocks) if isinstance(block, Break)]
    cuts = breaks[MOST_SHEETS - 1 :: MOST_SHEETS]
    for begin, end in zip([-1, *cuts], [*cuts, len(paper.blocks)], strict=True):
        yield replace(paper, blocks=paper.blocks[begin + 1 : end])
