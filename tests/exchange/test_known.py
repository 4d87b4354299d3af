"""Answers that are in the edition already, and what of an answer is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.exchange.answers import FormSubmission
from contest.exchange.known import Entered, people_of, split_seen, summary_of

ENTERED = [Entered("BT-001", "Đội Sóng", "Bản đồ ngập", "song@example.org"), Entered("BT-002", "Đội Lửa", "Gạch", "")]


def answer(team: str = "Đội Mới", title: str = "Ý mới", email: str = "", row: int = 2) -> FormSubmission:
    return FormSubmission(row=row, team=team, title=title, email=email)


@pytest.mark.parametrize(
    ("given_answer", "keep", "by"),
    [
        (answer("đội  SÓNG", "Bản đồ ngập"), False, "team"),
        (answer("Doi Song", "ban do ngap"), True, "team"),
        (answer("Đội Sóng", "Ý khác"), False, None),
        (answer("Đội Sóng", "Ý khác", "SONG@example.org"), False, "email"),
        (answer("Đội Sóng", "Ý khác", "SONG@example.org"), True, "email"),
        (answer("Đội Khác", "Bản đồ ngập", "song@example.org"), True, "email"),
        (answer("Đội Khác", "Ý khác", "song@example.org"), False, "email"),
        (answer("Đội Khác", "Ý khác", "song@example.org"), True, None),
        (answer("Đội Lửa", "Ý khác", ""), False, None),
        (answer("Đội Khác", "Ý khác", "moi@example.org"), False, None),
    ],
)
def test_an_answer_is_recognised_by_team_and_title_or_by_its_address(
    given_answer: FormSubmission,
    *,
    keep: bool,
    by: str | None,
) -> None:
    fresh, seen = split_seen([given_answer], ENTERED, keep_shared_contacts=keep)
    assert [each.by for each in seen] == ([] if by is None else [by])
    assert fresh == ((given_answer,) if by is None else ())
    assert all((each.row, each.team, each.code) == (2, given_answer.team, "BT-001") for each in seen)


texts = st.sampled_from(["A", "a", "Á", "B", "C"])
answers = st.lists(st.builds(answer, texts, texts, st.sampled_from(["", "x@y.vn", "X@y.vn", "z@y.vn"])), max_size=6)


@given(answers, answers, st.booleans())
def test_every_answer_is_either_new_or_seen_and_what_was_entered_is_seen_again(
    before: list[FormSubmission],
    now: list[FormSubmission],
    keep: bool,  # noqa: FBT001  drawn by position
) -> None:
    entered = [Entered(f"BT-{place}", each.team, each.title, each.email) for place, each in enumerate(before)]
    fresh, seen = split_seen(now, entered, keep_shared_contacts=keep)
    assert len(fresh) + len(seen) == len(now)
    assert {each.code for each in seen} <= {each.code for each in entered}
    later = [*entered, *(Entered("new", each.team, each.title, each.email) for each in fresh)]
    assert split_seen(now, later, keep_shared_contacts=keep)[0] == ()


def test_the_captain_leads_and_nobody_stands_twice() -> None:
    found = FormSubmission(2, "Đội", "Ý", captain="Trần Anh", members=("Lê Bình", "TRẦN ANH", "Vũ Chi"))
    assert people_of(found) == ("Trần Anh", "Lê Bình", "Vũ Chi")
    assert people_of(FormSubmission(2, "Đội", "Ý", members=("Lê Bình",))) == ("Lê Bình",)


@pytest.mark.parametrize(
    ("summary", "video", "with_video", "kept"),
    [
        ("Tóm tắt", "https://y.vn/v", True, "Tóm tắt\n\nVideo: https://y.vn/v"),
        ("", "https://y.vn/v", True, "Video: https://y.vn/v"),
        ("Tóm tắt", "https://y.vn/v", False, "Tóm tắt"),
        ("Tóm tắt", "", True, "Tóm tắt"),
    ],
)
def test_a_video_without_a_place_goes_below_the_summary(
    summary: str, video: str, *, with_video: bool, kept: str
) -> None:
    found = FormSubmission(2, "Đội", "Ý", summary=summary, video=video)
    assert summary_of(found, with_video=with_video) == kept
