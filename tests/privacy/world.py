"""Three people who fill every text column that could hold something of theirs, each with an own canary."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask, current_app

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.certificates.kinds import Kind
from contest.certificates.models import Certificate, Volunteer
from contest.editions.models import Edition, Round
from contest.editions.rules import LocalText
from contest.infra import audit, mail
from contest.infra.db import Base, db, unit_of_work
from contest.infra.storage import current_storage
from contest.judging.models import Judge
from contest.letters import name_digest
from contest.privacy.persons import Subject
from contest.results.award_rules import AwardSpec
from contest.results.services import awards
from contest.submissions.models import Submission, SubmissionFile, Team, TeamMember
from tests.factories import Make
from tests.results import way

ANN, BEN, JUDGE = "Canari Ánh Sao", "Canari Bình Minh", "Canari Giám Khảo"
BYTES = b"%PDF-1.4 canary of the file"


def folder() -> Path:
    """The data folder of the running application."""
    return Path(current_app.config["DATA_DIR"])


@dataclass(frozen=True)
class World:
    """An edition with a team of two that Ánh leads, and a judge who has scored it; all by number."""

    edition: int
    round: int
    team: int
    submission: int
    ann: int
    ben: Subject
    judge: int
    organiser: int
    key: str

    @property
    def subject(self) -> Subject:
        return Subject(user_id=self.ann)


def build(make: Make, app: Flask, now: datetime, *, alone: bool = False) -> World:
    """Build it; `alone`: the team has one member."""
    edition: Edition = make.edition()
    round_: Round = make.round(edition)
    part = make.part(edition)
    organiser = make.member(edition, Role.ORGANISER)
    ann: User = make.user(ANN, email="canary-ann@example.org", phone="+84912345678")
    make.member(edition, Role.CAPTAIN, ann)
    judge: Judge = make.judge(edition, make.user(JUDGE), name=JUDGE, profile=f"{JUDGE} là chuyên gia")
    submission: Submission = make.submission(edition)
    make.scorecard(make.assignment(round_, judge, submission), [8, 9])
    del app
    team_id, submission_id, part_id = submission.team_id, submission.id, part.id
    ids = (edition.id, round_.id, team_id, submission_id, ann.id)
    judge_id, organiser_id, ann_id, ann_email = judge.id, organiser.id, ann.id, ann.email or ""
    with unit_of_work() as session:
        stored = current_storage().put(io.BytesIO(BYTES), limit=1000)
        team = session.get_one(Team, team_id)
        team.captain_id, team.name, team.email, team.phone = ann_id, "Đội Hải Âu", ann_email, "0912 345 678"
        team.members[:] = [
            TeamMember(name=name, position=place, school=f"Trường của {name}")
            for place, name in enumerate([ANN] if alone else [ANN, BEN], 1)
        ]
        row = session.get_one(Submission, submission_id)
        row.summary = f"Ý tưởng của {ANN}, gọi 0912.345.678" + ("" if alone else f" và {BEN}")
        session.add(
            SubmissionFile(
                submission_id=submission_id, part_id=part_id, filename="bai.pdf", content_type="application/pdf",
                size=stored.size, sha256=stored.sha256, storage_key=stored.key, uploaded_at=now,
            )
        )  # fmt: skip
        session.add(_certificate(ids[0], ANN, ann_id, 1, now))
        if not alone:
            session.add(_certificate(ids[0], BEN, None, 2, now))
        session.add(Volunteer(edition_id=ids[0], name=ANN, email="canary-ann@example.org", added_at=now))
        mail.enqueue(
            scope=f"edition:{ids[0]}", recipient="canary-ann@example.org", recipient_name=ANN,
            subject=f"Gửi {ANN}", body="lời chào", now=now,
        )  # fmt: skip
        mail.enqueue(
            scope=f"edition:{ids[0]}",
            recipient="judge@example.org",
            subject="Bài mới",
            body=f"Bài của {ANN}",
            now=now,
        )
        audit.record(
            at=now, actor_id=ann_id, scope=f"edition:{ids[0]}", action="x", reason=f"{ANN} xin gia hạn", round="r1"
        )
    ben = Subject(team_id=team_id, name_key=name_digest(BEN))
    return World(*ids, ben, judge_id, organiser_id, stored.key)


def _certificate(edition_id: int, name: str, user_id: int | None, sequence: int, now: datetime) -> Certificate:
    return Certificate(
        edition_id=edition_id, sequence=sequence, number=f"{sequence}/2026", kind=next(iter(Kind)),
        subject=f"{sequence:064}", name=name, content=f'{{"name":"{name}","said":"Trao cho {name}"}}',
        fingerprint="0" * 64, user_id=user_id, email="", issued_at=now,
    )  # fmt: skip


def freeze(make: Make, world: World, now: datetime) -> str:
    """Finalise the round and settle an award; return the fingerprint of the snapshot."""
    facts = make.facts(db.session.get_one(Edition, world.edition))
    digest = way.publish(facts, world.round, world.organiser, now)
    with unit_of_work():
        spec = AwardSpec(code="first", name=LocalText("Giải Nhất"), round="r1")
        awards.add_award(edition_id=world.edition, spec=spec, actor_id=None, now=now)
    with unit_of_work():
        awards.settle_awards(edition_id=world.edition, reason="", actor_id=None, now=now)
    return digest


def holding(*texts: str) -> list[str]:
    """Return where in the database one of the texts stands, as "table.column", in order."""
    found = set()
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(table.select()):
            pairs = zip(table.columns.keys(), row, strict=True)
            said = {key: json.dumps(value, ensure_ascii=False, default=str) for key, value in pairs}
            found |= {f"{table.name}.{key}" for key, value in said.items() if any(text in value for text in texts)}
    return sorted(found)
