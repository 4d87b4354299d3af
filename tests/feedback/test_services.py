"""Letters from draft to answer: nothing private goes in, nothing unread goes out, every decision leaves a trace."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from contest.errors import NotFound, RuleBroken
from contest.feedback import services
from contest.feedback.models import FeedbackComment, FeedbackDecision, FeedbackLetter
from contest.feedback.queries.queue import Letter, letter_of, letters_of, settings_of, waiting_of
from contest.feedback.queries.teams import released_letters
from contest.feedback.states import Act, CommentState, Languages
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from contest.judging.models import Assignment, Conflict, Scorecard
from contest.judging.states import ScorecardStatus
from tests.factories import NOON
from tests.feedback.conftest import FLAGGED, PLAIN, SECRET, Judged, write

pytestmark = pytest.mark.both_databases


def by(judged: Judged) -> dict[str, Any]:
    return {"round_id": judged.round.id, "actor_id": judged.organiser.id, "now": NOON}


def letter(judged: Judged, place: int = 0) -> Letter:
    db.session.rollback()
    line = next(one for one in letters_of(judged.round.id) if one.submission_id == judged.submissions[place].id)
    found = letter_of(judged.round.id, line.public_id)
    assert found is not None
    return found


def decide(judged: Judged, text: str, act: Act, wording: str = "", reason: str = "") -> CommentState:
    one = next(comment for comment in letter(judged).comments if comment.original == text)
    with unit_of_work():
        return services.screen_comment(
            comment=one.public_id, act=act, text=wording, reason=reason, version=one.version, **by(judged)
        )


def approve_all(judged: Judged) -> None:
    for one in letter(judged).comments:
        decide(judged, one.original, Act.APPROVED)


def test_letters_are_drafted_once_the_scoring_is_closed(app: Flask, judged: Judged) -> None:
    with pytest.raises(RuleBroken, match="letters_too_early"):
        judged.prepare()
    judged.close()
    assert judged.prepare(languages=Languages.VI, with_place=True) == 4
    assert len(letters_of(judged.round.id)) == 5
    settings = settings_of(judged.round.id)
    assert settings is not None
    assert (settings.languages, settings.with_place) == (Languages.VI, True)
    texts = {one.original for one in waiting_of(judged.round.id)}
    assert {PLAIN, FLAGGED} < texts
    assert not [text for text in texts if SECRET in text]
    assert waiting_of(judged.round.id)[0].original == FLAGGED  # what stands out comes first
    assert [one.waiting for one in letters_of(judged.round.id)] == [3, 1, 0, 0, 0]


def test_what_does_not_count_is_not_passed_on(app: Flask, judged: Judged) -> None:
    cards = db.session.scalars(
        select(Scorecard)
        .join(Assignment)
        .where(Assignment.submission_id == judged.submissions[0].id)
        .order_by(Scorecard.id)
    ).all()
    ids = [card.id for card in cards]
    with unit_of_work() as session:
        session.get_one(Scorecard, ids[0]).status = ScorecardStatus.VOIDED
        session.add(
            Conflict(judge_id=judged.judges[1].id, submission_id=judged.submissions[0].id, reason="Cùng trường")
        )
    judged.close()
    judged.prepare()
    assert [one.original for one in letter(judged).comments] == ["Cần thử với người dùng thật."]


def test_drafting_again_adds_renews_and_withdraws(app: Flask, judged: Judged) -> None:
    judged.close()
    judged.prepare()
    order = [one.public_id for one in letter(judged).comments]
    approve_all(judged)
    assert judged.prepare() == 1  # the other team's comment; what was decided stays decided
    assert [one.public_id for one in letter(judged).comments] == order
    rows = db.session.scalars(select(Scorecard).where(Scorecard.feedback.in_((PLAIN, FLAGGED)))).all()
    by_text = {row.feedback: row.id for row in rows}
    with unit_of_work() as session:
        session.get_one(Scorecard, by_text[PLAIN]).feedback = "Viết lại."
        session.get_one(Scorecard, by_text[FLAGGED]).feedback = ""
    assert judged.prepare() == 2
    found = letter(judged)
    states = {one.original: one.state for one in found.comments}
    assert states["Viết lại."] is CommentState.WAITING
    assert states[FLAGGED] is CommentState.LEFT_OUT
    acts = {one.original: [act.act for act in found.trace[one.public_id]] for one in found.comments}
    assert acts["Viết lại."] == [Act.APPROVED, Act.RENEWED]
    assert acts[FLAGGED] == [Act.APPROVED, Act.WITHDRAWN]


def test_the_original_stays_beside_the_wording_and_every_act_is_kept(app: Flask, judged: Judged) -> None:
    judged.close()
    judged.prepare()
    assert decide(judged, FLAGGED, Act.EDITED, "Hãy hỏi Ban Tổ chức.") is CommentState.EDITED
    assert decide(judged, FLAGGED, Act.LEFT_OUT, reason="Có số điện thoại") is CommentState.LEFT_OUT
    assert decide(judged, PLAIN, Act.EDITED, PLAIN) is CommentState.APPROVED  # no change is no edit
    row = db.session.scalars(select(FeedbackComment).where(FeedbackComment.original == FLAGGED)).one()
    assert (row.original, row.text, row.version) == (FLAGGED, FLAGGED, 3)
    trace = db.session.scalars(
        select(FeedbackDecision).where(FeedbackDecision.comment_id == row.id).order_by(FeedbackDecision.id)
    ).all()
    assert [(one.act, one.text, one.reason) for one in trace] == [
        (Act.EDITED, "Hãy hỏi Ban Tổ chức.", ""),
        (Act.LEFT_OUT, FLAGGED, "Có số điện thoại"),
    ]


@pytest.mark.parametrize(
    ("act", "text", "code"),
    [(Act.LEFT_OUT, "", "reason_missing"), (Act.EDITED, "  ", "comment_empty")],
)
def test_a_decision_without_its_words_is_refused(app: Flask, judged: Judged, act: Act, text: str, code: str) -> None:
    judged.close()
    judged.prepare()
    with pytest.raises(RuleBroken, match=code):
        decide(judged, PLAIN, act, text)
    assert letter(judged).line.waiting == 3


def test_two_people_do_not_decide_over_each_other(app: Flask, judged: Judged) -> None:
    judged.close()
    judged.prepare()
    one = next(comment for comment in letter(judged).comments if comment.original == PLAIN)
    decide(judged, PLAIN, Act.APPROVED)
    with pytest.raises(RuleBroken, match="comment_changed"), unit_of_work():
        services.screen_comment(
            comment=one.public_id, act=Act.APPROVED, text="", reason="", version=one.version, **by(judged)
        )


def test_bulk_approval_leaves_what_stands_out(app: Flask, judged: Judged) -> None:
    judged.close()
    judged.prepare()
    with unit_of_work():
        assert services.approve_unflagged(**by(judged)) == 3
    assert [one.original for one in waiting_of(judged.round.id)] == [FLAGGED]
    with unit_of_work():
        assert services.release_screened(**by(judged)) == 4
    with pytest.raises(RuleBroken, match="letter_not_screened"), unit_of_work():
        services.release_letter(letter=letter(judged).line.public_id, **by(judged))
    assert judged.submissions[0].id not in released_letters(judged.round.id)


def test_a_released_letter_is_closed_until_it_is_taken_back(app: Flask, judged: Judged) -> None:
    judged.close()
    judged.prepare()
    approve_all(judged)
    which = {"letter": letter(judged).line.public_id, **by(judged)}
    with unit_of_work():
        services.release_letter(**which)
    with pytest.raises(RuleBroken, match="letter_released"):
        decide(judged, PLAIN, Act.LEFT_OUT, reason="x")
    with unit_of_work():
        services.hold_letter(**which)
    decide(judged, PLAIN, Act.LEFT_OUT, reason="Trùng ý")
    with unit_of_work():
        services.release_letter(**which)
    judged.publish()
    with pytest.raises(RuleBroken, match="letter_is_out"), unit_of_work():
        services.hold_letter(**which)
    assert PLAIN not in released_letters(judged.round.id)[judged.submissions[0].id].texts


def test_teams_are_told_once_and_only_after_publication(app: Flask, judged: Judged) -> None:
    judged.close()
    judged.prepare()
    approve_all(judged)
    with unit_of_work():
        services.release_screened(**by(judged))
    assert db.session.scalars(select(OutboxMail)).all() == []
    judged.publish()
    mails = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    assert [mail.recipient for mail in mails] == [
        judged.captain.email,
        "doi1@example.org",
        "doi2@example.org",
        "doi3@example.org",
    ]
    assert judged.submissions[0].public_id in mails[0].body
    assert not [mail for mail in mails if PLAIN in mail.body or SECRET in mail.body]
    with unit_of_work():
        services.approve_unflagged(**by(judged))
        assert services.release_screened(**by(judged)) == 1
        assert services.tell_teams(write=lambda one: ("Thư", one.submission), **by(judged)) == 1
        assert services.tell_teams(write=lambda one: ("Thư", one.submission), **by(judged)) == 0
    assert len(db.session.scalars(select(OutboxMail)).all()) == 5


def test_a_team_answers_once_and_not_before_it_can_read(app: Flask, judged: Judged) -> None:
    judged.close()
    judged.prepare()
    approve_all(judged)
    which = {"submission_id": judged.submissions[0].id, **by(judged)}
    with unit_of_work():
        services.release_screened(**by(judged))
    with pytest.raises(NotFound), unit_of_work():
        services.answer_letter(helpful=True, **which)
    judged.publish()
    with unit_of_work():
        services.answer_letter(helpful=True, **which)
    with pytest.raises(RuleBroken, match="letter_answered"), unit_of_work():
        services.answer_letter(helpful=False, **which)
    row = db.session.scalars(select(FeedbackLetter).where(FeedbackLetter.helpful.is_not(None))).one()
    assert (row.helpful, row.answered_at) == (True, NOON)


def test_blank_comments_make_no_line(app: Flask, judged: Judged) -> None:
    card = db.session.scalars(select(Scorecard).where(Scorecard.feedback == PLAIN)).one()
    write(card, "  \n ")
    judged.close()
    judged.prepare()
    assert len(letter(judged).comments) == 2
