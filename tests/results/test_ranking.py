from __future__ import annotations

import itertools
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.editions.rules import Aggregate, Combine, RoundRules, Rubric
from contest.judging.scoring import Scorecard, own_results
from contest.results.ranking import Standing, StandingStatus, judge_totals
from tests.judging.panels import PANEL_NAMES, card, random_contest, rank, read_panel, rubric

RANKED, INCOMPLETE, UNSCORED = StandingStatus.RANKED, StandingStatus.INCOMPLETE, StandingStatus.UNSCORED
CONTESTS = st.integers(0, 10**6).map(random_contest)


def lines(standings: tuple[Standing, ...]) -> list[tuple[int, int | None, str | None]]:
    return [(one.submission, one.rank, one.result) for one in standings]


def one_judge(*marks: int) -> list[Scorecard]:
    return [card(0, position, mark) for position, mark in enumerate(marks)]


@pytest.mark.parametrize("name", PANEL_NAMES)
def test_real_panels_are_ranked_as_published(name: str) -> None:
    panel = read_panel(name)
    standings = rank(panel.rules, panel.rubric, [None] * len(panel.submissions), panel.cards)
    found = {panel.submissions[one.submission]: (one.result, one.rank) for one in standings}
    assert found == panel.expected
    assert [one.rank for one in standings] == sorted(rank for _, rank in panel.expected.values())


def test_equal_printed_results_share_a_rank() -> None:
    standings = rank(RoundRules(), rubric(), [None] * 5, one_judge(7, 9, 9, 3, 7))
    assert lines(standings) == [(1, 1, "9.00"), (2, 1, "9.00"), (0, 3, "7.00"), (4, 3, "7.00"), (3, 5, "3.00")]
    assert [one.tied for one in standings] == [True, True, True, True, False]


def test_the_printed_number_decides() -> None:
    cards = [card(0, 0, 1), card(1, 0, 0), card(2, 0, 0), *(card(j, 1, int(j < 3)) for j in range(9))]
    cards += [card(j, 2, mark) for j, mark in enumerate((1, 1, 1, 0, 0, 0, 0, 0, 0, 0))]
    standings = rank(RoundRules(decimals=1), rubric(), [None] * 3, cards)
    assert lines(standings) == [(0, 1, "0.3"), (1, 1, "0.3"), (2, 1, "0.3")]
    standings = rank(RoundRules(decimals=2), rubric(), [None] * 3, cards)
    assert lines(standings) == [(0, 1, "0.33"), (1, 1, "0.33"), (2, 3, "0.30")]


def test_exact_thirds_are_an_exact_tie() -> None:
    weights = ("0.1", "0.2", "0.3")
    cards = [card(0, 0, 3, 0, 0), card(0, 1, 0, 0, 1), card(0, 2, 1, 1, 0)]
    standings = rank(RoundRules(decimals=6), rubric(*weights), [None] * 3, cards)
    assert lines(standings) == [(0, 1, "0.300000"), (1, 1, "0.300000"), (2, 1, "0.300000")]


def test_tracks_are_ranked_apart_and_in_order() -> None:
    standings = rank(RoundRules(), rubric(), [1, None, 0, 1, 0], one_judge(9, 8, 3, 10, 4))
    found = [(one.track, one.submission, one.rank) for one in standings]
    assert found == [(0, 4, 1), (0, 2, 2), (1, 3, 1), (1, 0, 2), (None, 1, 1)]


def test_missing_scorecards_never_rank() -> None:
    rules = RoundRules(min_judges=2)
    cards = [card(0, 0, 10), card(0, 2, 1), card(1, 2, 2), card(0, 3, 0), card(1, 3, 0), card(1, 4, None)]
    standings = rank(rules, rubric(), [None] * 5, cards)
    assert lines(standings) == [(2, 1, "1.50"), (3, 2, "0.00"), (0, None, "10.00"), (1, None, None), (4, None, None)]
    assert [one.status for one in standings] == [RANKED, RANKED, INCOMPLETE, UNSCORED, UNSCORED]
    assert [one.judges for one in standings] == [2, 2, 1, 0, 0]
    assert standings[2].value == 10
    assert not standings[2].tied


