from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.submissions import services
from contest.submissions.models import Submission, SubmissionFile
from contest.submissions.queries import content_of
from tests.counting import counted
from tests.factories import NOON, Make
from tests.submissions.conftest import Entry, entry_in
from tests.submissions.samples import MACRO_TYPE, pdf, picture, pptx
from tests.submissions.views.conftest import form_of

TICK = timedelta(milliseconds=1)


def page_of(entry: Entry, rest: str = "") -> str:
    return f"/e/mua-thu-2026/team/{entry.public_id}/{rest}"


def save(client: FlaskClient, entry: Entry, **changes: Any) -> Any:
    # Encoded here: the test client would leave a large body in a temporary file that it never closes.
    fields = {name: FileStorage(*value) if isinstance(value, tuple) else value for name, value in changes.items()}
    boundary, body = encode_multipart(form_of(entry, **fields))
    return client.post(page_of(entry), data=body, content_type=f"multipart/form-data; boundary={boundary}")


def autosave(client: FlaskClient, entry: Entry, **changes: Any) -> Any:
    return client.post(
        page_of(entry, "autosave"), data=form_of(entry, **changes), headers={"X-Requested-With": "autosave"}
    )


def test_the_page_says_what_is_asked_before_anything_is_chosen(captain: FlaskClient, entry: Entry) -> None:
    page = captain.get(page_of(entry)).text

    assert "PDF, at most 1 MB" in page
    assert "picture (PNG, JPEG, WebP) or PowerPoint (.pptx), at most 20 MB" in page
    assert 'accept=".pdf"' in page
    assert 'accept=".png,.jpg,.jpeg,.webp,.pptx"' in page
    assert 'data-counter="10"' in page
    assert 'data-counter-unit="words"' in page
    assert "At most 10 words" in page
    assert 'data-deadline="2026-10-15T05:00:00+00:00"' in page
    assert f'data-now="{NOON.isoformat()}"' in page
    assert "15/10/2026 12:00" in page


def test_the_checklist_names_what_is_missing_and_leads_to_it(captain: FlaskClient, entry: Entry) -> None:
    page = captain.get(page_of(entry)).text

    assert "5 things are missing" in page
    listed = page[page.index("bv-checklist") :]
    for key in ("summary", "field", "part-problem", "part-plan", "part-video"):
        assert f'<a href="#{key}">' in listed
        assert f'id="{key}"' in page
    assert "Draft" in page


def test_texts_are_saved_without_javascript(captain: FlaskClient, entry: Entry) -> None:
    answer = save(captain, entry)

    assert (answer.status_code, answer.location) == (303, page_of(entry))
    assert content_of(entry.id).texts == {"problem": "Nước ngập mỗi mùa mưa", "video": "https://youtu.be/abc"}
    page = captain.get(page_of(entry)).text
    assert "Saved." in page
    assert "1 thing is missing" in page


def test_texts_and_files_go_in_one_press(captain: FlaskClient, entry: Entry) -> None:
    answer = save(
        captain,
        entry,
        **{
            "part-plan": (BytesIO(pdf()), "Kế hoạch.pdf"),
            "part-photo": (BytesIO(picture()), "ảnh.png"),
        },
    )

    assert (answer.status_code, answer.location) == (303, page_of(entry) + "#part-plan")
    assert content_of(entry.id).files == {"plan": len(pdf()), "photo": len(picture())}
    page = captain.get(page_of(entry)).text
    assert "Kế hoạch.pdf" in page
    assert "Complete" in page


def test_a_file_is_replaced_and_removed(captain: FlaskClient, entry: Entry) -> None:
    save(captain, entry, **{"part-plan": (BytesIO(pdf()), "a.pdf")})
    save(captain, entry, **{"part-plan": (BytesIO(pdf("moi")), "b.pdf")})
    page = captain.get(page_of(entry)).text
    assert "b.pdf" in page
    assert "a.pdf" not in page
    (public_id,) = re.findall(r'name="remove" value="([^"]+)"', page)

    answer = save(captain, entry, remove=public_id)

    assert answer.status_code == 303
    assert content_of(entry.id).files == {}
    assert save(captain, entry, remove=public_id).status_code == 303


