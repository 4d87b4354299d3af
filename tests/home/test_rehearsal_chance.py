"""Invented names and drawn marks: believable, marked, balanced, inside of every scale, the same for the same seed."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from contest.editions.rules import CriterionSpec, LocalText
from contest.home.rehearsal.chance import Fill, Paper, deal, papers, points
from contest.home.rehearsal.names import MARK, invent_judges, invent_teams

seeds = st.integers(0, 10_000)
criteria = st.sampled_from(
    [
        CriterionSpec("A", LocalText("A"), Decimal(low), Decimal(high), Decimal(step), Decimal(1))
        for low, high, step in (("0", "10", "1"), ("1", "5", "0.5"), ("0", "100", "1"), ("0", "1", "0.25"))
    ]
)


@given(seeds, st.integers(0, 70))
def test_every_name_is_marked_and_no_two_teams_share_one(seed: int, count: int) -> None:
    teams = invent_teams(random.Random(seed), count)
    assert teams == invent_teams(random.Random(seed), count)
    assert len({team.name for team in teams}) == len({team.title for team in teams}) == count
    for team in teams:
        texts = [team.name, team.school, team.captain, *team.members, team.mentor, team.title, team.summary]
        assert all(text.startswith(MARK) for text in texts)
        assert 1 <= len(team.members) <= 4
        assert 0 <= team.level <= 4
        assert "@" not in "".join(texts)


@given(seeds, st.integers(0, 60))
def test_judges_are_marked_and_differ_in_severity(seed: int, count: int) -> None:
    judges = invent_judges(random.Random(seed), count)
    assert len(judges) == count
    assert all(judge.name.startswith(f"{MARK} ") and judge.organisation.startswith(MARK) for judge in judges)
    assert all(abs(judge.lean) <= 0.08 for judge in judges)


@given(seeds, st.integers(0, 30), st.integers(1, 12), st.none() | st.integers(1, 15))
def test_the_deal_is_balanced_and_gives_nobody_an_entry_twice(
    seed: int, submissions: int, judges: int, each: int | None
) -> None:
    dealt = deal(random.Random(seed), range(submissions), range(judges), each)
    seats = judges if each is None else min(each, judges)
    assert len(set(dealt)) == len(dealt) == submissions * seats
    assert set(Counter(submission for submission, _ in dealt).values()) <= {seats}
    loads = Counter(dict.fromkeys(range(judges), 0))
    loads.update(judge for _, judge in dealt)
    assert max(loads.values()) - min(loads.values()) <= 1


@given(seeds, st.integers(0, 200))
def test_half_means_half(seed: int, count: int) -> None:
    fates = papers(random.Random(seed), count, Fill.HALF)
    assert len(fates) == count
    assert fates.count(Paper.HANDED_IN) == (count + 1) // 2
    assert fates.count(Paper.BEGUN) == min(count // 10, count // 2)
    assert set(papers(random.Random(seed), count, Fill.ALL)) <= {Paper.HANDED_IN}
    assert set(papers(random.Random(seed), count, Fill.TEAMS)) <= {Paper.NOTHING}


@given(seeds, criteria, st.integers(0, 4), st.floats(-0.08, 0.08))
def test_marks_lie_in_the_scale(seed: int, criterion: CriterionSpec, level: int, lean: float) -> None:
    drawn = points(random.Random(seed), criterion, level, lean, whole=False)
    assert 0 <= drawn <= criterion.max_points
    whole = points(random.Random(seed), criterion, level, lean, whole=True)
    assert criterion.value_of(whole) % 1 == 0
    assert 0 <= whole <= criterion.max_points


def test_better_teams_get_more() -> None:
    criterion = CriterionSpec("A", LocalText("A"), Decimal(0), Decimal(100), Decimal(1), Decimal(1))
    chance = random.Random(1)
    means = [sum(points(chance, criterion, level, 0.0, whole=False) for _ in range(50)) for level in range(5)]
    assert means == sorted(means)
    assert means[0] < means[4] - 1500
