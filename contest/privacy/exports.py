"""A person's own data as a .zip: one JSON file that programs read, the files, and a page that says what is what."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath

from contest.infra.storage import Storage
from contest.privacy.catalogue import CATALOGUE
from contest.privacy.queries.own import OwnData

FORMAT = "bang-vang-own-data-1"
README = """\
Dữ liệu cá nhân của bạn / Your personal data

data.json   mọi điều hệ thống lưu về bạn / everything that is kept about you
files/      các tệp bạn hoặc đội của bạn đã nộp / the files that you or your team handed in

Tên các bạn cùng đội được thay bằng […]. Other members' names are replaced by […].
"""


def own_data_zip(data: OwnData, storage: Storage, *, now: datetime) -> bytes:
    """Return the .zip; a file that is missing from the storage is left out and named in `missing`."""
    stream, missing = io.BytesIO(), []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for name, key in _named(data):
            try:
                with storage.open(key) as source:
                    out.writestr(f"files/{name}", source.read())
            except FileNotFoundError:
                missing.append(name)
        said = {
            "format": FORMAT,
            "made_at": now.isoformat(),
            "purposes": {table: CATALOGUE[table].purpose for table in data.tables},
            "tables": data.tables,
            "results": data.results,
            "opened_by_others": data.looks,
            "missing": missing,
        }
        out.writestr("data.json", json.dumps(said, ensure_ascii=False, indent=1) + "\n")
        out.writestr("README.txt", README)
    return stream.getvalue()


def _named(data: OwnData) -> Iterator[tuple[str, str]]:
    """Yield each file with a name of its own, free of folders."""
    for number, one in enumerate(data.files, 1):
        yield f"{number:02d}-{PurePosixPath(one.name.replace(chr(92), '/')).name}", one.key
