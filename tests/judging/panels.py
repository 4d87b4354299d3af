"""Small builders for the pure core, and a reader of the real panels in tests/data/panels."""

from __future__ import annotations

import csv
import random
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from contest.editions.rules import Aggregate, Combine, CriterionSpec, LocalText, RoundRules, Rubric
from contest.judging.scoring import Scorecard
from contest.results.inputs import RoundInputs
from contest.results.ranking import Standing
from contest.results.ranking import rank as rank_inputs

PANELS = Path(__file__).parents[1] / "data" / "panels"
PANEL_NAMES = ("panel-mean-10x9-red", "panel-mean-10x9-white", "panel-trimmed-11x9", "panel-trimmed-37x9")


@dataclass(frozen=True)
class Panel:
    rules: RoundRules
    rubric: Rubric
    submissions: list[str]
    cards: list[Scorecard]
    expected: dict[str, tuple[str, int]]


def criterion(code: str, weight: str = "1", low: str = "0", high: str = "10", step: str = "1") -> CriterionSpec:
    return CriterionSpec(code, LocalText(), Decimal(low), Decimal(high), Decimal(step), Decimal(weight))


def rubric(*weights: str, step: str = "1") -> Rubric:
    return Rubric(tuple(criterion(f"C{i}", weight, step=step) for i, weight in enumerate(weights or ("1",))))


def card(judge: int, submission: int, *points: int | None, submitted: bool = True, recused: bool = False) -> Scorecard:
    return Scorecard(judge, submission, points, submitted, recused)


def rank(
    rules: RoundRules, marked: Rubric, tracks: Sequence[int | None], cards: Iterable[Scorecard]
) -> tuple[Standing, ...]:
    """Rank scorecards alone: nothing measured, no ledger, no rulings, no earlier round."""
    return rank_inputs(RoundInputs(rules, marked, tuple(tracks), tuple(cards)))


def read_panel(name: str) -> Panel:
    folder = PANELS / name
    round_ = tomllib.loads((folder / "edition.toml").read_text(encoding="utf-8"))["rounds"][0]
    criteria = Rubric(tuple(_criterion(table) for table in round_["criteria"]))
    submissions = [row["submission"] for row in _rows(folder / "submissions.csv")]
    judges = [row["judge"] for row in _rows(folder / "judges.csv")]
    marks: dict[tuple[str, str], dict[str, Decimal]] = {}
    for row in _rows(folder / "scores.csv"):
        marks.setdefault((row["judge"], row["submission"]), {})[row["criterion"]] = Decimal(row["score"])
    cards = [
        card(judges.index(judge), submissions.index(entry), *(c.points_of(given[c.code]) for c in criteria.judged))
        for (judge, entry), given in marks.items()
    ]
    expected = {row["submission"]: (row["result"], int(row["rank"])) for row in _rows(folder / "expected.csv")}
    return Panel(_rules(round_), criteria, submissions, cards, expected)


def random_contest(seed: int) -> tuple[RoundRules, Rubric, list[int | None], list[Scorecard]]:
    """Draw a small contest with coarse scales (so that ties are common), blanks, drafts and recusals."""
    draw = random.Random(seed)
    weights = [draw.choice(["0", "0.35", "1", "1.5", "2", "33.3"]) for _ in range(draw.randint(0, 3))]
    mixed = [criterion(f"C{i}", weight, *draw.choice(_SCALES)) for i, weight in enumerate(weights)]
    criteria = Rubric((*mixed, criterion("LAST", "1")))
    rules = RoundRules(
        decimals=draw.randint(0, 3),
        combine=draw.choice(list(Combine)),
        aggregate=draw.choice([Aggregate.MEAN, Aggregate.TRIMMED]),
        trim=draw.randint(0, 2),
        min_judges=draw.randint(1, 3),
    )
    tracks: list[int | None] = [draw.choice([0, 1, None]) for _ in range(draw.randint(0, 7))]
    spread = draw.choice([1, 2, 4])
    cards = [
        card(judge, entry, *_marks(draw, criteria, spread), submitted=draw.random() < 0.9, recused=draw.random() < 0.05)
        for entry in range(len(tracks))
        for judge in draw.sample(range(8), draw.randint(0, 6))
    ]
    draw.shuffle(cards)
    return rules, criteria, tracks, cards


_SCALES = [("0", "10", "1"), ("1", "5", "0.5"), ("-2", "2", "1"), ("0", "1", "0.125")]


def _marks(draw: random.Random, criteria: Rubric, spread: int) -> list[int | None]:
    return [None if draw.random() < 0.04 else draw.randint(0, spread) for _ in criteria.judged]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _criterion(table: dict[str, Any]) -> CriterionSpec:
    return criterion(table["code"], table["weight"], table["min"], table["max"], table["step"])


def _rules(table: dict[str, Any]) -> RoundRules:
    return RoundRules(
        decimals=table["decimals"],
        combine=Combine(table.get("combine", "scorecard")),
        aggregate=Aggregate(table["aggregate"]),
        trim=table.get("trim", 1),
        min_judges=table["min_judges"],
    )
