"""Numbers in words, Vietnamese and English: sums of money and totals as papers repeat them.

Vietnamese as in the north and on official papers: "linh", "nghìn", "tỷ"; mười lăm, hai mươi mốt, hai mươi tư.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

_VI = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_VI_GROUPS = ("", "nghìn", "triệu")
_EN = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN_GROUPS = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
_BILLION = 10**9
_LONGEST_READ_AS_ONE = 3  # digits after the comma that are read as one number


def spelled(number: Decimal | int | str, language: str) -> str:
    """Return an exact number in words, in small letters; every digit that is given is read, also zeros at the end.

    `language`: "vi" or "en". 87.50 is "tám mươi bảy phẩy năm mươi" and "eighty-seven point five zero". Raises
    `ValueError` on what is no finite number, or on one too large for the words (from 10^21 in English).
    """
    value = Decimal(number)
    if not value.is_finite():
        raise ValueError(f"{number!r} cannot be read aloud")
    whole, _point, rest = format(abs(value), "f").partition(".")
    words = vietnamese(int(whole)) if language == "vi" else english(int(whole))
    if rest:
        words += f" phẩy {_vi_rest(rest)}" if language == "vi" else f" point {' '.join(_EN[int(one)] for one in rest)}"
    if value.is_signed() and value:
        words = f"âm {words}" if language == "vi" else f"minus {words}"
    return words


def dong(amount: int, language: str) -> str:
    """Return a sum in dong in words as it stands on a paper: "Bảy triệu đồng", "Seven million dong"."""
    words = f"{spelled(amount, language)} {'đồng' if language == 'vi' else 'dong'}"
    return words[0].upper() + words[1:]


def vietnamese(number: int) -> str:
    """Return a whole number from 0 on in Vietnamese words."""
    if number == 0:
        return _VI[0]
    billions, below = divmod(number, _BILLION)
    words = [f"{vietnamese(billions)} tỷ"] if billions else []
    for place in (2, 1, 0):
        group = below // 1000**place % 1000
        if group:
            full = bool(billions) or below >= 1000 ** (place + 1)
            words.append(f"{' '.join(_vi_group(group, full=full))} {_VI_GROUPS[place]}".rstrip())
    return " ".join(words)


def _vi_group(group: int, *, full: bool) -> Iterator[str]:
    """Yield the words of 1 to 999; `full` says the hundreds also when there are none."""
    hundreds, below = divmod(group, 100)
    tens, ones = divmod(below, 10)
    if hundreds or full:
        yield f"{_VI[hundreds]} trăm"
    if tens == 0 and ones and (hundreds or full):
        yield "linh"
    if tens == 1:
        yield "mười"
    elif tens:
        yield f"{_VI[tens]} mươi"
    if ones:
        yield _vi_ones(tens, ones)


def _vi_ones(tens: int, ones: int) -> str:
    if ones == 1 and tens > 1:
        return "mốt"
    if ones == 4 and tens > 1:  # noqa: PLR2004  the digit itself
        return "tư"
    return "lăm" if ones == 5 and tens else _VI[ones]  # noqa: PLR2004  the digit itself


def _vi_rest(digits: str) -> str:
    """Return what stands after the comma: zeros in front one by one, the rest as a number when it is short."""
    rest = digits.lstrip("0")
    zeros = [_VI[0]] * (len(digits) - len(rest))
    if len(digits) > _LONGEST_READ_AS_ONE:
        return " ".join(_VI[int(one)] for one in digits)
    return " ".join([*zeros, vietnamese(int(rest))] if rest else zeros)


def english(number: int) -> str:
    """Return a whole number from 0 on in English words, with "and" before the tens. Raises `ValueError` from 10^21."""
    if number == 0:
        return _EN[0]
    if number >= 1000 ** len(_EN_GROUPS):
        raise ValueError("the number is too large for words")
    words: list[str] = []
    for place in range(len(_EN_GROUPS) - 1, -1, -1):
        group = number // 1000**place % 1000
        if group:
            lead = "and " if place == 0 and group < 100 and words else ""  # noqa: PLR2004  no hundreds
            words.append(f"{lead}{_en_group(group)} {_EN_GROUPS[place]}".rstrip())
    return " ".join(words)


def _en_group(group: int) -> str:
    hundreds, below = divmod(group, 100)
    words = [f"{_EN[hundreds]} hundred"] if hundreds else []
    if below:
        words.append(_en_below_hundred(below))
    return " and ".join(words)


def _en_below_hundred(number: int) -> str:
    if number < len(_EN):
        return _EN[number]
    tens, ones = divmod(number, 10)
    return f"{_EN_TENS[tens]}-{_EN[ones]}" if ones else _EN_TENS[tens]
