"""Catalogues are compiled when they are stale."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

from contest.infra.i18n import compile_stale

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Judge"\nmsgstr "%s"\n'


def catalogue(folder: Path, word: str, locale: str = "vi") -> Path:
    path = folder / locale / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PO % word, encoding="utf-8")
    return path


def said(folder: Path) -> str:
    return gettext.translation("messages", folder, ["vi"]).gettext("Judge")


def test_a_missing_catalogue_is_made(tmp_path: Path) -> None:
    source = catalogue(tmp_path, "Giám khảo")
    assert compile_stale(tmp_path) == [source.with_suffix(".mo")]
    assert said(tmp_path) == "Giám khảo"


def test_a_fresh_catalogue_is_left_alone(tmp_path: Path) -> None:
    catalogue(tmp_path, "Giám khảo")
    compile_stale(tmp_path)
    assert compile_stale(tmp_path) == []


def test_a_newer_source_is_compiled_again(tmp_path: Path) -> None:
    source = catalogue(tmp_path, "Trọng tài")
    target = compile_stale(tmp_path)[0]
    catalogue(tmp_path, "Giám khảo")
    later = target.stat().st_mtime + 5
    os.utime(source, (later, later))
    gettext._translations.clear()  # type: ignore[attr-defined]  # noqa: SLF001  Python keeps what it has read
    assert compile_stale(tmp_path) == [target]
    assert said(tmp_path) == "Giám khảo"


def test_every_language_is_compiled_and_no_draft_is_left(tmp_path: Path) -> None:
    catalogue(tmp_path, "Giám khảo")
    catalogue(tmp_path, "Judge", "en")
    assert len(compile_stale(tmp_path)) == 2
    assert list(tmp_path.rglob("*.tmp")) == []


def test_a_folder_without_catalogues_is_no_error(tmp_path: Path) -> None:
    assert compile_stale(tmp_path) == []
