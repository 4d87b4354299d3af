"""The page on how well judges fit: weights are saved and used, reasons are said, the judge's own words are kept."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from contest.editions.facts import RoundFacts
from contest.editions.queries import round_by_code
from contest.editions.rules import LocalText, RoundRules
from contest.editions.services.copies import clone_edition
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.affinity import FitRules, PartCode, rules_from_json, rules_to_json
from contest.judging.models import Judge, JudgeBid
from contest.judging.queries.assignments import plan_of
from contest.judging.queries.fit import fit_of, fit_rules_of
from contest.judging.services.fit import set_fit_rules
from contest.judging.states import Bid, ScorecardStatus
from contest.submissions.models import Submission
from tests.counting import counted
from tests.factories import NOON, Make
from tests.judging.pages import Desk, desk_of, words

VIETNAMESE = "Nền tảng nông nghiệp thông minh cho các hộ trồng lúa ở đồng bằng"
ENGLISH = "A platform that helps farmers of the delta to sell their rice by phone"


def test_rules_survive_storage_and_strange_weights_do_not() -> None:
    rules = FitRules(1, 2, 3, 4, 5, 6, 7, again=True)
    assert rules_from_json(rules_to_json(rules)) == rules
    assert rules_from_json({}) == FitRules()
    assert rules_from_json({"field": 11, "text": -1, "bid": True, "seen": "2", "again": 1}) == FitRules()


@pytest.fixture
def desk(app: Flask, make: Make, noon: datetime) -> Desk:
    desk = desk_of(app, make)
    agritech = make.field(desk.edition, "agritech", name_vi="Nông nghiệp")
    make.submission(desk.edition, code="BT-1", title="Lúa", summary=VIETNAMESE, field_id=agritech.id)
    make.submission(desk.edition, code="BT-2", title="Rice", summary=ENGLISH)
    an, binh = make.user("Lê An"), make.user("Mai Bình")
    said: dict[str, Any] = {"languages": "vi", "profile": "trồng lúa hữu cơ", "experience": 3}
    make.judge(desk.edition, an, code="GK1", fields="agritech", **said)
    make.judge(desk.edition, binh, code="GK2", languages="Tiếng Anh;vi")
    return desk


def facts_of(desk: Desk, code: str) -> RoundFacts:
    found = round_by_code(desk.edition.id, code)
    assert found is not None
    return found


def bid(judge: int, submission: int, wish: Bid = Bid.WANT) -> None:
    with unit_of_work() as session:
        session.add(JudgeBid(judge_id=judge, submission_id=submission, bid=wish, said_at=NOON))


def test_everything_known_goes_into_the_fit(app: Flask, desk: Desk) -> None:
    make = desk.make
    before, now = make.round(desk.edition, "r0"), make.round(desk.edition)
    first, second = db.session.query(Submission).order_by(Submission.code).all()
    an, binh = db.session.query(Judge).order_by(Judge.code).all()
    make.scorecard(make.assignment(before, an, first), [1, 1])
    make.scorecard(make.assignment(before, binh, first), [None, None], ScorecardStatus.RECUSED)
    bid(binh.id, second.id)
    facts, ids = facts_of(desk, now.code), ([first.id, second.id], [an.id, binh.id])
    with counted(app) as queries:
        found = fit_of(facts, *ids)
    assert len(queries) == 5
    assert found.languages == ("vi", "en")
    assert found.foreign.tolist() == [[False, False], [True, False]]
    told = [{part.code: part.facts for part in found.explain(pair)} for pair in ((0, 0), (1, 1), (0, 1))]
    assert told[0][PartCode.FIELD] == {"known": True, "match": "field"}
    assert told[0][PartCode.TEXT]["words"] == ("trồng lúa",)
    assert told[0][PartCode.PAST_LOAD] == {"known": True, "load": 1}
    assert told[0][PartCode.SEEN] == {"known": True, "seen": True, "again": False}
    assert told[1][PartCode.BID] == {"known": True, "bid": Bid.WANT}
    assert told[2][PartCode.SEEN]["seen"] is False


def planned(desk: Desk) -> dict[str, str]:
    plan = plan_of(facts_of(desk, "r1"), seed=0, keep=False)
    return {plan.board.submissions[one].code: plan.board.judges[other].code for one, other in plan.proposal.pairs}


def test_the_plan_follows_fields_languages_and_bids(desk: Desk) -> None:
    desk.make.round(desk.edition, rules=RoundRules(judges_per_submission=1))
    assert planned(desk) == {"BT-1": "GK1", "BT-2": "GK2"}
    submissions = dict(db.session.query(Submission.code, Submission.id).all())
    judges = dict(db.session.query(Judge.code, Judge.id).all())
    bid(judges["GK1"], submissions["BT-2"])
    bid(judges["GK2"], submissions["BT-1"])
    assert planned(desk) == {"BT-1": "GK1", "BT-2": "GK2"}
    with unit_of_work():
        set_fit_rules(edition_id=desk.edition.id, rules=ONLY_BIDS, actor_id=None, now=NOON)
    assert planned(desk) == {"BT-1": "GK2", "BT-2": "GK1"}


ONLY_BIDS = FitRules(0, 0, 0, 9, 0, 0, 0)
WEIGHTS = {part.value: "2" for part in PartCode} | {"again": "again"}
TWOS = FitRules(2, 2, 2, 2, 2, 2, 2, again=True)


def test_the_organiser_weighs_and_reads_why(desk: Desk) -> None:
    round_ = desk.make.round(desk.edition)
    address = desk.at(round_, "fit")
    assert "shared words: trồng lúa" in words(desk.get(address))
    assert "does not read English" in words(desk.get(f"{address}?submission=BT-2"))
    assert "BT-1 · Lúa" in words(desk.get(f"{address}?submission=BT-99"))
    for wrong in ({"field": "11"}, {"field": "-1"}, {"text": ""}, {"again": "both"}):
        assert desk.post(address, **(WEIGHTS | wrong)).status_code == 422
    assert fit_rules_of(desk.edition.id) == FitRules()
    assert desk.post(address, **WEIGHTS).status_code == 303
    assert desk.post(address, **WEIGHTS).status_code == 303
    assert fit_rules_of(desk.edition.id) == TWOS
    (entry,) = db.session.query(AuditEntry).filter_by(action="fit.weighed").all()
    assert entry.facts["changes"]["field"] == [3, 2]


def test_nothing_to_fit_is_said(app: Flask, make: Make, noon: datetime) -> None:
    desk = desk_of(app, make)
    round_ = make.round(desk.edition)
    text = words(desk.get(desk.at(round_, "fit")))
    assert "No submission takes part yet" in text
    assert "Nothing is known yet of: field, text, language, wish, earlier load, seen before." in text


def test_a_judges_words_are_kept_and_changed(desk: Desk) -> None:
    judge = db.session.query(Judge).filter_by(code="GK1").one()
    address = f"judges/{desk.person(judge)}"
    assert "trồng lúa hữu cơ" in words(desk.get(address))
    typed = {"name": "Lê An", "profile": "gạo sạch", "experience": "12", "languages": ["vi", "en"]}
    assert desk.post(address, **typed).status_code == 303
    db.session.refresh(judge)
    assert (judge.profile, judge.experience, judge.languages) == ("gạo sạch", 12, "vi;en")
    for wrong in ({"experience": "200"}, {"languages": ["xx"]}, {"profile": "a" * 2001}):
        assert desk.post(address, **(typed | wrong)).status_code == 422


@pytest.mark.parametrize(("written", "offered"), [("Tiếng Anh;vi", {"vi", "en"}), ("tieng phap", {"tieng phap"})])
def test_languages_written_by_hand_stay_ticked(desk: Desk, written: str, offered: set[str]) -> None:
    judge = desk.make.judge(desk.edition, desk.make.user("Vũ Cường"), languages=written)
    page = desk.get(f"judges/{desk.person(judge)}").get_data(as_text=True)
    boxes = re.findall(r'<input[^>]*name="languages"[^>]*>', page)
    assert {re.findall(r'value="([^"]*)"', box)[0] for box in boxes if " checked" in box} == offered


def test_too_few_readers_are_said_in_numbers_and_the_remedy_works(desk: Desk) -> None:
    for number in range(4):
        desk.make.submission(desk.edition, code=f"EN-{number}", title="Rice", summary=ENGLISH)
    round_ = desk.make.round(desk.edition, rules=RoundRules(judges_per_submission=1))
    binh = db.session.query(Judge).filter_by(code="GK2").one()
    with unit_of_work() as session:
        session.get_one(Judge, binh.id).max_load = 3
    text = words(desk.get(desk.at(round_, "assignments/plan?seed=1")))
    said = "5 submissions in English need 5 seats; only 1 judge without a conflict reads that, with room for 3: "
    assert said + "2 go to judges who do not read it." in text
    with unit_of_work() as session:
        session.get_one(Judge, binh.id).max_load = 5
    assert "do not read it" not in words(desk.get(desk.at(round_, "assignments/plan?seed=1")))


def test_the_next_edition_weighs_as_this_one(desk: Desk) -> None:
    with unit_of_work():
        set_fit_rules(edition_id=desk.edition.id, rules=TWOS, actor_id=None, now=NOON)
    with unit_of_work():
        name = LocalText("Mùa sau", "")
        found = clone_edition(edition_id=desk.edition.id, name=name, code="mua-sau", actor_id=None, now=NOON)
    assert fit_rules_of(found.id) == TWOS
