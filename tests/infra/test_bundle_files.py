"""Bundles from a folder and from a zip give the same; unsafe ones give problems."""

from __future__ import annotations

import os
import stat
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from openpyxl import Workbook

from contest.errors import Problem
from contest.infra.bundle_files import BundleFiles, read_bundle_folder, read_bundle_zip, read_table
from contest.infra.tables import Limits, Row

STEMS = ("submissions", "scores")
PLAIN = {"edition.toml": b'[edition]\ncode = "x"\n', "submissions.csv": b"submission\nS1\n"}


def folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, body in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(body)
    return path


def zipped(files: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return stream.getvalue()


def codes(files: BundleFiles) -> list[tuple[str, str]]:
    return [(problem.file, problem.code) for problem in files.problems]


class Reader:
    """Reads the same files as a folder, as a zip, and as a zip with one folder around everything."""

    def __init__(self, kind: str, place: Path) -> None:
        self.kind = kind
        self.place = place

    def __call__(self, files: dict[str, bytes], limits: Limits | None = None) -> BundleFiles:
        if self.kind == "folder":
            return read_bundle_folder(folder(self.place, files), STEMS, limits or Limits())
        top = "thi 2026/" if self.kind == "wrapped" else ""
        data = zipped({top + name: body for name, body in files.items()})
        return read_bundle_zip("b.zip", data, STEMS, limits or Limits())


@pytest.fixture(params=["folder", "zip", "wrapped"])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Reader:
    return Reader(request.param, tmp_path)


def test_document_and_tables(read: Reader) -> None:
    found = read(PLAIN)
    assert found.document == '[edition]\ncode = "x"\n'
    assert found.problems == ()
    assert found.warnings == ()
    assert list(found.tables) == ["submissions"]
    assert found.tables["submissions"].name == "submissions.csv"
    assert found.tables["submissions"].rows == (Row(2, {"submission": "S1"}),)


def test_names_are_matched_without_case_and_litter_is_skipped(read: Reader) -> None:
    found = read(
        {
            "Edition.TOML": b"\xef\xbb\xbf[edition]",
            "Submissions.CSV": b"submission\nS1\n",
            ".DS_Store": b"x",
            "Thumbs.db": b"x",
            "~$scores.xlsx": b"x",
        }
    )
    assert found.document == "[edition]"
    assert list(found.tables) == ["submissions"]
    assert found.warnings == ()


def test_unknown_files_are_named_and_left_alone(read: Reader) -> None:
    found = read({**PLAIN, "notes.txt": b"\0", "expected.csv": b"\0"})
    assert found.problems == ()
    assert sorted((each.file.rpartition("/")[2], each.code) for each in found.warnings) == [
        ("expected.csv", "file_ignored"),
        ("notes.txt", "file_ignored"),
    ]


def test_a_table_may_come_once(read: Reader) -> None:
    found = read({**PLAIN, "submissions.xlsx": b"PK"})
    assert found.problems == (Problem("submissions.xlsx", None, None, "table_twice", {"other": "submissions.csv"}),)


def test_problems_of_tables_and_document_are_gathered(read: Reader) -> None:
    found = read({"edition.toml": b"[edition]\n\xff", "scores.csv": b"", "submissions.csv": b"a,a\n"})
    assert found.document is None
    assert codes(found) == [
        ("edition.toml", "wrong_encoding"),
        ("scores.csv", "file_empty"),
        ("submissions.csv", "header_twice"),
    ]
    assert found.problems[0].row == 2


def test_sizes_are_limited(read: Reader) -> None:
    body = b"submission\n" + b"".join(b"%d\n" % number for number in range(200_000))
    found = read({"submissions.csv": body}, Limits(file_bytes=1_000_000))
    assert found.problems == (Problem("submissions.csv", None, None, "file_too_large", {"limit_mb": 1}),)


def test_total_size_is_limited_in_a_folder(tmp_path: Path) -> None:
    body = b"submission\n" + b"x" * 900_000
    folder(tmp_path, {"scores.csv": body, "submissions.csv": body})
    found = read_bundle_folder(tmp_path, STEMS, Limits(total_bytes=1_000_000, cell_bytes=1_000_000))
    assert codes(found) == [("submissions.csv", "file_too_large")]


def test_missing_folder(tmp_path: Path) -> None:
    assert codes(read_bundle_folder(tmp_path / "nowhere", STEMS)) == [("nowhere", "folder_missing")]


def test_links_and_folders_in_place_of_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("submission\nS1\n")
    (tmp_path / "submissions.csv").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "scores.csv")
    (tmp_path / "edition.toml").mkdir()
    found = read_bundle_folder(tmp_path, STEMS)
    assert found.tables == {}
    assert codes(found) == [
        ("edition.toml", "file_not_plain"),
        ("scores.csv", "file_not_plain"),
        ("submissions.csv", "file_not_plain"),
    ]
    assert [(each.file, each.code) for each in found.warnings] == [("secret", "file_ignored")]


