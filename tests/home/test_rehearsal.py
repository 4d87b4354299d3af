"""A rehearsal copies settings and nothing else, and leaves nothing behind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from contest.accounts import services as accounts
from contest.accounts.models import Membership, SignInLink, User, UserSession
from contest.accounts.roles import Identity, Role
from contest.editions import services as editions
from contest.editions.models import Edition, Round
from contest.editions.parts import PartKind
from contest.editions.phases import EditionState, RoundState
from contest.editions.queries import editions_in_state, parts_of, rehearsal_of, rounds_of, visible_editions
from contest.editions.rules import Advance, LocalText, RoundRules
from contest.errors import NotFound, RuleBroken
from contest.home.rehearsal.chance import Fill, Wish
from contest.home.services import start_rehearsal, wipe_rehearsal
from contest.infra import audit, mail
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.infra.mail import MailStatus, OutboxMail
from contest.judging.models import Assignment, Conflict, Judge, Score, Scorecard
from contest.judging.queries.rounds import participants
from contest.judging.services import panel
from contest.judging.states import ScorecardStatus
from contest.results.models import Award
from contest.submissions.models import PartAnswer, Submission, SubmissionFile, Team
from tests.factories import NOON, Make

Dump = dict[str, list[tuple[Any, ...]]]
pytestmark = pytest.mark.usefixtures("noon")


def begin(edition: Edition, organiser: User, **wish: Any) -> Edition:
    """Start a rehearsal and return its row."""
    with unit_of_work():
        made = start_rehearsal(edition_id=edition.id, wish=Wish(**wish), actor_id=organiser.id, now=NOON)
    return db.session.get_one(Edition, made)


def dump(*but: str) -> Dump:
    """Every row of every table, the trail and what is named excepted."""
    db.session.rollback()
    return {
        table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr)
        for table in db.metadata.sorted_tables
        if table.name not in ("audit_entries", *but)
    }


@pytest.fixture
def real(make: Make) -> tuple[Edition, User]:
    """An edition with two tracks, two rounds, a conflict and a scored paper."""
    edition = make.edition()
    organiser = make.member(edition, Role.ORGANISER)
    for code in ("A", "B"):
        make.track(edition, code)
    make.field(edition)
    make.part(edition)
    make.part(edition, "video", PartKind.LINK)
    rules = RoundRules(judges_per_submission=3, advance=Advance(top=2), min_judges=1)
    first = make.round(edition, "r1", rules=rules)
    make.round(edition, "r2", rules=RoundRules(judges_per_submission=2), state=RoundState.DRAFT)
    judge, submission = make.judge(edition), make.submission(edition)
    make.scorecard(make.assignment(first, judge, submission), [10, 12])
    barred = make.submission(edition).id
    with unit_of_work() as session:
        session.add(Conflict(judge_id=judge.id, submission_id=barred, reason="Anh em"))
        session.add(
            Award(edition_id=edition.id, code="nhat", name_vi="Giải Nhất", round_code="r2", places=1, position=1)
        )
    return edition, organiser


@pytest.mark.both_databases
def test_the_settings_come_along_under_a_marked_name(app: Flask, real: tuple[Edition, User]) -> None:
    edition, organiser = real
    made = begin(edition, organiser)
    assert (made.code, made.name_vi) == ("test-mua-thu-2026", "TEST – Ý tưởng khởi nghiệp 2026")
    assert (made.is_test, made.rehearsal_of_id, made.cloned_from_id) == (True, edition.id, None)
    assert made.state is EditionState.ANNOUNCED
    assert [(one.code, one.rules, one.rubric) for one in rounds_of(made.id)] == [
        (one.code, one.rules, one.rubric) for one in rounds_of(edition.id)
    ]
    assert list(parts_of(made.id).values()) == list(parts_of(edition.id).values())
    assert [track.code for track in made.tracks] == ["A", "B"]
    awards = db.session.execute(select(Award.code, Award.name_vi, Award.round_code).where(Award.edition_id == made.id))
    assert awards.all() == [("nhat", "Giải Nhất", "r2")]
    held = db.session.scalars(
        select(Membership.user_id).where(Membership.edition_id == made.id, Membership.role == Role.ORGANISER)
    )
    assert held.all() == [organiser.id]


def test_the_invented_are_marked_have_no_address_and_belong_nowhere_else(
    app: Flask, real: tuple[Edition, User]
) -> None:
    edition, organiser = real
    made = begin(edition, organiser, teams=5, judges=6)
    teams = db.session.scalars(select(Team).where(Team.edition_id == made.id)).all()
    judges = db.session.scalars(select(Judge).where(Judge.edition_id == made.id)).all()
    invented = db.session.scalars(select(User).where(User.rehearsal_id == made.id)).all()
    assert (len(teams), len(judges), len(invented)) == (10, 6, 16)
    names = [team.name for team in teams] + [judge.name for judge in judges] + [user.name for user in invented]
    assert all(name.startswith("TEST ") for name in names)
    assert len({team.name for team in teams}) == 10
    assert {(user.email, user.phone, user.is_admin) for user in invented} == {(None, None, False)}
    assert {(one.email, one.phone, one.mentor_email, one.mentor_phone) for one in teams} == {("", "", "", "")}
    codes = db.session.scalars(select(Submission.code).where(Submission.edition_id == made.id))
    assert all(code.startswith("TEST-") for code in codes)
    with pytest.raises(RuleBroken, match="invented_person"), unit_of_work():
        accounts.grant_role(
            user_id=invented[0].id, edition_id=edition.id, role=Role.JUDGE, actor_id=organiser.id, now=NOON
        )
    with pytest.raises(RuleBroken, match="invented_person"), unit_of_work():
        accounts.correct_person(
            user_id=invented[0].id, name="TEST", email="ai@example.org", phone=None, actor_id=organiser.id, now=NOON
        )


@pytest.mark.both_databases
def test_the_database_gives_the_invented_no_address(app: Flask, real: tuple[Edition, User]) -> None:
    made = begin(*real)
    for values in ({"email": "ai@example.org"}, {"phone": "+84903123456"}, {"is_admin": True}):
        with pytest.raises(IntegrityError), unit_of_work() as session:
            session.execute(update(User).where(User.rehearsal_id == made.id).values(**values))


@pytest.mark.parametrize(
    ("fill", "statuses"),
    [
        (Fill.TEAMS, {}),
        (Fill.HALF, {"submitted": 8, "draft": 1}),
        (Fill.ALL, {"submitted": 15}),
    ],
)
def test_a_rehearsal_is_as_far_as_asked(
    app: Flask, make: Make, real: tuple[Edition, User], fill: Fill, statuses: dict[str, int]
) -> None:
    edition, organiser = real
    with unit_of_work() as session:  # one track, so that five teams with three judges make 15 papers
        session.delete(session.get_one(Edition, edition.id).tracks[1])
    made = begin(edition, organiser, teams=5, judges=5, fill=fill)
    cards = db.session.scalars(
        select(Scorecard.status).join(Assignment).join(Round).where(Round.edition_id == made.id)
    ).all()
    assert {status.value: cards.count(status) for status in set(cards)} == statuses
    first, second = rounds_of(made.id)
    assert second.state is RoundState.DRAFT
    assert first.state is (RoundState.DRAFT if fill is Fill.TEAMS else RoundState.SCORING)
    assert first.locked is (fill is not Fill.TEAMS)
    loads = db.session.scalars(select(Assignment.judge_id).where(Assignment.round_id == first.id)).all()
    assert {loads.count(judge) for judge in set(loads)} == (set() if fill is Fill.TEAMS else {3})


def test_several_rounds_are_scored_and_the_best_advance(app: Flask, real: tuple[Edition, User]) -> None:
    edition, organiser = real
    made = begin(edition, organiser, teams=6, judges=5, rounds=2, fill=Fill.ALL, seed=4)
    first, second = rounds_of(made.id)
    assert (first.state, second.state) == (RoundState.FINALISED, RoundState.SCORING)
    advanced = participants(second)
    assert 4 <= len(advanced) < 12
    papers = db.session.scalar(
        select(db.func.count()).select_from(Scorecard).join(Assignment).where(Assignment.round_id == second.id)
    )
    assert papers == 2 * len(advanced)


def test_marks_stay_inside_their_scales_and_differ(app: Flask, real: tuple[Edition, User]) -> None:
    made = begin(*real, teams=8, judges=6, fill=Fill.ALL)
    points = db.session.scalars(
        select(Score.points).join(Scorecard).join(Assignment).join(Round).where(Round.edition_id == made.id)
    ).all()
    assert len(points) == 16 * 3 * 2
    assert all(0 <= one <= 20 for one in points)
    assert len(set(points)) > 5


def test_the_same_seed_invents_the_same(app: Flask, real: tuple[Edition, User]) -> None:
    edition, organiser = real

    def drawn() -> list[tuple[str, str]]:
        made = begin(edition, organiser, seed=77)
        found = [
            (name, title)
            for name, title in db.session.execute(
                select(Team.name, Submission.title).join(Submission).where(Team.edition_id == made.id).order_by(Team.id)
            )
        ]
        _wiped(made)
        return found

    assert drawn() == drawn()


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"teams": 0}, "rehearsal_size"),
        ({"teams": 61}, "rehearsal_size"),
        ({"judges": 0}, "rehearsal_size"),
        ({"rounds": 3}, "rehearsal_rounds"),
        ({"rounds": 0}, "rehearsal_rounds"),
    ],
)
def test_an_impossible_wish_writes_nothing(
    app: Flask, real: tuple[Edition, User], wish: dict[str, Any], code: str
) -> None:
    before = dump()
    with pytest.raises(RuleBroken) as refused:
        begin(*real, **wish)
    assert refused.value.code == code
    assert dump() == before


def test_a_round_without_criteria_cannot_be_rehearsed(app: Flask, make: Make) -> None:
    edition = make.edition()
    make.round(edition, criteria=0, state=RoundState.DRAFT)
    organiser = make.member(edition, Role.ORGANISER)
    with pytest.raises(RuleBroken, match="rehearsal_round_empty"):
        begin(edition, organiser)
    assert begin(edition, organiser, fill=Fill.TEAMS, teams=2).is_test


def test_an_edition_without_rounds_and_tracks_has_teams_to_rehearse_with(app: Flask, make: Make) -> None:
    edition = make.edition(state=EditionState.DRAFT)
    made = begin(edition, make.member(edition, Role.ORGANISER), fill=Fill.TEAMS, teams=3)
    assert len(made.tracks) == 0
    assert len(db.session.scalars(select(Submission.id).where(Submission.edition_id == made.id)).all()) == 3


@pytest.mark.both_databases
def test_one_rehearsal_at_a_time_and_none_of_a_rehearsal(app: Flask, real: tuple[Edition, User]) -> None:
    edition, organiser = real
    made = begin(edition, organiser)
    for target, code in ((edition, "rehearsal_exists"), (made, "rehearsal_of_rehearsal")):
        with pytest.raises(RuleBroken, match=code):
            begin(target, organiser)
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(Edition(code="test-hai", name_vi="Hai", is_test=True, rehearsal_of_id=edition.id, created_at=NOON))


def test_nobody_copies_a_rehearsal(app: Flask, real: tuple[Edition, User]) -> None:
    made, organiser = begin(*real), real[1]
    with pytest.raises(RuleBroken, match="rehearsal_not_copied"), unit_of_work():
        editions.clone_edition(edition_id=made.id, name=LocalText("Mới"), actor_id=organiser.id, now=NOON)


def test_nothing_of_a_rehearsal_can_be_named_by_the_real_edition(
    app: Flask, make: Make, real: tuple[Edition, User]
) -> None:
    edition, organiser = real
    made = begin(edition, organiser)
    round_ = edition.rounds[0]
    judge = db.session.scalars(select(Judge.id).where(Judge.edition_id == made.id)).first()
    submission = db.session.scalars(select(Submission.id).where(Submission.edition_id == made.id)).first()
    own_judge = db.session.scalars(select(Judge.id).where(Judge.edition_id == edition.id)).first()
    own = db.session.scalars(select(Submission.id).where(Submission.edition_id == edition.id)).first()
    assert all((judge, submission, own_judge, own))
    before = dump()
    strange: list[Any] = [(submission, own_judge), (own, judge), (submission, judge)]
    for pair in strange:
        with pytest.raises(NotFound), unit_of_work():
            panel.assign_one(
                round_id=round_.id, submission_id=pair[0], judge_id=pair[1], actor_id=organiser.id, now=NOON
            )
        with pytest.raises(NotFound), unit_of_work():
            panel.declare_conflict(
                edition_id=edition.id, judge_id=pair[1], submission_id=pair[0], reason="?", actor_id=1, now=NOON
            )
    assert dump() == before


@pytest.mark.both_databases
def test_after_the_wipe_every_table_is_as_it_was(app: Flask, make: Make, real: tuple[Edition, User]) -> None:
    edition, organiser = real
    before, trail = dump(), db.session.query(AuditEntry).count()
    made = begin(edition, organiser, rounds=2, fill=Fill.ALL)
    _live_in(app, made)
    assert dump() != before
    with unit_of_work():
        gone = wipe_rehearsal(edition_id=made.id, confirmation=made.code, actor_id=organiser.id, now=NOON)
    assert dump() == before
    assert len(gone.files) == 1
    assert gone.original_id == edition.id
    assert gone.counts["editions"] == 1
    assert gone.counts["scores"] > 0
    assert db.session.query(AuditEntry).count() > trail
    assert rehearsal_of(edition.id) is None


def _live_in(app: Flask, made: Edition) -> None:
    """Leave a row in the tables that no rehearsal fills by itself: a session, a link, a mail, a file, a conflict."""
    judge: Any = db.session.scalars(select(Judge).where(Judge.edition_id == made.id)).first()
    submission: Any = db.session.scalars(select(Submission).where(Submission.edition_id == made.id)).first()
    part = next(iter(parts_of(made.id)))
    stored = app.extensions["storage"].put(BytesIO(b"TEST"), limit=9)
    file = SubmissionFile(
        submission_id=submission.id, part_id=part, filename="a.pdf", content_type="application/pdf", size=4,
        sha256=stored.sha256, storage_key=stored.key, uploaded_at=NOON,
    )  # fmt: skip
    with unit_of_work() as session:
        accounts.start_session(user_id=judge.user_id, device="test", now=NOON)
        session.add(
            SignInLink(token_hash="a" * 64, user_id=judge.user_id, edition_id=made.id, created_at=NOON, expires_at=NOON)
        )
        session.add_all((file, Conflict(judge_id=judge.id, submission_id=submission.id, reason="Bịa")))
        mail.enqueue(scope=f"edition:{made.id}", recipient="a@example.org", subject="A", body="B", now=NOON)


@pytest.mark.both_databases
def test_only_a_rehearsal_can_be_wiped_whatever_is_typed(app: Flask, real: tuple[Edition, User]) -> None:
    edition, organiser = real
    made = begin(edition, organiser)
    before = dump()
    for target, typed, code in (
        (edition, edition.code, "not_a_rehearsal"),
        (made, edition.code, "rehearsal_code_wrong"),
        (made, "", "rehearsal_code_wrong"),
    ):
        with pytest.raises(RuleBroken) as refused, unit_of_work():
            wipe_rehearsal(edition_id=target.id, confirmation=typed, actor_id=organiser.id, now=NOON)
        assert refused.value.code == code
    with pytest.raises(NotFound), unit_of_work():
        wipe_rehearsal(edition_id=9999, confirmation="", actor_id=organiser.id, now=NOON)
    assert dump() == before


@pytest.mark.both_databases
def test_the_database_keeps_real_editions(app: Flask, make: Make) -> None:
    with unit_of_work():
        audit.record(at=NOON, actor_id=None, scope="edition:1", action="edition.created")
    edition = make.edition()
    assert edition.id == 1
    with pytest.raises(DBAPIError, match="only a rehearsal can be deleted"), unit_of_work() as session:
        session.execute(delete(Edition).where(Edition.id == edition.id))
    other = make.edition("khac")
    with pytest.raises(DBAPIError, match="never becomes a rehearsal"), unit_of_work() as session:
        session.execute(update(Edition).where(Edition.id == other.id).values(rehearsal_of_id=1, is_test=True))
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(Edition(code="ba", name_vi="Ba", rehearsal_of_id=1, is_test=False, created_at=NOON))


@dataclass(frozen=True)
class Gone:
    id: int
    files: list[str]


def _wiped(made: Edition) -> Gone:
    number = made.id
    with unit_of_work():
        done = wipe_rehearsal(edition_id=number, confirmation=made.code, actor_id=None, now=NOON)
    return Gone(number, done.files)


@pytest.mark.both_databases
def test_the_number_of_a_wiped_edition_is_never_given_again(app: Flask, make: Make, real: tuple[Edition, User]) -> None:
    number = _wiped(begin(*real)).id
    assert make.edition("moi").id > number


def test_who_acted_as_an_invented_person_stays_named_in_the_trail_and_locked_out(
    app: Flask, real: tuple[Edition, User]
) -> None:
    made = begin(*real)
    person = db.session.scalars(select(User.id).where(User.rehearsal_id == made.id)).first()
    with unit_of_work():
        accounts.start_session(user_id=person or 0, device="test", now=NOON)
        audit.record(at=NOON, actor_id=person, scope=f"edition:{made.id}", action="scorecard.submitted")
    _wiped(made)
    left = db.session.scalars(select(User).where(User.name.startswith("TEST "))).all()
    assert [(user.id, user.is_active, user.memberships) for user in left] == [(person, False, [])]
    assert db.session.query(UserSession).count() == 0


def test_a_logo_that_the_real_edition_shows_is_not_among_the_files(app: Flask, real: tuple[Edition, User]) -> None:
    edition, organiser = real
    with unit_of_work() as session:
        session.get_one(Edition, edition.id).logo_key = "ab12"
    made = begin(edition, organiser)
    assert made.logo_key == "ab12"
    assert _wiped(made).files == []


def test_no_mail_leaves_a_test(app: Flask, make: Make, real: tuple[Edition, User], noon: datetime) -> None:
    made, demo = begin(*real), make.edition("demo", is_test=True)
    with unit_of_work():
        for scope, about in ((made.id, ""), (demo.id, ""), (real[0].id, "")):
            mail.enqueue(
                scope=f"edition:{scope}", recipient="a@example.org", subject="A", body="B", now=noon, about=about
            )
        mail.enqueue(
            scope="accounts", about=f"edition:{made.id}", recipient="a@example.org", subject="A", body="B", now=noon
        )
    rows = db.session.execute(select(OutboxMail.id, OutboxMail.scope, OutboxMail.status).order_by(OutboxMail.id)).all()
    assert [(row.scope, row.status) for row in rows] == [
        (f"edition:{made.id}", MailStatus.HELD),
        (f"edition:{demo.id}", MailStatus.HELD),
        (f"edition:{real[0].id}", MailStatus.WAITING),
    ]
    with unit_of_work():
        assert not mail.retry(rows[0].id, scope=rows[0].scope, now=noon)
        assert not mail.sent_by_hand(rows[0].id, scope=rows[0].scope, now=noon)
        due = mail.claim_due(now=noon + timedelta(days=9))
        assert [one.scope for one in due] == [f"edition:{real[0].id}"]


def test_rehearsals_are_listed_to_their_own_people_only(app: Flask, make: Make, real: tuple[Edition, User]) -> None:
    edition, organiser = real
    made = begin(edition, organiser)
    from_all = [one.id for one in editions_in_state(EditionState.ANNOUNCED)]
    assert (edition.id in from_all, made.id in from_all) == (True, False)
    for roles, is_admin, seen in (
        ({}, False, False),
        ({edition.id: frozenset({Role.ORGANISER})}, False, False),
        ({made.id: frozenset({Role.ORGANISER})}, False, True),
        ({}, True, True),
    ):
        listed = [one.id for one in visible_editions(_identity(roles, is_admin=is_admin))]
        assert (made.id in listed) is seen


def _identity(roles: dict[int, frozenset[Role]], *, is_admin: bool) -> Any:
    return Identity(1, "Ai", "s", roles=roles, is_admin=is_admin)


@pytest.mark.both_databases
def test_no_word_of_the_real_edition_is_in_the_rehearsal(app: Flask, make: Make, real: tuple[Edition, User]) -> None:
    """Plant a secret in every text of every table that holds no settings; none of it is copied."""
    edition, organiser = real
    submission = db.session.scalars(select(Submission)).all()[0]
    with unit_of_work() as session:
        session.add(PartAnswer(submission_id=submission.id, part_id=next(iter(parts_of(edition.id))), text="x"))
        audit.record(at=NOON, actor_id=None, scope=f"edition:{edition.id}", action="x")
    planted = _plant()
    assert {"teams.name", "judges.name", "scorecards.feedback", "conflicts.reason", "submissions.title"} <= planted
    made = begin(edition, organiser, rounds=2, fill=Fill.ALL)
    for table in db.metadata.sorted_tables:
        if "edition_id" in table.columns:
            rows = db.session.execute(select(table).where(table.c.edition_id == made.id)).all()
            assert "MẬT" not in json.dumps([list(map(str, row)) for row in rows], ensure_ascii=False), table.name
    assert "MẬT" not in json.dumps([list(map(str, row)) for row in dump()["scorecards"][1:]], ensure_ascii=False)


SETTINGS = ("editions", "tracks", "fields", "parts", "rounds", "criteria", "awards", "users", "audit_entries")


def _plant() -> set[str]:
    """Write a secret into every free text column outside of the settings; return what was written."""
    planted = set()
    with unit_of_work() as session:
        for table in db.metadata.sorted_tables:
            for column in table.columns:
                kind = type(column.type).__name__
                free = kind in ("String", "Text") and not column.foreign_keys and not column.unique
                if table.name in SETTINGS or not free or column.name in ("code", "fingerprint", "payload"):
                    continue
                done: Any = session.execute(update(table).values({column: "MẬT"}))
                if done.rowcount:
                    planted.add(f"{table.name}.{column.name}")
    return planted


def test_a_cross_check_no_row_of_one_edition_names_a_row_of_the_other(app: Flask, real: tuple[Edition, User]) -> None:
    edition, organiser = real
    made = begin(edition, organiser, rounds=2, fill=Fill.ALL)
    mixed = db.session.execute(
        text(
            "SELECT COUNT(*) FROM assignments a JOIN rounds r ON r.id = a.round_id JOIN judges j ON j.id = a.judge_id "
            "JOIN submissions s ON s.id = a.submission_id "
            "WHERE r.edition_id <> j.edition_id OR r.edition_id <> s.edition_id"
        )
    ).scalar()
    assert mixed == 0
    assert db.session.query(Scorecard).filter_by(status=ScorecardStatus.SUBMITTED).count() > 1
    assert made.id != edition.id
