"""Bundles into rows: accounts, states, locks, who is in a round, and nothing by halves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.models import Membership, User
from contest.accounts.roles import Role
from contest.editions.models import Edition, Round
from contest.editions.phases import EditionState, RoundState
from contest.editions.queries import round_by_id
from contest.editions.rules import CriterionSpec, LocalText, Rubric
from contest.errors import RuleBroken
from contest.exchange import services
from contest.exchange.bundle.model import Bundle, BundleJudge
from contest.exchange.models import ImportDraft, SheetMapping
from contest.exchange.queries import remembered_mapping, waiting_file
from contest.exchange.services.frame import create_frame
from contest.exchange.waiting import LIFE, MOST_WAITING, Purpose
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.infra.storage import Stored
from contest.judging.models import Advancement, Assignment, Judge, MeasuredScore, Score, Scorecard
from contest.judging.queries.rounds import participants
from contest.judging.states import ScorecardStatus
from contest.results.models import Snapshot
from contest.results.queries import latest_snapshot
from contest.submissions.models import Submission, Team, TeamMember
from tests.conftest import NOON
from tests.exchange.bundles import bundle_named, row_counts
from tests.exchange.helpers import EDITION, ROUND, good
from tests.factories import Make

pytestmark = pytest.mark.usefixtures("app")


def load(bundle: Bundle, actor: User | None = None) -> int:
    actor_id = None if actor is None else actor.id
    with unit_of_work():
        return services.load_bundle(bundle, actor_id=actor_id, now=NOON)


def with_state(bundle: Bundle, state: RoundState) -> Bundle:
    rounds = tuple(replace(each, state=state) for each in bundle.edition.rounds)
    return replace(bundle, edition=replace(bundle.edition, rounds=rounds))


def round_of(edition_id: int, code: str) -> Round:
    return db.session.scalars(select(Round).where(Round.edition_id == edition_id, Round.code == code)).one()


@pytest.mark.both_databases
def test_the_actor_becomes_organiser_and_the_act_is_on_record(app: Flask, make: Make) -> None:
    actor = make.user()
    edition_id = load(bundle_named("small"), actor)
    held = select(Membership.role).where(Membership.user_id == actor.id, Membership.edition_id == edition_id)
    assert list(db.session.scalars(held)) == [Role.ORGANISER]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "edition.loaded")).one()
    assert (entry.actor_id, entry.scope) == (actor.id, f"edition:{edition_id}")
    assert entry.facts == {"code": "y-tuong-2026", "submissions": 5, "judges": 3, "scores": 15}


def test_without_an_actor_nobody_is_organiser() -> None:
    load(bundle_named("small"))
    assert set(db.session.scalars(select(Membership.role))) == {Role.JUDGE}


def test_an_edition_is_a_draft_unless_the_file_says_so() -> None:
    bundle = bundle_named("small")
    first = load(bundle)
    said = replace(bundle.edition, code="khac", state=EditionState.ANNOUNCED)
    second = load(replace(bundle, edition=said))
    assert [db.session.get_one(Edition, each).state for each in (first, second)] == [
        EditionState.DRAFT,
        EditionState.ANNOUNCED,
    ]


def test_a_round_with_marks_is_in_scoring_and_locked() -> None:
    bundle = bundle_named("small")
    bare = replace(bundle, scores=(), scorecards=(), assignments=())
    scored, empty = load(bundle), load(replace(bare, edition=replace(bundle.edition, code="trong")))
    assert (round_of(scored, "r1").state, round_of(scored, "r1").locked_at) == (RoundState.SCORING, NOON)
    assert (round_of(empty, "r1").state, round_of(empty, "r1").locked_at) == (RoundState.DRAFT, None)


def test_a_judge_is_recognised_by_the_address_whatever_its_capitals(make: Make) -> None:
    known = make.user("Đã có", email="khao@example.org", password_hash="kept")
    edition_id = load(bundle_named("small"))
    judges = db.session.scalars(select(Judge).where(Judge.edition_id == edition_id).order_by(Judge.id)).all()
    assert [judge.code for judge in judges] == ["GK1", "GK2", "GK3"]
    assert judges[0].user_id == known.id
    users = {judge.code: db.session.get_one(User, judge.user_id) for judge in judges}
    assert (users["GK1"].name, users["GK1"].password_hash) == ("Đã có", "kept")
    assert (users["GK2"].email, users["GK2"].password_hash, users["GK3"].email) == ("thao@example.org", None, None)


def test_two_judges_with_one_address_are_two_accounts() -> None:
    bundle = bundle_named("small")
    twins = tuple(
        BundleJudge(code, f"Giám khảo {code}", email="chung@example.org", phone="+84903123782") for code in ("A", "B")
    )
    edition_id = load(replace(bundle, judges=twins, conflicts=(), assignments=(), scores=(), scorecards=()))
    joined = select(Judge.code, Judge.email, Judge.phone, User.email, User.phone).join(User, User.id == Judge.user_id)
    rows = db.session.execute(joined.where(Judge.edition_id == edition_id).order_by(Judge.code)).all()
    assert [tuple(row) for row in rows] == [
        ("A", "chung@example.org", "+84903123782", "chung@example.org", "+84903123782"),
        ("B", "chung@example.org", "+84903123782", None, None),
    ]


@pytest.mark.both_databases
def test_marks_are_stored_in_points_and_blanks_have_no_row(app: Flask) -> None:
    edition_id = load(bundle_named("small"))
    rows = db.session.execute(
        select(Judge.code, Submission.code, Scorecard.status, Score.points, Score.max_points)
        .select_from(Scorecard)
        .join(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .outerjoin(Score, Score.scorecard_id == Scorecard.id)
        .where(Assignment.round_id == round_of(edition_id, "r1").id)
        .order_by(Judge.code, Submission.code, Score.criterion_id)
    )
    assert [tuple(row) for row in rows] == [
        ("GK1", "BT-001", ScorecardStatus.SUBMITTED, 17, 20),
        ("GK1", "BT-001", ScorecardStatus.SUBMITTED, 4, 5),
        ("GK1", "BT-002", ScorecardStatus.SUBMITTED, 12, 20),
        ("GK1", "BT-002", ScorecardStatus.SUBMITTED, 2, 5),
        ("GK1", "BT-003", ScorecardStatus.SUBMITTED, 18, 20),
        ("GK1", "BT-003", ScorecardStatus.SUBMITTED, 5, 5),
        ("GK2", "BT-001", ScorecardStatus.SUBMITTED, 14, 20),
        ("GK2", "BT-001", ScorecardStatus.SUBMITTED, 3, 5),
        ("GK2", "BT-002", ScorecardStatus.SUBMITTED, 13, 20),
        ("GK2", "BT-002", ScorecardStatus.SUBMITTED, 5, 5),
        ("GK2", "BT-003", ScorecardStatus.RECUSED, None, None),
        ("GK3", "BT-002", ScorecardStatus.DRAFT, 10, 20),
    ]


def test_marks_of_the_organiser_are_kept_apart_from_the_papers() -> None:
    edition_id = load(bundle_named("unsupported"))
    rows = db.session.execute(
        select(Submission.code, MeasuredScore.points, Judge.code)
        .join(Submission, Submission.id == MeasuredScore.submission_id)
        .outerjoin(Judge, Judge.id == MeasuredScore.judge_id)
        .order_by(MeasuredScore.id)
    )
    assert [tuple(row) for row in rows] == [("BT-001", 5, None), ("BT-002", 4, "GK2")]
    assert round_of(edition_id, "r1").locked_at == NOON


def test_a_later_round_takes_those_its_judges_have_when_nothing_is_said() -> None:
    edition_id = load(bundle_named("small"))
    final = round_by_id(round_of(edition_id, "final").id)
    assert final is not None
    codes = [db.session.get_one(Submission, each).code for each in participants(final)]
    assert codes == ["BT-001"]
    assert db.session.scalars(select(Advancement.decided_at)).one() == NOON


def test_teams_come_with_their_people_in_order() -> None:
    load(bundle_named("small"))
    team = db.session.scalars(select(Team).where(Team.name == "Đội Nước")).one()
    names = db.session.scalars(
        select(TeamMember.name).where(TeamMember.team_id == team.id).order_by(TeamMember.position)
    )
    assert list(names) == ["Trần Anh", "Lê Bình"]
    assert (team.school, team.mentor_name, team.phone) == ("THPT Lê Thánh Tôn", "Cô Hoa", "+84903123782")


@pytest.mark.parametrize("state", [RoundState.FINALISED, RoundState.PUBLISHED])
def test_a_round_whose_results_are_final_gets_its_snapshot(state: RoundState) -> None:
    edition_id = load(with_state(bundle_named("small"), state))
    for code in ("r1", "final"):
        round_ = round_of(edition_id, code)
        assert (round_.state, round_.published_version) == (state, 1 if state is RoundState.PUBLISHED else None)
        assert latest_snapshot(round_.id) is not None


@pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.CONFIRMED])
def test_a_round_that_is_not_final_is_closed_and_confirmed_here_again(state: RoundState) -> None:
    edition_id = load(with_state(bundle_named("small"), state))
    assert round_of(edition_id, "r1").state is RoundState.CLOSED
    assert db.session.scalar(select(Snapshot.id)) is None


def test_a_round_that_cannot_be_ranked_stays_closed_and_unpublished() -> None:
    edition_id = load(good(EDITION + ROUND + 'state = "published"\n'))  # a round without criteria
    assert round_of(edition_id, "r1").state is RoundState.CLOSED
    assert db.session.scalar(select(Snapshot.id)) is None


@pytest.mark.both_databases
def test_an_edition_that_exists_is_not_touched(app: Flask) -> None:
    load(bundle_named("small"))
    before = row_counts()
    with pytest.raises(RuleBroken) as refused:
        load(bundle_named("small"))
    assert (refused.value.code, refused.value.facts) == ("edition_exists", {"value": "y-tuong-2026"})
    assert row_counts() == before


@pytest.mark.both_databases
def test_of_two_that_load_one_code_at_once_the_database_lets_one_through(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(bundle_named("small"))
    before = row_counts()
    # What the slower one saw before the faster one committed.
    monkeypatch.setattr(db.session, "scalar", lambda _statement: None)
    with pytest.raises(RuleBroken, match="edition_exists"), unit_of_work():
        create_frame(bundle_named("small").edition, (), NOON)
    monkeypatch.undo()
    assert row_counts() == before


def _too_fine(bundle: Bundle) -> Bundle:
    spec = CriterionSpec("C", LocalText("C"), Decimal(0), Decimal(2000), Decimal("0.001"), Decimal(1))
    first = replace(bundle.edition.rounds[1], criteria=Rubric((spec,)))
    edition = replace(bundle.edition, rounds=(bundle.edition.rounds[0], first))
    kept = tuple(score for score in bundle.scores if score.round == "r1")
    cards = tuple(card for card in bundle.scorecards if card.round == "r1")
    return replace(bundle, edition=edition, scores=kept, scorecards=cards)


def _talkative(bundle: Bundle) -> Bundle:
    first = replace(bundle.judges[0], languages=tuple(f"tiếng {number}" for number in range(30)))
    return replace(bundle, judges=(first, *bundle.judges[1:]))


@pytest.mark.parametrize(("change", "code"), [(_too_fine, "scale_too_fine"), (_talkative, "list_too_long")])
def test_what_the_columns_cannot_hold_is_refused_whole(change: object, code: str) -> None:
    assert callable(change)
    before = row_counts()
    with pytest.raises(RuleBroken) as refused:
        load(change(bundle_named("small")))
    assert (refused.value.code, row_counts()) == (code, before)


def test_a_failure_at_the_very_end_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_facts: object) -> None:
        raise OSError("the disk is full")

    before = row_counts()
    monkeypatch.setattr("contest.exchange.services.load.audit.record", fail)
    with pytest.raises(OSError, match="disk"):
        load(bundle_named("small"))
    assert row_counts() == before


def _stored(number: int) -> Stored:
    return Stored(key=f"{number:032x}", size=1, sha256="0" * 64)


def _keep(user: User, number: int) -> str:
    with unit_of_work():
        return services.keep_file(
            filename="b.zip", stored=_stored(number), purpose=Purpose.BUNDLE, user_id=user.id, now=NOON
        )


def test_a_waiting_file_is_for_its_person_and_its_purpose_until_it_expires(make: Make) -> None:
    user, other = make.user(), make.user()
    public_id = _keep(user, 1)
    found = waiting_file(public_id, user_id=user.id, purpose=Purpose.BUNDLE, now=NOON)
    assert found is not None
    assert (found.filename, found.expires_at) == ("b.zip", NOON + LIFE)
    edition = make.edition()
    assert waiting_file(public_id, user_id=other.id, purpose=Purpose.BUNDLE, now=NOON) is None
    assert waiting_file(public_id, user_id=user.id, purpose=Purpose.FORM, now=NOON) is None
    assert waiting_file(public_id, user_id=user.id, purpose=Purpose.BUNDLE, now=NOON, edition_id=edition.id) is None
    assert waiting_file(public_id, user_id=user.id, purpose=Purpose.BUNDLE, now=NOON + LIFE) is None


@pytest.mark.both_databases
def test_expired_files_and_the_oldest_of_a_person_give_way(app: Flask, make: Make) -> None:
    user, other = make.user(), make.user()
    _keep(other, 99)
    for number in range(MOST_WAITING + 1):
        _keep(user, number)
    with unit_of_work():
        gone = services.sweep_files(user_id=user.id, now=NOON + timedelta(hours=1))
    assert sorted(gone) == [_stored(0).key, _stored(1).key]
    with unit_of_work():
        gone = services.sweep_files(user_id=user.id, now=NOON + LIFE)
    assert len(gone) == MOST_WAITING
    assert db.session.scalar(select(ImportDraft.id)) is None


@pytest.mark.both_databases
def test_a_mapping_is_remembered_per_edition_and_header(app: Flask, make: Make) -> None:
    edition, other, user = make.edition(), make.edition("khac"), make.user()
    for columns in ({"Tên": "team"}, {"Tên": "title"}):
        with unit_of_work():
            services.remember_mapping(
                edition_id=edition.id, fingerprint="f", columns=columns, actor_id=user.id, now=NOON
            )
    assert remembered_mapping(edition.id, "f") == {"Tên": "title"}
    assert remembered_mapping(edition.id, "g") is None
    assert remembered_mapping(other.id, "f") is None
    assert len(list(db.session.scalars(select(SheetMapping.id)))) == 1
