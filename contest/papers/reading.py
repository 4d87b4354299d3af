"""How a name is read aloud: the abbreviations of Vietnamese schools and places in full."""

from __future__ import annotations

import re

_FULL = {
    "THPT": "Trung học phổ thông",
    "THCS": "Trung học cơ sở",
    "TH": "Tiểu học",
    "PTDTNT": "Phổ thông dân tộc nội trú",
    "ĐHQG": "Đại học Quốc gia",
    "ĐH": "Đại học",
    "CĐ": "Cao đẳng",
    "HV": "Học viện",
    "TP.HCM": "Thành phố Hồ Chí Minh",
    "TPHCM": "Thành phố Hồ Chí Minh",
    "HCM": "Hồ Chí Minh",
    "UBND": "Ủy ban nhân dân",
    "GD&ĐT": "Giáo dục và Đào tạo",
    "KHKT": "Khoa học kỹ thuật",
    "CNTT": "Công nghệ thông tin",
    "TS.": "Tiến sĩ",
    "ThS.": "Thạc sĩ",
    "PGS.": "Phó giáo sư",
    "GS.": "Giáo sư",
}
_SHORT = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(_FULL, key=len, reverse=True)))})(?!\w)")


def read_aloud(name: str) -> str:
    """Return the name with every known abbreviation in full; any other letter stays."""
    return " ".join(_SHORT.sub(lambda found: f"{_FULL[found[0]]} ", name).split()) if _SHORT.search(name) else name
