"""Foreign files are read into a bundle: every problem is gathered, nothing is raised and nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import ZIP_STORED, ZipFile

from contest.editions.queries import edition_by_code
from contest.errors import Problem
from contest.exchange.bundle.model import DOCUMENT, READ_TABLES, Bundle
from contest.exchange.bundle.parse import parse_bundle
from contest.exchange.storable import remarks, storable_problems
from contest.infra.bundle_files import BundleFiles, read_bundle_folder, read_bundle_zip
from contest.infra.tables import nfc

_LOOSE = (".csv", ".xlsx", ".toml")
# Part of the format, but for checking only.
_EXPECTED = ("expected.csv", "expected.xlsx")


@dataclass(frozen=True, slots=True)
class Reading:
    """A bundle that may be loaded, or None and all that stands against it; warnings do not."""

    bundle: Bundle | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def read_path(path: Path, code: str = "") -> Reading:
    """Read a folder or a .zip; `code`, when given, takes the place of the edition's own."""
    if path.is_dir():
        return _read(read_bundle_folder(path, READ_TABLES), code)
    if not path.is_file():
        return Reading(None, (Problem(str(path), None, None, "file_missing"),))
    return read_bytes(path.name, path.read_bytes(), code)


def read_bytes(name: str, data: bytes, code: str = "") -> Reading:
    """Read the bytes of a .zip; see `read_path`."""
    return _read(read_bundle_zip(name, data, READ_TABLES), code)


def packed(files: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Return name and bytes of one .zip: the only file if it is none of a bundle's own, else a new one of them all."""
    if len(files) == 1 and not files[0][0].lower().endswith(_LOOSE):
        return files[0]
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        for number, (name, data) in enumerate(files):
            place = PurePosixPath(nfc(name).replace("\\", "/")).name or "?"
            # Of two files with one name the second is told as ignored; an archive must not hold a name twice.
            archive.writestr(f"{number}/{place}" if place in archive.namelist() else place, data)
    return files[0][0], stream.getvalue()


def _read(files: BundleFiles, code: str) -> Reading:
    ignored = tuple(each for each in files.warnings if PurePosixPath(each.file).name.lower() not in _EXPECTED)
    if files.problems:
        return Reading(None, files.problems, ignored)
    parsed = parse_bundle(files.document, files.tables)
    warnings = (*ignored, *parsed.warnings)
    if parsed.bundle is None:
        return Reading(None, parsed.problems, warnings)
    bundle = parsed.bundle
    if code:
        bundle = replace(bundle, edition=replace(bundle.edition, code=code))
    problems = tuple(storable_problems(bundle))
    return Reading(None if problems else bundle, problems, (*warnings, *remarks(bundle)))


def taken_problem(code: str) -> Problem | None:
    """Return what stands against a code that another edition has, in one query."""
    if edition_by_code(code) is None:
        return None
    return Problem(DOCUMENT, None, "edition.code", "edition_exists", {"value": code})