def test_the_button_that_goes_on_saves_first(captain: FlaskClient, entry: Entry) -> None:
    answer = save(captain, entry, check="1")

    assert (answer.status_code, answer.location) == (303, page_of(entry, "submit"))
    assert content_of(entry.id).title == "Bản đồ ngập"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"part-video": "javascript:alert(1)"}, "part-video", "This is not a web address."),
        ({"part-video": "file:///C:/phim.mp4"}, "part-video", "This is not a web address."),
        ({"title": "t" * 201}, "title", "200"),
        ({"track": "Z"}, "track", "Not a valid choice"),
        ({"part-problem": "a\x00b"}, "part-problem", "NUL byte"),
        ({"part-plan": (BytesIO(picture()), "a.png")}, "part-plan", "choose a file of type .pdf"),
        ({"part-plan": (BytesIO(b"<html>"), "a.html")}, "part-plan", "cannot be taken"),
        ({"part-plan": (BytesIO(b"hello"), "a.pdf")}, "part-plan", "is not what its name says"),
        ({"part-plan": (BytesIO(b""), "a.pdf")}, "part-plan", "is empty"),
        ({"part-photo": (BytesIO(pptx(main_type=MACRO_TYPE)), "a.pptx")}, "part-photo", "holds macros"),
        (
            {"part-plan": (BytesIO(pdf() + bytes(1 << 20)), "a.pdf")},
            "part-plan",
            "“Plan” may have at most 1 MB, this file has 1.1 MB.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(
    captain: FlaskClient, entry: Entry, changes: dict[str, Any], field: str, words: str
) -> None:
    before, keys = content_of(entry.id), entry.stored_keys

    answer = save(captain, entry, **changes)

    assert answer.status_code == 422
    place = re.search(rf'<p class="bv-error" id="{field}-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert place
    assert words in place[1].replace("&#34;", '"')
    assert "Nước ngập mỗi mùa mưa" in answer.text or field == "part-problem"
    assert content_of(entry.id) == before
    assert entry.stored_keys == keys


def test_one_refused_file_keeps_the_other_out_too(captain: FlaskClient, entry: Entry) -> None:
    keys = entry.stored_keys

    answer = save(
        captain,
        entry,
        **{"part-plan": (BytesIO(pdf()), "a.pdf"), "part-photo": (BytesIO(b"no picture"), "b.png")},
    )

    assert answer.status_code == 422
    assert entry.stored_keys == keys
    assert db.session.query(SubmissionFile).count() == 0


def test_a_body_over_the_servers_limit_is_a_page_in_the_readers_language(
    app: Flask, captain: FlaskClient, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100_000)

    answer = save(captain, entry, **{"part-plan": (BytesIO(pdf() + bytes(200_000)), "a.pdf")})

    assert answer.status_code == 413
    assert "The file is too large" in answer.text
    assert content_of(entry.id).title == "Bản đồ"


def test_a_second_tab_is_shown_both_versions_and_may_save_again(captain: FlaskClient, entry: Entry) -> None:
    old = str(entry.row.version)
    save(captain, entry, title="Từ điện thoại")

    answer = save(captain, entry, title="Từ máy tính", version=old)

    assert answer.status_code == 409
    assert "Another version was saved in the meantime" in answer.text
    assert "Từ điện thoại" in answer.text
    assert 'value="Từ máy tính"' in answer.text
    (now,) = re.findall(r'name="version"[^>]* value="(\d+)"', answer.text)
    assert save(captain, entry, title="Từ máy tính", version=now).status_code == 303
    assert content_of(entry.id).title == "Từ máy tính"


def test_a_version_that_is_no_number_saves_nothing(captain: FlaskClient, entry: Entry) -> None:
    assert save(captain, entry, version="abc").status_code == 422
    assert content_of(entry.id).title == "Bản đồ"


def test_autosave_answers_with_time_and_version(captain: FlaskClient, entry: Entry) -> None:
    answer = autosave(captain, entry)

    assert answer.status_code == 200
    assert answer.json == {"saved_at": NOON.isoformat(), "version": 2, "errors": {}}
    assert content_of(entry.id).title == "Bản đồ ngập"


def test_autosave_saves_too_many_words_and_says_so(captain: FlaskClient, entry: Entry) -> None:
    answer = autosave(captain, entry, **{"part-problem": "từ " * 11})

    assert answer.status_code == 200
    assert answer.json["errors"] == {"part-problem": "11 words, at most 10"}
    assert content_of(entry.id).texts["problem"] == ("từ " * 11).strip()


def test_autosave_refuses_by_field_and_saves_nothing_half(captain: FlaskClient, entry: Entry) -> None:
    answer = autosave(captain, entry, **{"part-video": "javascript:alert(1)"})

    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"part-video"}
    assert answer.json["errors"]["part-video"] == [
        "This is not a web address. It begins with https:// and has no spaces."
    ]
    assert content_of(entry.id).title == "Bản đồ"


