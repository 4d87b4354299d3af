"""The register: numbers without gaps, nobody twice, consents, revoking, and nothing known before publication."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.certificates.kinds import Basis, Hold, Kind, Want
from contest.certificates.models import Certificate
from contest.certificates.queries.people import members_of
from contest.certificates.queries.register import own_certificates, proof_of, roll_page, valid_certificates
from contest.certificates.services import people, register
from contest.certificates.services.register import content_in
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.infra.signing import fingerprint
from contest.results.queries.snapshots import latest_snapshot
from contest.results.services import awards
from tests.certificates.conftest import Night
from tests.factories import NOON, Make

pytestmark = pytest.mark.both_databases


def rows(night: Night) -> list[Certificate]:
    db.session.rollback()
    asked = select(Certificate).where(Certificate.edition_id == night.edition.id).order_by(Certificate.sequence)
    return list(db.session.scalars(asked))


def test_a_minor_is_named_only_with_consent_and_the_rest_follows_later(night: Night) -> None:
    page = roll_page(night.facts, Kind.WINNER, NOON)
    assert [(line.candidate.name, line.hold) for line in page.lines] == [("Em 0", Hold.MINOR), ("Em 1", Hold.MINOR)]
    assert night.issue(Kind.WINNER) == 0
    assert night.consent("Em 1") == 1
    assert night.issue(Kind.WINNER) == 1
    assert [row.name for row in rows(night)] == ["Em 1"]
    assert night.consent() == 2  # the one on record stays as it is
    assert night.issue(Kind.WINNER) == 1
    assert [(row.number, row.name) for row in rows(night)] == [("1/2026/GCN-BTC", "Em 1"), ("2/2026/GCN-BTC", "Em 0")]


def test_nobody_gets_two_and_numbers_follow_without_a_gap(night: Night) -> None:
    night.consent()
    assert [night.issue(kind) for kind in (Kind.WINNER, Kind.FINALIST, Kind.JUDGE, Kind.MENTOR)] == [2, 3, 1, 3]
    assert [night.issue(kind) for kind in (Kind.WINNER, Kind.FINALIST, Kind.JUDGE, Kind.MENTOR)] == [0, 0, 0, 0]
    assert [row.sequence for row in rows(night)] == list(range(1, 10))
    assert len({row.code for row in rows(night)}) == 9
    assert all(len(row.code) == 28 for row in rows(night))


def test_a_certificate_carries_the_frozen_results_that_it_rests_on(night: Night) -> None:
    night.consent()
    night.issue(Kind.WINNER)
    row = rows(night)[0]
    snapshot = latest_snapshot(night.round.id)
    assert snapshot is not None
    content = content_in(row)
    source = content["source"]
    assert (source["round"], source["version"], source["fingerprint"]) == ("ck", 1, snapshot.fingerprint)
    assert (row.round_id, row.snapshot_version, row.list_version) == (night.round.id, 1, 1)
    assert row.fingerprint == fingerprint(content)
    assert content["said"]["vi"]["lines"] == [
        "Giải Nhất",
        "với ý tưởng “Ý tưởng 0” của Đội =1+1",
        "tại cuộc thi Ý tưởng khởi nghiệp 2026",
    ]


def test_revoked_numbers_stay_and_are_not_given_again(night: Night) -> None:
    night.consent()
    night.issue(Kind.WINNER)
    first = rows(night)[0]
    with unit_of_work():
        register.revoke(edition_id=night.edition.id, public_id=first.public_id, reason="Sai tên", **night.by)
    assert night.issue(Kind.WINNER) == 0
    with unit_of_work(), pytest.raises(RuleBroken, match="certificate_revoked"):
        register.revoke(edition_id=night.edition.id, public_id=first.public_id, reason="Sai tên", **night.by)
    second = rows(night)[1]
    with unit_of_work():
        register.reissue(edition=night.facts, public_id=second.public_id, name="Em Một", reason="Thiếu dấu", **night.by)
    found = rows(night)
    assert [(row.sequence, row.name, row.revoked_reason) for row in found] == [
        (1, "Em 0", "Sai tên"),
        (2, "Em 1", "Thiếu dấu"),
        (3, "Em Một", ""),
    ]
    assert found[2].replaces_id == found[1].id
    actions = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("certificates.")).order_by(AuditEntry.id)
    ).all()
    assert actions == [
        "certificates.issued", "certificates.revoked", "certificates.revoked", "certificates.reissued",
    ]  # fmt: skip


def test_reissue_is_undone_as_a_whole_when_the_consent_is_gone(night: Night) -> None:
    night.consent()
    night.issue(Kind.WINNER)
    record = next(one.consent for one in members_of(night.edition.id) if one.name == "Em 0")
    assert record is not None
    with unit_of_work():
        people.end_consent(edition_id=night.edition.id, public_id=record.public_id, **night.by)
    with pytest.raises(RuleBroken, match="certificate_held"), unit_of_work():
        register.reissue(edition=night.facts, public_id=rows(night)[0].public_id, name="", reason="Mới", **night.by)
    assert [row.revoked_at for row in rows(night)] == [None, None]


def test_winners_come_from_a_settled_list_of_a_final_round_only(make: Make, night: Night) -> None:
    edition = make.edition("mua-khac")
    make.round(edition, "r1")
    facts = make.facts(edition)
    assert roll_page(facts, Kind.WINNER, NOON).want is Want.AWARDS_NOT_SETTLED
    assert roll_page(facts, Kind.PARTICIPANT, NOON).want is Want.ROUND_NOT_FINAL
    with unit_of_work(), pytest.raises(RuleBroken, match="certificates_round_not_final"):
        register.issue(edition=facts, kind=Kind.PARTICIPANT, **night.by)


def test_nothing_is_known_of_a_winner_until_the_round_and_the_awards_are_published(night: Night) -> None:
    night.consent()
    night.issue(Kind.WINNER)
    night.issue(Kind.JUDGE)
    winner, judge = rows(night)[0], rows(night)[2]
    assert proof_of(winner.code) is None
    assert proof_of(judge.code) is not None
    assert own_certificates(night.edition.id, night.captain.id) == []
    assert [row.kind for row in valid_certificates(night.edition.id, released=True)] == [Kind.JUDGE]
    with unit_of_work():
        awards.publish_awards(edition_id=night.edition.id, **night.by)
    assert proof_of(winner.code) is None  # the round itself waits
    night.publish()
    db.session.rollback()
    found = proof_of(winner.code)
    assert found is not None
    assert (found.content["name"], found.fingerprint) == ("Em 0", winner.fingerprint)
    assert [row.name for row in own_certificates(night.edition.id, night.captain.id)] == ["Em 0"]


def test_one_that_left_the_results_is_shown_as_stale(night: Night) -> None:
    night.consent()
    night.issue(Kind.WINNER)
    with unit_of_work():
        awards.choose(
            code="first", submission=None, votes=None, reason="Không trao", author="BTC",
            edition_id=night.edition.id, **night.by,
        )  # fmt: skip
        awards.settle_awards(edition_id=night.edition.id, reason="Bớt một giải", **night.by)
    assert [row.name for row in roll_page(night.facts, Kind.WINNER, NOON).stale] == ["Em 1"]


def test_a_captain_speaks_for_own_members_only(night: Night) -> None:
    members = {one.name: one.member_id for one in members_of(night.edition.id)}
    by: dict[str, Any] = {
        "edition_id": night.edition.id,
        "captain_id": night.captain.id,
        "actor_id": night.captain.id,
        "now": NOON,
    }
    with pytest.raises(NotFound), unit_of_work():
        people.record_consents(member_ids=[members["Em 1"]], basis=Basis.CONSENT, how="Đơn", **by)
    with unit_of_work():
        assert people.record_consents(member_ids=[members["Em 0"]], basis=Basis.CONSENT, how="Đơn", **by) == 1
    record = members_of(night.edition.id, captain_id=night.captain.id)[0].consent
    assert record is not None
    assert (record.by_team, record.how, record.at) == (True, "Đơn", NOON)


def test_the_page_of_an_unknown_and_of_an_unpublished_code_are_the_same(night: Night, client: FlaskClient) -> None:
    night.consent()
    night.issue(Kind.WINNER)
    code = rows(night)[0].code
    pages = []
    for asked in (code, "z" * 28):
        answer = client.get(f"/c/{asked}")
        headers = {name: value for name, value in answer.headers if name != "Set-Cookie"}
        pages.append((answer.status_code, answer.get_data(as_text=True).replace(asked, "CODE"), headers))
    assert pages[0] == pages[1]
    assert pages[0][0] == 404
    assert client.get(f"/c/{code}/certificate.pdf").status_code == 404
    night.publish()
    told = client.get(f"/c/{code.upper()[:4]}-{code[4:]}")
    assert told.status_code == 200
    assert told.headers["Cache-Control"] == "no-store"
    page = told.get_data(as_text=True)
    assert "Em 0" in page
    assert code not in client.get("/c/" + "z" * 28).get_data(as_text=True)
    assert client.get(f"/c/{code}/certificate.pdf").data.startswith(b"%PDF")
    with unit_of_work():
        register.revoke(
            edition_id=night.edition.id, public_id=rows(night)[0].public_id, reason="Nội bộ không nói", **night.by
        )
    page = client.get(f"/c/{code}").get_data(as_text=True)
    assert "đã bị thu hồi" in page or "was revoked" in page
    assert "Nội bộ không nói" not in page
    assert client.get(f"/c/{code}/certificate.pdf").status_code == 404
