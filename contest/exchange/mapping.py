"""Which column of a response sheet holds what: a guess from the words of its header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from contest.letters import fold

TARGETS = (
    "timestamp",
    "email",
    "team",
    "track",
    "school",
    "captain",
    "captain_birth",
    "phone",
    "members",
    "mentor",
    "title",
    "field",
    "summary",
    "video",
    "address",
    "consent",
)
REQUIRED = ("team", "title")

# In order: a header goes to the first target one of whose phrases it contains, the narrow phrases first.
_PHRASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("timestamp", ("dau thoi gian", "timestamp", "thoi gian gui", "ngay gui", "submitted at")),
    ("email", ("email", "e mail", "thu dien tu")),
    ("consent", ("cam ket", "dong y", "xac nhan", "consent", "agree", "declare", "commit")),
    ("captain_birth", ("ngay sinh", "nam sinh", "birth", "dob")),
    ("phone", ("dien thoai", "sdt", "phone", "mobile", "zalo")),
    ("video", ("video", "youtube", "clip", "link", "duong dan", "lien ket")),
    ("summary", ("tom tat", "mo ta", "summary", "abstract", "description", "thuyet minh", "gioi thieu")),
    ("mentor", ("nguoi huong dan", "giao vien huong dan", "giang vien", "co van", "mentor", "huong dan", "advisor")),
    ("members", ("thanh vien", "members", "member")),
    ("captain", ("doi truong", "truong nhom", "nhom truong", "captain", "team leader", "leader", "nguoi dai dien")),
    ("team", ("ten doi", "ten nhom", "doi thi", "team")),
    ("track", ("bang thi", "bang dau", "doi tuong", "track", "division", "category")),
    ("field", ("linh vuc", "chu de", "field", "topic", "theme", "nganh")),
    ("title", ("ten y tuong", "ten du an", "ten de tai", "ten bai", "ten san pham", "title", "idea", "project")),
    ("school", ("truong", "don vi", "school", "university", "organisation", "organization", "noi hoc")),
    ("address", ("dia chi", "address", "noi o")),
)
_WORDS = re.compile(r"[^\W_]+")


def guess_mapping(header: Iterable[str]) -> dict[str, str]:
    """Return column -> target for the columns whose header tells; each target at most once, the first column wins."""
    found: dict[str, str] = {}
    for column in header:
        target = _target(column)
        if target and target not in found.values():
            found[column] = target
    return found


def _target(column: str) -> str:
    words = f" {' '.join(_WORDS.findall(fold(column)))} "
    return next((name for name, phrases in _PHRASES if any(f" {phrase} " in words for phrase in phrases)), "")


def missing_targets(mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Return the required targets that no column is mapped to."""
    return tuple(target for target in REQUIRED if target not in mapping.values())
