"""Consents of a world: a filed paper, a guardian's link, requests about personal data."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy import select

from contest.infra.db import db, unit_of_work
from contest.privacy.kinds import AskedBy, RequestKind
from contest.privacy.models import Erasure
from contest.privacy.services import requests as asking
from contest.submissions.consenting import Giver, Means, Purpose
from contest.submissions.models import Submission, TeamMember
from contest.submissions.services.consent_links import issue_link
from contest.submissions.services.consents import Scan, Word, say
from tests.factories import NOON
from tests.sweep.papers import SCAN

if TYPE_CHECKING:
    from tests.sweep.world import Side


def consent_some(app: Flask, edition_id: int, side: Side) -> None:
    """File a paper for a member of the draft, mail its guardian a link, and take in two requests."""
    members = {
        row.public_id: row.id
        for row in db.session.execute(
            select(Submission.public_id, TeamMember.id)
            .join(TeamMember, TeamMember.team_id == Submission.team_id)
            .where(Submission.edition_id == edition_id)
            .order_by(TeamMember.id)
        )
    }
    side.ids["member_id"] = [str(members[one]) for one in side.ids["submission_id"]]
    stored = app.extensions["storage"].put(BytesIO(SCAN), limit=len(SCAN))
    scan = Scan(stored.key, "giay.pdf", "application/pdf", stored.sha256)
    captain, organiser = side.people["captain"].id, side.people["organiser"].id
    with unit_of_work() as session:
        member = session.get_one(TeamMember, int(side.ids["member_id"][3]))
        filed = say(
            team_id=member.team_id, name=member.name, purposes=[Purpose.PUBLISH_PHOTO],
            givers=[Giver.CHILD, Giver.GUARDIAN], given=True,
            word=Word(Means.PAPER, attested_by="Cô Lan", scan=scan),
            actor_id=organiser, now=NOON,
        )  # fmt: skip
        link = issue_link(
            member=member, giver=Giver.GUARDIAN, giver_name="Mẹ Hoa", email="me@example.org", actor_id=captain, now=NOON
        )
        row = asking.ask(
            edition_id=edition_id, kind=RequestKind.ACCESS, about=asking.About(member.name, member.team_id),
            asker=asking.Asker(AskedBy.GUARDIAN, "Mẹ Hoa", "me@example.org"), words="Xin xem dữ liệu", actor_id=None,
            now=NOON,
        )  # fmt: skip
        session.add(
            Erasure(token=f"{edition_id:064}", at=NOON, alias="Ẩn danh", counts={}, files=list(side.ids["file_id"]))
        )
        side.ids["consent token"] = [link.token]
        side.ids["consent_record"] = [filed[1]]
        side.ids["privacy_request"] = [row.public_id]
    side.ids["purpose"] = [one.value for one in Purpose]
    side.ids["audience"] = [Giver.CHILD.value, Giver.GUARDIAN.value]
