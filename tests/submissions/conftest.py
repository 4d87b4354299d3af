"""An edition that asks for something of everything, and a team in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition, Part
from contest.editions.parts import PartKind, PartSpec
from contest.editions.queries import parts_of
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.submissions import services
from contest.submissions.facts import Draft, ReceiptFacts, TeamDetails
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team
from contest.submissions.quotas import Quota
from tests.factories import NOON, Make
from tests.submissions.samples import pdf

WHOLE = Draft(
    title="Bản đồ ngập",
    summary="Người dân báo điểm ngập, xe tải tránh được.",
    track="A",
    field="edtech",
    texts={"problem": "Nước ngập mỗi mùa mưa", "video": "https://youtu.be/abc"},
)


@dataclass
class Entry:
    """One team's submission in an edition with parts problem, notes, plan (PDF), photo and video."""

    app: Flask
    make: Make
    edition: Edition
    captain: User
    id: int
    public_id: str

    @property
    def row(self) -> Submission:
        db.session.rollback()
        return db.session.query(Submission).filter_by(id=self.id).one()

    def status(self) -> SubmissionStatus:
        return self.row.status

    @property
    def team(self) -> Team:
        return self.row.team

    @property
    def storage(self) -> Any:
        return self.app.extensions["storage"]

    @property
    def stored_keys(self) -> set[str]:
        return set(self.storage.keys())

    def bytes_of(self, key: str) -> bytes:
        with self.storage.open(key) as stream:
            content: bytes = stream.read()
        return content

    def part(self, code: str) -> PartSpec:
        return next(part for part in parts_of(self.edition.id).values() if part.code == code)

    def save(self, draft: Draft = WHOLE, *, version: int | None = None, now: datetime = NOON) -> services.Saved:
        wanted = self.row.version if version is None else version
        with unit_of_work():
            return services.save_draft(
                submission_id=self.id, version=wanted, draft=draft, actor_id=self.captain.id, now=now
            )

    def upload(
        self,
        content: bytes | None = None,
        *,
        part: str = "plan",
        name: str = "plan.pdf",
        now: datetime = NOON,
        quota: Quota | None = None,
    ) -> str:
        stream = BytesIO(pdf() if content is None else content)
        with (
            services.received_file(self.storage, stream, filename=name, part=self.part(part)) as received,
            unit_of_work(),
        ):
            return services.add_file(
                submission_id=self.id,
                received=received,
                actor_id=self.captain.id,
                now=now,
                quota=quota or Quota(),
            )

    def remove(self, file_public_id: str, *, now: datetime = NOON) -> None:
        with unit_of_work():
            services.remove_file(
                submission_id=self.id, file_public_id=file_public_id, actor_id=self.captain.id, now=now
            )

    def submit(self, *, now: datetime = NOON, seen: str | None = None) -> ReceiptFacts:
        with unit_of_work():
            return services.submit(submission_id=self.id, actor_id=self.captain.id, now=now, seen=seen)

    def complete(self) -> Entry:
        """Fill in everything that is required."""
        self.save()
        self.upload()
        return self

    def submitted(self) -> Entry:
        """Fill in everything and hand it in."""
        self.complete().submit()
        return self

    def set_window(self, opens: datetime | None, closes: datetime | None) -> None:
        with unit_of_work() as session:
            row = session.get_one(Edition, self.edition.id)
            row.submissions_open, row.submissions_close = opens, closes


def parts_for(make: Make, edition: Edition) -> list[Part]:
    """Something of everything."""
    return [
        make.part(edition, "problem", name_vi="Vấn đề", name_en="Problem", max_words=10),
        make.part(edition, "notes", name_vi="Ghi chú", name_en="Notes", max_words=10, required=False),
        make.part(edition, "plan", PartKind.FILE, name_vi="Thuyết minh", name_en="Plan", accept="pdf", max_mb=1),
        make.part(
            edition, "photo", PartKind.FILE, name_vi="Ảnh", name_en="Photo", accept="image,slides", required=False
        ),
        make.part(edition, "video", PartKind.LINK, name_vi="Video", name_en="Video"),
    ]


def entry_in(app: Flask, make: Make, edition: Edition, name: str = "Ánh Sáng", captain: User | None = None) -> Entry:
    """Register a team in the edition."""
    person = captain or make.user("Lê Thị Ánh", phone=None)
    with unit_of_work():
        registered = services.register_team(
            edition_id=edition.id,
            captain=person.id,
            team=TeamDetails(name, "THPT Lê Thánh Tôn", ("Trần Anh Dung", "Đỗ Ân"), "Cô Hoà", "hoa@example.org", ""),
            title="Bản đồ",
            track="A",
            actor_id=person.id,
            now=NOON,
        )
    db.session.refresh(edition)
    db.session.refresh(person)
    return Entry(app, make, edition, person, registered.submission_id, registered.submission_public_id)


@pytest.fixture
def contest_edition(make: Make) -> Edition:
    """An open edition with tracks A and B, a field, and five parts."""
    edition = make.edition()
    make.track(edition, "A", name_vi="Học sinh", name_en="Pupils")
    make.track(edition, "B", name_vi="Sinh viên", name_en="Students")
    make.field(edition, "edtech", name_vi="Giáo dục", name_en="Education")
    parts_for(make, edition)
    db.session.refresh(edition)
    return edition


@pytest.fixture
def entry(app: Flask, make: Make, contest_edition: Edition, noon: datetime) -> Entry:
    """A draft of a registered team, at noon of a day inside the window."""
    assert clock.now() == noon
    return entry_in(app, make, contest_edition)


@pytest.fixture
def organiser(make: Make, contest_edition: Edition) -> User:
    """An organiser of the edition."""
    person = make.member(contest_edition, Role.ORGANISER, make.user("Ban Tổ chức"))
    db.session.refresh(contest_edition)
    return person
