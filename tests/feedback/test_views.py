"""The pages of letters: what the organiser does, what the team reads, and that nothing shows before publication."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.queries import round_by_id
from contest.errors import RuleBroken
from contest.feedback import services
from contest.feedback.exports import letters_pdf
from contest.feedback.models import FeedbackComment, FeedbackLetter
from contest.feedback.states import CommentState
from contest.infra.db import db, unit_of_work
from contest.judging.models import Scorecard
from tests.factories import NOON, Make
from tests.feedback.conftest import FLAGGED, PLAIN, SECRET, Judged, write

pytestmark = pytest.mark.usefixtures("noon")
QUEUE = "/e/mua-thu-2026/organise/results/r1/letters"
SIGNED = re.compile(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{27}")
WITH_PLUS = '=1+1 <b>đậm</b> Đỗ Thị Ỷ #read("x") $x$'


def page_of(judged: Judged) -> str:
    return f"/e/{judged.edition.code}/team/{judged.submissions[0].public_id}/results/r1/letter"


def letter_id(judged: Judged) -> str:
    db.session.rollback()
    found = db.session.scalar(
        select(FeedbackLetter.public_id).where(FeedbackLetter.submission_id == judged.submissions[0].id)
    )
    assert found is not None
    return found


def comment_of(text: str) -> FeedbackComment:
    db.session.rollback()
    return db.session.scalars(select(FeedbackComment).where(FeedbackComment.original == text)).one()


def screen(client: FlaskClient, judged: Judged, text: str, **typed: str) -> int:
    one = comment_of(text)
    wording = typed.pop("wording", text)
    sent = {"act": "approved", "text": wording, "reason": "", "version": str(one.version), **typed}
    data = {f"{one.public_id}-{name}": value for name, value in sent.items()}
    return client.post(f"{QUEUE}/{letter_id(judged)}/comments/{one.public_id}", data=data).status_code


def released(judged: Judged) -> None:
    """Close, draft, approve everything and release."""
    judged.close()
    judged.prepare(with_place=True)
    with unit_of_work() as session:
        for one in session.scalars(select(FeedbackComment)):
            one.state = CommentState.APPROVED
    with unit_of_work():
        services.release_screened(round_id=judged.round.id, actor_id=judged.organiser.id, now=NOON)


@pytest.mark.both_databases
def test_an_organiser_screens_and_releases(app: Flask, client: FlaskClient, make: Make, judged: Judged) -> None:
    judged.close()
    make.sign_in(client, judged.organiser)
    assert client.post(f"{QUEUE}/prepare", data={"languages": "both"}).status_code == 303
    page = client.get(QUEUE).text
    assert FLAGGED in page
    assert SECRET not in page
    assert not [judge.name for judge in judged.judges if judge.name in page]
    assert client.post(f"{QUEUE}/approve").status_code == 303
    assert screen(client, judged, FLAGGED, act="left_out") == 422  # no reason
    assert comment_of(FLAGGED).state is CommentState.WAITING
    assert screen(client, judged, FLAGGED, wording="Hãy hỏi Ban Tổ chức.") == 303  # typed, though not ticked
    assert (comment_of(FLAGGED).text, comment_of(FLAGGED).state) == ("Hãy hỏi Ban Tổ chức.", CommentState.EDITED)
    assert client.post(f"{QUEUE}/{letter_id(judged)}/release").status_code == 303
    shown = client.get(f"{QUEUE}/{letter_id(judged)}").text
    assert FLAGGED in shown
    assert "Hãy hỏi Ban Tổ chức." in shown
    assert client.post(f"{QUEUE}/{letter_id(judged)}/hold").status_code == 303
    assert client.get(f"{QUEUE}.pdf").status_code == 303  # nothing is released: back to the queue


def test_what_stands_out_is_passed_on_by_a_choice_only(client: FlaskClient, make: Make, judged: Judged) -> None:
    judged.close()
    make.sign_in(client, judged.organiser)
    assert client.post(f"{QUEUE}/prepare", data={"languages": "both"}).status_code == 303
    page = client.get(f"{QUEUE}/{letter_id(judged)}").text
    ticked = {one for one in re.findall(r"<input[^>]*>", page) if " checked" in one}
    ids = {one.public_id: bool(one.flags) for one in db.session.scalars(select(FeedbackComment))}
    found = {key: flagged for key, flagged in ids.items() if f'name="{key}-act"' in page}
    assert set(found.values()) == {True, False}
    assert {key: not any(f'name="{key}-act"' in one for one in ticked) for key in found} == found
    assert screen(client, judged, FLAGGED, act="") == 422
    assert comment_of(FLAGGED).state is CommentState.WAITING


def test_a_stale_decision_is_met_with_words(client: FlaskClient, make: Make, judged: Judged) -> None:
    judged.close()
    judged.prepare()
    make.sign_in(client, judged.organiser)
    client.set_cookie("locale", "en")
    one = comment_of(PLAIN)
    data = {f"{one.public_id}-act": "approved", f"{one.public_id}-version": "9"}
    answer = client.post(f"{QUEUE}/{letter_id(judged)}/comments/{one.public_id}", data=data)
    assert answer.status_code == 422
    assert "Somebody else has decided on this comment" in answer.text


def test_a_team_reads_its_letter_once_it_is_published(client: FlaskClient, make: Make, judged: Judged) -> None:
    card = db.session.scalars(select(Scorecard).where(Scorecard.feedback == PLAIN)).one()
    write(card, WITH_PLUS, SECRET)
    released(judged)
    make.sign_in(client, judged.captain)
    client.set_cookie("locale", "en")
    assert client.get(page_of(judged)).status_code == 404
    assert client.get(f"{page_of(judged)}.pdf").status_code == 404
    assert client.post(f"{page_of(judged)}/answer", data={"helpful": "yes"}).status_code == 404
    judged.publish()
    page = client.get(page_of(judged)).text
    assert "=1+1 &lt;b&gt;đậm&lt;/b&gt; Đỗ Thị Ỷ" in page
    assert page.count("bv-chart-svg") == 4  # two charts for a phone, two for a desk
    assert SECRET not in page
    assert not [judge.name for judge in judged.judges if judge.name in page or judge.code in page]
    answer = client.get(f"{page_of(judged)}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = "\n".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(answer.data))
    assert WITH_PLUS in text
    assert SECRET not in text
    assert "Nhận xét của giám khảo" in text
    assert "Feedback from the judges" in text
    assert not [judge.name for judge in judged.judges if judge.name in text]
    assert client.post(f"{page_of(judged)}/answer", data={"helpful": "maybe"}).status_code == 422
    assert client.post(f"{page_of(judged)}/answer", data={"helpful": "yes"}).status_code == 303
    assert client.post(f"{page_of(judged)}/answer", data={"helpful": "no"}).status_code == 409
    assert "You answered: helpful." in client.get(page_of(judged)).text


def people(make: Make, judged: Judged) -> list[User | None]:
    """Return who is not entitled to a letter before publication: the team itself, another one, a judge, nobody."""
    other = make.member(judged.edition, Role.CAPTAIN, make.user("Đội trưởng khác"))
    judge = db.session.get_one(User, judged.judges[0].user_id)
    return [judged.captain, other, judge, None]


def seen(app: Flask, make: Make, judged: Judged, who: User | None) -> list[tuple[int, str, list[tuple[str, str]]]]:
    client = app.test_client()
    if who is not None:
        make.sign_in(client, db.session.get_one(User, who.id))
    own = f"/e/{judged.edition.code}/team/{judged.submissions[0].public_id}"
    paths = [page_of(judged), f"{page_of(judged)}.pdf", f"{own}/results", own, f"/e/{judged.edition.code}", QUEUE]
    found = []
    for path in paths:
        answer = client.get(path)
        headers = [(name, value) for name, value in answer.headers if name not in ("Set-Cookie", "Date")]
        found.append((answer.status_code, SIGNED.sub("", answer.text), headers))
    return found


def test_before_publication_two_worlds_look_alike_to_all_who_may_not_read(
    app: Flask, make: Make, judged: Judged
) -> None:
    judged.close()
    asking = people(make, judged)
    ids = [None if one is None else one.id for one in asking]
    before = [seen(app, make, judged, one) for one in asking]
    judged.prepare()
    with unit_of_work() as session:
        for one in session.scalars(select(FeedbackComment)):
            one.state, one.text = CommentState.APPROVED, f"Lời khác {one.id}"
    with unit_of_work():
        assert services.release_screened(round_id=judged.round.id, actor_id=judged.organiser.id, now=NOON) == 5
    after = [seen(app, make, judged, None if one is None else db.session.get_one(User, one)) for one in ids]
    assert before == after
    assert {page[0] for pages in after for page in pages[:2]} <= {302, 303, 404}


def test_all_letters_of_a_round_come_as_one_file(app: Flask, judged: Judged) -> None:
    del app
    round_ = round_by_id(judged.round.id)
    assert round_ is not None
    with pytest.raises(RuleBroken, match="letters_none"):
        letters_pdf(judged.facts, round_)
    released(judged)
    judged.publish()
    round_ = round_by_id(judged.round.id)
    assert round_ is not None
    made = letters_pdf(judged.facts, round_)
    assert made == letters_pdf(judged.facts, round_)
    text = "\n".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(made))
    assert [code for code in (one.code for one in judged.submissions) if code not in text] == []


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_pictures_of_judges_are_for_organiser_and_chair_only(
    client: FlaskClient, make: Make, judged: Judged, locale: str
) -> None:
    client.set_cookie("locale", locale)
    address = "/e/mua-thu-2026/organise/results/r1/plots"
    make.sign_in(client, judged.organiser)
    page = client.get(address)
    assert page.status_code == 200
    assert "Phạm Quốc Hùng" in page.text
    make.sign_in(client, make.member(judged.edition, Role.OBSERVER))
    assert client.get(address).status_code == 403


@pytest.mark.both_databases
def test_participation_counts_by_school_field_and_day(
    app: Flask, client: FlaskClient, make: Make, judged: Judged
) -> None:
    del app
    make.submission(judged.edition, make.team(judged.edition, school="  thpt LÊ thánh tôn"))
    make.sign_in(client, judged.organiser)
    client.set_cookie("locale", "en")
    page = client.get("/e/mua-thu-2026/organise/participation").text
    assert "THPT Lê Thánh Tôn: 6" in page  # one school in two spellings
    assert "No field chosen: 6" in page
    assert "08/10: 6 on this day, 6 so far" in page
