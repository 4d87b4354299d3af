"""Keep the catalogues in step with the source: `python -m tests.tools.translations update|check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import wtforms
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "contest" / "translations"
LOCALES = ("vi", "en")
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
SOURCES: tuple[tuple[str, list[tuple[str, str]]], ...] = (
    ("contest", [("**.py", "python")]),
    ("templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
)


def template() -> Catalog:
    """Return every message of the source and of WTForms, in the order of the text."""
    found: dict[str | tuple[str, ...], set[str]] = {}
    for folder, methods in SOURCES:
        options = {pattern: {"trimmed": "true", "silent": "false"} for pattern, method in methods if method == "jinja2"}
        for name, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder,
            method_map=methods,
            options_map=options,
            keywords=KEYWORDS,
            directory_filter=_is_source,
        ):
            found.setdefault(message, set()).add(f"{folder}/{name}")
    catalogue = Catalog(charset="utf-8", header_comment="# Messages of Bảng Vàng.")
    for message, places in sorted(found.items(), key=lambda item: _singular(item[0])):
        catalogue.add(message, locations=[(place, None) for place in sorted(places)])  # type: ignore[misc]  # Babel takes None for no line
    for theirs in _wtforms():
        if theirs.id not in catalogue:
            catalogue.add(theirs.id, flags=theirs.flags)
    return catalogue


def _is_source(folder: str) -> bool:
    """Tell whether a folder holds messages: Babel itself would skip names that begin with "_", such as `_ui`."""
    return not Path(folder).name.startswith((".", "__"))


def _singular(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def _wtforms() -> Iterator[Message]:
    source = Path(wtforms.__file__).parent / "locale" / "wtforms.pot"
    with source.open("rb") as stream:
        yield from (message for message in read_po(stream) if message.id)


def _po(locale: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


def load(locale: str) -> Catalog:
    """Return the catalogue of a locale; empty when there is none yet."""
    if not _po(locale).exists():
        return Catalog(locale=locale, charset="utf-8")
    with _po(locale).open("rb") as stream:
        return read_po(stream, locale=locale)


# Dates, people and the tool's version would change a file in which no message changed.
UNSTEADY = (b'"Project-Id', b'"Report-', b'"POT-', b'"PO-Rev', b'"Last-', b'"Language-Team', b'"Generated-By')


def _text(catalogue: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalogue, width=0, include_lineno=False, ignore_obsolete=True, sort_output=False)
    return b"".join(line for line in buffer.getvalue().splitlines(keepends=True) if not line.startswith(UNSTEADY))


def updated(locale: str, source: Catalog) -> Catalog:
    """Return the locale's catalogue with exactly the messages of `source`; English repeats its message ids."""
    before = load(locale)
    after = Catalog(locale=locale, charset="utf-8", header_comment="# Messages of Bảng Vàng.", fuzzy=False)
    for message in source:
        if not message.id:
            continue
        known = before.get(message.id)
        string = message.id if locale == "en" else (known.string if known and not known.fuzzy else None)
        flags = message.flags - {"fuzzy"}
        after.add(message.id, string or _blank(message, after), locations=message.locations, flags=flags)
    return after


def _blank(message: Message, catalogue: Catalog) -> str | tuple[str, ...]:
    return ("",) * catalogue.num_plurals if message.pluralizable else ""


def update() -> None:
    """Write the template and both catalogues."""
    source = template()
    FOLDER.mkdir(exist_ok=True)
    for locale in LOCALES:
        _po(locale).parent.mkdir(parents=True, exist_ok=True)
        _po(locale).write_bytes(_text(updated(locale, source)))
    (FOLDER / "messages.pot").write_bytes(_text(source))


def problems() -> list[str]:
    """Return what is wrong with the catalogues: stale files, empty, fuzzy or broken entries."""
    source = template()
    found = []
    pot = FOLDER / "messages.pot"
    if not pot.exists() or pot.read_bytes() != _text(source):
        found.append("messages.pot is stale: run `python -m tests.tools.translations update`")
    for locale in LOCALES:
        if not _po(locale).exists() or _po(locale).read_bytes() != _text(updated(locale, source)):
            found.append(f"{locale}: messages.po is stale: run `python -m tests.tools.translations update`")
        found += [f"{locale}: {fault}" for message in load(locale) if message.id for fault in faults_of(message)]
    return found


def faults_of(message: Message) -> Iterator[str]:
    """Yield what is wrong with one entry: empty, fuzzy, or placeholders that differ."""
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    if not all(strings):
        yield f"not translated: {message.id!r}"
        return
    if message.fuzzy:
        yield f"fuzzy: {message.id!r}"
    for error in message.check():
        yield f"{error}: {message.id!r}"


def main(arguments: list[str]) -> int:
    """Run one command; return its exit status."""
    if arguments == ["update"]:
        update()
        return 0
    if arguments == ["check"]:
        found = problems()
        sys.stdout.write("".join(f"{line}\n" for line in found) or "translations: complete\n")
        return 1 if found else 0
    sys.stderr.write("usage: python -m tests.tools.translations update|check\n")
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
