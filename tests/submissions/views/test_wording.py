from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from contest.editions.parts import PartKind, PartSpec
from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.submissions.completeness import MEGABYTE, Flaw, Item
from contest.submissions.views import wording
from contest.web import messages

PLAN = PartSpec("plan", LocalText("Thuyết minh", "Plan"), PartKind.FILE, accept=("pdf", "slides", "image"), max_mb=20)
PACKAGE = Path(wording.__file__).parent.parent


def item(flaw: Flaw | None, **values: object) -> Item:
    return Item(**{"key": "part-plan", "required": True, "given": True, "part": PLAN, "flaw": flaw, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (item(None), ""),
        (item(Flaw.MISSING), ""),
        (item(Flaw.TOO_LONG, amount=12, limit=10), "12 words, at most 10"),
        (item(Flaw.TOO_LARGE, amount=2 * MEGABYTE, limit=MEGABYTE), "2.0 MB, at most 1.0 MB"),
        (item(Flaw.NOT_A_LINK), "Not a web address"),
    ],
)
def test_each_flaw_has_its_words(app: Flask, one: Item, words: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert wording.flaw_words(one) == words


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (item(Flaw.MISSING, given=False), "missing"),
        (item(Flaw.TOO_LONG), "missing"),
        (item(None), "done"),
        (item(None, given=False, required=False), "optional"),
    ],
)
def test_a_line_of_the_checklist_tells_its_state(app: Flask, one: Item, state: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert wording.line(one, "/page") == wording.Line("Plan", state, "/page#part-plan", wording.flaw_words(one))
        assert wording.line(one).href == ""


def test_remarks_leave_out_what_is_not_written_yet(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert wording.remarks([item(Flaw.MISSING), item(None)]) == {}
        assert wording.remarks([item(Flaw.NOT_A_LINK)]) == {"part-plan": "Not a web address"}


@pytest.mark.parametrize(
    ("mb", "server", "words"),
    [(20, 50 * MEGABYTE, "20 MB"), (80, 50 * MEGABYTE, "50 MB"), (20, 3 * MEGABYTE // 2, "1.5 MB")],
)
def test_limits_are_those_of_part_and_server(
    app: Flask, monkeypatch: pytest.MonkeyPatch, mb: int, server: int, words: str
) -> None:
    monkeypatch.setitem(app.config, "MAX_UPLOAD_BYTES", server)
    part = PartSpec("plan", LocalText("Thuyết minh"), PartKind.FILE, accept=("pdf", "slides", "image"), max_mb=mb)

    with app.test_request_context(), force_locale("en"):
        assert wording.limits(part) == f"PDF or PowerPoint (.pptx) or picture (PNG, JPEG, WebP), at most {words}"


# Every fact that a sentence of this package may ask for.
FACTS = {
    "act": "edit",
    "allowed": (".pdf",),
    "choice": "A",
    "count": 2,
    "closed_at": datetime(2026, 10, 8, 5, tzinfo=UTC),
    "filename": "a.pdf",
    "findings": "Đội Nắng có 6 thành viên.",
    "items": "Video",
    "limit": 20,
    "longest": 500,
    "megapixels": 50,
    "most": 5,
    "name": "Ánh Sáng",
    "opens_at": None,
    "part": LocalText("Thuyết minh", "Plan"),
    "size": "1.1",
    "status": "draft",
    "version": 3,
}


def test_every_refusal_of_this_package_has_words(app: Flask) -> None:
    raised = set()
    for path in PACKAGE.rglob("*.py"):
        raised |= set(re.findall(r'RuleBroken\(\s*"([a-z_]+)"', path.read_text(encoding="utf-8")))

    assert len(raised) >= 25
    assert raised <= messages.registered()
    with app.test_request_context(), force_locale("en"):
        for code in raised:
            assert "%(" not in messages.sentence(RuleBroken(code, **FACTS))
