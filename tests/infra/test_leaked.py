"""The list of leaked passwords: how large, how sure, and made from what."""

from __future__ import annotations

import hashlib
import random
import re
import string

from hypothesis import given
from hypothesis import strategies as st

from contest.infra import leaked
from tests.tools.leaked import PACKAGES, wanted


def test_more_than_six_hundred_thousand_are_known() -> None:
    assert leaked.count() == 610_996
    # Each length of a bucket fits into its byte; what follows is two bytes a password.
    assert leaked.FILE.stat().st_size == leaked.BUCKETS + 2 * leaked.count()


def test_the_file_is_the_one_that_the_sources_make() -> None:
    told = leaked.FILE.with_name("SOURCES.md").read_text(encoding="utf-8")
    digests = re.findall(r"`([0-9a-f]{64})`", told)
    digest = hashlib.sha256(leaked.FILE.read_bytes()).hexdigest()
    assert digests == [digest, *(package.sha256 for package in PACKAGES)]
    assert [package.file in told for package in PACKAGES] == [True] * len(PACKAGES)


def test_the_most_used_ones_are_known() -> None:
    top = ["12345678", "password", "iloveyou", "princess", "sunshine", "football", "trustno1", "qwertyuiop", "anhyeuem"]
    assert [word for word in top if not leaked.is_leaked(word)] == []


def test_what_is_random_is_hardly_ever_taken_for_leaked() -> None:
    drawn = random.Random(2026)
    texts = ("".join(drawn.choices(string.ascii_lowercase + string.digits, k=14)) for _ in range(20_000))
    found = sum(map(leaked.is_leaked, texts))
    assert found <= 12  # 2.8 are to be expected; measured over a million: 131


@given(st.sets(st.text(min_size=1, max_size=12), max_size=40), st.text(max_size=12))
def test_a_packed_set_answers_for_exactly_what_it_holds(texts: set[str], other: str) -> None:
    content = leaked.packed(texts)
    marks = {leaked.fingerprint(text) for text in texts}
    assert len(content) == leaked.BUCKETS + 2 * len(marks)
    table = leaked.table_of(content)
    assert {mark for mark in marks if table.holds(mark)} == marks
    assert table.holds(leaked.fingerprint(other)) == (leaked.fingerprint(other) in marks)


def test_only_what_could_be_chosen_is_kept() -> None:
    assert wanted([["short", "Long Enough", "PASSWORD"], ["password", "mậtkhẩu1"]]) == {
        "longenough",
        "password",
        "mậtkhẩu1",
    }
