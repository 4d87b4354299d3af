"""Certificates of a world: some issued, one revoked, a volunteer, consents of one captain's teams, files and jobs."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from flask import Flask

from contest.certificates.jobs import BATCH_JOB
from contest.certificates.kinds import Basis, Kind
from contest.certificates.queries.people import members_of, volunteers_of
from contest.certificates.queries.register import register_of
from contest.certificates.services import people, register
from contest.editions.facts import EditionFacts
from contest.infra import background
from contest.infra.db import unit_of_work
from tests.factories import NOON

if TYPE_CHECKING:
    from tests.sweep.world import Side


def issue_some(app: Flask, edition: EditionFacts, side: Side) -> None:
    """Issue to judges and to the teams of one captain; the other captain's members still need a consent."""
    by: dict[str, Any] = {"actor_id": side.people["organiser"].id, "now": NOON}
    captain = side.people["other captain"].id
    own = members_of(edition.id, captain_id=captain)
    with unit_of_work():
        people.record_consents(
            edition_id=edition.id, member_ids=[one.member_id for one in own], basis=Basis.CONSENT, how="Đơn của trường",
            captain_id=captain, actor_id=captain, now=NOON,
        )  # fmt: skip
        people.add_volunteers(edition_id=edition.id, people=[("Vũ Lan", "Đón khách", "lan@example.org")], **by)
    with unit_of_work():
        for kind in (Kind.JUDGE, Kind.PARTICIPANT):
            register.issue(edition=edition, kind=kind, **by)
    stored = app.extensions["storage"].put(BytesIO(b"%PDF-"), limit=9)
    with unit_of_work():
        file = register.keep_file(
            edition_id=edition.id, stored=stored, filename="a.pdf", content_type="application/pdf", count=1, **by
        )
        arguments = {"edition": edition.code, "what": "pdf", "kind": "judge", "base": "http://localhost"}
        job = background.enqueue(scope=f"edition:{edition.id}", kind=BATCH_JOB, arguments=arguments, **by)
        side.ids["certificate_file"], side.ids["certificate_job"] = [file.public_id], [job.public_id]
    rows = register_of(edition.id)
    held = [one.consent.public_id for one in members_of(edition.id) if one.consent]
    side.ids["certificate_id"] = [row.public_id for row in rows]
    side.ids["certificate code"] = [row.code for row in rows]
    side.ids["own_certificate"] = [row.public_id for row in rows if row.user_id or row.submission_id]
    side.ids["volunteer_id"] = [one.public_id for one in volunteers_of(edition.id)]
    side.ids["consent_id"] = side.ids["own_consent"] = held[:1]
    side.ids["member"] = [str(one.member_id) for one in members_of(edition.id) if not one.consent]
