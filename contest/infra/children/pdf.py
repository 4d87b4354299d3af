"""What a PDF does beside showing pages, what it says in words, and the same PDF without notes about its author."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

import pikepdf
import pypdfium2

MOST_LETTERS = 400_000
DEEPEST = 12
# Actions that run, open, send or fetch something; a link to a web page only waits for a click.
ACTIONS = {
    "/JavaScript": "script",
    "/Rendition": "script",
    "/RichMediaExecute": "script",
    "/Launch": "launch",
    "/ImportData": "launch",
    "/SubmitForm": "launch",
    "/GoToE": "embedded",
}
KEYS = {"/JS": "script", "/EF": "embedded", "/EmbeddedFiles": "embedded", "/XFA": "script"}
KINDS = {"/FileAttachment": "embedded", "/RichMedia": "embedded", "/EmbeddedFile": "embedded"}
# Notes of programs about who made a document, wherever they hang.
NOTES = ("/Metadata", "/PieceInfo", "/LastModified")


def inspect(source: BinaryIO) -> list[str]:
    """Return codes, sorted: "locked", "damaged", "script", "launch", "embedded"; empty for a plain document."""
    try:
        with pikepdf.open(source, suppress_warnings=True, attempt_recovery=False) as document:
            if not len(document.pages):
                return ["damaged"]
            return sorted({code for thing in document.objects for code in _codes(thing, 0)})
    except pikepdf.PasswordError:
        return ["locked"]
    except pikepdf.PdfError:
        return _mended(source)


def _mended(source: BinaryIO) -> list[str]:
    """Take a document with a slip in its tables, as some programs write it, when every page of it still opens."""
    source.seek(0)
    try:
        with pikepdf.open(source, suppress_warnings=True) as document:
            seen = {code for thing in document.objects for code in _codes(thing, 0)}
            for page in document.pages:
                page.contents_coalesce()
            return sorted(seen) if len(document.pages) and not _cut(source) else ["damaged"]
    except pikepdf.PdfError:
        return ["damaged"]


def _cut(source: BinaryIO) -> bool:
    source.seek(max(0, source.seek(0, 2) - 4096))
    return b"%%EOF" not in source.read()


def _codes(thing: Any, depth: int) -> Iterator[str]:
    """Yield what stands in one object; objects that it refers to come by themselves."""
    if depth > DEEPEST:
        yield "damaged"
        return
    if isinstance(thing, pikepdf.Array):
        for one in thing:
            if not _apart(one):
                yield from _codes(one, depth + 1)
    elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        for key in thing.keys():  # noqa: SIM118  a stream is no mapping
            value = thing[key]
            yield from _of_entry(str(key), value)
            if not _apart(value):
                yield from _codes(value, depth + 1)


def _of_entry(key: str, value: Any) -> Iterator[str]:
    if key in KEYS:
        yield KEYS[key]
    if isinstance(value, pikepdf.Name):
        if key == "/S" and str(value) in ACTIONS:
            yield ACTIONS[str(value)]
        if key in ("/Subtype", "/Type") and str(value) in KINDS:
            yield KINDS[str(value)]


def _apart(value: Any) -> bool:
    return bool(getattr(value, "is_indirect", False))


def words(source: BinaryIO) -> dict[str, Any]:
    """Return {"text": [one per page], "notes": {name: value}}; what cannot be read is left out."""
    notes: dict[str, str] = {}
    with suppress(pikepdf.PdfError), pikepdf.open(source, suppress_warnings=True) as document:
        notes = {str(key).lstrip("/"): str(value) for key, value in document.docinfo.items()}
        with document.open_metadata() as kept:
            notes |= {str(key).rpartition("}")[2]: _plain(value) for key, value in kept.items()}
    source.seek(0)
    pages, left = [], MOST_LETTERS
    for page in pypdfium2.PdfDocument(source.read()):
        text = page.get_textpage().get_text_range()[:left]
        pages.append(text)
        left -= len(text)
    return {"text": pages, "notes": {name: value for name, value in notes.items() if value}}


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, set, tuple)) else str(value)


def strip(source: BinaryIO, target: BinaryIO) -> None:
    """Write the document without author, title, program, history and bookmarks of programs."""
    with pikepdf.open(source, suppress_warnings=True) as document:
        for thing in document.objects:
            if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
                for key in NOTES:
                    if key in thing:
                        del thing[key]
                if "/Subtype" in thing and "/T" in thing and "/Rect" in thing and "/FT" not in thing:
                    del thing["/T"]  # who wrote a remark
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
        document.save(target, deterministic_id=True)
