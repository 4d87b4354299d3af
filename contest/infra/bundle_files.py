"""A folder or a .zip of tables and one text document, read within limits."""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from contest.errors import Problem
from contest.infra.tables import LIMITS, Limits, Table, nfc, read_csv
from contest.infra.xlsx import read_xlsx, zip_problem

DOCUMENT = "edition.toml"
_ENDINGS = (".csv", ".xlsx")
_ZIP = b"PK\x03\x04"
# What operating systems leave behind; nobody put it there and nobody misses it.
_LITTER = re.compile(r"(^|/)(\.|__macosx/|thumbs\.db$|desktop\.ini$|~\$)", re.IGNORECASE)


@dataclass(frozen=True)
class BundleFiles:
    """What was found: the document's text, tables by stem, problems, and files that were left alone."""

    document: str | None = None
    tables: dict[str, Table] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def read_table(name: str, data: bytes, limits: Limits = LIMITS) -> Table:
    """Read one table by its content: a zip is taken for .xlsx, all else for CSV."""
    if data.startswith(_ZIP) or name.lower().endswith(".xlsx"):
        return read_xlsx(name, data, limits)
    return read_csv(name, data, limits)


def read_bundle_folder(path: Path, stems: Collection[str], limits: Limits = LIMITS) -> BundleFiles:
    """Read `edition.toml` and the tables named in `stems` (.csv or .xlsx) of a folder; links are not followed."""
    if not path.is_dir():
        return BundleFiles(problems=(Problem(path.name, None, None, "folder_missing"),))
    collector = _Collector(stems, limits)
    for file in sorted(path.iterdir(), key=lambda each: each.name):
        if _LITTER.search(file.name):
            continue
        mode = file.lstat().st_mode
        if not collector.wants(file.name):
            collector.ignore(file.name)
        elif not stat.S_ISREG(mode):
            collector.problem(file.name, "file_not_plain")
        elif collector.room_for(file.name, file.lstat().st_size):
            with file.open("rb") as stream:
                collector.take(file.name, stream.read(limits.file_bytes + 1))
    return collector.result()


def read_bundle_zip(name: str, data: bytes, stems: Collection[str], limits: Limits = LIMITS) -> BundleFiles:
    """Read the same from the bytes of a .zip, in memory; one folder around everything is allowed.

    Refuses bombs, encrypted archives, links and names that point outside, before anything is inflated.
    """
    if len(data) > limits.total_bytes:
        facts = {"limit_mb": limits.total_bytes // 1_000_000}
        return BundleFiles(problems=(Problem(name, None, None, "file_too_large", facts),))
    problem = zip_problem(name, data, limits)
    if problem is not None:
        return BundleFiles(problems=(problem,))
    collector = _Collector(stems, limits)
    try:
        with ZipFile(BytesIO(data)) as archive:
            _collect(archive, collector)
    except (BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        collector.problem(name, "zip_broken")
    return collector.result()


def _collect(archive: ZipFile, collector: _Collector) -> None:
    entries = [(_inner_name(entry), entry) for entry in archive.infolist() if not entry.is_dir()]
    unsafe = [inner for inner, entry in entries if _points_outside(inner) or _is_link(entry)]
    entries = [(inner, entry) for inner, entry in entries if inner not in unsafe and not _LITTER.search(inner)]
    for inner in unsafe:
        collector.problem(inner, "zip_unsafe_name")
    top = _top_folder([inner for inner, _ in entries])
    for inner, entry in entries:
        short = inner.removeprefix(top)
        if not collector.wants(short):
            collector.ignore(inner)
        elif collector.room_for(short, entry.file_size):
            with archive.open(entry) as stream:
                collector.take(short, stream.read(collector.limits.file_bytes + 1))


class _Collector:
    """Gathers the files of one bundle and counts what they weigh."""

    def __init__(self, stems: Collection[str], limits: Limits) -> None:
        self.stems = frozenset(stems)
        self.limits = limits
        self.document: str | None = None
        self.tables: dict[str, Table] = {}
        self.problems: list[Problem] = []
        self.ignored: list[str] = []
        self.bytes = 0

    def wants(self, name: str) -> bool:
        lower = name.lower()
        stem, dot, ending = lower.rpartition(".")
        return lower == DOCUMENT or (stem in self.stems and dot + ending in _ENDINGS)

    def ignore(self, name: str) -> None:
        self.ignored.append(_shown(name))

    def problem(self, name: str, code: str, **facts: str | int) -> None:
        self.problems.append(Problem(_shown(name), None, None, code, facts))

    def room_for(self, name: str, size: int) -> bool:
        self.bytes += size
        limit = self.limits.file_bytes if size > self.limits.file_bytes else self.limits.total_bytes
        if size <= self.limits.file_bytes and self.bytes <= self.limits.total_bytes:
            return True
        self.problem(name, "file_too_large", limit_mb=limit // 1_000_000)
        return False

    def take(self, name: str, data: bytes) -> None:
        if name.lower() == DOCUMENT:
            self._take_document(name, data)
            return
        stem = name.lower().rpartition(".")[0]
        if stem in self.tables:
            self.problem(name, "table_twice", other=self.tables[stem].name)
            return
        self.tables[stem] = read_table(name, data, self.limits)

    def _take_document(self, name: str, data: bytes) -> None:
        if self.document is not None:
            self.problem(name, "table_twice", other=DOCUMENT)
            return
        try:
            self.document = nfc(data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            row = data.count(b"\n", 0, error.start) + 1
            self.problems.append(Problem(_shown(name), row, None, "wrong_encoding", {"encoding": "?"}))

    def result(self) -> BundleFiles:
        found = [problem for table in self.tables.values() for problem in table.problems]
        unknown = tuple(Problem(name, None, None, "file_ignored") for name in self.ignored)
        return BundleFiles(self.document, self.tables, (*self.problems, *found), unknown)


def _inner_name(entry: ZipInfo) -> str:
    return nfc(entry.filename).replace("\\", "/")


def _top_folder(names: list[str]) -> str:
    """Return "folder/" when all files lie in that one folder, else nothing."""
    heads = {name.partition("/")[0] for name in names}
    return f"{heads.pop()}/" if len(heads) == 1 and all("/" in name for name in names) else ""


def _points_outside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name.startswith("/") or ".." in parts or bool(re.match(r"[A-Za-z]:", name)) or "\x00" in name


def _is_link(entry: ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _shown(name: str) -> str:
    """Make a foreign file name fit for a message."""
    return "".join("?" if unicodedata.category(mark)[0] == "C" else mark for mark in name)[:120]
