"""Papers as PDF/A, set by typst."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from contest.infra.typesetting import typeset
from contest.papers.blocks import Cards, Document

TEMPLATES = Path(__file__).parent.parent / "typst"


def as_pdf(paper: Document | Cards, *, made_at: datetime) -> bytes:
    """Return a paper as PDF/A-2b with every font inside; the same paper and moment give the same bytes."""
    if isinstance(paper, Cards):
        values = {name: value for name, value in asdict(paper).items() if name != "pictures"}
        return typeset(TEMPLATES / "cards.typ", values, made_at=made_at, pictures=paper.pictures)
    return typeset(TEMPLATES / "blocks.typ", asdict(paper), made_at=made_at)
