from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask

from contest.accounts.models import Membership, User
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.editions.phases import EditionState
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.infra.hashing import password_matches
from contest.submissions import services
from contest.submissions.facts import Imported, TeamDetails
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team
from contest.submissions.queries import submitted_of, team_of
from tests.factories import NOON, Make
from tests.submissions.conftest import Entry, entry_in

CAPTAIN = services.NewCaptain(name="Lê Thị Ánh", password="con mèo leo cây", phone="+84903123782")


def register(
    edition: Edition, name: str = "Ánh Sáng", captain: int | services.NewCaptain = CAPTAIN, **values: object
) -> services.Registered:
    with unit_of_work():
        return services.register_team(
            **{  # type: ignore[arg-type]
                "edition_id": edition.id,
                "captain": captain,
                "team": TeamDetails(name, "THPT Lê Thánh Tôn", ("Trần Anh Dung",)),
                "actor_id": None,
                "now": NOON,
                **values,
            }
        )


def captain_of(found: services.Registered) -> int:
    assert found.captain_id is not None
    return found.captain_id


def refused(edition: Edition, **values: object) -> RuleBroken:
    with pytest.raises(RuleBroken) as broken:
        register(edition, **values)  # type: ignore[arg-type]
    return broken.value


@pytest.mark.both_databases
def test_a_team_is_registered_with_an_account_a_role_and_a_draft(contest_edition: Edition) -> None:
    found = register(contest_edition, title="Bản đồ", track="B", field="edtech")

    user = db.session.get_one(User, found.captain_id)
    assert (user.name, user.email, user.phone) == ("Lê Thị Ánh", None, "+84903123782")
    assert password_matches(user.password_hash, "con mèo leo cây")
    assert [(m.edition_id, m.role) for m in db.session.query(Membership)] == [(contest_edition.id, Role.CAPTAIN)]
    row = db.session.query(Submission).one()
    assert (row.id, row.public_id, row.code) == (found.submission_id, found.submission_public_id, "BT-001")
    assert (row.title, row.status, row.version, row.submitted_at) == ("Bản đồ", SubmissionStatus.DRAFT, 1, None)
    assert row.track_id is not None
    assert row.field_id is not None
    assert (row.team.name, row.team.school, row.team.phone) == ("Ánh Sáng", "THPT Lê Thánh Tôn", "+84903123782")
    assert [member.name for member in row.team.members] == ["Lê Thị Ánh", "Trần Anh Dung"]


@pytest.mark.both_databases
def test_registering_is_audited_with_its_captain_as_actor(contest_edition: Edition) -> None:
    found = register(contest_edition)

    acts = [(a.action, a.actor_id, a.subject) for a in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert acts == [
        ("role.granted", found.captain_id, f"user:{found.captain_id}"),
        ("submission.registered", found.captain_id, f"submission:{found.submission_public_id}"),
    ]


@pytest.mark.both_databases
def test_a_person_who_has_an_account_registers_with_it(make: Make, contest_edition: Edition) -> None:
    person = make.user("Phạm Văn Dũng", email="dung@example.org")

    found = register(contest_edition, captain=person.id)

    assert found.captain_id == person.id
    team = db.session.query(Team).one()
    assert (team.captain_id, team.email, team.phone) == (person.id, "dung@example.org", "")
    assert db.session.query(User).count() == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("same", ["Ánh Sáng", "ÁNH SÁNG", "anh sang", "  Ánh   Sáng ", "A\u0301nh Sa\u0301ng"])
def test_a_name_that_another_team_has_is_refused_whatever_its_spelling(contest_edition: Edition, same: str) -> None:
    register(contest_edition)

    broken = refused(contest_edition, name=same, captain=services.NewCaptain("An", "con chó leo cây", "an@example.org"))

    assert (broken.code, broken.facts) == ("team_name_taken", {"name": same})
    assert db.session.query(User).count() == 1


def test_the_same_name_in_another_edition_is_another_team(make: Make, contest_edition: Edition) -> None:
    other = make.edition("mua-2027")
    found = register(contest_edition)

    again = register(other, captain=captain_of(found))

    assert again.code == "BT-001"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"captain": services.NewCaptain("An", "con chó leo cây")}, "contact_missing"),
        ({"captain": services.NewCaptain("An", "1234567", email="an@example.org")}, "password_too_short"),
        ({"track": "Z"}, "choice_unknown"),
        ({"field": "Z"}, "choice_unknown"),
        ({"team": TeamDetails("Đông", members=("An",) * 16)}, "too_many_members"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    contest_edition: Edition, values: dict[str, object], code: str
) -> None:
    assert refused(contest_edition, **values).code == code

    assert [db.session.query(table).count() for table in (User, Team, Submission, Membership)] == [0, 0, 0, 0]


