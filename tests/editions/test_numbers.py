from __future__ import annotations

import decimal
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.numbers import LONGEST, parse_decimal, parse_plain, plain
from contest.errors import RuleBroken

NUMBERS = {
    "8.5": "8.5",
    "8,5": "8.5",
    "8": "8",
    "+8,25": "8.25",
    "-3": "-3",
    "-3,5": "-3.5",
    "  7.25\t": "7.25",
    "\u00a07,5\u00a0": "7.5",
    "0,125": "0.125",
    "0.125": "0.125",
    "-0.125": "-0.125",
    "00,125": "0.125",
    "007": "7",
    "10,00": "10.00",
    "1,0000": "1.0000",
    "12345": "12345",
    "1000": "1000",
    "-0": "0",
    "-0,0": "0.0",
}
INVALID = [
    *("", " ", "nan", "NaN", "sNaN", "inf", "-Infinity", "1e3", "1E3", "1e309", "0x10", "1_000", "½", "²"),
    *("1.234,5", "1,234.5", "1.2.3", "1,2,3", "1.000.000", "1 000", "1'000", ".5", ",5", "5.", "5,", ".", ",", "-"),
    *("--1", "+-1", "1-", "- 1", "8.5 %", "8/10", "[]", "true", "null", "tám", "8.5\x00", "8\n5"),
    *("\uff18", "\uff18.\uff15", "\u0668", "\u0668\u066b\u0665", "\u22123", "8\u066b5", "\u200b8", "𝟖"),
]
AMBIGUOUS = ["1.000", "1,000", "15.000", "-1.250", "+12,345", " 8.125 ", "1234.567"]


@pytest.mark.parametrize(("text", "value"), NUMBERS.items())
def test_point_and_comma_mean_the_same(text: str, value: str) -> None:
    parsed = parse_decimal(text)
    assert str(parsed) == value
    assert str(parse_plain(text)) == value


@pytest.mark.parametrize("text", INVALID)
@pytest.mark.parametrize("parse", [parse_decimal, parse_plain])
def test_everything_else_is_refused(parse: object, text: str) -> None:
    assert callable(parse)
    with pytest.raises(RuleBroken) as refused:
        parse(text)
    assert refused.value.code == "number_invalid"
    assert refused.value.facts == {"text": text}


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_a_possible_thousand_is_ambiguous_when_typed(text: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        parse_decimal(text)
    assert refused.value.code == "number_ambiguous"
    assert refused.value.facts == {"text": text.strip()}


@pytest.mark.parametrize(("text", "value"), [("15.000", "15"), ("1,000", "1"), ("-1.250", "-1.25"), ("8.125", "8.125")])
def test_in_a_file_a_separator_is_always_the_decimal_one(text: str, value: str) -> None:
    assert parse_plain(text) == Decimal(value)


def test_a_long_text_is_refused_and_cut_in_the_facts() -> None:
    assert parse_decimal("1" * LONGEST) == Decimal("1" * LONGEST)
    for text in ("1" * (LONGEST + 1), "9" * 10_000_000, " " * 10_000_000 + "8"):
        with pytest.raises(RuleBroken) as refused:
            parse_decimal(text)
        assert refused.value.code == "number_invalid"
        assert refused.value.facts == {"text": text[:LONGEST]}


@given(st.one_of(st.text(max_size=60), st.from_regex(r"\s*[+-]?[0-9]{1,5}[.,]?[0-9]{0,4}\s*")))
def test_any_text_is_a_finite_number_or_a_refusal(text: str) -> None:
    refusal, value = _tried(text)
    assert (refusal in ("number_invalid", "number_ambiguous")) != (value is not None)
    if value is not None:
        assert value.is_finite()
        assert value == parse_plain(text)
        assert not (value.is_signed() and value == 0)


def _tried(text: str) -> tuple[str, Decimal | None]:
    try:
        return "", parse_decimal(text)
    except RuleBroken as refused:
        return refused.code, None


@given(st.integers(-(10**9), 10**9), st.sampled_from([0, 1, 2, 4, 6]), st.sampled_from(".,"))
def test_what_is_printed_reads_back(units: int, places: int, separator: str) -> None:
    value = Decimal(f"{units}E-{places}")
    assert parse_decimal(f"{value:f}".replace(".", separator)) == value


def test_no_decimal_context_changes_what_is_read() -> None:
    long = "12345678901234567890123456789012345.67"
    with decimal.localcontext() as context:
        context.prec = 3
        context.rounding = decimal.ROUND_DOWN
        assert str(parse_decimal(long)) == long


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("100.0", "100"),
        ("1E+2", "100"),
        ("0.250", "0.25"),
        ("10", "10"),
        ("0.0", "0"),
        ("-1.50", "-1.5"),
        ("1E-3", "0.001"),
    ],
)
def test_plain_writes_no_needless_zero(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text
    assert parse_plain(text) == Decimal(value)
