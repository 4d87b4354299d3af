"""The receipts of a judge as one file: one .json per submission, and the script that checks them anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from contest.judging import verify_receipt
from contest.judging.queries.receipts import KeptReceipt

SCRIPT = "verify_receipt.py"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


def receipts_file(receipts: Iterable[KeptReceipt]) -> bytes:
    """Return a .zip; the same receipts give the same bytes."""
    files = {f"{one.submission}.json": receipt_text(one).encode() for one in receipts}
    files[SCRIPT] = Path(verify_receipt.__file__).read_bytes()
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = ZipInfo(name, _FIRST_DAY)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = _READABLE
            archive.writestr(entry, data)
    return stream.getvalue()


def receipt_text(receipt: KeptReceipt) -> str:
    """Return a receipt as the text of its file."""
    return json.dumps(receipt.written(), indent=1, ensure_ascii=False) + "\n"