def test_a_person_who_does_not_exist_registers_nothing(contest_edition: Edition) -> None:
    with pytest.raises(NotFound):
        register(contest_edition, captain=4711)


def test_an_edition_that_does_not_exist_takes_no_team(contest_edition: Edition) -> None:
    with pytest.raises(NotFound):
        register(contest_edition, edition_id=4711)


def test_one_person_leads_five_teams_at_most(make: Make, contest_edition: Edition) -> None:
    person = make.user()
    for number in range(services.teams.MOST_TEAMS_PER_CAPTAIN):
        register(contest_edition, name=f"Đội {number}", captain=person.id)

    broken = refused(contest_edition, name="Đội nữa", captain=person.id)

    assert (broken.code, broken.facts) == ("too_many_teams", {"most": 5})


@pytest.mark.both_databases
def test_the_first_moment_is_inside_and_the_last_is_the_first_outside(contest_edition: Edition) -> None:
    tick = timedelta(milliseconds=1)
    opens, closes = contest_edition.submissions_open, contest_edition.submissions_close
    assert opens
    assert closes

    assert refused(contest_edition, now=opens - tick).code == "submissions_not_open"
    captain = captain_of(register(contest_edition, name="Sớm", now=opens))
    register(contest_edition, name="Muộn", captain=captain, now=closes - tick)
    broken = refused(contest_edition, name="Trễ", captain=captain, now=closes)

    assert (broken.code, broken.facts) == ("submissions_closed", {"closed_at": closes})


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"state": EditionState.DRAFT}, "submissions_not_open"),
        ({"state": EditionState.ARCHIVED}, "submissions_closed"),
        ({"submissions_open": None, "submissions_close": None}, "submissions_not_open"),
    ],
)
def test_an_edition_that_is_not_announced_or_has_no_window_takes_no_team(
    make: Make, values: dict[str, object], code: str
) -> None:
    assert refused(make.edition(**values)).code == code  # type: ignore[arg-type]


@pytest.mark.both_databases
def test_a_refused_registration_leaves_no_gap_in_the_codes(make: Make, contest_edition: Edition) -> None:
    first = register(contest_edition)
    refused(contest_edition, captain=captain_of(first))

    assert register(contest_edition, name="Kế tiếp", captain=captain_of(first)).code == "BT-002"


@pytest.mark.both_databases
def test_a_code_that_an_imported_one_carries_is_skipped(make: Make, contest_edition: Edition) -> None:
    make.submission(contest_edition, code="BT-001")

    assert register(contest_edition).code == "BT-002"


@pytest.mark.both_databases
def test_eight_registrations_at_once_get_eight_codes_without_gaps(
    app: Flask, make: Make, contest_edition: Edition
) -> None:
    edition_id, people = contest_edition.id, [make.user().id for _ in range(8)]
    db.session.rollback()
    start = Barrier(8)

    def one(number: int) -> str:
        with app.app_context():
            start.wait()
            with unit_of_work():
                found = services.register_team(
                    edition_id=edition_id,
                    captain=people[number],
                    team=TeamDetails(f"Đội {number}"),
                    actor_id=None,
                    now=NOON,
                )
            db.session.remove()
            return found.code

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(one, range(8)))

    assert sorted(codes) == [f"BT-{number:03d}" for number in range(1, 9)]


