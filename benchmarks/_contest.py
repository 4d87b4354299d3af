"""The contest that is measured: 500 submissions with three judges each, published, and a final that is being scored."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from contest.accounts import services as accounts
from contest.editions.models import Criterion, Round
from contest.editions.phases import EditionState, RoundState
from contest.editions.rules import CriterionSpec, Guidance, LocalText, RoundKind, Rubric
from contest.exchange.bundle.model import (
    Bundle,
    BundleAdvancement,
    BundleAssignment,
    BundleEdition,
    BundleJudge,
    BundleRound,
    BundleScore,
    BundleSubmission,
)
from contest.exchange.services import load_bundle
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Judge, Scorecard

SUBMISSIONS, JUDGES, PANEL, FINALISTS = 500, 30, 3, 24
CRITERIA = ("Tính mới", "Khách hàng", "Sản phẩm", "Mô hình kinh doanh", "Đội ngũ", "Trình bày")
CODE = "bench"
OPEN, DONE = "chung-ket", "so-khao"
SENTENCE = "Bản đồ ngập nước theo thời gian thực giúp người dân chọn đường đi làm trong mùa mưa. "


@dataclass(frozen=True, slots=True)
class Stage:
    """What the load needs: addresses, the judge's one-time link, and what stands in the page of a right answer."""

    papers: tuple[str, ...]
    ranking: str
    link: str
    last_title: str


def build(app: Flask) -> Stage:
    """Make the tables and the contest, and issue a link for the judge with open papers."""
    with app.app_context():
        upgrade()
        with unit_of_work() as session:
            now = clock.now()
            load_bundle(contest(), actor_id=None, now=now)
            judge = session.scalars(select(Judge).where(Judge.code == "GK01")).one()
            link = accounts.issue_link(
                user_id=judge.user_id,
                edition_id=None,
                secret_key=app.config["SECRET_KEY"],
                actor_id=None,
                now=now,
                life=timedelta(hours=1),
            )
            open_ = select(Assignment.public_id).outerjoin(Scorecard).where(Assignment.judge_id == judge.id)
            papers = session.scalars(open_.where(Scorecard.id.is_(None)).order_by(Assignment.id)).all()
        db.session.remove()
        db.engine.dispose()
    return Stage(
        papers=tuple(f"/e/{CODE}/judging/{public_id}" for public_id in papers),
        ranking=f"/e/{CODE}/results/{DONE}",
        link=f"/s/{link.token}",
        last_title=title(SUBMISSIONS),
    )


def stored_papers(app: Flask) -> dict[str, tuple[int, dict[str, int]]]:
    """Return what the open papers hold: address -> (version, points by criterion)."""
    with app.app_context():
        rows = db.session.execute(
            select(Assignment.public_id, Scorecard).join(Scorecard).where(Scorecard.last_key != "")
        ).all()
        codes = {criterion.id: criterion.code for criterion in _open_criteria()}
        found = {
            f"/e/{CODE}/judging/{public_id}": (
                card.version,
                {codes[score.criterion_id]: score.points for score in card.scores},
            )
            for public_id, card in rows
        }
        db.session.remove()
        db.engine.dispose()
    return found


def _open_criteria() -> list[Criterion]:
    return list(db.session.scalars(select(Criterion).join(Round).where(Round.code == OPEN)))


def contest() -> Bundle:
    """Return the whole contest; the same at every call."""
    luck = random.Random(2026)
    rubric = Rubric(tuple(_criterion(number, name) for number, name in enumerate(CRITERIA, start=1)))
    edition = BundleEdition(
        code=CODE,
        name=LocalText("Ý tưởng khởi nghiệp 2026", "Start-up ideas 2026"),
        organiser="Ban Tổ chức",
        state=EditionState.ANNOUNCED,
        rounds=(
            BundleRound(
                DONE,
                LocalText("Sơ khảo", "Preliminary"),
                RoundKind.PRELIMINARY,
                state=RoundState.PUBLISHED,
                criteria=rubric,
            ),
            BundleRound(
                OPEN, LocalText("Chung kết", "Final"), RoundKind.FINAL, state=RoundState.SCORING, criteria=rubric
            ),
        ),
    )
    finalists = [code(number) for number in range(1, FINALISTS + 1)]
    return Bundle(
        edition=edition,
        submissions=tuple(_submission(number, luck) for number in range(1, SUBMISSIONS + 1)),
        judges=tuple(
            BundleJudge(f"GK{number:02d}", f"Giám khảo {number}", email=f"gk{number}@example.org")
            for number in range(1, JUDGES + 1)
        ),
        assignments=tuple(BundleAssignment(OPEN, "GK01", one) for one in finalists),
        scores=tuple(_scores(luck)),
        advancements=tuple(BundleAdvancement(OPEN, one) for one in finalists),
    )


def code(number: int) -> str:
    """Return the code of a submission."""
    return f"BT-{number:03d}"


def title(number: int) -> str:
    """Return the title of a submission."""
    return f"Bản đồ ngập nước {number}"


def _criterion(number: int, name: str) -> CriterionSpec:
    return CriterionSpec(
        code=f"C{number}",
        name=LocalText(name),
        minimum=Decimal(0),
        maximum=Decimal(10),
        step=Decimal("0.5"),
        weight=Decimal(1),
        guidance=tuple(Guidance(Decimal(mark), LocalText(f"{name}: mức {mark}. {SENTENCE}")) for mark in (2, 5, 8)),
        description=LocalText(SENTENCE),
    )


def _submission(number: int, luck: random.Random) -> BundleSubmission:
    return BundleSubmission(
        code=code(number),
        title=title(number),
        team=f"Đội {number}",
        school="THPT Lê Thánh Tôn",
        members=("Nguyễn Thị Ánh", "Trần Anh Dung"),
        summary=SENTENCE * luck.randint(5, 10),
    )


def _scores(luck: random.Random) -> Iterator[BundleScore]:
    for number in range(1, SUBMISSIONS + 1):
        for seat in range(PANEL):
            judge = f"GK{(number + seat * (JUDGES // PANEL)) % JUDGES + 1:02d}"
            for place in range(1, len(CRITERIA) + 1):
                yield BundleScore(DONE, judge, code(number), f"C{place}", luck.randint(6, 20))
