"""Numbers in words: a long table, and readers of the words that find the number again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.papers.spelling import dong, english, spelled, vietnamese

TABLE = (
    (0, "không", "zero"),
    (1, "một", "one"),
    (4, "bốn", "four"),
    (5, "năm", "five"),
    (10, "mười", "ten"),
    (11, "mười một", "eleven"),
    (14, "mười bốn", "fourteen"),
    (15, "mười lăm", "fifteen"),
    (20, "hai mươi", "twenty"),
    (21, "hai mươi mốt", "twenty-one"),
    (24, "hai mươi tư", "twenty-four"),
    (25, "hai mươi lăm", "twenty-five"),
    (31, "ba mươi mốt", "thirty-one"),
    (55, "năm mươi lăm", "fifty-five"),
    (91, "chín mươi mốt", "ninety-one"),
    (99, "chín mươi chín", "ninety-nine"),
    (100, "một trăm", "one hundred"),
    (101, "một trăm linh một", "one hundred and one"),
    (104, "một trăm linh bốn", "one hundred and four"),
    (105, "một trăm linh năm", "one hundred and five"),
    (110, "một trăm mười", "one hundred and ten"),
    (115, "một trăm mười lăm", "one hundred and fifteen"),
    (121, "một trăm hai mươi mốt", "one hundred and twenty-one"),
    (555, "năm trăm năm mươi lăm", "five hundred and fifty-five"),
    (1_000, "một nghìn", "one thousand"),
    (1_001, "một nghìn không trăm linh một", "one thousand and one"),
    (1_005, "một nghìn không trăm linh năm", "one thousand and five"),
    (1_015, "một nghìn không trăm mười lăm", "one thousand and fifteen"),
    (1_100, "một nghìn một trăm", "one thousand one hundred"),
    (2_024, "hai nghìn không trăm hai mươi tư", "two thousand and twenty-four"),
    (2_026, "hai nghìn không trăm hai mươi sáu", "two thousand and twenty-six"),
    (10_000, "mười nghìn", "ten thousand"),
    (15_000, "mười lăm nghìn", "fifteen thousand"),
    (21_000, "hai mươi mốt nghìn", "twenty-one thousand"),
    (100_000, "một trăm nghìn", "one hundred thousand"),
    (105_000, "một trăm linh năm nghìn", "one hundred and five thousand"),
    (500_000, "năm trăm nghìn", "five hundred thousand"),
    (1_000_000, "một triệu", "one million"),
    (1_000_005, "một triệu không trăm linh năm", "one million and five"),
    (1_002_003, "một triệu không trăm linh hai nghìn không trăm linh ba", "one million two thousand and three"),
    (1_500_000, "một triệu năm trăm nghìn", "one million five hundred thousand"),
    (2_333_333, "hai triệu ba trăm ba mươi ba nghìn ba trăm ba mươi ba",
     "two million three hundred and thirty-three thousand three hundred and thirty-three"),
    (6_400_000, "sáu triệu bốn trăm nghìn", "six million four hundred thousand"),
    (7_000_000, "bảy triệu", "seven million"),
    (25_000_000, "hai mươi lăm triệu", "twenty-five million"),
    (100_000_000, "một trăm triệu", "one hundred million"),
    (1_000_000_000, "một tỷ", "one billion"),
    (1_000_000_001, "một tỷ không trăm linh một", "one billion and one"),
    (1_050_000_000, "một tỷ không trăm năm mươi triệu", "one billion fifty million"),
    (24_000_000_000, "hai mươi tư tỷ", "twenty-four billion"),
    (1_000_000_000_000, "một nghìn tỷ", "one trillion"),
    ("0.5", "không phẩy năm", "zero point five"),
    ("87.5", "tám mươi bảy phẩy năm", "eighty-seven point five"),
    ("87.50", "tám mươi bảy phẩy năm mươi", "eighty-seven point five zero"),
    ("87.05", "tám mươi bảy phẩy không năm", "eighty-seven point zero five"),
    ("87.25", "tám mươi bảy phẩy hai mươi lăm", "eighty-seven point two five"),
    ("84.13", "tám mươi tư phẩy mười ba", "eighty-four point one three"),
    ("100.00", "một trăm phẩy không không", "one hundred point zero zero"),
    ("7.125", "bảy phẩy một trăm hai mươi lăm", "seven point one two five"),
    ("3.3333", "ba phẩy ba ba ba ba", "three point three three three three"),
    ("-25", "âm hai mươi lăm", "minus twenty-five"),
    ("-0.5", "âm không phẩy năm", "minus zero point five"),
    ("1E+3", "một nghìn", "one thousand"),
)  # fmt: skip


@pytest.mark.parametrize(("number", "vi", "en"), TABLE)
def test_the_table(number: int | str, vi: str, en: str) -> None:
    assert spelled(number, "vi") == vi
    assert spelled(number, "en") == en


def test_a_sum_begins_with_a_capital() -> None:
    assert dong(7_000_000, "vi") == "Bảy triệu đồng"
    assert dong(16_400_000, "en") == "Sixteen million four hundred thousand dong"


@pytest.mark.parametrize("wrong", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="read aloud"):
        spelled(wrong, "vi")


def test_english_ends_where_its_words_end() -> None:
    assert english(10**21 - 1).startswith("nine hundred and ninety-nine quintillion")
    with pytest.raises(ValueError, match="too large"):
        english(10**21)


DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
VI_DIGITS = {
    **{word: value for value, word in enumerate(DIGITS)},
    "mốt": 1, "tư": 4, "lăm": 5,
}  # fmt: skip


def read_vietnamese(words: str) -> int:
    """Read words back as a reader does: digits, then what multiplies them."""
    total = group = digit = 0
    for word in words.split():
        if word in VI_DIGITS:
            digit = VI_DIGITS[word]
        elif word == "mười":
            group, digit = group + 10, 0
        elif word == "mươi":
            group, digit = group + digit * 10, 0
        elif word == "trăm":
            group, digit = group + digit * 100, 0
        elif word == "tỷ":
            total, group, digit = (total + group + digit) * 10**9, 0, 0
        elif word != "linh":
            total += (group + digit) * {"nghìn": 1000, "triệu": 10**6}[word]
            group = digit = 0
    return total + group + digit


EN_SMALL = {
    **{english(value): value for value in range(20)},
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
EN_LARGE = {word: 1000**place for place, word in enumerate(
    ("thousand", "million", "billion", "trillion", "quadrillion", "quintillion"), start=1)}  # fmt: skip


def read_english(words: str) -> int:
    total = group = 0
    for word in words.replace("-", " ").split():
        if word in EN_SMALL:
            group += EN_SMALL[word]
        elif word == "hundred":
            group *= 100
        elif word in EN_LARGE:
            total, group = total + group * EN_LARGE[word], 0
    return total + group


@given(st.integers(0, 10**18 - 1))
def test_a_reader_finds_the_number_again(number: int) -> None:
    assert read_vietnamese(vietnamese(number)) == number
    assert read_english(english(number)) == number


@given(st.integers(0, 10**6), st.integers(0, 3), st.integers(0, 999))
def test_two_different_numbers_never_sound_alike(whole: int, places: int, rest: int) -> None:
    text = f"{whole}.{rest:0{places}d}" if places and rest < 10**places else str(whole)
    head, _comma, tail = spelled(text, "vi").partition(" phẩy ")
    assert read_vietnamese(head) == whole
    digits = tail.split()
    leading = next((at for at, word in enumerate(digits) if word != "không"), len(digits))
    if tail:
        value = " ".join(digits[leading:])
        expected = text.partition(".")[2]
        assert "0" * leading + (str(read_vietnamese(value)) if value else "") == expected
    assert spelled(text, "en").count("point") == ("." in text)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=2))
def test_the_sign_is_said_once_and_only_below_zero(value: Decimal) -> None:
    assert spelled(value, "vi").startswith("âm ") == (value < 0)
    assert spelled(value, "en").startswith("minus ") == (value < 0)
