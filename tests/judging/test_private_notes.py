"""SC-14: two contests that differ in the judges' private notes alone look the same to everybody but the judge."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from contest.accounts.roles import Role
from contest.infra import cache
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from contest.judging.models import Scorecard
from contest.submissions.models import Submission, Team
from tests.factories import Make
from tests.judging.test_sights import Contest

pytestmark = pytest.mark.trust  # walks through the whole site

NOTES = ("Riêng-một", "Riêng-hai: một câu dài hơn hẳn")
# What the organiser takes away as files is the whole season.
WHOLE = frozenset({"exchange.export"})


def note(text: str) -> None:
    with unit_of_work() as session:
        session.execute(update(Scorecard).values(private_note=text, feedback="Lời cho đội"))
    cache.clear_all()


def seen(contest: Contest, client: FlaskClient) -> dict[str, tuple[int, bytes]]:
    """Every page that this contest has an address for, whoever asks; chance and tokens left out."""
    first = db.session.get_one(Submission, contest.submissions[0].id)
    known = {
        "edition_code": contest.edition.code,
        "round_code": contest.round.code,
        "submission_code": first.code,
        "submission_id": first.public_id,
        "public_id": contest.paper,
    }
    found = {}
    for rule in contest.app.url_map.iter_rules():
        asked = rule.arguments
        if "edition_code" not in asked or not asked <= known.keys() or "GET" not in (rule.methods or ()):
            continue
        if "stream" in rule.rule or rule.endpoint in WHOLE:
            continue
        path = rule.rule
        for name, value in known.items():
            path = re.sub(rf"<(\w+:)?{name}>", value, path)
        answer = client.get(path)
        text = answer.mimetype in ("text/html", "text/csv", "application/json")
        body = answer.data if text else b""
        body = re.sub(rb'name="(csrf_token|key)" value="[^"]*"|seed=\d+|id="seed"[^>]*|"csrf":"[^"]*"', b"", body)
        found[rule.endpoint] = (answer.status_code, body)
    return found


@pytest.mark.parametrize("who", ["visitor", "captain", "observer", "organiser", "judge"])
def test_sc_14_no_page_tells_or_depends_on_a_private_note(app: Flask, make: Make, noon: datetime, who: str) -> None:
    contest = Contest(app, make)
    client = app.test_client()
    if who == "captain":
        captain = make.member(contest.edition, Role.CAPTAIN, make.user("Đội trưởng"))
        with unit_of_work() as session:
            first = session.get_one(Submission, contest.submissions[0].id)
            session.get_one(Team, first.team_id).captain_id = captain.id
        make.sign_in(client, captain)
    elif who == "judge":
        other = make.user("Giám khảo khác")
        make.judge(contest.edition, other)
        make.sign_in(client, other)
    elif who != "visitor":
        make.sign_in(client, make.member(contest.edition, Role(who)))
    note(NOTES[0])
    seen(contest, client)  # whatever the first look leaves behind
    before = seen(contest, client)
    note(NOTES[1])
    after = seen(contest, client)
    assert [name for name in before if before[name] != after[name]] == []
    assert len(before) > 50
    assert not any(text.encode() in body for text in NOTES for _, body in before.values())
    assert not any("Riêng-" in mail.body for mail in db.session.scalars(select(OutboxMail)))
