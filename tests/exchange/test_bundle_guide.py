"""The guide to the bundle says what the reader does."""

from __future__ import annotations

import re
from pathlib import Path

from contest.exchange.bundle.document import read_document
from contest.exchange.bundle.findings import Findings
from contest.exchange.bundle.rows import COLUMNS, columns
from contest.infra.tables import LIMITS

GUIDE = (Path(__file__).parent.parent.parent / "docs" / "bundle.md").read_text(encoding="utf-8")


def test_the_example_is_a_sound_document() -> None:
    example = GUIDE.partition("```toml\n")[2].partition("```")[0]
    findings = Findings()
    document = read_document(example, findings)
    assert findings.problems == []
    assert document is not None
    assert document.edition is not None
    assert document.edition.rounds[0].criteria.criteria[0].guidance[0].text.en == "Has customers"


def test_the_example_shows_every_key() -> None:
    source = Path(__file__).parent.parent.parent / "contest" / "exchange" / "bundle"
    text = "".join(
        (source / name).read_text(encoding="utf-8")
        for name in ("consents.py", "criteria.py", "document.py", "rounds.py")
    )
    readers = (
        r"(?:text|local|integer|optional_integer|boolean|choice|optional_choice|decimal|moment|texts|table|tables)"
    )
    keys = set(re.findall(rf'\.{readers}\("(\w+)"', text))
    assert len(keys) > 40
    missing = {key for key in keys if not re.search(rf"\b{key}\b", GUIDE.partition("```toml")[2])}
    assert missing == set()


def test_every_column_is_listed() -> None:
    listed = {
        name: tuple(re.findall(r"`(\w+)`", cells))
        for name, cells in re.findall(r"^\| (\w+)\.csv \*? ?\|(.*)\|$", GUIDE, re.MULTILINE)
    }
    assert listed.pop("expected") == ()
    assert listed == {name: (*columns(name)[0], *columns(name)[1]) for name in COLUMNS}


def test_the_limits_are_those_of_the_reader() -> None:
    said = f"A file {LIMITS.file_bytes // 1_000_000} MB, all files {LIMITS.total_bytes // 1_000_000} MB"
    assert f"{said}, a table {LIMITS.rows:,} rows and {LIMITS.columns} columns" in GUIDE
    assert f"a cell {LIMITS.cell_bytes // 1_000} KB" in GUIDE
