"""The receipts of a judge as one file: one .json per submission, and the script that checks them anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from contest.infra.archive import zipped
from contest.judging import verify_receipt
from contest.judging.queries.receipts import KeptReceipt

SCRIPT = "verify_receipt.py"


def receipts_file(receipts: Iterable[KeptReceipt]) -> bytes:
    """Return a .zip; the same receipts give the same bytes."""
    files = {f"{one.submission}.json": receipt_text(one).encode() for one in receipts}
    files[SCRIPT] = Path(verify_receipt.__file__).read_bytes()
    return zipped(files)


def receipt_text(receipt: KeptReceipt) -> str:
    """Return a receipt as the text of its file."""
    return json.dumps(receipt.written(), indent=1, ensure_ascii=False) + "\n"
