"""Both languages are complete and in step with the source."""

from __future__ import annotations

from tests.tools import translations


def test_nothing_is_stale_missing_or_fuzzy() -> None:
    assert translations.problems() == []


def test_the_files_hold_no_date_and_no_tool() -> None:
    for path in translations.FOLDER.rglob("messages.po*"):
        text = path.read_text(encoding="utf-8")
        assert "Creation-Date" not in text
        assert "Generated-By" not in text


def test_vietnamese_is_not_a_copy_of_english() -> None:
    same = [m.id for m in translations.load("vi") if m.id and m.string == m.id and len(str(m.id)) > 40]
    assert same == []


def test_a_fuzzy_or_empty_entry_is_found(tmp_path: object) -> None:
    catalogue = translations.load("vi")
    message = next(m for m in catalogue if m.id and not m.pluralizable)
    message.string = ""
    assert list(translations.faults_of(message)) == [f"not translated: {message.id!r}"]
