"""Passwords become Argon2id hashes."""

from __future__ import annotations

import time
import unicodedata
from statistics import median

import pytest

from contest.infra.hashing import hash_password, password_matches


def test_the_hash_names_its_parameters_and_never_repeats() -> None:
    first, second = hash_password("mật khẩu của tôi"), hash_password("mật khẩu của tôi")
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second


@pytest.mark.parametrize("password", ["mật khẩu của tôi", "x" * 200, "dấu cách ở cuối ", "🏆🏆🏆🏆🏆🏆🏆🏆", ""])
def test_the_right_password_matches_and_others_do_not(password: str) -> None:
    stored = hash_password(password)
    assert password_matches(stored, password)
    assert not password_matches(stored, password + " ")
    assert not password_matches(stored, password.upper() + "x")


def test_both_ways_to_write_a_vietnamese_letter_are_one_password() -> None:
    typed = "mèo đọc báo tiếng Việt"
    stored = hash_password(unicodedata.normalize("NFD", typed))
    assert password_matches(stored, unicodedata.normalize("NFC", typed))
    assert not password_matches(stored, "meo doc bao tieng Viet")


@pytest.mark.parametrize("stored", ["", "no hash", "$argon2id$v=19$m=19456,t=2,p=1$broken"])
def test_a_broken_hash_matches_nothing(stored: str) -> None:
    assert not password_matches(stored, "no hash")


def test_without_an_account_nothing_matches_not_even_the_decoy() -> None:
    assert not password_matches(None, "no account has this password")


def test_a_missing_account_costs_as_much_time_as_a_wrong_password() -> None:
    stored = hash_password("mật khẩu của tôi")

    def cost(kept: str | None) -> float:
        start = time.perf_counter()
        password_matches(kept, "đoán mò")
        return time.perf_counter() - start

    pairs = [(cost(stored), cost(None)) for _ in range(15)]
    wrong, missing = median(a for a, _ in pairs), median(b for _, b in pairs)
    assert missing > wrong / 2
    assert wrong > missing / 2
