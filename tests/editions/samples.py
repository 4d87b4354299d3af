"""Rounds, rubrics and editions as plain facts, for tests of the core."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from contest.editions.basics import Basics
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import EditionState, RoundState
from contest.editions.readiness import SetUp
from contest.editions.rules import CriterionSpec, LocalText, RoundKind, RoundRules, Rubric
from tests.factories import NOON

DAY = timedelta(days=1)


def spec(code: str = "C1", **values: Any) -> CriterionSpec:
    """A criterion of 0 to 10 by 0.5, weight 1."""
    usual: dict[str, Any] = {
        "code": code,
        "name": LocalText(f"Tiêu chí {code}", f"Criterion {code}"),
        "minimum": Decimal(0),
        "maximum": Decimal(10),
        "step": Decimal("0.5"),
        "weight": Decimal(1),
    }
    return CriterionSpec(**{**usual, **values})


def round_facts(code: str = "r1", **values: Any) -> RoundFacts:
    """A preliminary round in the draft state, with one criterion and no window."""
    usual: dict[str, Any] = {
        "id": 1,
        "edition_id": 1,
        "code": code,
        "name": LocalText(f"Vòng {code}"),
        "kind": RoundKind.PRELIMINARY,
        "state": RoundState.DRAFT,
        "opens_at": None,
        "closes_at": None,
        "position": 1,
        "rubric_version": 1,
        "locked": False,
        "rules": RoundRules(),
        "rubric": Rubric((spec(),)),
        "criterion_ids": (1,),
    }
    return RoundFacts(**{**usual, **values})


def edition_facts(**values: Any) -> EditionFacts:
    """An announced edition whose window is open at NOON."""
    usual: dict[str, Any] = {
        "id": 1,
        "code": "mua-thu-2026",
        "name": LocalText("Ý tưởng khởi nghiệp 2026"),
        "organiser": "UBND Phường Tân Thuận",
        "timezone": "Asia/Ho_Chi_Minh",
        "languages": ("vi", "en"),
        "state": EditionState.ANNOUNCED,
        "submissions_open": NOON - 7 * DAY,
        "submissions_close": NOON + 7 * DAY,
        "is_test": False,
        "logo_key": None,
    }
    return EditionFacts(**{**usual, **values})


def basics(**values: Any) -> Basics:
    """Everything that the first page of the set-up asks for."""
    usual: dict[str, Any] = {
        "name": LocalText("Ý tưởng khởi nghiệp 2026", "Start-up ideas 2026"),
        "organiser": "UBND Phường Tân Thuận",
        "contact": "0903 123 782",
        "submissions_open": NOON - DAY,
        "submissions_close": NOON + DAY,
    }
    return Basics(**{**usual, **values})


def set_up(*rounds: RoundFacts, **values: Any) -> SetUp:
    """An edition that lacks nothing but what the test takes away."""
    usual: dict[str, Any] = {"basics": basics(), "tracks": 3, "fields": 2, "parts": 1, "rounds": rounds}
    return SetUp(**{**usual, **values})


def at(days: float) -> datetime:
    """The moment so many days after NOON."""
    return NOON + timedelta(days=days)
