"""Headers of response sheets, in both languages."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.exchange.mapping import REQUIRED, TARGETS, guess_mapping, missing_targets
from contest.infra.xlsx import read_xlsx

FORM = Path(__file__).parent.parent / "data" / "google-form-2026.xlsx"


def test_the_form_of_2026_in_order() -> None:
    header = read_xlsx(FORM.name, FORM.read_bytes()).header
    assert tuple(guess_mapping(header).values()) == TARGETS
    assert tuple(guess_mapping(header)) == header


@pytest.mark.parametrize(
    ("column", "target"),
    [
        ("Timestamp", "timestamp"),
        ("Email Address", "email"),
        ("E-mail liên hệ", "email"),
        ("TÊN ĐỘI", "team"),
        ("Team name", "team"),
        (unicodedata.normalize("NFD", "Bảng thi"), "track"),
        ("School / University", "school"),
        ("Họ và tên nhóm trưởng", "captain"),
        ("Team leader", "captain"),
        ("Năm sinh của đội trưởng", "captain_birth"),
        ("SĐT (Zalo)", "phone"),
        ("Các thành viên trong đội", "members"),
        ("Team members", "members"),
        ("Giáo viên hướng dẫn", "mentor"),
        ("Tên dự án dự thi", "title"),
        ("Lĩnh vực dự thi", "field"),
        ("Mô tả ý tưởng", "summary"),
        ("Link YouTube", "video"),
        ("Nơi ở hiện tại", "address"),
        ("Tôi đồng ý với thể lệ", "consent"),
        ("Ghi chú khác", ""),
        ("", ""),
    ],
)
def test_words(column: str, target: str) -> None:
    assert guess_mapping([column]) == ({column: target} if target else {})


def test_a_target_is_given_once() -> None:
    assert guess_mapping(["Số điện thoại", "Điện thoại phụ huynh", "Email"]) == {
        "Số điện thoại": "phone",
        "Email": "email",
    }


def test_what_is_missing() -> None:
    assert missing_targets({}) == REQUIRED == ("team", "title")
    assert missing_targets({"a": "title", "b": "team"}) == ()


@given(st.lists(st.text(max_size=30)))
def test_any_header_gives_a_mapping(header: list[str]) -> None:
    mapping = guess_mapping(header)
    assert set(mapping) <= set(header)
    assert len(set(mapping.values())) == len(mapping)
    assert set(mapping.values()) <= set(TARGETS)