def test_autosave_of_an_old_version_gets_the_current_values(captain: FlaskClient, entry: Entry) -> None:
    autosave(captain, entry, title="Từ điện thoại")

    answer = autosave(captain, entry, title="Từ máy tính", version="1")

    assert answer.status_code == 409
    assert (answer.json["error"], answer.json["version"]) == ("stale_version", 2)
    assert answer.json["current"]["title"] == "Từ điện thoại"
    assert answer.json["current"]["part-problem"] == "Nước ngập mỗi mùa mưa"
    assert content_of(entry.id).title == "Từ điện thoại"


def test_autosave_that_comes_twice_is_saved_once(captain: FlaskClient, entry: Entry) -> None:
    autosave(captain, entry)

    again = autosave(captain, entry, version="1")

    assert (again.status_code, again.json["version"]) == (200, 2)


def test_autosave_tells_a_visitor_to_sign_in(visitor: FlaskClient, entry: Entry) -> None:
    assert autosave(visitor, entry).status_code == 401


def test_autosave_keeps_a_submitted_one_complete(captain: FlaskClient, entry: Entry) -> None:
    entry.submitted()

    answer = autosave(captain, entry, **{"part-problem": ""})

    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"part-problem"}
    assert "these parts must stay complete: Problem." in answer.json["message"]
    assert content_of(entry.id).texts["problem"] == "Nước ngập mỗi mùa mưa"


def test_a_submitted_one_that_would_become_incomplete_is_refused_by_name(captain: FlaskClient, entry: Entry) -> None:
    entry.submitted()

    answer = save(captain, entry, title="", **{"part-video": ""})

    assert answer.status_code == 422
    assert "these parts must stay complete: Title of the idea, Video." in answer.text


@pytest.mark.parametrize(
    ("after", "page_status", "json_status"),
    [(-TICK, 303, 200), (timedelta(0), 422, 422), (TICK, 422, 422)],
)
def test_the_servers_clock_decides(
    captain: FlaskClient, entry: Entry, after: timedelta, page_status: int, json_status: int
) -> None:
    closes = entry.edition.submissions_close
    assert closes

    with clock.stopped_at(closes + after):
        saved = save(captain, entry, title="Một")
        written = autosave(captain, entry, title="Hai")

    assert (saved.status_code, written.status_code) == (page_status, json_status)
    assert content_of(entry.id).title == ("Hai" if after < timedelta(0) else "Bản đồ")
    if json_status == 422:
        assert "The deadline has passed (15/10/2026 12:00)" in written.json["message"]


def test_after_the_deadline_the_page_is_read_only_and_says_what_became_of_it(
    captain: FlaskClient, entry: Entry
) -> None:
    closes = entry.edition.submissions_close
    assert closes
    with clock.stopped_at(closes):
        page = captain.get(page_of(entry)).text
        assert "Not handed in" in page
        assert 'id="draft"' not in page
    entry.submitted()
    with clock.stopped_at(closes):
        page = captain.get(page_of(entry)).text
        assert "It goes to the judges as it is." in page
        assert "Withdraw the submission" not in page


