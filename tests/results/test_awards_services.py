"""Awards in the database: declared, decided in writing, settled for good, published."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from contest.editions.models import Edition
from contest.editions.rules import Advance, LocalText, RoundRules
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db, unit_of_work
from contest.infra.models import AuditEntry
from contest.infra.signing import canonical_json, fingerprint
from contest.results.award_list import AwardList, from_payload, to_payload
from contest.results.award_rules import AwardBy, AwardSpec, AwardTies, EmptyReason, Scope
from contest.results.models import Award, AwardChoice
from contest.results.models import AwardList as AwardListRow
from contest.results.queries.awards import award_specs, awards_now, choices_of, latest_list, settled_awards
from contest.results.services import awards as services
from contest.submissions.lifecycle import SubmissionStatus
from tests.factories import Make
from tests.results import way
from tests.results.conftest import Scored

pytestmark = pytest.mark.both_databases


def spec(code: str, **settings: object) -> AwardSpec:
    return AwardSpec(**{"code": code, "name": LocalText(code), "round": "r1", "exclusive": True, **settings})  # type: ignore[arg-type]


@pytest.fixture
def ladder(scored: Scored, noon: datetime) -> Scored:
    """S1 and S3 share the first place with 14.50; S2 has 10.50. One first and one second prize, with money."""
    with unit_of_work():
        for one in (spec("first", amount=1_000_000), spec("second", amount=500_000)):
            services.add_award(edition_id=scored.edition.id, spec=one, actor_id=None, now=noon)
    return scored


def winners(awards: AwardList) -> dict[str, list[str]]:
    return {line.code: [prize.submission for prize in line.winners] for line in awards.lines}


def codes(scored: Scored) -> list[str]:
    return [submission.code for submission in scored.submissions]


def test_awards_wait_for_the_final_results(ladder: Scored) -> None:
    now = awards_now(ladder.edition.id)
    assert (now.lines, now.pending) == ((), ("r1",))


def test_the_frozen_ranking_decides(ladder: Scored, noon: datetime) -> None:
    way.finalise(ladder.facts, ladder.first.id, ladder.organiser.id, noon)
    first, _second, third = codes(ladder)
    now = awards_now(ladder.edition.id)
    assert winners(now) == {"first": [first, third], "second": []}
    assert [prize.amount for prize in now.lines[0].winners] == [750_000, 750_000]
    assert [prize.result for prize in now.lines[0].winners] == ["14.50", "14.50"]
    assert now.lines[1].empty_reason is EmptyReason.TIE_ABOVE
    assert now.sources[0].round == "r1"
    assert now.total == 1_500_000


def test_what_was_declared_is_read_back(scored: Scored, noon: datetime) -> None:
    full = spec(
        "green",
        places=2,
        by=AwardBy.CRITERION,
        scope=Scope.ALL,
        criterion="C1",
        threshold=Decimal("7.5"),
        ties=AwardTies.CHAIR,
        amount=3,
        sponsor="Ngân hàng A",
        track="A",
        exclusive=False,
    )
    with unit_of_work():
        services.add_award(edition_id=scored.edition.id, spec=full, actor_id=None, now=noon)
    assert award_specs(scored.edition.id) == (full,)


def test_a_code_is_made_from_the_name(scored: Scored, noon: datetime) -> None:
    named = AwardSpec(code="", name=LocalText("Giải Ý tưởng xanh"))
    with unit_of_work():
        for _ in range(2):
            services.add_award(edition_id=scored.edition.id, spec=named, actor_id=None, now=noon)
    assert [one.code for one in award_specs(scored.edition.id)] == ["giai-y-tuong-xanh", "giai-y-tuong-xanh-2"]


def test_the_usual_prizes_are_added_once(scored: Scored, noon: datetime) -> None:
    counts = []
    for _ in range(2):
        with unit_of_work():
            counts.append(services.add_usual_awards(edition_id=scored.edition.id, actor_id=None, now=noon))
    assert counts == [4, 0]
    assert [(one.code, one.places, one.exclusive) for one in award_specs(scored.edition.id)] == [
        ("first", 1, True),
        ("second", 2, True),
        ("third", 3, True),
        ("consolation", 2, True),
    ]


def test_awards_move_and_the_order_is_their_height(ladder: Scored, noon: datetime) -> None:
    edition_id = ladder.edition.id
    with unit_of_work():
        services.move_award(edition_id=edition_id, code="second", places=-1, actor_id=None, now=noon)
    assert [one.code for one in award_specs(edition_id)] == ["second", "first"]
    with unit_of_work():
        services.move_award(edition_id=edition_id, code="second", places=-9, actor_id=None, now=noon)
    assert [one.code for one in award_specs(edition_id)] == ["second", "first"]
    with pytest.raises(NotFound), unit_of_work():
        services.move_award(edition_id=edition_id, code="nobody", places=1, actor_id=None, now=noon)


def decide(scored: Scored, now: datetime, code: str, submission: str | None, votes: int | None = None) -> None:
    with unit_of_work():
        services.choose(
            edition_id=scored.edition.id,
            code=code,
            submission=submission,
            votes=votes,
            reason="Hội đồng biểu quyết",
            author="Lê Thị Ánh",
            actor_id=None,
            now=now,
        )


def test_a_vote_is_counted_again_and_the_first_count_stays_in_the_records(ladder: Scored, noon: datetime) -> None:
    with unit_of_work():
        services.add_award(
            edition_id=ladder.edition.id,
            spec=spec("vote", by=AwardBy.VOTE, scope=Scope.ALL, exclusive=False),
            actor_id=None,
            now=noon,
        )
    way.finalise(ladder.facts, ladder.first.id, ladder.organiser.id, noon)
    first, second, _third = codes(ladder)
    decide(ladder, noon, "vote", first, 4)
    decide(ladder, noon, "vote", second, 3)
    decide(ladder, noon, "vote", second, 5)
    assert [(one.submission, one.votes) for one in choices_of(ladder.edition.id)] == [(first, 4), (second, 5)]
    assert winners(awards_now(ladder.edition.id))["vote"] == [second]
    assert len(db.session.scalars(select(AwardChoice)).all()) == 3


def test_a_place_is_left_empty_in_writing_and_the_decision_can_be_taken_back(ladder: Scored, noon: datetime) -> None:
    way.finalise(ladder.facts, ladder.first.id, ladder.organiser.id, noon)
    decide(ladder, noon, "first", None)
    line = awards_now(ladder.edition.id).lines[0]
    assert (line.winners, line.empty, line.empty_reason) == ((), 1, EmptyReason.LEFT_EMPTY)
    (choice,) = choices_of(ladder.edition.id)
    with unit_of_work():
        services.take_back(edition_id=ladder.edition.id, choice_id=choice.id, actor_id=None, now=noon)
    assert len(awards_now(ladder.edition.id).lines[0].winners) == 2
    with pytest.raises(NotFound), unit_of_work():
        services.take_back(edition_id=ladder.edition.id, choice_id=choice.id, actor_id=None, now=noon)


@pytest.mark.parametrize(
    ("submission", "votes", "reason", "code"),
    [
        ("nobody", None, "x", "award_submission_unknown"),
        ("first", 3, "x", "votes_not_asked"),
        ("first", None, "", "reason_missing"),
    ],
)
def test_a_decision_that_cannot_stand_is_refused(
    ladder: Scored, noon: datetime, submission: str, votes: int | None, reason: str, code: str
) -> None:
    chosen = codes(ladder)[0] if submission == "first" else submission
    with pytest.raises(RuleBroken) as refused, unit_of_work():
        services.choose(
            edition_id=ladder.edition.id,
            code="first",
            submission=chosen,
            votes=votes,
            reason=reason,
            author="A",
            actor_id=None,
            now=noon,
        )
    assert refused.value.code == code
    assert choices_of(ladder.edition.id) == ()


def test_nobody_is_chosen_twice_for_one_award(ladder: Scored, noon: datetime) -> None:
    decide(ladder, noon, "first", codes(ladder)[0])
    with pytest.raises(RuleBroken) as refused:
        decide(ladder, noon, "first", codes(ladder)[0])
    assert refused.value.code == "chosen_twice"


def test_an_award_with_a_decision_stays(ladder: Scored, noon: datetime) -> None:
    decide(ladder, noon, "first", codes(ladder)[0])
    with pytest.raises(RuleBroken) as refused, unit_of_work():
        services.remove_award(edition_id=ladder.edition.id, code="first", actor_id=None, now=noon)
    assert refused.value.code == "award_decided"
    with unit_of_work():
        services.remove_award(edition_id=ladder.edition.id, code="second", actor_id=None, now=noon)
    assert [one.code for one in award_specs(ladder.edition.id)] == ["first"]


def settle(scored: Scored, now: datetime, reason: str = "") -> str:
    with unit_of_work():
        return services.settle_awards(edition_id=scored.edition.id, reason=reason, actor_id=None, now=now)


def test_a_settled_list_never_changes_and_a_correction_is_the_next_version(ladder: Scored, noon: datetime) -> None:
    way.finalise(ladder.facts, ladder.first.id, ladder.organiser.id, noon)
    digest = settle(ladder, noon)
    assert settle(ladder, noon) == digest
    newest = latest_list(ladder.edition.id)
    assert newest is not None
    assert (newest.version, newest.fingerprint) == (1, digest)
    before = settled_awards(newest.id)
    assert before == awards_now(ladder.edition.id)
    ladder.submissions[0].status = SubmissionStatus.WITHDRAWN
    db.session.commit()
    assert settled_awards(newest.id) == before
    with pytest.raises(RuleBroken) as refused:
        settle(ladder, noon)
    assert refused.value.code == "reason_missing"
    settle(ladder, noon, "Đội A rút lui")
    corrected = latest_list(ladder.edition.id)
    assert corrected is not None
    assert (corrected.version, corrected.reason) == (2, "Đội A rút lui")
    assert winners(settled_awards(corrected.id))["first"] == [ladder.submissions[2].code]
    assert settled_awards(newest.id) == before


def test_the_fingerprint_is_that_of_the_stored_text(ladder: Scored, noon: datetime) -> None:
    way.finalise(ladder.facts, ladder.first.id, ladder.organiser.id, noon)
    digest = settle(ladder, noon)
    row = db.session.scalars(select(AwardListRow)).one()
    assert fingerprint(json.loads(row.payload)) == digest
    assert canonical_json(to_payload(from_payload(json.loads(row.payload)))) == row.payload


def no_awards(scored: Scored, now: datetime) -> None:
    with unit_of_work():
        for row in db.session.scalars(select(Award)):
            db.session.delete(row)


def a_tie_for_the_chair(scored: Scored, now: datetime) -> None:
    way.finalise(scored.facts, scored.first.id, scored.organiser.id, now)
    with unit_of_work():
        services.update_award(
            edition_id=scored.edition.id, code="first", spec=spec("first", ties=AwardTies.CHAIR), actor_id=None, now=now
        )


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda _scored, _now: None, "awards_pending"),
        (no_awards, "awards_none"),
        (a_tie_for_the_chair, "awards_awaiting"),
    ],
)
def test_what_is_open_cannot_be_settled(
    ladder: Scored, noon: datetime, prepare: Callable[[Scored, datetime], None], code: str
) -> None:
    prepare(ladder, noon)
    with pytest.raises(RuleBroken) as refused:
        settle(ladder, noon)
    assert refused.value.code == code
    assert latest_list(ladder.edition.id) is None


def test_only_a_settled_list_is_published_and_a_newer_one_is_not_public_by_itself(
    ladder: Scored, noon: datetime
) -> None:
    edition_id = ladder.edition.id
    way.finalise(ladder.facts, ladder.first.id, ladder.organiser.id, noon)
    with pytest.raises(RuleBroken) as refused, unit_of_work():
        services.publish_awards(edition_id=edition_id, actor_id=None, now=noon)
    assert refused.value.code == "awards_not_settled"
    settle(ladder, noon)
    assert latest_list(edition_id, published=True) is None
    with unit_of_work():
        services.publish_awards(edition_id=edition_id, actor_id=None, now=noon)
    decide(ladder, noon, "second", None)
    settle(ladder, noon, "Không trao")
    public, newest = latest_list(edition_id, published=True), latest_list(edition_id)
    assert public is not None
    assert newest is not None
    assert (public.version, newest.version) == (1, 2)


def test_every_step_is_in_the_audit_trail(ladder: Scored, noon: datetime) -> None:
    way.finalise(ladder.facts, ladder.first.id, ladder.organiser.id, noon)
    decide(ladder, noon, "second", None)
    settle(ladder, noon)
    with unit_of_work():
        services.publish_awards(edition_id=ladder.edition.id, actor_id=None, now=noon)
    actions = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.like("award%")).order_by(AuditEntry.id)
    ).all()
    assert actions == ["award.added", "award.added", "award.decided", "awards.settled", "awards.published"]


def test_an_award_without_a_round_belongs_to_the_last(make: Make, noon: datetime) -> None:
    edition: Edition = make.edition()
    make.round(edition, "r1", rules=RoundRules(advance=Advance(top=1)))
    make.round(edition, "final")
    with unit_of_work():
        services.add_award(
            edition_id=edition.id, spec=AwardSpec(code="first", name=LocalText("x")), actor_id=None, now=noon
        )
    assert awards_now(edition.id).pending == ("final",)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE award_lists SET payload = '{}'",
        "UPDATE award_lists SET fingerprint = 'x'",
        "UPDATE award_lists SET version = 7",
        "DELETE FROM award_lists",
    ],
)
def test_the_database_itself_keeps_a_settled_list(ladder: Scored, noon: datetime, statement: str) -> None:
    way.finalise(ladder.facts, ladder.first.id, ladder.organiser.id, noon)
    digest = settle(ladder, noon)
    with pytest.raises(DBAPIError, match="never changed"), unit_of_work() as session:
        session.execute(text(statement))
    newest = latest_list(ladder.edition.id)
    assert newest is not None
    assert (newest.version, newest.fingerprint) == (1, digest)
