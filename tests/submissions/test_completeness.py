from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.parts import PartKind, PartSpec
from contest.editions.rules import LocalText
from contest.submissions.completeness import (
    MEGABYTE,
    SUMMARY_WORDS,
    Content,
    Flaw,
    Item,
    Requirements,
    checklist,
    count_words,
    flaws,
    part_key,
)

PROBLEM = PartSpec("problem", LocalText("Vấn đề", "Problem"), PartKind.TEXT, max_words=5)
EXTRA = PartSpec("extra", LocalText("Ghi chú", "Notes"), PartKind.TEXT, required=False, max_words=5)
PLAN = PartSpec("plan", LocalText("Thuyết minh", "Plan"), PartKind.FILE, accept=("pdf",), max_mb=2)
PHOTO = PartSpec("photo", LocalText("Ảnh", "Photo"), PartKind.FILE, required=False, accept=("image",))
VIDEO = PartSpec("video", LocalText("Video", "Video"), PartKind.LINK)

WANTED = Requirements((PROBLEM, EXTRA, PLAN, PHOTO, VIDEO), with_track=True, with_field=True)
WHOLE = Content(
    title="Bản đồ ngập",
    summary="Người dân báo điểm ngập.",
    track="A",
    field="edtech",
    texts={"problem": "Nước ngập mỗi mùa mưa", "video": "https://youtu.be/abc"},
    files={"plan": MEGABYTE},
)


def wrong(content: Content, wanted: Requirements = WANTED) -> dict[str, Flaw | None]:
    return {item.key: item.flaw for item in flaws(content, wanted)}


def test_a_whole_submission_has_no_flaws() -> None:
    assert flaws(WHOLE, WANTED) == ()


def test_an_empty_one_misses_everything_that_is_required_in_the_order_of_the_form() -> None:
    assert list(wrong(Content()).items()) == [
        (key, Flaw.MISSING) for key in ("title", "summary", "track", "field", "part-problem", "part-plan", "part-video")
    ]


def test_nothing_is_asked_that_the_edition_does_not_have() -> None:
    assert list(wrong(Content(), Requirements())) == ["title", "summary"]


@pytest.mark.parametrize(
    ("change", "key", "flaw"),
    [
        ({"title": ""}, "title", Flaw.MISSING),
        ({"summary": " ... "}, "summary", Flaw.MISSING),
        ({"summary": "từ " * (SUMMARY_WORDS + 1)}, "summary", Flaw.TOO_LONG),
        ({"track": None}, "track", Flaw.MISSING),
        ({"field": None}, "field", Flaw.MISSING),
        ({"texts": {**WHOLE.texts, "problem": "một hai ba bốn năm sáu"}}, "part-problem", Flaw.TOO_LONG),
        ({"texts": {**WHOLE.texts, "extra": "một hai ba bốn năm sáu"}}, "part-extra", Flaw.TOO_LONG),
        ({"texts": {"video": WHOLE.texts["video"]}}, "part-problem", Flaw.MISSING),
        ({"texts": {**WHOLE.texts, "video": ""}}, "part-video", Flaw.MISSING),
        ({"texts": {**WHOLE.texts, "video": "javascript:alert(1)"}}, "part-video", Flaw.NOT_A_LINK),
        ({"files": {}}, "part-plan", Flaw.MISSING),
        ({"files": {"plan": 2 * MEGABYTE + 1}}, "part-plan", Flaw.TOO_LARGE),
    ],
)
def test_each_flaw_is_named_alone(change: dict[str, object], key: str, flaw: Flaw) -> None:
    assert wrong(replace(WHOLE, **change)) == {key: flaw}  # type: ignore[arg-type]


def test_limits_belong_to_what_they_allow() -> None:
    at_the_limit = replace(
        WHOLE,
        summary="từ " * SUMMARY_WORDS,
        texts={**WHOLE.texts, "problem": "một hai ba bốn năm"},
        files={"plan": 2 * MEGABYTE},
    )

    assert flaws(at_the_limit, WANTED) == ()


def test_the_checklist_tells_amounts_and_limits() -> None:
    items = {item.key: item for item in checklist(WHOLE, WANTED)}

    assert items["part-problem"] == Item("part-problem", required=True, given=True, part=PROBLEM, amount=5, limit=5)
    assert items["part-extra"] == Item("part-extra", required=False, given=False, part=EXTRA, amount=0, limit=5)
    assert items["part-plan"] == Item(
        "part-plan", required=True, given=True, part=PLAN, amount=MEGABYTE, limit=2 * MEGABYTE
    )
    assert items["part-photo"] == Item("part-photo", required=False, given=False, part=PHOTO, limit=20 * MEGABYTE)
    assert items["title"] == Item("title", required=True, given=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("  \n\t ", 0),
        ("Ứng dụng bản đồ ngập", 5),
        ("giá: 8,5 - 10 triệu/tháng …", 4),
        ("một\nhai\t ba", 3),
        ("🚀 🚀", 0),
        ("- a\n- b", 2),
    ],
)
def test_words_are_counted_as_editors_do(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text(max_size=200), st.text(max_size=200))
def test_words_of_two_texts_add_up(one: str, other: str) -> None:
    assert count_words(f"{one}\n{other}") == count_words(one) + count_words(other)


TEXTS = st.dictionaries(st.sampled_from(["problem", "extra", "video"]), st.text(max_size=60))
FILES = st.dictionaries(st.sampled_from(["plan", "photo"]), st.integers(min_value=0, max_value=30 * MEGABYTE))


@given(TEXTS, FILES)
def test_every_required_line_is_either_given_or_flawed(texts: dict[str, str], files: dict[str, int]) -> None:
    for item in checklist(replace(WHOLE, texts=texts, files=files), WANTED):
        assert not item.required or item.given or item.flaw is Flaw.MISSING
        assert item.required or item.given or item.flaw is None
        if item.limit and item.flaw is None:
            assert item.amount <= item.limit


@given(TEXTS, FILES)
def test_flaws_are_the_flawed_lines_of_the_checklist(texts: dict[str, str], files: dict[str, int]) -> None:
    content = replace(WHOLE, texts=texts, files=files)

    assert flaws(content, WANTED) == tuple(item for item in checklist(content, WANTED) if item.flaw)


def test_the_key_of_a_part_names_it() -> None:
    assert part_key("plan") == "part-plan"
