"""The rule for passwords."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.accounts.passwords import LONGEST, SHORTEST, check_password, is_common
from contest.errors import RuleBroken
from contest.infra.leaked import is_leaked


def code(password: str, *own: str) -> str:
    try:
        check_password(password, own=own)
    except RuleBroken as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "con mèo đọc báo",
        "tám ký tự",
        "xanh-lá-cây-27",
        "🏆🥇🎓📚✏️🌱🚀💡",
        "Kq7!vLp2",
        "correct horse battery staple",
        "aaaa bbbb cccc dddd eeee f",
        "dấu cách ở cuối  ",
    ],
)
def test_any_characters_make_a_password(password: str) -> None:
    assert code(password) == ""


def test_length_is_counted_in_letters_and_has_two_ends() -> None:
    assert code("mkđặcbt") == "password_too_short"
    assert code("mkđặcbiệ") == ""
    assert code("k7" + "xq" * 98 + "zw") == ""
    assert len("k7" + "xq" * 98 + "zw") == LONGEST
    assert code("đ7" * 50 + "xyzw" * 26) == "password_too_long"
    assert (SHORTEST, LONGEST) == (8, 200)


@pytest.mark.parametrize(
    "password",
    [
        "12345678",
        "87654321",
        "0123456789",
        "11111111",
        "abababab",
        "abcabcabc",
        "qwertyuiop",
        "QWERTYUI",
        "1234567890123",
        "matkhau1",
        "MatKhau@123",
        "password",
        "Password1!",
        "p@ssw0rd2026",
        "iloveyou!",
        "bangvang2026",
        "khoinghiep1",
        "mật khẩu 1",
        "admin12345",
        "1qaz2wsx",
        "asdfghjkl",
        "anhyeuem",
        "12-34-56-78",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert code(password) == "password_too_common"


@pytest.mark.parametrize(
    "password", ["nguyễn kim ngân", "NguyễnKimNgân2026", "ngan.nguyen@example.vn", "ngan.nguyen1", "0903123782"]
)
def test_ones_own_name_and_address_are_refused(password: str) -> None:
    assert code(password, "Nguyễn Kim Ngân", "ngan.nguyen@example.vn", "0903123782") == "password_too_common"


def test_another_persons_name_is_not_known_and_passes() -> None:
    assert code("nguyễn kim ngân", "Trần Quốc Đạt", "", "") == ""


@given(st.text(min_size=0, max_size=260))
def test_every_text_gets_a_verdict(text: str) -> None:
    verdict = code(text, text[:5])
    assert verdict in ("", "password_too_short", "password_too_long", "password_too_common")
    assert (verdict == "password_too_short") == (len(text) < SHORTEST)


@given(st.text(alphabet="abcdefgh", min_size=1, max_size=3), st.integers(3, 20))
def test_repeating_something_short_never_helps(part: str, times: int) -> None:
    assert is_common(part * times)


CONTEST = ("Bảng Vàng", "Khởi nghiệp xanh 2026", "Green Start-ups 2026", "Đại học Cần Thơ")


def contest_code(password: str) -> str:
    try:
        check_password(password, contest=CONTEST)
    except RuleBroken as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    "password",
    ["khởi nghiệp xanh", "KhoiNghiepXanh2026", "xanh-khoi-nghiep!", "greenstartups", "Đại học Cần Thơ", "canthoxanh99"],
)
def test_words_of_the_contest_are_refused(password: str) -> None:
    assert contest_code(password) == "password_too_common"
    assert contest_code(password + " và 3 con vịt") == ""


@pytest.mark.parametrize("password", ["ngannguyen", "NganKim2026", "kim.ngan.nguyen", "nguyenkimngan!"])
def test_ones_own_name_in_any_order_and_without_marks_is_refused(password: str) -> None:
    assert code(password, "Nguyễn Kim Ngân") == "password_too_common"


def test_a_short_name_does_not_spoil_a_random_password() -> None:
    assert code("an 94728501736", "An") == ""
    assert code("Kq7!vLp2 an", "An") == ""


@pytest.mark.parametrize(
    "password", ["anhyeuem123", "yeuemnhieu1", "Vietnam1", "khongbiet", "emyeuanh2", "Mật Khẩu 1", "toilatoi99"]
)
def test_vietnamese_ones_are_refused(password: str) -> None:
    assert leaked_code(password) in ("password_too_common", "password_leaked")


def leaked_code(password: str) -> str:
    try:
        check_password(password, leaked=is_leaked)
    except RuleBroken as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "jordan23",
        "Liverpool1",
        "qazwsxedc",
        "!qaz@wsx",
        "zaq12wsx",
        "metallica",
        "ĐanIelle",
        "q1w2e3r4t5",
        "football1!",
    ],
)
def test_what_has_leaked_is_refused_whatever_its_case(password: str) -> None:
    assert leaked_code(password) in ("password_leaked", "password_too_common")


@pytest.mark.parametrize("password", ["con mèo đọc báo", "correct horse battery staple", "Kq7!vLp2", "xanh-lá-cây-27"])
def test_what_nobody_has_leaked_passes(password: str) -> None:
    assert leaked_code(password) == ""
