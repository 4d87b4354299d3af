"""What a presentation carries beside slides, what it says in words, and the same without notes about its author."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO
from xml.parsers import expat

from PIL import Image

MOST_XML = 48 << 20
MOST_LETTERS = 400_000
MOST_INSIDE = 64 << 20
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
    KeyError,
)
TYPES = "[Content_Types].xml"
# Numbers behind a chart; the one thing embedded that every presentation program writes.
CHART_DATA = re.compile(r"ppt/embeddings/[^/]+\.xlsx", re.IGNORECASE)
MACROS = re.compile(rb"macroenabled|vbaproject|activex", re.IGNORECASE)
RUNS = ("ppaction://program", "ppaction://macro", "ppaction://ole")
NOTES = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
AUTHORS = re.compile(r"(^|/)(commentAuthors|authors)\.xml$", re.IGNORECASE)
NAMES = re.compile(rb'\b(name|initials|userId|providerId)="[^"]*"')
EMPTY = {
    "docProps/core.xml": (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp='
        b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    ),
    "docProps/app.xml": (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns='
        b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
    ),
    "docProps/custom.xml": (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns='
        b'"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    ),
}


class Forbidden(ValueError):
    """A document type or an entity in XML."""


def inspect(source: BinaryIO) -> list[str]:
    """Return codes, sorted: "damaged", "macros", "outside", "embedded", "dde", "launch"; empty for plain slides."""
    try:
        with zipfile.ZipFile(source) as archive:
            return sorted(set(_codes(archive)))
    except BROKEN:
        return ["damaged"]


def _codes(archive: zipfile.ZipFile) -> Iterator[str]:
    for entry in archive.infolist():
        name, lower = entry.filename, entry.filename.lower()
        if entry.is_dir():
            continue
        if "vbaproject" in lower or "/activex/" in lower:
            yield "macros"
        elif "/embeddings/" in lower or lower.startswith("embeddings/"):
            yield from _inside(archive, entry)
        elif lower.endswith((".xml", ".rels", ".vml")):
            yield from _of_xml(name, _read(archive, entry))
        else:
            _check(archive, entry)


def _inside(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[str]:
    """Yield what is wrong with something embedded: only the table behind a chart is taken, when it is plain itself."""
    if not CHART_DATA.fullmatch(entry.filename) or entry.file_size > MOST_INSIDE:
        yield "embedded"
        return
    try:
        with zipfile.ZipFile(BytesIO(archive.read(entry))) as table:
            for one in table.infolist():
                lower = one.filename.lower()
                if "vbaproject" in lower or "embeddings/" in lower or one.file_size > MOST_XML:
                    yield "embedded"
                elif lower.endswith((".xml", ".rels")):
                    yield from _of_xml(one.filename, _read(table, one))
    except BROKEN:
        yield "embedded"


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > MOST_XML:
        raise Forbidden(entry.filename)
    return archive.read(entry)


def _check(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack to the end: the checksum tells a flipped bit."""
    with archive.open(entry) as stream:
        while stream.read(1 << 20):
            pass


def _of_xml(name: str, data: bytes) -> Iterator[str]:
    """Yield what one part of the package does; raise `Forbidden` for a document type, `ExpatError` if it is broken."""
    found: set[str] = set()

    def start(tag: str, values: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2].lower()
        if kind == "relationship":
            found.update(_of_relation(values))
        elif kind in ("ddelink", "ddeitem"):
            found.add("dde")
        elif kind in ("default", "override") and MACROS.search(values.get("ContentType", "").encode()):
            found.add("macros")
        elif values.get("action", "").lower().startswith(RUNS):
            found.add("launch")

    _parse(data, start)
    if posixpath.basename(name).lower() != "sharedstrings.xml" and re.search(rb"\bDDE(AUTO)?\s", data):
        found.add("dde")
    yield from found


def _of_relation(values: dict[str, str]) -> Iterator[str]:
    kind = values.get("Type", "").rpartition("/")[2].lower()
    if values.get("TargetMode", "").lower() == "external" and kind != "hyperlink":
        yield "outside"
    if kind in ("oleobject", "attachedtoolbars"):
        yield "embedded"
    if kind in ("vbaproject", "control", "activexcontrolbinary"):
        yield "macros"


def _parse(data: bytes, start: Any, text: Any = None) -> None:
    def refuse(*_: object) -> None:
        raise Forbidden

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.Parse(data, True)  # noqa: FBT003  the parser's own way to say that this is all


def words(source: BinaryIO) -> dict[str, Any]:
    """Return {"text": [one per slide or note], "notes": {name: value}}; what cannot be read is left out."""
    notes: dict[str, str] = {}
    texts, left = [], MOST_LETTERS
    with zipfile.ZipFile(source) as archive:
        for entry in sorted(archive.infolist(), key=lambda one: _place(one.filename)):
            if entry.filename in NOTES or AUTHORS.search(entry.filename):
                notes |= _notes(_read(archive, entry))
            elif re.fullmatch(r"ppt/(slides|notesSlides|comments|diagrams|charts)/[^/]+\.xml", entry.filename):
                said = _said(_read(archive, entry))[:left]
                left -= len(said)
                texts.append(said)
    return {"text": texts, "notes": notes}


def _place(name: str) -> tuple[bool, int, str]:
    number = re.search(r"(?<!\d)(\d+)\.xml$", name)
    return not name.startswith("ppt/slides/"), int(number[1]) if number else 0, name


def _said(data: bytes) -> str:
    pieces: list[str] = []

    def start(tag: str, _values: dict[str, str]) -> None:
        if tag.rpartition(":")[2] in ("p", "br", "si", "v"):
            pieces.append("\n")

    _parse(data, start, pieces.append)
    return "".join(pieces).strip()


def _notes(data: bytes) -> dict[str, str]:
    """Return the texts of a small document by the names of their elements, and the names of authors."""
    found: dict[str, str] = {}
    stack: list[str] = [""]

    def start(tag: str, values: dict[str, str]) -> None:
        stack.append(tag.rpartition(":")[2])
        if values.get("name") and stack[-1] in ("cmAuthor", "author", "property"):
            found[f"{stack[-1]} {len(found) + 1}"] = values["name"]

    def text(said: str) -> None:
        if said.strip():
            found[stack[-1]] = found.get(stack[-1], "") + said

    _parse(data, start, text)
    return found


def strip(source: BinaryIO, target: BinaryIO) -> None:
    """Write the package anew: notes about the document empty, authors of remarks nameless, no times, no preview."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.is_dir():
                continue
            data = _cleaned(entry.filename, old.read(entry))
            fresh = zipfile.ZipInfo(entry.filename)  # the first moment that a zip knows
            fresh.compress_type = entry.compress_type if entry.compress_type == zipfile.ZIP_STORED else 8
            new.writestr(fresh, data)


def _cleaned(name: str, data: bytes) -> bytes:
    lower = name.lower()
    if name in EMPTY:
        return EMPTY[name]
    if AUTHORS.search(name):
        return NAMES.sub(rb'\1=""', data)
    if lower.startswith("docprops/thumbnail."):
        return _picture("JPEG", Image.new("RGB", (1, 1), "white"))
    if lower.endswith((".jpg", ".jpeg")) and lower.startswith("ppt/media/"):
        with Image.open(BytesIO(data), formats=("JPEG",)) as picture:
            return _picture("JPEG", picture, quality="keep") if picture.getexif() or "xmp" in picture.info else data
    return data


def _picture(kind: str, picture: Image.Image, **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, exif=b"", **options)
    return out.getvalue()