def test_too_few_to_trim_is_incomplete_without_a_result() -> None:
    rules = RoundRules(aggregate=Aggregate.TRIMMED, trim=1)
    (one,) = rank(rules, rubric(), [0], [card(0, 0, 4), card(1, 0, 6)])
    assert (one.status, one.reason, one.rank, one.result, one.own_result) == (
        INCOMPLETE,
        "too_few_to_trim",
        None,
        None,
        None,
    )
    assert (one.judges, one.tied, one.value, one.criteria) == (2, False, None, (None,))


def test_equal_incomplete_results_are_no_tie() -> None:
    standings = rank(RoundRules(min_judges=2), rubric(), [None] * 2, one_judge(5, 5))
    assert [one.tied for one in standings] == [False, False]


def test_nothing_to_rank() -> None:
    assert rank(RoundRules(), rubric(), [], []) == ()
    assert lines(rank(RoundRules(), rubric(), [0], [])) == [(0, None, None)]


def test_the_matrix_holds_the_counting_totals() -> None:
    cards = [card(0, 0, 1, 2), card(4, 1, 0, 0), card(5, 1, 1, None), card(6, 1, 9, 9, submitted=False)]
    cards.append(card(7, 1, 9, 9, recused=True))
    assert judge_totals(rubric("0.5", "1.25"), cards) == {(0, 0): Decimal("3.00"), (1, 4): Decimal(0)}


# An independent second implementation, in fractions, marks and dictionaries instead of scaled integers.


