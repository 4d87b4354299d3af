"""The rule for passwords; hashing lives in `infra/hashing.py`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from contest.errors import RuleBroken

SHORTEST = 8
LONGEST = 200
_ROWS = (
    "01234567890",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc",
)
# Words that lists of leaked passwords begin with, here and abroad; digits and marks around them change nothing.
_COMMON = frozenset(
    re.findall(
        r"\S+",
        """
        password passwort passw0rd p@ssword p@ssw0rd matkhau mậtkhẩu khongco khongbiet toilatoi anhyeuem emyeuanh
        iloveyou yeuem yeuanh quenroi admin administrator welcome letmein monkey dragon football bongda vietnam
        hochiminh saigon hanoi danang sunshine princess superman starwars computer internet secret changeme default
        trustno1 whatever freedom michael charlie giamkhao bantochuc cuocthi khoinghiep bangvang
        """,
    )
)


def check_password(password: str, *, own: Iterable[str] = ()) -> None:
    """Refuse a password that is too short, too long or easily guessed; any characters are allowed (ASVS 6.2).

    `own` holds what others know of the person: name, e-mail, phone. Raises `RuleBroken` "password_too_short",
    "password_too_long" or "password_too_common".
    """
    if len(password) < SHORTEST:
        raise RuleBroken("password_too_short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise RuleBroken("password_too_long", longest=LONGEST)
    if is_common(password, own=own):
        raise RuleBroken("password_too_common")


def is_common(password: str, *, own: Iterable[str] = ()) -> bool:
    """Tell whether the password is a run of keys, a repetition, a known word with digits, or one's own name."""
    plain = _plain(password)
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    digits = re.sub(r"\W", "", plain)
    if digits and not core and _is_run(digits):
        return True
    known = {_plain(word) for text in own for word in (text, text.partition("@")[0])} - {""}
    return core in _COMMON or plain in known or core in known or _is_run(plain)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).casefold().split())


def _is_run(text: str) -> bool:
    """Tell whether the text repeats something short or follows the keys of a row, forwards or backwards."""
    if any(text == (text[:size] * len(text))[: len(text)] for size in (1, 2, 3, 4)):
        return True
    return any(text in line or text in line[::-1] for line in (row * 2 for row in _ROWS))
