"""One spelling per e-mail address and phone number."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.accounts.logins import login_key, login_phone, normal_email, normal_login
from contest.errors import RuleBroken
from contest.phones import shown_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ngan.Nguyen@Example.VN", "ngan.nguyen@example.vn"),
        ("  a+b@mail.tanthuan.gov.vn ", "a+b@mail.tanthuan.gov.vn"),
        (unicodedata.normalize("NFD", "ánh@example.vn"), "ánh@example.vn"),
        ("x@a-b.co", "x@a-b.co"),
    ],
)
def test_an_address_has_one_spelling(typed: str, kept: str) -> None:
    assert normal_email(typed) == kept
    assert normal_login(typed) == (kept, "")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "a@",
        "@b.vn",
        "a@b",
        "a b@c.vn",
        "a@b@c.vn",
        "a@b..vn",
        "a@-b.vn",
        "a@b.vn\nBcc: c@d.vn",
        "<a@b.vn>",
        "a@b.vn,c@d.vn",
        "x" * 250 + "@b.vn",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        normal_email(typed)
    assert refused.value.code == "login_not_valid"
    assert len(refused.value.facts["text"]) <= 60


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0903123782", "+84903123782"),
        ("903123782", "+84903123782"),
        ("0903 123 782", "+84903123782"),
        ("0903.123.782", "+84903123782"),
        ("(+84) 903-123-782", "+84903123782"),
        ("0084903123782", "+84903123782"),
        ("84903123782", "+84903123782"),
        ("+840903123782", "+84903123782"),
        ("02838123456", "+842838123456"),
        ("+81 90 1234 5678", "+819012345678"),
    ],
)
def test_a_number_has_one_spelling(typed: str, kept: str) -> None:
    assert login_phone(typed) == kept
    assert normal_login(typed) == ("", kept)
    assert login_phone(kept) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "090312378", "09031237829", "+", "+84", "0000000000", "12345", "0903123782x", "٠٩٠٣١٢٣٧٨٢", "+84123"],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        login_phone(typed)
    assert refused.value.code == "login_not_valid"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+84903123782", "0903 123 782"),
        ("+842838123456", "028 3812 3456"),
        ("+819012345678", "+819012345678"),
        ("x", "x"),
    ],
)
def test_numbers_are_shown_as_people_write_them(number: str, shown: str) -> None:
    assert shown_phone(number) == shown


@given(st.text(max_size=300))
def test_any_typed_text_has_a_key_that_stays(text: str) -> None:
    key = login_key(text)
    assert len(key) <= 254
    assert login_key(key) == key


def test_the_key_of_a_login_is_what_the_account_keeps() -> None:
    assert login_key(" Ngan@Example.vn") == "ngan@example.vn"
    assert login_key("0903 123 782") == "+84903123782"
    assert login_key(" Nobody ") == "nobody"
