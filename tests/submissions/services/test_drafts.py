from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask

from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.submissions import services
from contest.submissions.completeness import LONGEST_TEXT, LONGEST_TITLE, Content
from contest.submissions.facts import Draft
from contest.submissions.models import PartAnswer
from contest.submissions.queries import content_of
from tests.factories import NOON
from tests.submissions.conftest import WHOLE, Entry

TICK = timedelta(milliseconds=1)


def refused(entry: Entry, draft: Draft, **values: object) -> RuleBroken:
    before = content_of(entry.id), entry.row.version
    with pytest.raises(RuleBroken) as broken:
        entry.save(draft, **values)  # type: ignore[arg-type]
    assert (content_of(entry.id), entry.row.version) == before
    return broken.value


@pytest.mark.both_databases
def test_a_draft_is_saved_whole_and_its_version_grows(entry: Entry) -> None:
    saved = entry.save(now=NOON + TICK)

    assert (saved.version, saved.saved_at) == (2, NOON + TICK)
    assert saved.content == content_of(entry.id)
    assert saved.content == Content(
        title="Bản đồ ngập",
        summary="Người dân báo điểm ngập, xe tải tránh được.",
        track="A",
        field="edtech",
        texts={"problem": "Nước ngập mỗi mùa mưa", "video": "https://youtu.be/abc"},
    )
    assert (entry.row.version, entry.row.updated_at) == (2, NOON + TICK)


@pytest.mark.both_databases
def test_texts_are_changed_cleared_and_kept(entry: Entry) -> None:
    entry.save(replace(WHOLE, texts={"problem": "Một", "notes": "Hai", "video": "youtu.be/abc"}))

    entry.save(replace(WHOLE, texts={"problem": "Ba", "notes": ""}))

    assert content_of(entry.id).texts == {"problem": "Ba", "video": "https://youtu.be/abc"}
    assert db.session.query(PartAnswer).count() == 2


@pytest.mark.both_databases
def test_saving_what_is_stored_changes_nothing_even_from_an_old_version(entry: Entry) -> None:
    entry.save()

    again = entry.save(version=1, now=NOON + TICK)

    assert (again.version, again.saved_at) == (2, NOON)


@pytest.mark.both_databases
def test_a_second_tab_cannot_overwrite_silently(entry: Entry) -> None:
    entry.save()

    broken = refused(entry, replace(WHOLE, title="Tên khác"), version=1)

    assert (broken.code, broken.facts) == ("stale_version", {"version": 2})


@pytest.mark.both_databases
def test_of_two_tabs_at_once_one_wins_and_one_is_told(app: Flask, entry: Entry) -> None:
    start, submission_id = Barrier(2), entry.id
    db.session.rollback()

    def one(title: str) -> str:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work():
                    services.save_draft(
                        submission_id=submission_id,
                        version=1,
                        draft=replace(WHOLE, title=title),
                        actor_id=None,
                        now=NOON,
                    )
            except RuleBroken as broken:
                return broken.code
            finally:
                db.session.remove()
            return title

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(one, ["Một", "Hai"]))

    (winner,) = set(outcomes) - {"stale_version"}
    assert content_of(submission_id).title == winner


def test_a_text_over_its_limit_is_kept_so_that_nothing_is_lost(entry: Entry) -> None:
    entry.save(replace(WHOLE, texts={"problem": "từ " * 10 + "thừa"}))

    assert content_of(entry.id).texts["problem"] == "từ " * 10 + "thừa"


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(WHOLE, title="t" * (LONGEST_TITLE + 1)), "title_too_long"),
        (replace(WHOLE, summary="t" * (LONGEST_TEXT + 1)), "answer_too_long"),
        (replace(WHOLE, texts={"problem": "t" * (LONGEST_TEXT + 1)}), "answer_too_long"),
        (replace(WHOLE, texts={"video": "javascript:alert(1)"}), "link_not_web"),
        (replace(WHOLE, texts={"video": "file:///etc/passwd"}), "link_not_web"),
        (replace(WHOLE, texts={"plan": "text for a file"}), "part_unknown"),
        (replace(WHOLE, texts={"nonsense": "x"}), "part_unknown"),
        (replace(WHOLE, track="Z"), "choice_unknown"),
        (replace(WHOLE, field="Z"), "choice_unknown"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_nothing_of_it_is_saved(entry: Entry, draft: Draft, code: str) -> None:
    assert refused(entry, draft).code == code


@pytest.mark.both_databases
def test_the_last_moment_works_and_the_first_after_does_not(entry: Entry) -> None:
    closes = entry.edition.submissions_close
    assert closes

    entry.save(now=closes - TICK)

    for late in (closes, closes + TICK):
        broken = refused(entry, replace(WHOLE, title="Trễ"), now=late)
        assert (broken.code, broken.facts) == ("submissions_closed", {"closed_at": closes})


def test_a_withdrawn_one_is_not_edited(entry: Entry) -> None:
    entry.submitted()
    with unit_of_work():
        services.withdraw(submission_id=entry.id, actor_id=None, now=NOON)

    broken = refused(entry, replace(WHOLE, title="Khác"))

    assert (broken.code, broken.facts) == ("wrong_status", {"status": "withdrawn", "act": "edit"})


@pytest.mark.both_databases
def test_a_submitted_one_may_change_but_not_become_incomplete(entry: Entry) -> None:
    entry.submitted()

    entry.save(replace(WHOLE, title="Tên mới"))
    broken = refused(entry, replace(WHOLE, title="", texts={"problem": "", "video": ""}))
    too_long = refused(entry, replace(WHOLE, texts={"problem": "từ " * 11}))

    assert (broken.code, broken.facts) == (
        "would_be_incomplete",
        {"items": ("title", "part-problem", "part-video")},
    )
    assert too_long.facts == {"items": ("part-problem",)}
    assert content_of(entry.id).title == "Tên mới"


def test_changes_are_audited_once_it_is_submitted(entry: Entry) -> None:
    entry.submitted()
    entry.save(replace(WHOLE, title="Tên mới"))

    acts = [act.action for act in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert acts == [
        "role.granted",
        "submission.registered",
        "submission.file_added",
        "submission.submitted",
        "submission.changed",
    ]


def test_a_missing_one_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound), unit_of_work():
        services.save_draft(submission_id=4711, version=1, draft=WHOLE, actor_id=None, now=NOON)
