"""Message catalogues: compiled when stale."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_stale(folder: Path) -> list[Path]:
    """Compile each `messages.po` below `folder` whose `.mo` is missing or older; return what was written.

    Like a `.pyc`: written beside the source through a rename, so that two processes may do it at once.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parts[-3])
        temporary = target.with_suffix(f".{id(catalogue)}.tmp")
        with temporary.open("wb") as out:
            write_mo(out, catalogue)
        temporary.replace(target)
        written.append(target)
    return written