@pytest.mark.both_databases
def test_eight_registrations_of_one_name_at_once_make_one_team(
    app: Flask, make: Make, contest_edition: Edition
) -> None:
    edition_id, people = contest_edition.id, [make.user().id for _ in range(8)]
    db.session.rollback()
    start = Barrier(8)

    def one(number: int) -> str:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work():
                    services.register_team(
                        edition_id=edition_id,
                        captain=people[number],
                        team=TeamDetails("Ánh Sáng"),
                        actor_id=None,
                        now=NOON,
                    )
            except RuleBroken as broken:
                return broken.code
            finally:
                db.session.remove()
            return "registered"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(one, range(8)))

    assert sorted(outcomes) == ["registered"] + ["team_name_taken"] * 7


@pytest.mark.both_databases
def test_a_team_changes_what_it_says_and_keeps_its_captain(entry: Entry) -> None:
    details = TeamDetails("Ánh Sáng Mới", "Phường Tân Thuận", ("Đỗ Ân",), "Thầy Bình", "", "+84903123782")

    with unit_of_work():
        services.update_team(team_id=entry.team.id, team=details, actor_id=entry.captain.id, now=NOON)

    found = team_of(entry.team.id)
    assert found is not None
    assert (found.details, found.captain, found.edition_id) == (details, "Lê Thị Ánh", entry.edition.id)
    assert [member.name for member in entry.team.members] == ["Lê Thị Ánh", "Đỗ Ân"]


def test_a_team_may_keep_its_own_name_but_not_take_anothers(app: Flask, make: Make, entry: Entry) -> None:
    team_id = entry.team.id
    entry_in(app, make, entry.edition, "Sao Mai")

    with unit_of_work():
        services.update_team(team_id=team_id, team=TeamDetails("ánh sáng"), actor_id=None, now=NOON)
    with pytest.raises(RuleBroken, match="team_name_taken"), unit_of_work():
        services.update_team(team_id=team_id, team=TeamDetails("SAO MAI"), actor_id=None, now=NOON)

    assert entry.team.name == "ánh sáng"


def test_after_the_deadline_a_team_stays_as_it_is(entry: Entry) -> None:
    team_id, closes = entry.team.id, entry.edition.submissions_close
    assert closes

    with pytest.raises(RuleBroken, match="submissions_closed"), unit_of_work():
        services.update_team(team_id=team_id, team=TeamDetails("Khác"), actor_id=None, now=closes)


def test_a_missing_team_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound), unit_of_work():
        services.update_team(team_id=4711, team=TeamDetails("Khác"), actor_id=None, now=NOON)


@pytest.mark.both_databases
def test_what_a_file_describes_is_taken_as_it_is(contest_edition: Edition) -> None:
    team = TeamDetails("=1+1", "THPT", ("An", "Bình"), "Cô Hoà")
    with unit_of_work() as session:
        services.create_imported(
            edition_id=contest_edition.id,
            imported=Imported("X9", "Ý tưởng", team, "Tóm tắt", email="a@example.org", phone="+84903123782"),
            now=NOON,
        )
        draft = services.create_imported(
            edition_id=contest_edition.id,
            imported=Imported("X10", "Nháp", TeamDetails("Khác"), status=SubmissionStatus.DRAFT),
            now=NOON,
        )
        session.flush()
        assert draft.id

    (facts,) = submitted_of(contest_edition.id)
    assert (facts.code, facts.title, facts.summary, facts.team_name) == ("X9", "Ý tưởng", "Tóm tắt", "=1+1")
    assert (facts.members, facts.mentor, facts.email, facts.phone) == (
        ("An", "Bình"),
        "Cô Hoà",
        "a@example.org",
        "+84903123782",
    )
    assert {row.code: row.submitted_at for row in db.session.query(Submission)} == {"X9": NOON, "X10": None}