@pytest.mark.parametrize("name", ["../submissions.csv", "/submissions.csv", "a/../../x.csv", "..\\x.csv", "C:\\x.csv"])
def test_names_that_point_outside(name: str) -> None:
    found = read_bundle_zip("b.zip", zipped({**PLAIN, name: b"submission\nS2\n"}), STEMS)
    assert codes(found) == [(name.replace("\\", "/"), "zip_unsafe_name")]
    assert found.tables["submissions"].rows == (Row(2, {"submission": "S1"}),)


def test_a_link_in_a_zip() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        link = ZipInfo("submissions.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    found = read_bundle_zip("b.zip", stream.getvalue(), STEMS)
    assert codes(found) == [("submissions.csv", "zip_unsafe_name")]
    assert found.tables == {}


def test_two_folders_are_not_unwrapped() -> None:
    found = read_bundle_zip("b.zip", zipped({"a/submissions.csv": b"x\n", "b/scores.csv": b"x\n"}), STEMS)
    assert found.tables == {}
    assert [each.file for each in found.warnings] == ["a/submissions.csv", "b/scores.csv"]


def test_a_table_deeper_than_one_folder_is_not_read() -> None:
    found = read_bundle_zip("b.zip", zipped({"a/edition.toml": b"", "a/old/submissions.csv": b"x\n"}), STEMS)
    assert found.tables == {}
    assert [each.file for each in found.warnings] == ["a/old/submissions.csv"]


def test_the_same_name_twice_in_a_zip() -> None:
    found = read_bundle_zip("b.zip", zipped({**PLAIN, "EDITION.toml": b"", "SUBMISSIONS.csv": b"x\n"}), STEMS)
    assert codes(found) == [("EDITION.toml", "table_twice"), ("SUBMISSIONS.csv", "table_twice")]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "zip_broken"), (b"PK\x03\x04", "zip_broken"), (zipped({"scores.csv": b"0" * 20_000_000}), "zip_bomb")],
)
def test_what_is_no_zip_and_what_is_a_bomb(data: bytes, code: str) -> None:
    assert codes(read_bundle_zip("b.zip", data, STEMS)) == [("b.zip", code)]


def test_too_large_a_zip() -> None:
    found = read_bundle_zip("b.zip", b"PK" * 600_000, STEMS, Limits(total_bytes=1_000_000))
    assert found.problems == (Problem("b.zip", None, None, "file_too_large", {"limit_mb": 1}),)


def test_a_damaged_entry() -> None:
    data = bytearray(zipped({"edition.toml": b"[edition]" * 100}))
    start = data.index(b"edition.toml") + len("edition.toml")
    data[start + 2 : start + 6] = b"\xff\xff\xff\xff"
    assert codes(read_bundle_zip("b.zip", bytes(data), STEMS)) == [("b.zip", "zip_broken")]


def test_a_workbook_is_known_by_its_content_and_by_its_name() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["submission"])
    book.active.append(["S1"])
    stream = BytesIO()
    book.save(stream)
    rows = (Row(2, {"submission": "S1"}),)
    assert read_table("submissions.xlsx", stream.getvalue()).rows == rows
    assert read_table("submissions.csv", stream.getvalue()).rows == rows
    assert read_table("submissions.csv", b"submission\nS1\n").rows == rows
    assert read_table("submissions.xlsx", b"submission\nS1\n").problems[0].code == "zip_broken"


def test_a_foreign_name_is_made_fit_for_a_message() -> None:
    found = read_bundle_zip("b.zip", zipped({"edition.toml": b"", "a\u202eb\n.txt": b""}), STEMS)
    assert [each.file for each in found.warnings] == ["a?b?.txt"]
