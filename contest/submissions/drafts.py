"""What a saved draft changes, and what a receipt says about the content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from contest.editions.parts import PartKind
from contest.submissions.completeness import Content, Requirements, count_words
from contest.submissions.facts import Draft, FileView


def merged(content: Content, draft: Draft) -> Content:
    """Return the content as it will be after the draft is saved; cleared texts are gone."""
    texts = {code: text for code, text in {**content.texts, **draft.texts}.items() if text}
    return replace(content, title=draft.title, summary=draft.summary, track=draft.track, field=draft.field, texts=texts)


def manifest_of(code: str, content: Content, wanted: Requirements, files: Sequence[FileView]) -> dict[str, Any]:
    """Return what a receipt freezes: texts in full; files by name, size in bytes and SHA-256, in the parts' order."""
    return {
        "submission": code,
        "title": content.title,
        "summary": content.summary,
        "track": content.track,
        "field": content.field,
        "parts": [
            {
                "code": part.code,
                "name": {"vi": part.name.vi, "en": part.name.en},
                "kind": part.kind.value,
                "text": content.texts[part.code],
                "words": count_words(content.texts[part.code]) if part.kind is PartKind.TEXT else 0,
            }
            for part in wanted.parts
            if part.code in content.texts
        ],
        "files": [
            {
                "part": file.part.code,
                "name": file.name,
                "size": file.size,
                "sha256": file.sha256,
            }
            for file in files
        ],
    }
