"""How a name is read aloud: short forms in full, nothing that nobody can pronounce. Pure."""

from __future__ import annotations

import re
import unicodedata

# Longer forms first; written as schools and offices write them.
_SHORT = {
    "vi": {
        "TP.HCM": "Thành phố Hồ Chí Minh",
        "TPHCM": "Thành phố Hồ Chí Minh",
        "THPT": "Trung học phổ thông",
        "THCS": "Trung học cơ sở",
        "GDTX": "Giáo dục thường xuyên",
        "GDNN": "Giáo dục nghề nghiệp",
        "ĐHQG": "Đại học Quốc gia",
        "UBND": "Ủy ban nhân dân",
        "TNCS": "Thanh niên Cộng sản",
        "TNHH": "trách nhiệm hữu hạn",
        "KHTN": "Khoa học Tự nhiên",
        "CNTT": "Công nghệ thông tin",
        "BTC": "Ban Tổ chức",
        "CLB": "Câu lạc bộ",
        "HTX": "Hợp tác xã",
        "ĐH": "Đại học",
        "CĐ": "Cao đẳng",
        "TP": "Thành phố",
        "TH": "Tiểu học",
        "CP": "cổ phần",
    },
    "en": {"Univ.": "University", "Dept.": "Department", "HCMC": "Ho Chi Minh City", "Co.": "Company"},
}
_SIGNS = {
    "vi": {"&": " và ", "+": " cộng ", "%": " phần trăm ", "@": " a còng ", "=": " bằng "},
    "en": {"&": " and ", "+": " plus ", "%": " per cent ", "@": " at ", "=": " equals "},
}
_UNSPOKEN = {"So", "Sk", "Cf", "Cc", "Cs", "Co", "Cn", "Mc", "Me"}


def spoken(text: str, language: str) -> str:
    """Return how a text is said in "vi" or "en": short forms in full, signs as words, symbols and emoji left out.

    Letters of any script stay, in NFC; the answer is one line.
    """
    said = unicodedata.normalize("NFC", text)
    for short, full in _SHORT[language].items():
        said = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)\.?", full, said)
    for sign, word in _SIGNS[language].items():
        said = said.replace(sign, word)
    kept = "".join(" " if unicodedata.category(letter) in _UNSPOKEN else letter for letter in said)
    return " ".join(kept.split())


def announcement(team: str, school: str, language: str) -> str:
    """Return a team with where it comes from, as a host says it."""
    return ", ".join(filter(None, (spoken(team, language), spoken(school, language))))
