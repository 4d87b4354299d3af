"""Messy text, telephone numbers, names, links and schools."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.errors import RuleBroken
from contest.exchange.cleaning import (
    Link,
    People,
    clean_block,
    clean_phone,
    clean_text,
    clean_url,
    is_nothing,
    school_key,
    split_people,
    unify_schools,
)
from contest.phones import shown_phone


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  Bùi Hữu Hải  ", "Bùi Hữu Hải"),
        ("a\t\r\n b\u00a0 c", "a b c"),
        (unicodedata.normalize("NFD", "Đỗ Thị Hằng"), "Đỗ Thị Hằng"),
        ("a\u200bb\u202ec\ufeff\u00ad", "abc"),
        ("a\x00b\x07c\x85d", "abc d"),
        ("\ud800x", "x"),
        ("👩\u200d💻 viết", "👩\u200d💻 viết"),
        ("a\u200db\u200d", "ab"),
        ("\u200d 👩", "👩"),
        ("a\u200b\u0323", "ạ"),
        ("=1+1", "=1+1"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("", ""),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text) == clean


def test_clean_block_keeps_lines() -> None:
    assert clean_block("\r\n  một \r\n\r\n\r\n\r\n hai\tba \u2028bốn\n\n") == "một\n\nhai ba\nbốn"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    line, block = clean_text(text), clean_block(text)
    assert clean_text(line) == line
    assert clean_block(block) == block
    for clean in (line, block.replace("\n", "")):
        assert unicodedata.is_normalized("NFC", clean)
        assert not {unicodedata.category(mark) for mark in clean if mark != "\u200d"} & {"Cc", "Cf", "Cs"}


@pytest.mark.parametrize("text", ["không", "KHÔNG CÓ", " - ", "", "N/A", "none", "chưa có", "0", "Ko"])
def test_ways_to_say_nothing(text: str) -> None:
    assert is_nothing(text)


@pytest.mark.parametrize("text", ["An", "Không Tên", "1", "noname"])
def test_names_are_something(text: str) -> None:
    assert not is_nothing(text)


@pytest.mark.parametrize(
    ("text", "number", "shown"),
    [
        ("84903123782", "+84903123782", "0903 123 782"),
        ("01203123232", "+84703123232", "0703 123 232"),
        ("0903.123.020", "+84903123020", "0903 123 020"),
        ("+84 903123094", "+84903123094", "0903 123 094"),
        ("0903 123 249", "+84903123249", "0903 123 249"),
        ("903123782", "+84903123782", "0903 123 782"),
        ("903123782.0", "+84903123782", "0903 123 782"),
        ("'0903123782", "+84903123782", "0903 123 782"),
        ("0903\u00a0123-782", "+84903123782", "0903 123 782"),
        ("+84 (0)903 123 782", "+84903123782", "0903 123 782"),
        ("0084903123782", "+84903123782", "0903 123 782"),
        ("+841203123232", "+84703123232", "0703 123 232"),
        ("841203123232", "+84703123232", "0703 123 232"),
        ("1203123232", "+84703123232", "0703 123 232"),
        ("0843123456", "+84843123456", "0843 123 456"),
        ("843123456", "+84843123456", "0843 123 456"),
        ("028 3822 1234", "+842838221234", "028 3822 1234"),
        ("0225 3822 123", "+842253822123", "0225 382 2123"),
        ("+1 415 555 2671", "+14155552671", "+14155552671"),
        ("0065 6123 4567", "+6561234567", "+6561234567"),
    ],
)
def test_phones(text: str, number: str, shown: str) -> None:
    assert clean_phone(text) == number
    assert clean_phone(number) == number
    assert shown_phone(number) == shown
    assert clean_phone(shown) == number


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *(("0120", "070"), ("0121", "079"), ("0122", "077"), ("0126", "076"), ("0128", "078")),
        *(("0123", "083"), ("0124", "084"), ("0125", "085"), ("0127", "081"), ("0129", "082")),
        *(("0162", "032"), ("0163", "033"), ("0164", "034"), ("0165", "035"), ("0166", "036")),
        *(("0167", "037"), ("0168", "038"), ("0169", "039"), ("0186", "056"), ("0188", "058"), ("0199", "059")),
    ],
)
def test_prefixes_of_2018(old: str, new: str) -> None:
    assert clean_phone(f"{old}3123232") == f"+84{new[1:]}3123232"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "090312378",
        "09031237821",
        "01303123232",
        "0103123782",
        "mai gửi",
        "0903 123 782 (mẹ)",
        "++84903123782",
        "0903123782 0903123783",
        "０９０３１２３７８２",
        "+84",
        "1" * 100,
        "+0123456789",
        "0603123782",
    ],
)
def test_what_is_no_phone(text: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        clean_phone(text)
    assert caught.value.code == "phone_unknown"
    assert caught.value.facts == {"text": clean_text(text)[:40]}


def test_odd_numbers_are_shown_as_they_are() -> None:
    assert shown_phone("12345") == "12345"
    assert shown_phone("+8412") == "+8412"


@given(st.text(alphabet="0123456789+.-() ", max_size=16))
def test_a_read_phone_is_read_again(text: str) -> None:
    try:
        number = clean_phone(text)
    except RuleBroken as error:
        assert error.code == "phone_unknown"  # noqa: PT017 -- most texts are refused, all must be in this way
        return
    assert clean_phone(number) == number
    assert clean_phone(shown_phone(number)) == number


@pytest.mark.parametrize(
    ("text", "names", "repeated"),
    [
        ("Lý Gia Nam\nHồ Văn Dung\r\nDương Văn Hà", ("Lý Gia Nam", "Hồ Văn Dung", "Dương Văn Hà"), ()),
        ("Phan Đức Hằng; Ngô Hữu Mai;", ("Phan Đức Hằng", "Ngô Hữu Mai"), ()),
        ("Trần Anh Phúc, Huỳnh Thùy Ỷ", ("Trần Anh Phúc", "Huỳnh Thùy Ỷ"), ()),
        ("An (lớp 9A, tổ 2)\nBình", ("An (lớp 9A, tổ 2)", "Bình"), ()),
        ("1. An\n2) Bình\n- Cường\n• Dung", ("An", "Bình", "Cường", "Dung"), ()),
        ("Huỳnh Đức Long\nLê Vy\nHUỲNH ĐỨC LONG", ("Huỳnh Đức Long", "Lê Vy"), ("HUỲNH ĐỨC LONG",)),
        ("An, Bình\n", ("An", "Bình"), ()),
        ("không", (), ()),
        (" - ", (), ()),
        ("", (), ()),
        (";;,\n", (), ()),
    ],
)
def test_people(text: str, names: tuple[str, ...], repeated: tuple[str, ...]) -> None:
    assert split_people(text) == People(names, repeated)


@given(st.text(alphabet="AnBình đ,;\n-1.", max_size=40))
def test_people_are_named_once_and_cleanly(text: str) -> None:
    people = split_people(text)
    assert split_people("".join(f"{name};" for name in people.names)).names == people.names
    assert all(clean_text(name) == name for name in people.names)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://youtu.be/abc123xyz", Link("https://youtu.be/abc123xyz")),
        ("HTTP://Example.org/a?b=c#d", Link("http://Example.org/a?b=c#d")),
        (" youtube.com/watch?v=1 ", Link("https://youtube.com/watch?v=1")),
        ("//youtu.be/x", Link("https://youtu.be/x")),
        ("example.org:8080/x", Link("https://example.org:8080/x")),
        ("", Link()),
        ("không", Link()),
        ("(gửi sau)", Link(note="link_later")),
        ("Em sẽ gửi sau ạ", Link(note="link_later")),
        ("file:///etc/passwd", Link(note="link_refused")),
        ("javascript:alert(1)", Link(note="link_refused")),
        ("JavaScript:alert(1)", Link(note="link_refused")),
        ("java\tscript:alert(1)", Link(note="link_unknown")),
        ("data:text/html,x", Link(note="link_refused")),
        ("ftp://example.org", Link(note="link_refused")),
        ("mailto:a@b.vn", Link(note="link_refused")),
        ("https://user@example.org", Link(note="link_unknown")),
        ("https://", Link(note="link_unknown")),
        ("https:///x", Link(note="link_unknown")),
        ("video của em", Link(note="link_unknown")),
        ("localhost", Link(note="link_unknown")),
        ('https://example.org/"onmouseover=', Link(note="link_unknown")),
        ("https://example.org/" + "a" * 2_000, Link(note="link_unknown")),
    ],
)
def test_links(text: str, link: Link) -> None:
    assert clean_url(text) == link


@given(st.one_of(st.text(max_size=60), st.text(alphabet="abc.:/?@#\\ <", max_size=30)))
def test_links_are_http_or_nothing(text: str) -> None:
    link = clean_url(text)
    assert not link.url or (link.url.startswith(("http://", "https://")) and not link.note)
    assert clean_url(link.url) == Link(link.url)


def test_school_keys() -> None:
    assert school_key("Trường THPT Tân Phong") == school_key("thpt tân phong ") == "thpt tan phong"
    assert school_key("ĐH Tôn Đức Thắng") == school_key("Đại học Tôn Đức Thắng") == "dh ton duc thang"
    assert school_key("Trung học phổ thông A") == "thpt a"
    assert school_key("THPT A") != school_key("THCS A")


def test_the_common_spelling_of_a_school_is_shown() -> None:
    names = ["thpt ngô quyền"] * 3 + ["THPT Ngô Quyền "] * 2 + ["Trường THPT Tân Phong", "THPT Tân Phong", "Tự do"]
    assert unify_schools(names) == {
        "thpt ngô quyền": "THPT Ngô Quyền",
        "THPT Ngô Quyền": "THPT Ngô Quyền",
        "Trường THPT Tân Phong": "Trường THPT Tân Phong",
        "THPT Tân Phong": "Trường THPT Tân Phong",
        "Tự do": "Tự do",
    }


@given(st.lists(st.sampled_from(["THPT A", "thpt a", "Trường THPT A", "ĐH B", "Đại học B", "C", ""])), st.randoms())
def test_schools_do_not_depend_on_the_order(names: list[str], chance: random.Random) -> None:
    shuffled = names.copy()
    chance.shuffle(shuffled)
    unified = unify_schools(names)
    assert unify_schools(shuffled) == unified
    assert all(school_key(name) == school_key(shown) for name, shown in unified.items())
