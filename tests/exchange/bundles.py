"""Bundles for tests: a sound one, everything that can be wrong with it, and what the database holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from contest.exchange.bundle.model import Bundle
from contest.exchange.queries import read_path
from contest.infra.archive import zipped
from contest.infra.db import db

BUNDLES = Path(__file__).parent.parent / "data" / "bundles"
Files = dict[str, bytes]


def files_of(name: str) -> Files:
    return {path.name: path.read_bytes() for path in sorted((BUNDLES / name).iterdir())}


def bundle_named(name: str) -> Bundle:
    found = read_path(BUNDLES / name).bundle
    assert found is not None
    return found


def uploaded(files: Files, field: str = "files") -> dict[str, Any]:
    """Return the body of an upload; made here because the client would leave a temporary file open."""
    values = [(field, FileStorage(BytesIO(data), name)) for name, data in files.items()]
    boundary, body = encode_multipart(MultiDict(values))
    return {"data": body, "content_type": f'multipart/form-data; boundary="{boundary}"'}


def row_counts() -> dict[str, int]:
    """Count the rows of every table but the log of looks, which reading fills."""
    db.session.rollback()
    return {
        table.name: db.session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in db.metadata.sorted_tables
        if table.name != "looks"
    }


@dataclass(frozen=True)
class Bad:
    """A broken upload: loose files, or the bytes of one .zip; and the place that the message must name."""

    id: str
    code: str
    file: str
    row: int | None = None
    column: str | None = None
    change: Callable[[Files], None] | None = None
    archive: Callable[[], bytes] | None = None

    def files(self) -> Files:
        if self.archive is not None:
            return {"bundle.zip": self.archive()}
        found = files_of("small")
        if self.change is not None:
            self.change(found)
        return found


def _swap(name: str, old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        text = files[name].decode()
        assert old in text
        files[name] = text.replace(old, new, 1).encode()

    return change


def _put(name: str, data: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[name] = data

    return change


def _drop(name: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        del files[name]

    return change


def _zip_with(name: str, data: bytes) -> Callable[[], bytes]:
    def archive() -> bytes:
        stream = BytesIO()
        with ZipFile(stream, "w", ZIP_DEFLATED) as packed:
            for inner, content in files_of("small").items():
                packed.writestr(inner, content)
            packed.writestr(name, data)
        return stream.getvalue()

    return archive


BAD = [
    Bad("wrong-type", "cell_not_integer", "judges.csv", 2, "min_load", _swap("judges.csv", ",1,4,", ",hai,4,")),
    Bad("missing-column", "column_missing", "scores.csv", 1, "criterion", _swap("scores.csv", "criterion", "tieu_chi")),
    Bad("unknown-judge", "unknown_judge", "scores.csv", 2, "judge", _swap("scores.csv", "r1,GK1,", "r1,GK99,")),
    Bad("unknown-round", "unknown_round", "scores.csv", 2, "round", _swap("scores.csv", "r1,GK1,", "r9,GK1,")),
    Bad("out-of-range", "score_out_of_range", "scores.csv", 2, "score", _swap("scores.csv", '"8,5"', "11")),
    Bad("off-step", "score_off_step", "scores.csv", 2, "score", _swap("scores.csv", '"8,5"', "7.3")),
    Bad(
        "formula-as-mark",
        "number_invalid",
        "scores.csv",
        2,
        "score",
        _swap("scores.csv", '"8,5"', "=cmd|' /C calc'!A0"),
    ),
    Bad("formula-as-judge", "unknown_judge", "scores.csv", 2, "judge", _swap("scores.csv", "r1,GK1,", "r1,=cmd,")),
    Bad(
        "duplicate-row",
        "row_again",
        "scores.csv",
        3,
        None,
        _swap("scores.csv", 'r1,GK1,BT-001,IDEA,"8,5"\n', 'r1,GK1,BT-001,IDEA,"8,5"\nr1,GK1,BT-001,IDEA,9\n'),
    ),
    Bad("code-twice", "code_again", "submissions.csv", 3, "submission", _swap("submissions.csv", "BT-002", "bt-001")),
    Bad(
        "cell-of-10-mb",
        "cell_too_long",
        "submissions.csv",
        2,
        "summary",
        _swap("submissions.csv", "Bản đồ ngập theo giờ.", "á" * 5_000_000),
    ),
    Bad("nul-byte", "nul_byte", "submissions.csv", 2, "title", _swap("submissions.csv", "Bản đồ", "Bản\x00đồ")),
    Bad("empty-file", "file_empty", "scores.csv", None, None, _put("scores.csv", b"")),
    Bad(
        "not-utf-8",
        "wrong_encoding",
        "submissions.csv",
        2,
        None,
        _put("submissions.csv", b"submission,title,team\nA,\xe1,B\n"),
    ),
    Bad("no-document", "document_missing", "edition.toml", None, None, _drop("edition.toml")),
    Bad("no-submissions", "table_missing", "submissions.csv", None, None, _drop("submissions.csv")),
    Bad(
        "unknown-key",
        "key_unknown",
        "edition.toml",
        2,
        "edition.zzz",
        _swap("edition.toml", "[edition]\n", "[edition]\nzzz = 1\n"),
    ),
    Bad("broken-toml", "toml_broken", "edition.toml", 1, None, _swap("edition.toml", "[edition]", "[edition")),
    Bad("an-old-workbook", "workbook_old_or_locked", "judges.xlsx", None, None, None),
    Bad("not-a-zip", "zip_broken", "bundle.zip", archive=lambda: b"This is no archive."),
    Bad("nothing-at-all", "zip_broken", "bundle.zip", archive=lambda: b""),
    Bad("zip-bomb", "zip_bomb", "bundle.zip", archive=_zip_with("scores.xlsx", b"\0" * 40_000_000)),
    Bad("zip-slip", "zip_unsafe_name", "../../evil.csv", archive=_zip_with("../../evil.csv", b"round\n")),
    Bad("half-a-zip", "zip_broken", "bundle.zip", archive=lambda: zipped(files_of("small"))[:-400]),
]


def _old_workbook(files: Files) -> None:
    del files["judges.csv"]
    files["judges.xlsx"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000


BAD = [
    Bad(each.id, each.code, each.file, change=_old_workbook) if each.id == "an-old-workbook" else each for each in BAD
]
