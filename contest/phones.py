"""Vietnamese phone numbers in every spelling. Pure, and open to every package."""

from __future__ import annotations

import re

# The conversion of 2018: eleven-digit prefixes (without the leading zero) and what replaced them.
_PREFIXES_OF_2018 = {
    "120": "70",
    "121": "79",
    "122": "77",
    "126": "76",
    "128": "78",
    "123": "83",
    "124": "84",
    "125": "85",
    "127": "81",
    "129": "82",
    **{f"16{last}": f"3{last}" for last in range(2, 10)},
    "186": "56",
    "188": "58",
    "199": "59",
}
_PHONE_MARKS = re.compile(r"[\s.\-()/']+")
_COUNTRY = "84"
_MOBILE = re.compile(r"[35789][0-9]{8}")
_LANDLINE = re.compile(r"2[0-9]{9}")
_ABROAD = re.compile(r"[1-9][0-9]{7,14}")


def normal_phone(text: str) -> str | None:
    """Return a number as E.164 (`+84903123782`), or none when it cannot be one.

    Old eleven-digit prefixes are converted, a leading zero lost by a spreadsheet is restored, "903123782.0" is read.
    Numbers of other countries need their `+` or `00`.
    """
    bare = _PHONE_MARKS.sub("", re.sub(r"^([0-9]+)\.0$", r"\1", text.strip()))
    abroad = bare.startswith(("+", "00"))
    digits = bare.removeprefix("+").removeprefix("00") if abroad else bare
    if not digits.isascii() or not digits.isdigit():
        return None
    if abroad and not digits.startswith(_COUNTRY) and _ABROAD.fullmatch(digits):
        return f"+{digits}"
    national = _national(digits, abroad=abroad)
    return f"+{_COUNTRY}{national}" if _MOBILE.fullmatch(national) or _LANDLINE.fullmatch(national) else None


def _national(digits: str, *, abroad: bool) -> str:
    """Return what follows +84 or the leading zero, under today's prefix."""
    with_country = abroad or len(digits) > len("903123782") + 1
    if with_country and digits.startswith(_COUNTRY):
        digits = digits.removeprefix(_COUNTRY)
    digits = digits.removeprefix("0")
    if len(digits) == len("1203123232") and digits[:3] in _PREFIXES_OF_2018:
        return _PREFIXES_OF_2018[digits[:3]] + digits[3:]
    return digits


def shown_phone(number: str) -> str:
    """Return an E.164 number as people here write it: `0903 123 782`; other countries' and odd ones stay."""
    national = number.removeprefix(f"+{_COUNTRY}")
    if number.startswith(f"+{_COUNTRY}") and _MOBILE.fullmatch(national):
        return f"0{national[:3]} {national[3:6]} {national[6:]}"
    if number.startswith(f"+{_COUNTRY}") and _LANDLINE.fullmatch(national):
        area = 2 if national[:2] in ("24", "28") else 3
        return f"0{national[:area]} {national[area:-4]} {national[-4:]}"
    return number
