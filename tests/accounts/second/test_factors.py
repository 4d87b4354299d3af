"""Time steps, the spelling of recovery codes, and whom passkeys are made for."""

from __future__ import annotations

from datetime import UTC, datetime

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.accounts.second.factors import Factors, Site, is_one_time_code, matching_step, plain_recovery_code
from contest.infra.signing import new_recovery_code, seal, unseal

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
AT = pyotp.HOTP(SECRET).at


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert matching_step(code, at(seconds), 0, AT) == seconds // 30


@pytest.mark.parametrize(("late", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_one_step_of_drift_is_taken_on_either_side(late: int, *, taken: bool) -> None:
    now = 1_790_000_010
    assert (matching_step(AT(now // 30), at(now + late), 0, AT) == now // 30) is taken
    assert (matching_step(AT(now // 30), at(now + late), 0, AT) is None) is not taken


def test_a_used_step_and_those_before_are_refused() -> None:
    step = 59_666_667
    now = at(step * 30)
    assert matching_step(AT(step), now, step, AT) is None
    assert matching_step(AT(step - 1), now, step, AT) is None
    assert matching_step(AT(step + 1), now, step, AT) == step + 1


@given(st.text(max_size=12))
def test_nothing_but_the_code_matches(text: str) -> None:
    step = 59_666_667
    near = {AT(step - 1), AT(step), AT(step + 1)}
    assert (matching_step(text, at(step * 30), 0, AT) is not None) is (text in near)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("123456", True), ("123 456", True), ("12345", False), ("１２３４５６", False), ("abcd-efgh", False)],
)
def test_six_plain_digits_are_a_one_time_code(text: str, *, is_one: bool) -> None:
    assert is_one_time_code(text) is is_one


@pytest.mark.parametrize("text", ["abcd-efgh-jk23-0000", "ABCD EFGH JK23 oooo", " abcdefghjk230O0o "])
def test_a_recovery_code_has_one_spelling(text: str) -> None:
    assert plain_recovery_code(text) == "abcd-efgh-jk23-0000"


def test_recovery_codes_have_eighty_bits_and_are_their_own_spelling() -> None:
    codes = [new_recovery_code() for _ in range(300)]
    assert len(set(codes)) == 300
    assert all(plain_recovery_code(code) == code and len(code) == 19 for code in codes)
    assert len(set("".join(codes)) - {"-"}) == 32  # five bits a letter, sixteen letters


@pytest.mark.parametrize(
    ("url", "host", "origin", "takes"),
    [
        ("https://thi.example.vn", "thi.example.vn", "https://thi.example.vn", True),
        ("https://thi.example.vn:8443", "thi.example.vn", "https://thi.example.vn:8443", True),
        ("http://localhost:8000", "localhost", "http://localhost:8000", True),
        ("http://thi.example.vn", "thi.example.vn", "http://thi.example.vn", False),
        ("https://192.168.1.5:8000", "192.168.1.5", "https://192.168.1.5:8000", False),
        ("http://127.0.0.1:8000", "127.0.0.1", "http://127.0.0.1:8000", False),
    ],
)
def test_host_and_origin_come_from_the_settings(url: str, host: str, origin: str, *, takes: bool) -> None:
    site = Site.of(url)
    assert (site.host, site.origin, site.takes_passkeys) == (host, origin, takes)


def test_recovery_codes_alone_are_no_second_factor() -> None:
    assert not Factors(None, (), 10).any
    assert Factors(datetime(2026, 10, 8, tzinfo=UTC), (), 0).any


@given(st.text(max_size=40), st.text(min_size=1, max_size=10), st.text(min_size=1, max_size=10))
def test_what_is_sealed_opens_with_its_key_for_its_purpose_only(text: str, key: str, other: str) -> None:
    sealed = seal(key, "a", text)
    assert unseal(key, "a", sealed) == text
    assert unseal(key, "b", sealed) is None
    assert (unseal(other, "a", sealed) == text) is (other == key)
    assert text not in sealed or len(text) < 4
    assert seal(key, "a", text) != sealed
