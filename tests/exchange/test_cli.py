"""`flask editions load` and `dump`: words on stderr, all or nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from flask import Flask
from flask_babel import force_locale

from contest.editions.queries import edition_by_code
from contest.errors import Problem
from contest.exchange.forms.problems import sentence
from contest.exchange.queries import read_path
from contest.infra.archive import zipped
from tests.exchange.bundles import BAD, BUNDLES, Bad, files_of, row_counts

PANELS = BUNDLES.parent / "panels"


def run(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(args=[str(arg) for arg in args])


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a folder and return what to load: the folder, or the archive in it."""
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    archive = folder / "bundle.zip"
    return archive if archive.exists() else folder


def as_workbooks(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the bundle with every table as a workbook; marks are real numbers there."""
    found = {"edition.toml": files["edition.toml"]}
    for name, data in files.items():
        if name.endswith(".csv"):
            book = openpyxl.Workbook()
            for row in csv.reader(io.StringIO(data.decode())):
                book.worksheets[0].append(
                    [float(c.replace(",", ".")) if re.fullmatch(r"[0-9,.]+", c) else c for c in row]
                )
            for cells in book.worksheets[0].iter_rows():
                for cell in cells:
                    cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
            stream = io.BytesIO()
            book.save(stream)
            found[name.replace(".csv", ".xlsx")] = stream.getvalue()
    return found


def said(path: Path, bad: Bad, locale: str) -> str:
    with force_locale(locale):
        found = [each for each in read_path(path).problems if place(each) == (bad.code, bad.file, bad.row, bad.column)]
        assert len(found) == 1
        return sentence(found[0])


def place(problem: Problem) -> tuple[str, str, int | None, str | None]:
    return problem.code, problem.file, problem.row, problem.column


# The page speaks both languages about each of them; here one is enough.
@pytest.mark.parametrize(
    ("bad", "locale"), [*((bad, "en") for bad in BAD), (BAD[0], "vi")], ids=lambda each: getattr(each, "id", each)
)
def test_a_broken_bundle_writes_nothing_and_names_the_place(app: Flask, tmp_path: Path, bad: Bad, locale: str) -> None:
    path = written(tmp_path / "b", bad.files())
    before = row_counts()
    result = run(app, "editions", "load", path, "--locale", locale)
    words = said(path, bad, locale)
    assert result.exit_code == 1
    assert words in result.stderr.splitlines()
    assert bad.file in words
    assert str(bad.row or "") in words
    assert (bad.column or "") in words
    assert result.stdout == ""
    assert row_counts() == before


def test_a_folder_a_zip_and_workbooks_load_the_same(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "small.zip").write_bytes(zipped({f"folder/{name}": data for name, data in files_of("small").items()}))
    first = run(app, "editions", "load", BUNDLES / "small")
    second = run(app, "editions", "load", tmp_path / "small.zip", "--code", "ban-sao")
    assert (first.exit_code, second.exit_code, first.stderr, second.stderr) == (0, 0, "", "")
    assert first.stdout == (
        "edition y-tuong-2026 is loaded\n"
        "       2  tracks\n       2  rounds\n       1  awards\n       5  submissions\n       3  judges\n"
        "       1  conflicts\n       9  assignments\n       8  scorecards\n      12  scores\n"
    )
    assert second.stdout == first.stdout.replace("y-tuong-2026", "ban-sao")
    third = run(
        app, "editions", "load", written(tmp_path / "x", as_workbooks(files_of("small"))), "--code", "bang-tinh"
    )
    assert (third.exit_code, third.stderr) == (0, "")
    assert third.stdout == first.stdout.replace("y-tuong-2026", "bang-tinh")


def test_a_dry_run_counts_and_writes_nothing(app: Flask) -> None:
    before = row_counts()
    result = run(app, "editions", "load", BUNDLES / "small", "--dry-run")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (
        0,
        "edition y-tuong-2026 would be loaded, nothing is written",
    )
    assert row_counts() == before


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_a_code_that_is_taken_is_refused(app: Flask, dry: list[str]) -> None:
    assert run(app, "editions", "load", BUNDLES / "small").exit_code == 0
    before = row_counts()
    result = run(app, "editions", "load", BUNDLES / "small", *dry)
    assert (result.exit_code, row_counts()) == (1, before)
    assert "edition.code" in result.stderr
    assert "“y-tuong-2026”" in result.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("load", BUNDLES / "small", "--code", "Không được"), "a-z"),
        (("load", BUNDLES / "nowhere"), "nowhere: There is no such file or folder"),
        (("dump", "khong-co", "/tmp/never"), "there is no edition 'khong-co'"),  # noqa: S108  never written
    ],
)
def test_wrong_arguments_are_told(app: Flask, args: tuple[object, ...], words: str) -> None:
    result = run(app, "editions", *args)
    assert result.exit_code == 1
    assert words in result.stderr


def test_remarks_do_not_stop_a_load(app: Flask, tmp_path: Path) -> None:
    path = written(tmp_path / "b", {**files_of("small"), "notes.txt": b"?", "expected.csv": b"round\n"})
    result = run(app, "editions", "load", path)
    assert result.exit_code == 0
    assert result.stderr == "warning: notes.txt: This file is not part of a bundle and was left alone.\n"


def test_settings_of_every_kind_are_executed_and_kept(app: Flask, tmp_path: Path) -> None:
    loaded = run(app, "editions", "load", BUNDLES / "unsupported")
    assert (loaded.exit_code, loaded.stderr) == (0, "")
    for round_code in ("r1", "final"):
        ranked = run(app, "results", "rank", "chua-ho-tro", round_code)
        assert (ranked.exit_code, ranked.stderr) == (0, "")
    assert run(app, "editions", "dump", "chua-ho-tro", tmp_path / "out").exit_code == 0
    document = (tmp_path / "out" / "edition.toml").read_text()
    for line in ('aggregate = "clamped"', 'clamp = "3"', 'scale_to = "100"', 'carry = { r1 = "0.3", self = "0.7" }'):
        assert line in document
    assert (tmp_path / "out" / "adjustments.csv").read_text() == (
        "round,submission,points,reason,author\nr1,BT-001,-0.5,Nộp muộn,Thư ký\nr1,BT-001,1.25,Thưởng,Ban Tổ chức\n"
    )
    assert "r1,,BT-001,ATTENDANCE,5\n" in (tmp_path / "out" / "scores.csv").read_text()


def test_a_dump_replaces_an_older_one_and_leaves_strangers_alone(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert run(app, "editions", "load", BUNDLES / "small").exit_code == 0
    folder.mkdir()
    (folder / "adjustments.csv").write_text("of another edition")
    (folder / "notes.txt").write_text("mine")
    result = run(app, "editions", "dump", "y-tuong-2026", folder)
    assert result.exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "advancements.csv",
        "assignments.csv",
        "conflicts.csv",
        "edition.toml",
        "judges.csv",
        "notes.txt",
        "scores.csv",
        "submissions.csv",
    ]


def test_a_dump_never_mixes_with_workbooks(app: Flask, tmp_path: Path) -> None:
    assert run(app, "editions", "load", BUNDLES / "small").exit_code == 0
    (tmp_path / "scores.xlsx").write_bytes(b"?")
    result = run(app, "editions", "dump", "y-tuong-2026", tmp_path)
    assert (result.exit_code, [path.name for path in tmp_path.iterdir()]) == (1, ["scores.xlsx"])
    assert "scores.xlsx" in result.stderr


@pytest.mark.parametrize("panel", sorted(path.name for path in PANELS.iterdir() if path.is_dir()))
def test_every_panel_loads_ranks_as_printed_and_exports(app: Flask, tmp_path: Path, panel: str) -> None:
    assert run(app, "editions", "load", PANELS / panel).exit_code == 0
    ranked = json.loads(run(app, "results", "rank", panel, "r1", "--json").stdout)
    expected = _expected(PANELS / panel / "expected.csv")
    assert {row["submission"]: (row["result"], row["rank"]) for row in ranked} == expected
    assert [row["rank"] for row in ranked] == sorted(rank for _, rank in expected.values())
    out = tmp_path / "ranking.xlsx"
    assert run(app, "results", "export", panel, "r1", "--out", out).exit_code == 0
    assert _ranked(out, expected) == expected


def _ranked(path: Path, expected: Mapping[str, object]) -> dict[str, tuple[str, int]]:
    """Read result and rank by code back from the first sheet: rank, code, …, result in the seventh column."""
    rows = openpyxl.load_workbook(path, data_only=True).worksheets[0].iter_rows(values_only=True)
    return {str(row[1]): (f"{row[6]:.2f}", int(str(row[0]))) for row in rows if row[1] in expected}


def _expected(path: Path) -> dict[str, tuple[str, int]]:
    lines = [line.split(",") for line in path.read_text().splitlines()[1:]]
    return {submission: (result, int(rank)) for _, submission, result, rank in lines}


def test_nothing_of_a_load_is_seen_before_it_is_complete(app: Flask) -> None:
    assert run(app, "editions", "load", BUNDLES / "small").exit_code == 0
    found = edition_by_code("y-tuong-2026")
    assert found is not None
    assert found.state.value == "draft"
