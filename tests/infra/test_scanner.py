"""The words of a virus scanner."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from contest.infra.scanner import CHUNK, NOT_ASKED, SILENT, Scan, Scanner
from tests.clamd import EICAR, NAME, scanner


@pytest.mark.parametrize("tcp", [False, True], ids=["unix", "tcp"])
def test_a_sign_is_found_wherever_it_stands(tmp_path: Path, *, tcp: bool) -> None:
    with scanner(tmp_path, tcp=tcp) as address:
        asked = Scanner(address)
        assert asked.scan(BytesIO(b"")) == Scan()
        assert asked.scan(BytesIO(bytes(CHUNK * 2 + 1))) == Scan()
        assert asked.scan(BytesIO(bytes(CHUNK - 20) + EICAR)) == Scan(found=NAME)


@pytest.mark.parametrize(
    "answer",
    [b"INSTREAM size limit exceeded. ERROR\0", b"", b"\0", b"stream: OK?\0", b"\xff\xfe FOUNDED\0", b"x" * 9000],
)
def test_an_answer_that_is_none_lets_nothing_pass(tmp_path: Path, answer: bytes) -> None:
    with scanner(tmp_path, answer) as address:
        assert Scanner(address).scan(BytesIO(b"abc")) == SILENT


def test_a_scanner_that_is_away_is_no_fault(tmp_path: Path) -> None:
    assert Scanner(f"unix:{tmp_path}/nobody").scan(BytesIO(b"abc")) == SILENT
    assert Scanner("127.0.0.1:1").scan(BytesIO(b"abc")) == SILENT
    assert Scanner().scan(BytesIO(b"abc")) == NOT_ASKED
