"""Believable Vietnamese names of people, teams and schools that do not exist; every one begins with the mark."""

from __future__ import annotations

import random
from dataclasses import dataclass

MARK = "TEST"

_FAMILIES = (
    *("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô"),
    *("Dương", "Lý", "Đinh", "Mai", "Trịnh", "Đoàn"),
)
_MIDDLES = (
    *("Thị Thanh", "Minh", "Hoàng", "Ngọc", "Gia", "Bảo", "Khánh", "Thanh", "Đức", "Quang", "Thùy", "Hải", "Phương"),
    *("Anh", "Xuân", "Hữu", "Văn", "Thị Kim"),
)
_GIVENS = (
    *("An", "Ánh", "Bách", "Bình", "Châu", "Cường", "Dũng", "Duyên", "Đạt", "Giang", "Hà", "Hân", "Hiếu", "Hương"),
    *("Khôi", "Kiệt", "Lam", "Linh", "Long", "Mai", "My", "Nam", "Ngân", "Nghĩa", "Nhi", "Phúc", "Quân", "Quỳnh"),
    *("Sơn", "Tâm", "Thảo", "Thịnh", "Trang", "Trí", "Tú", "Uyên", "Vinh", "Vy", "Yến", "Ý"),
)
_TEAM_FIRST = ("Sóng", "Mầm", "Lá", "Nắng", "Mực", "Đom Đóm", "Cánh Diều", "Tia", "Suối", "Vành Khuyên", "Hạt", "Gió")
_TEAM_SECOND = ("Xanh", "Vàng", "Sớm", "Mới", "Tím", "Phương Nam", "Bến Cũ", "Ban Mai", "Kênh Đào", "Phù Sa")
_SCHOOLS = (
    *("THPT Hoa Phượng Vĩ", "THCS Cầu Ván Dài", "ĐH Sông Tiền Mới", "ĐH Bến Nghé Đông", "CLB Kênh Xanh"),
    *("THPT Đồi Thông Đỏ", "Đoàn phường Hải Đăng Mới", "CĐ Làng Nghề Số", "THPT Vườn Điều", "ĐH Cánh Buồm Trắng"),
)
_OFFICES = (
    "Viện Đổi mới Phù Sa",
    "Quỹ Hạt Mầm Nắng",
    "Công ty Đèn Lồng Số",
    "Hội Doanh nhân Bến Cũ",
    "Vườn ươm Mây Trắng",
)
_WHAT = ("Bản đồ", "Tủ đổi", "Trợ lý", "Sổ tay", "Mạng lưới", "Cảm biến", "Lớp học", "Chợ phiên", "Vườn", "Trạm")
_OF_WHAT = (
    *("ngập nước trong hẻm", "đồ dùng học tập cũ", "bữa trưa ít rác", "chăm sóc người cao tuổi", "hàng quán vỉa hè"),
    *("phế liệu trong phường", "lịch tiêm của trẻ", "xe buýt đến trường", "cây trên mái nhà", "nghề thủ công"),
)
_FOR_WHOM = (
    "cho học sinh",
    "cho phường",
    "cho người bán hàng",
    "cho gia đình trẻ",
    "cho du khách",
    "cho người khuyết tật",
)


@dataclass(frozen=True, slots=True)
class InventedTeam:
    """One team; `level` from 0 to 4 steers its marks."""

    name: str
    school: str
    captain: str
    members: tuple[str, ...]
    mentor: str
    title: str
    summary: str
    level: int


@dataclass(frozen=True, slots=True)
class InventedJudge:
    """One judge; `lean` is how far the marks lie above (or below) those of others, in parts of the scale."""

    name: str
    organisation: str
    lean: float


def invent_teams(chance: random.Random, count: int) -> list[InventedTeam]:
    """Return `count` teams with different names; beyond the words at hand they are numbered."""
    used: dict[str, int] = {}
    return [_team(chance, used) for _ in range(count)]


def _team(chance: random.Random, used: dict[str, int]) -> InventedTeam:
    people = [_person(chance) for _ in range(chance.randint(2, 5))]
    title = f"{chance.choice(_WHAT)} {chance.choice(_OF_WHAT)} {chance.choice(_FOR_WHOM)}"
    return InventedTeam(
        name=f"{MARK} {_once(f'Đội {chance.choice(_TEAM_FIRST)} {chance.choice(_TEAM_SECOND)}', used)}",
        school=f"{MARK} {chance.choice(_SCHOOLS)}",
        captain=people[0],
        members=tuple(people[1:]),
        mentor=_person(chance),
        title=f"{MARK} {_once(title, used)}",
        summary=f"{MARK}. Bài dự thi bịa để diễn tập: {title.lower()}.",
        level=chance.randint(0, 4),
    )


def _once(text: str, used: dict[str, int]) -> str:
    used[text] = used.get(text, 0) + 1
    return text if used[text] == 1 else f"{text} {used[text]}"


def _person(chance: random.Random) -> str:
    return f"{MARK} {chance.choice(_FAMILIES)} {chance.choice(_MIDDLES)} {chance.choice(_GIVENS)}"


def invent_judges(chance: random.Random, count: int) -> list[InventedJudge]:
    """Return `count` judges, some harsher than others."""
    return [
        InventedJudge(_person(chance), f"{MARK} {chance.choice(_OFFICES)}", chance.uniform(-0.08, 0.08))
        for _ in range(count)
    ]
