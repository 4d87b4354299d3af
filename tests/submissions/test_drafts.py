from __future__ import annotations

from datetime import UTC, datetime

from contest.editions.parts import PartKind, PartSpec
from contest.editions.rules import LocalText
from contest.submissions.completeness import Content, Requirements
from contest.submissions.drafts import manifest_of, merged
from contest.submissions.facts import Draft, FileView

PROBLEM = PartSpec("problem", LocalText("Vấn đề", "Problem"), PartKind.TEXT)
VIDEO = PartSpec("video", LocalText("Video", "Video"), PartKind.LINK)
PLAN = PartSpec("plan", LocalText("Thuyết minh", "Plan"), PartKind.FILE)
STORED = Content("Tên", "Tóm tắt", "A", "edtech", {"problem": "Ngập", "video": "https://a.vn/1"}, {"plan": 10})


def test_a_draft_replaces_what_it_names_and_keeps_the_rest() -> None:
    draft = Draft("Tên mới", "", "B", None, {"problem": "Ngập sâu"})

    assert merged(STORED, draft) == Content(
        "Tên mới", "", "B", None, {"problem": "Ngập sâu", "video": "https://a.vn/1"}, {"plan": 10}
    )


def test_an_empty_text_is_cleared() -> None:
    assert merged(STORED, Draft(texts={"problem": ""})).texts == {"video": "https://a.vn/1"}


def test_files_are_not_a_matter_of_drafts() -> None:
    assert merged(STORED, Draft()).files == {"plan": 10}


def test_the_manifest_freezes_texts_links_and_files_in_the_order_of_the_parts() -> None:
    file = FileView(
        public_id="x1",
        part=PLAN,
        name="Kế hoạch.pdf",
        kind="pdf",
        content_type="application/pdf",
        size=10,
        sha256="ab" * 32,
        uploaded_at=datetime(2026, 10, 8, tzinfo=UTC),
        storage_key="k1",
    )

    assert manifest_of("BT-001", STORED, Requirements((VIDEO, PROBLEM, PLAN)), [file]) == {
        "submission": "BT-001",
        "title": "Tên",
        "summary": "Tóm tắt",
        "track": "A",
        "field": "edtech",
        "parts": [
            {
                "code": "video",
                "name": {"vi": "Video", "en": "Video"},
                "kind": "link",
                "text": "https://a.vn/1",
                "words": 0,
            },
            {
                "code": "problem",
                "name": {"vi": "Vấn đề", "en": "Problem"},
                "kind": "text",
                "text": "Ngập",
                "words": 1,
            },
        ],
        "files": [{"part": "plan", "name": "Kế hoạch.pdf", "size": 10, "sha256": "ab" * 32}],
    }
