"""The parts that an edition asks of a submission beside title and summary."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contest.editions.rules import NO_TEXT, LocalText


class PartKind(StrEnum):
    """Written text, an uploaded file, or a link (video)."""

    TEXT = "text"
    FILE = "file"
    LINK = "link"


# What a file part may accept, by the short name that the organiser picks.
FILE_TYPES: dict[str, tuple[str, ...]] = {
    "pdf": (".pdf",),
    "slides": (".pptx",),
    "image": (".png", ".jpg", ".jpeg", ".webp"),
}


@dataclass(frozen=True, slots=True)
class PartSpec:
    """One part: `accept` holds keys of `FILE_TYPES`; limits are per file (MB) or per text (words)."""

    code: str
    name: LocalText
    kind: PartKind
    required: bool = True
    accept: tuple[str, ...] = ()
    max_mb: int = 20
    max_words: int = 500
    help: LocalText = NO_TEXT

    @property
    def extensions(self) -> tuple[str, ...]:
        """File name endings that the part takes, lower case with the dot."""
        return tuple(ending for kind in self.accept for ending in FILE_TYPES.get(kind, ()))
