"""What stands out in a comment: each kind is found, and an ordinary comment is left alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.feedback.screening import EntryNames, FlagKind, Known, Screen

KNOWN = Known(
    judges=("TS. Phạm Quốc Hùng", "Nguyễn Thị Mai Lan"),
    organisations=("Trường Đại học Sông Xanh",),
    entries=(
        EntryNames("BT-001", "Bản đồ ngập", "Đội Mầm Xanh", ("Lê An Bình",)),
        EntryNames("BT-002", "Vườn trên mái nhà", "Đội Nắng Mai", ()),
    ),
)
SCREEN = Screen(KNOWN)


def kinds(text: str, own: str = "BT-001") -> list[FlagKind]:
    return list(dict.fromkeys(flag.kind for flag in SCREEN.flags(text, own=own)))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Viết cho tôi: hung@dhsx.edu.vn nhé", FlagKind.EMAIL),
        ("Gọi 0903 123 782", FlagKind.PHONE),
        ("Gọi +84 903.123.782", FlagKind.PHONE),
        ("CCCD 079123456789", FlagKind.ID_NUMBER),
        ("Xem https://example.org/x", FlagKind.LINK),
        ("Như thầy Quốc Hùng đã nói", FlagKind.JUDGE),
        ("nhu PHAM QUOC HUNG da noi", FlagKind.JUDGE),
        ("Bên Đại học Sông Xanh chúng tôi", FlagKind.JUDGE),
        ("Giám khảo số 2 khen quá", FlagKind.JUDGE_NUMBER),
        ("I agree with judge 3", FlagKind.JUDGE_NUMBER),
        ("Rất tốt.\n— Q.H.", FlagKind.SIGNATURE),
        ("Tôi là nhà đầu tư trong ngành này", FlagKind.SIGNATURE),
        ("Gặp PGS. Hoà để hỏi thêm", FlagKind.SIGNATURE),
        ("Bạn Lê An Bình nói rất hay", FlagKind.PERSON),
        ("Chưa bằng Vườn trên mái nhà", FlagKind.OTHER_TEAM),
        ("Tôi cho bài 8,5 điểm", FlagKind.MARK),
        ("You deserve 1st place", FlagKind.MARK),
        ("Ý tưởng ngu ngốc", FlagKind.INSULT),
        ("Đúng là đồ dốt", FlagKind.INSULT),
        ("A stupid idea", FlagKind.INSULT),
    ],
)
def test_each_kind_is_found_in_either_encoding(text: str, kind: FlagKind) -> None:
    assert kind in kinds(text)
    assert kind in kinds(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    "text",
    [
        "Ý tưởng rõ ràng, nên có thêm số liệu thị trường.",
        "Mô hình ngũ hành rất thú vị; phần điện năng cần tính lại.",
        "Ứng dụng AI và IoT hợp lý, nhưng chưa thử với 30 người dùng.",
        "Your market analysis is convincing. Test it with 20 users in 2027.",
        "Hội đồng mong đội đi tiếp với Bản đồ ngập.",
        "Giám khảo xin gợi ý thêm về chi phí 1,5 triệu đồng mỗi tháng.",
    ],
)
def test_an_ordinary_comment_is_left_alone(text: str) -> None:
    assert kinds(text) == []


def test_the_own_title_is_no_other_team() -> None:
    assert kinds("Bản đồ ngập", own="BT-001") == []
    assert kinds("Bản đồ ngập", own="BT-002") == [FlagKind.OTHER_TEAM]


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_is_screened_and_a_judge_in_it_is_found(text: str, title: str) -> None:
    screen = Screen(Known(judges=("Phạm Quốc Hùng",), entries=(EntryNames("X", title),)))
    assert FlagKind.JUDGE in {flag.kind for flag in screen.flags(f"{text} phạm quốc hùng {title}")}
