"""PR-07: the files that a team keeps and in which an erased person is named are listed until somebody decides."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from contest.editions.models import Edition
from contest.infra.audit import AuditEntry
from contest.infra.copies import current_copies
from contest.infra.db import db, unit_of_work
from contest.infra.storage import current_storage
from contest.letters import name_digest
from contest.privacy.kinds import AskedBy, RequestKind
from contest.privacy.models import Erasure
from contest.privacy.persons import Subject
from contest.privacy.queries.files import files_left, files_naming, known_as
from contest.privacy.queries.people import person_of
from contest.privacy.services import requests
from contest.submissions.models import SubmissionFile, Team
from tests.factories import NOON, Make
from tests.privacy.conftest import Team as Pupils
from tests.submissions.samples import pdf
from tests.submissions.views.test_names import photo, signed

NAME = "Trần Anh Dung"


def add(team: Pupils, content: bytes, name: str, kind: str = "application/pdf", *, replaced: bool = False) -> str:
    """Store a file of the entry beside those that are there."""
    entry = team.entry
    with unit_of_work() as session:
        stored = current_storage().put(BytesIO(content), limit=1_000_000)
        row = SubmissionFile(
            submission_id=entry.id, part_id=entry.edition.parts[0].id, filename=name, content_type=kind,
            size=stored.size, sha256=stored.sha256, storage_key=stored.key, uploaded_at=entry.edition.created_at,
            superseded_at=entry.edition.created_at if replaced else None,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.public_id


def naming(subject: Subject) -> dict[str, list[str]]:
    found = files_naming(person_of(subject), current_storage(), current_copies())
    return {one.filename: [trace.found for trace in one.found] + ["?"] * one.unread for one in found}


def of(team: Pupils, name: str) -> Subject:
    return Subject(team_id=team.entry.team.id, name_key=name_digest(name))


@pytest.fixture
def filed(team: Pupils) -> dict[str, str]:
    """Files with the name on a page, in the file's name, in a note, as a picture, replaced, and without any name."""
    return {
        "page": add(team, pdf("Nhom Tran Anh Dung lam"), "a.pdf"),
        "name": add(team, pdf("Mot"), "KeHoach_TranAnhDung.pdf"),
        "note": add(team, signed("Hai"), "c.pdf"),
        "picture": add(team, photo(), "d.jpg", "image/jpeg"),
        "old": add(team, pdf("Ban cu cua Tran Anh Dung"), "e.pdf", replaced=True),
        "none": add(team, pdf("Khong ai ca"), "f.pdf"),
    }


def test_pr_07_names_are_found_on_pages_in_file_names_and_in_notes(team: Pupils, filed: dict[str, str]) -> None:
    found = naming(of(team, NAME))

    assert found["a.pdf"] == ["Tran Anh Dung"]
    assert found["KeHoach_TranAnhDung.pdf"] == ["TranAnhDung"]
    assert found["d.jpg"] == ["?"]
    assert found["e.pdf"] == ["Tran Anh Dung"]
    assert "f.pdf" not in found
    assert "c.pdf" not in found
    assert "Lê Thị Ánh" in naming(Subject(user_id=team.entry.captain.id))["c.pdf"]


def test_pr_07_a_nickname_before_the_at_of_a_mail_counts(make: Make, team: Pupils) -> None:
    captain = make.user("Lê Thị Ánh", email="anhsaobang@example.org").id
    with unit_of_work() as session:
        session.get_one(Team, team.entry.team.id).captain_id = captain
    add(team, pdf("Tac gia AnhSaoBang"), "g.pdf")
    db.session.rollback()
    person = person_of(Subject(user_id=captain))

    assert "anhsaobang" in [one.text for one in known_as(person)]
    found = files_naming(person, current_storage(), current_copies())
    assert [trace.found for one in found if one.filename == "g.pdf" for trace in one.found] == ["AnhSaoBang"]


def ask(team: Pupils) -> str:
    with unit_of_work():
        return requests.ask(
            edition_id=team.entry.edition.id, kind=RequestKind.ERASURE,
            about=requests.About(NAME, team.entry.team.id), asker=requests.Asker(AskedBy.GUARDIAN, "Mẹ", "me@x.vn"),
            words="Xin xoá.", actor_id=None, now=NOON,
        ).public_id  # fmt: skip


def test_pr_07_the_committee_sees_them_before_and_has_them_as_a_task_after(team: Pupils, filed: dict[str, str]) -> None:
    person = f"{team.desk}/requests/{ask(team)}/person"
    page = team.organiser.get(person).text
    assert "Files that the team keeps" in page
    assert "<mark>Tran Anh Dung</mark>" in page
    assert "f.pdf" not in page
    overview = f"/e/{team.entry.edition.code}/organise/"
    assert "Files to look at" not in team.organiser.get(overview).text

    assert team.organiser.post(f"{person}/erase", data={"confirm": NAME}).status_code == 303

    db.session.rollback()
    listed = db.session.query(Erasure).one().files
    assert set(listed) >= {filed[one] for one in ("page", "name", "picture", "old")}
    assert filed["none"] not in listed
    assert NAME not in str(listed)
    assert "Files to look at" in team.organiser.get(overview).text
    queue = team.organiser.get(f"{team.desk}/requests").text
    assert "replaced by a newer one, still stored" in queue

    keys = {one.public_id: one.storage_key for one in db.session.query(SubmissionFile)}
    for one in ("page", "old"):
        assert team.organiser.post(f"{team.desk}/files/{filed[one]}/delete").status_code == 303
    for one in listed:
        if one not in (filed["page"], filed["old"]):
            assert team.organiser.post(f"{team.desk}/files/{one}/keep").status_code == 303

    db.session.rollback()
    left = set(db.session.scalars(select(SubmissionFile.public_id)))
    assert left == set(keys) - {filed["page"], filed["old"]}
    stored = set(current_storage().keys())
    assert not {keys[filed["page"]], keys[filed["old"]]} & stored
    assert keys[filed["name"]] in stored
    assert files_left(team.entry.edition.id) == ()
    assert "Files to look at" not in team.organiser.get(overview).text
    told = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("file.%"))).all()
    assert told.count("file.deleted") == 2


def test_pr_07_a_file_that_is_on_no_list_is_not_deleted_from_here(
    make: Make, team: Pupils, filed: dict[str, str]
) -> None:
    other: Edition = make.edition("khac")
    with unit_of_work() as session:
        session.add(Erasure(token="0" * 64, at=other.created_at, alias="Ẩn danh", counts={}, files=[filed["page"]]))

    assert team.organiser.post(f"{team.desk}/files/{filed['none']}/delete").status_code == 404
    assert files_left(other.id) == ()
    assert [one.filename for one in files_left(team.entry.edition.id)] == ["a.pdf"]