def rounded(value: Fraction, places: int) -> Fraction:
    shifted = abs(value) * 10**places + Fraction(1, 2)
    whole = Fraction(shifted.numerator // shifted.denominator, 10**places)
    return whole if value >= 0 else -whole


def combined(values: list[Fraction], rules: RoundRules) -> Fraction | None:
    if rules.aggregate is Aggregate.TRIMMED:
        for _ in range(rules.trim):
            for extreme in (min, max):
                if values:
                    values = list(values)
                    values.remove(extreme(values))
    return sum(values, Fraction(0)) / len(values) if values else None


def second_opinion(
    rules: RoundRules, marked: Rubric, tracks: list[int | None], cards: list[Scorecard]
) -> dict[int, tuple[Fraction | None, int | None, StandingStatus]]:
    weights = [Fraction(c.weight) for c in marked.judged]
    results: dict[int, Fraction | None] = {}
    counts = dict.fromkeys(range(len(tracks)), 0)
    for entry in range(len(tracks)):
        rows = [
            [Fraction(c.value_of(mark or 0)) for c, mark in zip(marked.judged, one.points, strict=True)]
            for one in cards
            if one.submission == entry and one.submitted and not one.recused and None not in one.points
        ]
        counts[entry] = len(rows)
        if rules.combine is Combine.SCORECARD:
            totals = [sum((w * m for w, m in zip(weights, row, strict=True)), Fraction(0)) for row in rows]
            mean = combined(totals, rules)
            results[entry] = None if mean is None else rounded(mean, rules.decimals)
            continue
        means = [combined([row[i] for row in rows], rules) for i in range(len(weights))]
        parts = [
            rounded(w * rounded(m, rules.decimals), rules.decimals)
            for w, m in zip(weights, means, strict=True)
            if m is not None
        ]
        results[entry] = sum(parts, Fraction(0)) if parts else None
    able = {e: r for e, r in results.items() if r is not None and counts[e] >= rules.min_judges}
    answer = {}
    for entry, result in results.items():
        better = sum(1 for e, r in able.items() if tracks[e] == tracks[entry] and result is not None and r > result)
        status = RANKED if entry in able else INCOMPLETE if counts[entry] else UNSCORED
        answer[entry] = (result, better + 1 if entry in able else None, status)
    return answer


@pytest.mark.parametrize("block", range(20))
def test_two_implementations_agree(block: int) -> None:
    for seed in range(100 * block, 100 * block + 100):
        rules, marked, tracks, cards = random_contest(seed)
        found = {
            one.submission: (None if one.value is None else Fraction(one.value), one.rank, one.status)
            for one in rank(rules, marked, tracks, cards)
        }
        assert found == second_opinion(rules, marked, tracks, cards), f"contest {seed}"


def test_the_random_contests_are_worth_comparing() -> None:
    standings = [one for seed in range(1000) for one in rank(*random_contest(seed))]
    assert {one.status for one in standings} == set(StandingStatus)
    assert sum(one.tied for one in standings) > 100
    assert sum(one.status is RANKED for one in standings) > 1000


# Laws that hold for every contest.


@given(CONTESTS, st.integers(0, 10**6))
def test_permuting_judges_entries_and_rows_permutes_the_result(
    contest: tuple[RoundRules, Rubric, list[int | None], list[Scorecard]], seed: int
) -> None:
    rules, marked, tracks, cards = contest
    draw = random.Random(seed)
    places, judges = list(range(len(tracks))), list(range(8))
    draw.shuffle(places)
    draw.shuffle(judges)
    moved = [replace(one, submission=places[one.submission], judge=judges[one.judge]) for one in cards]
    draw.shuffle(moved)
    new_tracks = [track for _, track in sorted(zip(places, tracks, strict=True), key=lambda pair: pair[0])]
    before = {replace(one, submission=places[one.submission]) for one in rank(rules, marked, tracks, cards)}
    assert set(rank(rules, marked, new_tracks, moved)) == before


@settings(max_examples=200)
@given(CONTESTS, st.data())
def test_raising_one_mark_never_lowers_a_rank_and_touches_no_other_result(
    contest: tuple[RoundRules, Rubric, list[int | None], list[Scorecard]], data: st.DataObject
) -> None:
    rules, marked, tracks, cards = contest
    raisable = [(i, j) for i, one in enumerate(cards) for j, mark in enumerate(one.points) if mark is not None]
    raisable = [(i, j) for i, j in raisable if (cards[i].points[j] or 0) < marked.judged[j].max_points]
    if not raisable:
        return
    which, criterion = data.draw(st.sampled_from(raisable))
    points = list(cards[which].points)
    points[criterion] = (points[criterion] or 0) + 1
    raised = [*cards[:which], replace(cards[which], points=tuple(points)), *cards[which + 1 :]]
    before = {one.submission: one for one in rank(rules, marked, tracks, cards)}
    after = {one.submission: one for one in rank(rules, marked, tracks, raised)}
    entry = cards[which].submission
    assert (after[entry].rank or 0) <= (before[entry].rank or 0)
    assert (after[entry].value or 0) >= (before[entry].value or 0)
    others = set(before) - {entry}
    assert {e: before[e].result for e in others} == {e: after[e].result for e in others}
    assert all((after[e].rank or 0) >= (before[e].rank or 0) for e in others)


@given(CONTESTS, st.integers(0, 6))
def test_a_blank_scorecard_is_never_a_zero(
    contest: tuple[RoundRules, Rubric, list[int | None], list[Scorecard]], entry: int
) -> None:
    rules, marked, tracks, cards = contest
    if entry >= len(tracks):
        return
    blank = card(99, entry, *(None for _ in marked.judged))
    assert rank(rules, marked, tracks, [*cards, blank]) == rank(rules, marked, tracks, cards)


@given(CONTESTS, st.integers(2, 5))
def test_scaling_every_weight_scales_every_result_and_turns_no_order(
    contest: tuple[RoundRules, Rubric, list[int | None], list[Scorecard]], factor: int
) -> None:
    rules, marked, tracks, cards = contest
    rules = replace(rules, combine=Combine.SCORECARD)
    scaled = Rubric(tuple(replace(c, weight=c.weight * factor) for c in marked.criteria))
    small, large = (own_results(rules, which, cards, len(tracks)) for which in (marked, scaled))
    assert [None if one.exact is None else one.exact * factor for one in small] == [one.exact for one in large]
    before = [one for one in rank(rules, marked, tracks, cards) if one.rank is not None]
    after = {one.submission: one.rank or 0 for one in rank(rules, scaled, tracks, cards)}
    for a, b in itertools.pairwise(before):
        if a.track == b.track and a.rank != b.rank:
            assert after[a.submission] <= after[b.submission]


@given(CONTESTS)
def test_ranks_are_whole_and_complete(contest: tuple[RoundRules, Rubric, list[int | None], list[Scorecard]]) -> None:
    standings = rank(*contest)
    assert sorted(one.submission for one in standings) == list(range(len(contest[2])))
    for track in {one.track for one in standings}:
        ranks = [one.rank for one in standings if one.track == track and one.rank is not None]
        assert ranks == sorted(ranks)
        assert all(value == 1 + sum(other < value for other in ranks) for value in ranks)
    assert all((one.result is None) == (one.value is None) for one in standings)
    assert all(one.tied == (one.rank is not None and _shares(one, standings)) for one in standings)


def _shares(one: Standing, standings: tuple[Standing, ...]) -> bool:
    return sum(other.track == one.track and other.rank == one.rank for other in standings) > 1
