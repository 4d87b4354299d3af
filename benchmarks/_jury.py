"""The contest of `bench judging`: one round in scoring, as many judges as asked, one paper each, all signed in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask import Flask, session
from flask_migrate import upgrade
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from contest.accounts import services as accounts
from contest.editions.models import Round
from contest.editions.phases import EditionState, RoundState
from contest.editions.rules import CriterionSpec, LocalText, RoundKind, Rubric
from contest.exchange.bundle.model import (
    Bundle,
    BundleAssignment,
    BundleEdition,
    BundleJudge,
    BundleRound,
    BundleSubmission,
)
from contest.exchange.services import load_bundle
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Judge, Scorecard, ScoreEventRow

CODE = "bench-judging"
CRITERIA = 8


@dataclass(frozen=True, slots=True)
class Seat:
    """One judge at work: the address of the paper, the cookie of the session and its token for forms."""

    path: str
    cookie: str
    token: str
    rubric_version: int


def build(app: Flask, judges: int) -> list[Seat]:
    """Make the tables and the contest, and sign every judge in."""
    with app.app_context():
        upgrade()
        with unit_of_work():
            load_bundle(contest(judges), actor_id=None, now=clock.now())
        rows = db.session.execute(
            select(Assignment.public_id, Judge.user_id, Round.rubric_version)
            .join(Judge, Judge.id == Assignment.judge_id)
            .join(Round, Round.id == Assignment.round_id)
            .order_by(Assignment.id)
        ).all()
        with unit_of_work():
            tokens = [accounts.start_session(user_id=row.user_id, device="bench", now=clock.now()) for row in rows]
        db.session.remove()
        db.engine.dispose()
    return [
        Seat(f"/e/{CODE}/judging/{row.public_id}", *_signed_in(app, token), row.rubric_version)
        for row, token in zip(rows, tokens, strict=True)
    ]


def _signed_in(app: Flask, token: str) -> tuple[str, str]:
    """Return the cookie of a session and its token, as a sign-in over HTTP would leave them."""
    with app.test_request_context():
        session["_user_id"], session["_fresh"] = token, True
        form_token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own sessions
        return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}", form_token


def contest(judges: int) -> Bundle:
    """Return the contest; the same at every call."""
    rubric = Rubric(
        tuple(
            CriterionSpec(
                code=f"C{number}",
                name=LocalText(f"Tiêu chí {number}"),
                minimum=Decimal(0),
                maximum=Decimal(10),
                step=Decimal("0.5"),
                weight=Decimal(1),
            )
            for number in range(1, CRITERIA + 1)
        )
    )
    scoring = BundleRound("r1", LocalText("Sơ khảo"), RoundKind.FINAL, state=RoundState.SCORING, criteria=rubric)
    return Bundle(
        edition=BundleEdition(
            code=CODE,
            name=LocalText("Ý tưởng khởi nghiệp 2026"),
            organiser="Ban Tổ chức",
            state=EditionState.ANNOUNCED,
            rounds=(scoring,),
        ),
        submissions=tuple(
            BundleSubmission(code=f"BT-{number:03d}", title=f"Ý tưởng {number}", team=f"Đội {number}")
            for number in range(1, judges + 1)
        ),
        judges=tuple(
            BundleJudge(f"GK{number:02d}", f"Giám khảo {number}", email=f"gk{number}@example.org")
            for number in range(1, judges + 1)
        ),
        assignments=tuple(
            BundleAssignment("r1", f"GK{number:02d}", f"BT-{number:03d}") for number in range(1, judges + 1)
        ),
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """What one paper holds at the end: its version, its marks, and the keys of its events in order."""

    version: int
    marks: dict[str, str]
    keys: list[str]


def stored(app: Flask) -> dict[str, Stored]:
    """Return what the database holds, by the address of the paper."""
    with app.app_context():
        cards = db.session.execute(select(Assignment.public_id, Scorecard.version).join(Scorecard)).all()
        events = db.session.execute(
            select(Assignment.public_id, ScoreEventRow.key, ScoreEventRow.marks)
            .join(Assignment, Assignment.id == ScoreEventRow.assignment_id)
            .order_by(ScoreEventRow.assignment_id, ScoreEventRow.version)
        ).all()
        db.session.remove()
        db.engine.dispose()
    found = {public_id: Stored(version, {}, []) for public_id, version in cards}
    for public_id, key, marks in events:
        found[public_id].keys.append(key or "")
        found[public_id].marks.clear()
        found[public_id].marks.update(marks)
    return {f"/e/{CODE}/judging/{public_id}": one for public_id, one in found.items()}
