"""Judges come onto the panel with an account, change, and leave only without scorecards."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest.accounts import services as accounts
from contest.accounts.models import Membership, SignInLink, User
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.editions.phases import EditionState
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Conflict, Judge
from contest.judging.panel_list import Known, PanelEntry, PanelRow
from contest.judging.queries.panel import Work, judge_by_code, judge_of, judges_of, known_around, work_of
from contest.judging.services import panel
from contest.judging.states import ScorecardStatus
from tests.counting import counted
from tests.factories import Make

pytestmark = pytest.mark.both_databases


def add(edition: Edition, now: datetime, *entries: PanelEntry) -> tuple[int, ...]:
    with unit_of_work():
        return panel.add_judges(edition_id=edition.id, entries=entries, actor_id=None, now=now)


def change(edition: Edition, judge_id: int, entry: PanelEntry, now: datetime, *, follow_account: bool = True) -> None:
    with unit_of_work():
        panel.change_judge(
            edition_id=edition.id,
            judge_id=judge_id,
            entry=entry,
            follow_account=follow_account,
            actor_id=None,
            now=now,
        )


def remove(edition: Edition, judge_id: int, now: datetime) -> None:
    with unit_of_work():
        panel.remove_judge(edition_id=edition.id, judge_id=judge_id, actor_id=None, now=now)


def roles(user_id: int, edition_id: int) -> set[Role]:
    held = select(Membership.role).where(Membership.user_id == user_id, Membership.edition_id == edition_id)
    return set(db.session.scalars(held))


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_new_judge_gets_an_account_without_a_password(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    entry = PanelEntry(
        name="Nguyễn Thị Ánh",
        email="anh@example.org",
        phone="+84903123782",
        organisation="Sở Khoa học",
        fields=("edtech", "fintech"),
        max_load=7,
    )
    (judge_id,) = add(edition, noon, entry)
    row = db.session.get_one(Judge, judge_id)
    user = db.session.get_one(User, row.user_id)
    assert (row.code, row.name, row.fields, row.max_load) == ("GK1", "Nguyễn Thị Ánh", "edtech;fintech", 7)
    assert (user.name, user.email, user.phone, user.password_hash) == (
        "Nguyễn Thị Ánh",
        "anh@example.org",
        "+84903123782",
        None,
    )
    assert roles(user.id, edition.id) == {Role.JUDGE}
    assert actions() == ["role.granted", "judge.added"]


def test_a_chair_gets_both_roles(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    (judge_id,) = add(edition, noon, PanelEntry("Trần Văn Bình", chair=True))
    assert roles(db.session.get_one(Judge, judge_id).user_id, edition.id) == {Role.JUDGE, Role.CHAIR}


@pytest.mark.parametrize(
    "entry", [PanelEntry("Bà Hoa", email="hoa@example.org"), PanelEntry("Hoa", phone="+84903123782")]
)
def test_the_account_with_the_contact_is_used_and_keeps_its_name(
    app: Flask, make: Make, noon: datetime, entry: PanelEntry
) -> None:
    edition = make.edition()
    user = make.user("Phạm Thị Hoa", email="hoa@example.org", phone="+84903123782")
    (judge_id,) = add(edition, noon, entry)
    assert db.session.get_one(Judge, judge_id).user_id == user.id
    assert db.session.get_one(User, user.id).name == "Phạm Thị Hoa"
    assert db.session.scalar(select(func.count(User.id))) == 1


def test_codes_go_on_from_the_highest(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    add(edition, noon, PanelEntry("Một", code="GK7"), PanelEntry("Hai", code="KHACH"))
    ids = add(edition, noon, PanelEntry("Ba"), PanelEntry("Bốn", code="GK9"), PanelEntry("Năm"))
    assert [db.session.get_one(Judge, one).code for one in ids] == ["GK10", "GK9", "GK11"]


def test_one_wrong_entry_adds_nobody(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    add(edition, noon, PanelEntry("Một", code="GK1"))
    with pytest.raises(RuleBroken, match=r"judge_code_taken\(judge='gk1'\)"):
        add(edition, noon, PanelEntry("Hai"), PanelEntry("Ba", code="gk1"))
    assert [judge.name for judge in judges_of(edition.id)] == ["Một"]
    assert db.session.scalar(select(func.count(User.id))) == 1


def test_refusals_about_accounts(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    make.user("A", email="a@example.org")
    make.user("B", email=None, phone="+84903123782")
    make.user("C", email="c@example.org", is_active=False)
    add(edition, noon, PanelEntry("Đỗ Lan", email="lan@example.org"))
    with pytest.raises(RuleBroken, match="contacts_differ"):
        add(edition, noon, PanelEntry("X", email="a@example.org", phone="+84903123782"))
    with pytest.raises(RuleBroken, match="account_closed"):
        add(edition, noon, PanelEntry("X", email="c@example.org"))
    with pytest.raises(RuleBroken, match=r"judge_listed\(name='Đỗ Lan'\)"):
        add(edition, noon, PanelEntry("Lan", email="lan@example.org"))
    assert len(judges_of(edition.id)) == 1


def test_an_archived_edition_refuses(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition(state=EditionState.ARCHIVED)
    with pytest.raises(RuleBroken, match="edition_archived"):
        add(edition, noon, PanelEntry("Một"))


def test_one_account_may_judge_two_editions(app: Flask, make: Make, noon: datetime) -> None:
    first, second = make.edition(), make.edition("mua-xuan-2027")
    entry = PanelEntry("Đỗ Lan", email="lan@example.org")
    add(first, noon, entry)
    add(second, noon, entry)
    assert judges_of(first.id)[0].user_id == judges_of(second.id)[0].user_id


def test_changing_a_judge_corrects_an_account_nobody_owns(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    (judge_id,) = add(edition, noon, PanelEntry("Đỗ Lan", email="lan@exmaple.org", phone="+84903123782"))
    user_id = db.session.get_one(Judge, judge_id).user_id
    with unit_of_work():
        accounts.issue_link(user_id=user_id, edition_id=edition.id, secret_key="k", actor_id=None, now=noon)
    change(edition, judge_id, PanelEntry("Đỗ Thị Lan", email="lan@example.org", min_load=1), noon)
    row, user = db.session.get_one(Judge, judge_id), db.session.get_one(User, user_id)
    assert (row.name, row.email, row.phone, row.min_load) == ("Đỗ Thị Lan", "lan@example.org", "", 1)
    assert (user.name, user.email, user.phone) == ("Đỗ Thị Lan", "lan@example.org", None)
    assert db.session.scalar(select(SignInLink.revoked_at)) == noon


def test_an_account_with_a_password_stays_its_owners(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    user = make.user("Đỗ Lan", email="lan@example.org", password_hash="x")
    (judge_id,) = add(edition, noon, PanelEntry("Đỗ Lan", email="lan@example.org"))
    change(edition, judge_id, PanelEntry("Đỗ Lan", email="khac@example.org"), noon)
    assert db.session.get_one(User, user.id).email == "lan@example.org"
    assert db.session.get_one(Judge, judge_id).email == "khac@example.org"


def test_an_account_is_left_alone_when_told_so(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    (judge_id,) = add(edition, noon, PanelEntry("Đỗ Lan", email="lan@example.org"))
    change(edition, judge_id, PanelEntry("Đỗ Lan", email="khac@example.org"), noon, follow_account=False)
    assert db.session.scalars(select(User.email)).one() == "lan@example.org"


def test_a_change_to_somebody_elses_contact_is_refused(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    make.user("Khác", email="khac@example.org")
    (judge_id,) = add(edition, noon, PanelEntry("Đỗ Lan", email="lan@example.org"))
    with pytest.raises(RuleBroken, match="contacts_differ"):
        change(edition, judge_id, PanelEntry("Đỗ Lan", email="khac@example.org"), noon)
    assert db.session.get_one(Judge, judge_id).email == "lan@example.org"


def test_the_chair_is_given_and_taken_and_nothing_new_leaves_no_trace(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    (judge_id,) = add(edition, noon, PanelEntry("Đỗ Lan"))
    user_id = db.session.get_one(Judge, judge_id).user_id
    change(edition, judge_id, PanelEntry("Đỗ Lan", chair=True), noon)
    assert roles(user_id, edition.id) == {Role.JUDGE, Role.CHAIR}
    change(edition, judge_id, PanelEntry("Đỗ Lan"), noon)
    assert roles(user_id, edition.id) == {Role.JUDGE}
    before = actions()
    change(edition, judge_id, PanelEntry("Đỗ Lan"), noon)
    assert actions() == before


def test_a_judge_without_scorecards_leaves_with_everything(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    round_, submission, other = make.round(edition), make.submission(edition), make.submission(edition)
    (judge_id,) = add(edition, noon, PanelEntry("Đỗ Lan", chair=True))
    user_id = db.session.get_one(Judge, judge_id).user_id
    make.assignment(round_, db.session.get_one(Judge, judge_id), submission)
    with unit_of_work() as session:
        session.add(Conflict(judge_id=judge_id, submission_id=other.id))
    remove(edition, judge_id, noon)
    assert [db.session.scalar(select(func.count(model.id))) for model in (Judge, Assignment, Conflict)] == [0, 0, 0]
    assert roles(user_id, edition.id) == set()
    assert db.session.get(User, user_id) is not None
    assert actions()[-1] == "judge.removed"


@pytest.mark.parametrize("status", list(ScorecardStatus))
def test_a_judge_with_a_scorecard_stays(app: Flask, make: Make, noon: datetime, status: ScorecardStatus) -> None:
    edition = make.edition()
    judge = make.judge(edition)
    make.scorecard(make.assignment(make.round(edition), judge, make.submission(edition)), [None, None], status)
    with pytest.raises(RuleBroken, match=r"judge_has_scorecards\(name='Lê Thị Ánh', count=1\)"):
        remove(edition, judge.id, noon)
    assert db.session.get(Judge, judge.id) is not None


def test_a_judge_of_another_edition_is_not_found(app: Flask, make: Make, noon: datetime) -> None:
    edition, other = make.edition(), make.edition("khac")
    judge = make.judge(other)
    with pytest.raises(NotFound):
        remove(edition, judge.id, noon)
    with pytest.raises(NotFound):
        change(edition, judge.id, PanelEntry("X"), noon)
    person = judges_of(other.id)[0].person
    assert judge_of(edition.id, person) is None
    assert judge_of(other.id, person) == judges_of(other.id)[0]
    assert judge_by_code(edition.id, judge.code) is None


def test_the_list_is_in_vietnamese_name_order_in_one_query(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    names = ("Trần Văn Ơn", "Lê Đức", "Nguyễn Thị Ánh", "Bùi Dũng", "Phan An")
    for name in names:
        make.judge(edition, make.user(name))
    edition_id = edition.id
    with counted(app) as queries:
        found = judges_of(edition_id)
    assert [judge.name for judge in found] == ["Phan An", "Nguyễn Thị Ánh", "Bùi Dũng", "Lê Đức", "Trần Văn Ơn"]
    assert len(queries) == 1


def test_the_list_knows_who_has_come_in(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    in_, invited, neither = (make.judge(edition, make.user(name)) for name in ("A", "B", "C"))
    with unit_of_work():
        accounts.start_session(user_id=in_.user_id, device="", now=noon)
        accounts.issue_link(user_id=invited.user_id, edition_id=edition.id, secret_key="k", actor_id=None, now=noon)
    found = {judge.id: (judge.last_sign_in, judge.link_until) for judge in judges_of(edition.id)}
    assert found == {
        in_.id: (noon, None),
        invited.id: (None, noon + accounts.LINK_LIFE),
        neither.id: (None, None),
    }


def test_work_counts_real_assignments_only(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    round_, judge = make.round(edition), make.judge(edition)
    states = (ScorecardStatus.SUBMITTED, ScorecardStatus.DRAFT, ScorecardStatus.RECUSED)
    for status in states:
        make.scorecard(make.assignment(round_, judge, make.submission(edition)), [1, 1], status)
    make.assignment(round_, judge, make.submission(edition))
    gone = make.submission(edition, status="withdrawn")
    make.scorecard(make.assignment(round_, judge, gone), [1, 1])
    barred = make.submission(edition)
    make.scorecard(make.assignment(round_, judge, barred), [1, 1])
    with unit_of_work() as session:
        session.add(Conflict(judge_id=judge.id, submission_id=barred.id))
    assert work_of(edition.id) == {judge.id: Work(assigned=3, done=1)}


def test_what_is_known_speaks_against_a_list(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    make.judge(edition, make.user("Đỗ Lan", email="lan@example.org", phone="+84901111111"), code="GK1")
    somebody = make.user("A", email="a@example.org")
    make.user("C", email="c@example.org", is_active=False)
    rows = [
        PanelRow(1, PanelEntry("Lan", email="lan@example.org")),
        PanelRow(2, PanelEntry("A", email="a@example.org")),
        PanelRow(3, PanelEntry("C", email="c@example.org")),
    ]
    found = known_around(edition.id, rows)
    assert found == Known(
        codes=frozenset({"gk1"}),
        listed={"lan@example.org": "Đỗ Lan", "+84901111111": "Đỗ Lan"},
        accounts={"lan@example.org": judges_of(edition.id)[0].user_id, "a@example.org": somebody.id},
        closed=frozenset({"c@example.org"}),
    )