def test_before_the_opening_nothing_can_be_written(captain: FlaskClient, entry: Entry) -> None:
    entry.set_window(NOON + timedelta(days=1), NOON + timedelta(days=2))

    page = captain.get(page_of(entry)).text

    assert "Submissions are not open yet." in page
    assert 'id="draft"' not in page


def test_the_preview_shows_what_a_judge_reads(captain: FlaskClient, entry: Entry) -> None:
    entry.complete()

    page = captain.get(page_of(entry, "preview")).text

    for shown in ("Bản đồ ngập", "Nước ngập mỗi mùa mưa", "plan.pdf", "Pupils", "Education", "Ánh Sáng"):
        assert shown in page
    assert 'href="https://youtu.be/abc"' in page
    assert 'rel="noopener noreferrer nofollow"' in page
    assert "hoa@example.org" not in page


def test_an_empty_preview_says_so(captain: FlaskClient, entry: Entry) -> None:
    assert "Nothing is written yet" in captain.get(page_of(entry, "preview")).text


@pytest.mark.parametrize("rest", ["", "preview", "submit", "people", "receipts/1", "files/xyz"])
def test_another_teams_page_is_the_same_404_as_a_missing_one(
    app: Flask, make: Make, captain: FlaskClient, entry: Entry, rest: str
) -> None:
    other = entry_in(app, make, entry.edition, "Sao Mai").submitted()

    foreign = captain.get(page_of(other, rest))
    missing = captain.get(page_of(other, rest).replace(other.public_id, "zzzzzzzzzz"))

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.text.replace(other.public_id, "zzzzzzzzzz") == missing.text


@pytest.mark.parametrize("rest", ["", "autosave", "submit", "withdraw", "restore", "people"])
def test_another_team_changes_nothing(app: Flask, make: Make, captain: FlaskClient, entry: Entry, rest: str) -> None:
    other = entry_in(app, make, entry.edition, "Sao Mai")

    answer = captain.post(page_of(other, rest), data=form_of(other, name="X", school="Y"))

    assert answer.status_code == 404
    assert content_of(other.id).title == "Bản đồ"


def test_a_submission_belongs_to_its_edition(make: Make, captain: FlaskClient, entry: Entry) -> None:
    make.edition("khac")

    assert captain.get(f"/e/khac/team/{entry.public_id}/").status_code == 404


def test_a_visitor_signs_in_first_and_comes_back(visitor: FlaskClient, entry: Entry) -> None:
    answer = visitor.get(page_of(entry))

    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={page_of(entry)}")


def test_a_judge_or_organiser_does_not_write_for_a_team(committee: FlaskClient, entry: Entry) -> None:
    assert committee.get(page_of(entry)).status_code == 404
    assert save(committee, entry).status_code == 404


def test_the_page_costs_the_same_with_few_and_many_files(app: Flask, captain: FlaskClient, entry: Entry) -> None:
    costs = []
    for part, name, content in (("plan", "a.pdf", pdf()), ("photo", "b.png", picture())):
        entry.upload(content, part=part, name=name)
        db.session.rollback()
        with counted(app) as queries:
            assert captain.get(page_of(entry)).status_code == 200
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert costs[0] <= 19


def test_a_withdrawn_and_a_disqualified_one_say_why(captain: FlaskClient, entry: Entry) -> None:
    entry.submitted()
    with unit_of_work():
        services.disqualify(submission_id=entry.id, reason="Sao chép", actor_id=None, now=NOON)
    page = captain.get(page_of(entry)).text
    assert "Disqualified by the organiser" in page
    assert "Reason: Sao chép" in page
    assert 'id="draft"' not in page
    assert db.session.query(Submission).one().version > 1


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_works_in_both_languages(
    make: Make, english: Callable[[], FlaskClient], entry: Entry, language: str
) -> None:
    client = english()
    make.sign_in(client, entry.captain)
    client.set_cookie("locale", language)

    page = client.get(page_of(entry)).text

    assert f'<html lang="{language}"' in page
    assert ("Thuyết minh" if language == "vi" else "Plan") in page
