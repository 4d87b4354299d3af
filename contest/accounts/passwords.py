"""The rule for passwords; hashing lives in `infra/hashing.py`, the list of leaked ones in `infra/leaked`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from contest.errors import RuleBroken

SHORTEST = 8
ADVISED = 15
LONGEST = 200
# A single letter is no word: initials would eat every text.
_WORDS = re.compile(r"[^\W\d_]{2,}")
_ROWS = (
    "01234567890",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc",
)
# Words that guessers begin with, here and abroad; digits and marks around them change nothing. What has leaked as a
# whole is in the list of `infra/leaked`.
_COMMON = frozenset(
    re.findall(
        r"\S+",
        """
        password passwort passw0rd p@ssword p@ssw0rd iloveyou admin administrator welcome letmein monkey dragon football
        sunshine princess superman starwars computer internet secret changeme default trustno1 whatever freedom michael
        charlie qwerty

        matkhau khongco khongbiet khongnho toilatoi toikhongbiet hoilamgi quenroi quenmatkhau doimatkhau nhapmatkhau
        anhyeuem emyeuanh yeuem yeuanh yeuemnhieu anhnhoem nhoemnhieu toiyeuem toiyeuvietnam vietnamvodich congchua
        hoangtu bongda giadinh bome mebo conyeu meyeucon conyeume banbe tinhyeu hanhphuc mayman cuocsong ngoisao
        vietnam hochiminh saigon hanoi danang haiphong cantho nhatrang dalat thudo thanhpho
        truonghoc hocsinh sinhvien giaovien daihoc lophoc thaygiao cogiao xinchao chaoban dangnhap taikhoan
        giamkhao bantochuc cuocthi khoinghiep sangtao ytuong doithi bangvang chungket vongloai giaithuong
        """,
    )
)


def check_password(
    password: str, *, own: Iterable[str] = (), contest: Iterable[str] = (), leaked: Callable[[str], bool] | None = None
) -> None:
    """Refuse a password that is too short, too long or easily guessed; any characters are allowed (ASVS 6.2).

    `own` holds what others know of the person: name, e-mail, phone; `contest` the names of the site and its editions;
    `leaked` tells of a text in the form of `plain` whether it is in a list. Raises `RuleBroken` "password_too_short",
    "password_too_long", "password_leaked" or "password_too_common".
    """
    if len(password) < SHORTEST:
        raise RuleBroken("password_too_short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise RuleBroken("password_too_long", longest=LONGEST)
    if is_common(password, own=own) or _is_made_of(password, contest):
        raise RuleBroken("password_too_common")
    if leaked is not None and any(map(leaked, _spellings(password))):
        raise RuleBroken("password_leaked")


def is_common(password: str, *, own: Iterable[str] = ()) -> bool:
    """Tell whether the password is a run of keys, a repetition, a known word with digits, or one's own name."""
    text = plain(password)
    digits = re.sub(r"\W", "", text)
    if digits and not _core(text) and _is_run(digits):
        return True
    known = {plain(word) for one in own for word in (one, one.partition("@")[0])} - {""}
    return _bare(_core(text)) in _COMMON or text in known or _is_run(text) or _is_made_of(password, known | set(own))


def plain(text: str) -> str:
    """Return a text as passwords are compared: NFC, in small letters, without spaces."""
    return "".join(unicodedata.normalize("NFC", text).casefold().split())


def _core(text: str) -> str:
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)


def _bare(text: str) -> str:
    """Take the marks off the letters: "mậtkhẩu" is "matkhau" on many keyboards."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _spellings(password: str) -> set[str]:
    text = plain(password)
    return {text, _bare(text), _core(text), _bare(_core(text))}


def _is_made_of(password: str, names: Iterable[str]) -> bool:
    """Tell whether all letters are words of the names, in any order, and digits or marks are not most of it.

    "khoinghiep-2026" falls for an edition "Khởi nghiệp xanh", "ngannguyen1" for Nguyễn Kim Ngân.
    """
    text = _bare(plain(password))
    letters = re.sub(r"[\W\d_]", "", text)
    words = {word for name in names for word in _WORDS.findall(_bare(name.casefold()))}
    return 2 * len(letters) >= len(text) and bool(letters) and _is_chain(letters, words)


def _is_chain(text: str, words: set[str]) -> bool:
    reached = {0}
    for end in range(1, len(text) + 1):
        if any(end - len(word) in reached and text.startswith(word, end - len(word)) for word in words):
            reached.add(end)
    return len(text) in reached


def _is_run(text: str) -> bool:
    """Tell whether the text repeats something short or follows the keys of a row, forwards or backwards."""
    if any(text == (text[:size] * len(text))[: len(text)] for size in (1, 2, 3, 4)):
        return True
    return any(text in line or text in line[::-1] for line in (row * 2 for row in _ROWS))
