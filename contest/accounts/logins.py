"""What people sign in with: one spelling per e-mail address and per phone number."""

from __future__ import annotations

import re
import unicodedata

from contest.errors import RuleBroken
from contest.phones import normal_phone

LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^\s@<>,;:\"()\\]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")


def normal_email(text: str) -> str:
    """Return an e-mail address in lower case and NFC; raise `RuleBroken` "login_not_valid" with `text`."""
    address = unicodedata.normalize("NFC", text.strip()).lower()
    if len(address) > LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise RuleBroken("login_not_valid", text=text.strip()[:60])
    return address


def login_phone(text: str) -> str:
    """Return a phone number as E.164; raise `RuleBroken` "login_not_valid" with `text`."""
    number = normal_phone(text)
    if number is None:
        raise RuleBroken("login_not_valid", text=text.strip()[:60])
    return number


def normal_login(text: str) -> tuple[str, str]:
    """Return (e-mail, "") or ("", phone), whichever the text is; raise `RuleBroken` "login_not_valid"."""
    return (normal_email(text), "") if "@" in text else ("", login_phone(text))


def login_key(text: str) -> str:
    """Return what a typed login is looked up and counted by; text that is no login stays, in lower case."""
    try:
        return "".join(normal_login(text))
    except RuleBroken:
        return unicodedata.normalize("NFC", text.strip()).lower()[:LONGEST_EMAIL]
