"""The facts of the fairness page, on panels whose answers can be worked out by hand."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from contest.editions.rules import Aggregate, Combine, Counting, Decide, RoundRules
from contest.results.fair_cards import Table, groups_of
from contest.results.fairness import Fairness, TrackFairness, fairness_of, places
from contest.results.replay import inputs_from_report
from contest.results.report import RoundReport, from_payload, to_payload
from contest.results.robustness import Without
from contest.results.rulings import LedgerEntry, Ruling, RulingKind
from tests.results.fair_panels import Marks, report_of, rubric, strict_and_kind

RULES = RoundRules(decimals=2, min_judges=2)


def noisy(n: int = 12, judges: int = 5, seen: int = 3, seed: int = 3) -> Marks:
    """Submissions seen by some judges each, who differ."""
    chance = random.Random(seed)
    levels, kind = [chance.gauss(12, 3) for _ in range(n)], [chance.gauss(0, 2) for _ in range(judges)]

    def points(one: int, judge: int) -> int:
        return min(20, max(0, round(levels[one] + kind[judge] + chance.gauss(0, 1))))

    return {
        (one, judge): (points(one, judge), points(one, judge))
        for one in range(n)
        for judge in sorted(chance.sample(range(judges), seen))
    }


def codes(report: RoundReport, positions: tuple[int, ...]) -> list[str]:
    return [report.lines[one].entrant.code for one in positions]


def only(fairness: Fairness) -> TrackFairness:
    (track,) = fairness.tracks
    return track


def test_what_judges_add_is_taken_off() -> None:
    report = report_of(strict_and_kind(), rules=RULES)
    track = only(fairness_of(report))
    told = [
        (report.lines[one.position].entrant.code, one.raw, one.raw_rank, one.fair, one.fair_rank) for one in track.lines
    ]
    assert told == [
        ("S0", Decimal("11.00"), 2, Decimal("12.00"), 1),
        ("S1", Decimal("12.00"), 1, Decimal("11.00"), 2),
        ("S2", Decimal("10.00"), 3, Decimal("10.00"), 3),
        ("S3", Decimal("8.00"), 5, Decimal("9.00"), 4),
        ("S4", Decimal("9.00"), 4, Decimal("8.00"), 5),
        ("S5", Decimal("7.00"), 6, Decimal("7.00"), 6),
    ]
    assert [(one.reason.code, one.reason.some, one.reason.judges) for one in track.lines[:3]] == [
        ("strict", 1, 2),
        ("kind", 1, 2),
        ("none", 0, 2),
    ]
    assert [(one.best, one.worst, one.band) for one in track.lines] == [(n, n, n) for n in range(1, 7)]
    assert [one.first for one in track.lines] == [1, 0, 0, 0, 0, 0]
    assert [one.podium for one in track.lines] == [1, 1, 1, 0, 0, 0]


def test_the_judges_stand_from_strict_to_kind() -> None:
    judges = fairness_of(report_of(strict_and_kind(), rules=RULES)).judges
    assert [(one.judge, round(one.severity, 3) + 0, one.cards) for one in judges] == [(0, -2, 4), (1, 0, 4), (2, 2, 4)]
    assert all(one.low < one.severity < one.high for one in judges)


def test_the_example_adds_up_to_the_fair_score() -> None:
    report = report_of(strict_and_kind(), rules=RULES)
    example = only(fairness_of(report)).example
    assert example is not None
    assert codes(report, (example.position,)) == ["S0"]
    told = [(card.total, card.severity, card.left) for card in example.cards]
    assert told == [(Decimal(10), Decimal(-2), Decimal(12)), (Decimal(12), Decimal(0), Decimal(12))]
    assert (example.raw, example.mean, example.fair) == (Decimal(11), Decimal(12), Decimal(12))


def test_leaving_one_thing_out_names_the_winner_then() -> None:
    report = report_of(strict_and_kind(), rules=RULES)
    trials = only(fairness_of(report)).trials
    assert trials is not None
    assert trials.method == "mean"
    assert codes(report, trials.winners) == ["S1"]
    found = {(one.without, one.which): codes(report, one.winners) for one in trials.changes}
    assert found[Without.METHOD, "severity"] == ["S0"]
    # Without the first judge (who adds -2) S0 keeps the 12 of the second, S1 its 12, and S2 the 12 of the third.
    assert sorted(found[Without.JUDGE, 0]) == ["S0", "S1", "S2"]
    # Without the third (who adds 2) S0 has (10 + 12) / 2, S1 11.
    assert sorted(found[Without.JUDGE, 2]) == ["S0", "S1"]
    assert found[Without.CRITERION, 0] == ["S1"]


@pytest.mark.parametrize("scale", [None, Decimal(100)])
@pytest.mark.parametrize("seed", [3, 4, 5])
def test_fair_scores_are_those_of_a_round_that_ranks_by_them(seed: int, scale: Decimal | None) -> None:
    rules = replace(RULES, aggregate=Aggregate.SEVERITY, scale_to=scale)
    report = report_of(noisy(seed=seed), rules=rules)
    fairness = fairness_of(report)
    fair = {one.position: (str(one.fair), one.fair_rank) for one in only(fairness).lines}
    assert fair == {at: (line.result, line.rank) for at, line in enumerate(report.lines)}
    assert fairness.official
    plain = report_of(noisy(seed=seed), rules=replace(rules, aggregate=Aggregate.MEAN))
    raw = {
        plain.lines[one.position].entrant.code: (str(one.raw), one.raw_rank, one.fair)
        for one in only(fairness_of(plain)).lines
    }
    assert {code: one[:2] for code, one in raw.items()} == {
        one.entrant.code: (one.result, one.rank) for one in plain.lines
    }
    assert {code: str(one[2]) for code, one in raw.items()} == {one.entrant.code: one.result for one in report.lines}


def test_chances_are_chances() -> None:
    lines = only(fairness_of(report_of(noisy(), rules=RULES))).lines
    assert sum(one.first for one in lines) == pytest.approx(1)
    assert sum(one.podium for one in lines) == pytest.approx(3)
    assert all(one.low <= one.high and one.best <= one.worst and one.first <= one.podium for one in lines)
    assert {one.band for one in lines} == set(range(1, max(one.band for one in lines) + 1))


def test_a_report_read_back_gives_the_same_facts() -> None:
    report = report_of(noisy(), rules=RULES)
    assert fairness_of(from_payload(to_payload(report))) == fairness_of(report)


ALL = {(one, judge): (20 - one, 10 + judge) for one in range(7) for judge in range(4)}


@pytest.mark.parametrize(
    ("marks", "note"),
    [
        (ALL, "all_judged_all"),
        ({(one, judge): (one, judge) for one in range(8) for judge in range(2)}, "too_few_judges_to_compare"),
        ({(one, (one + at) % 4): (one, at) for one in range(5) for at in range(2)}, "too_few_entries_to_compare"),
        ({(one, 2 * (one % 2) + at): (one, at) for one in range(8) for at in range(2)}, "judges_not_linked"),
        ({(0, 0): (None, 1)}, "no_scorecard"),
    ],
)
def test_where_the_method_makes_no_sense_there_is_a_reason_and_no_number(marks: Marks, note: str) -> None:
    fairness = fairness_of(report_of(marks, rules=RULES))
    track = only(fairness)
    assert (track.note, track.lines, track.example) == (note, (), None)
    if note != "judges_not_linked":
        assert fairness.judges == ()


def test_where_everybody_judged_everything_the_trials_still_say_how_firm_the_winner_is() -> None:
    report = report_of(ALL, rules=RULES)
    trials = only(fairness_of(report)).trials
    assert trials is not None
    assert codes(report, trials.winners) == ["S0"]
    assert not any(one.winner_changes for one in trials.changes if one.without is Without.JUDGE)


def test_two_judges_are_too_few_to_leave_one_out() -> None:
    marks = {(one, judge): (one, judge) for one in range(8) for judge in range(2)}
    track = only(fairness_of(report_of(marks, rules=RULES)))
    assert (track.trials, track.untried) == (None, "few")


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_trials_begin_with_the_official_podium_of_each_track(seed: int) -> None:
    """Judges are known from all that they scored, in whichever track."""
    rules = replace(RULES, aggregate=Aggregate.SEVERITY)
    report = report_of(noisy(n=16, seed=seed), rules=rules, tracks=[one % 2 for one in range(16)])
    for track in fairness_of(report).tracks:
        own = [(at, line.rank) for at, line in enumerate(report.lines) if line.entrant.track == f"T{track.track}"]
        assert track.trials is not None
        assert track.trials.method == "severity"
        assert list(track.trials.podium) == [at for at, rank in own if rank is not None and rank <= 3]
        assert all(
            report.lines[at].entrant.track == f"T{track.track}" for one in track.trials.changes for at in one.podium
        )


def test_where_the_method_is_off_the_trials_vary_the_plain_mean() -> None:
    """Five submissions are too few to tell judges apart: the rules fall back to the mean, and so do the trials."""
    marks = {(one, (one + at) % 4): (10 - one, 10 - one + at) for one in range(5) for at in range(2)}
    rules = replace(RULES, aggregate=Aggregate.SEVERITY)
    report = report_of(marks, rules=rules)
    track = only(fairness_of(report))
    assert (track.note, track.opinions) == ("too_few_entries_to_compare", ())
    assert track.trials is not None
    assert track.trials.method == "mean"
    assert list(track.trials.winners) == [at for at, line in enumerate(report.lines) if line.rank == 1]


def test_groups_that_share_no_judge_are_listed() -> None:
    marks = {(one, 3 * (one % 2) + at): (one, at) for one in range(12) for at in range(3)}
    report = report_of(marks, rules=RULES)
    parts = only(fairness_of(report)).parts
    told = {frozenset(codes(report, part.submissions)): part.judges for part in parts}
    assert told == {
        frozenset(f"S{one}" for one in range(0, 12, 2)): (0, 1, 2),
        frozenset(f"S{one}" for one in range(1, 12, 2)): (3, 4, 5),
    }


def test_each_group_is_compared_within_itself_as_advice() -> None:
    one, other = noisy(n=9, judges=4, seen=2, seed=8), noisy(n=7, judges=4, seen=2, seed=9)
    marks = {**one, **{(9 + entry, 4 + judge): points for (entry, judge), points in other.items()}}
    report = report_of(marks, rules=RULES)
    track = only(fairness_of(report))
    assert (track.note, track.lines) == ("judges_not_linked", ())
    alone = [only(fairness_of(report_of(part, rules=RULES))) for part in (one, other)]
    assert sorted(len(part.lines) for part in track.parts) == [7, 9]
    for part in track.parts:
        assert part.note is None
        assert {line.position for line in part.lines} == set(part.submissions)
        assert len(part.pairs) == 2 * len(part.submissions)
        fair = [line.fair for line in part.lines]
        assert fair in [[line.fair for line in whole.lines] for whole in alone]


def test_the_podium_stands_there_by_each_method() -> None:
    report = report_of(strict_and_kind(), rules=RULES)
    told = [
        (one.method, one.official, [(rank, report.lines[at].entrant.code) for rank, at in one.podium])
        for one in only(fairness_of(report)).opinions
    ]
    assert told[:2] == [
        ("mean", True, [(1, "S1"), (2, "S0"), (3, "S2")]),
        ("severity", False, [(1, "S0"), (2, "S1"), (3, "S2")]),
    ]
    assert [one[:2] for one in told[2:]] == [("robust", False)]


@pytest.mark.parametrize(
    ("rules", "official"),
    [
        (RULES, ["mean"]),
        (replace(RULES, aggregate=Aggregate.SEVERITY), ["severity"]),
        (replace(RULES, aggregate=Aggregate.MEDIAN), []),
        (replace(RULES, combine=Combine.CRITERION), []),
    ],
)
def test_only_the_rule_of_the_round_is_called_its_method(rules: RoundRules, official: list[str]) -> None:
    track = only(fairness_of(report_of(noisy(), rules=rules)))
    assert [one.method for one in track.opinions if one.official] == official


@pytest.mark.parametrize(("n", "top", "second"), [(60, 4, "ceiling"), (60, 0, "robust"), (59, 4, "robust")])
def test_the_second_opinion_knows_of_the_ceiling_where_many_stand_at_it(n: int, top: int, second: str) -> None:
    """Six per cent of 120 totals (more than five) at the top of at least sixty submissions."""
    marks = {(one, (one + at) % 7): (5 + one % 9, 6 + at) for one in range(n) for at in range(2)}
    marks |= {(one, (one + at) % 7): (20, 20) for one in range(top) for at in range(2)}
    track = only(fairness_of(report_of(marks, rules=RULES)))
    assert track.second == second
    assert track.trials is not None
    assert second in {one.which for one in track.trials.changes if one.without is Without.METHOD}
    assert len({line.second_rank for line in track.lines}) > 1


def test_how_each_judge_marked() -> None:
    marks = {(one, (one + at) % 4): (5 + one, 5 + one) for one in range(8) for at in range(2)}
    marks |= {(one, 4): (10, 10) for one in range(8)}
    fairness = fairness_of(report_of(marks, rules=RULES))
    told = [(one.judge, one.cards, str(one.lowest), str(one.highest), one.spread) for one in fairness.markings]
    assert told == [
        (0, 4, "5.00", "12.00", "usual"),
        (1, 4, "5.00", "10.00", "usual"),
        (2, 4, "6.00", "11.00", "usual"),
        (3, 4, "7.00", "12.00", "usual"),
        (4, 8, "10.00", "10.00", "narrow"),
    ]
    assert {one.note for one in fairness.markings} == {None}


def test_tracks_are_ranked_apart_and_linked_by_their_judges() -> None:
    report = report_of(noisy(), rules=RULES, tracks=[one % 2 for one in range(12)])
    first, second = fairness_of(report).tracks
    assert (first.track, second.track) == (0, 1)
    for track in (first, second):
        assert min(one.fair_rank for one in track.lines) == 1
        assert {report.lines[one.position].entrant.track for one in track.lines} == {f"T{track.track}"}
        assert sum(one.first for one in track.lines) == pytest.approx(1)
    whole = only(fairness_of(report_of(noisy(), rules=RULES)))
    together = {one.fair for track in (first, second) for one in track.lines}
    assert together == {one.fair for one in whole.lines}  # one panel, whatever the tracks


def test_a_track_that_falls_apart_does_not_take_the_other_along() -> None:
    marks = dict(noisy())
    marks |= {(12 + one, 5 + 2 * (one % 2) + at): (10, 10) for one in range(4) for at in range(2)}
    tracks = fairness_of(report_of(marks, rules=RULES, tracks=[0] * 12 + [1] * 4)).tracks
    assert [(one.note, len(one.lines)) for one in tracks] == [(None, 12), ("judges_not_linked", 0)]


def test_who_has_too_few_scorecards_takes_no_place() -> None:
    marks = {**noisy(), (12, 0): (20, 20)}
    report = report_of(marks, rules=RULES)
    track = only(fairness_of(report))
    assert "S12" not in codes(report, tuple(one.position for one in track.lines))
    assert track.trials is not None
    assert "S12" not in codes(report, track.trials.podium)
    assert len(track.lines) == 12


def test_a_scorecard_that_does_not_count_changes_nothing() -> None:
    marks = dict(noisy())
    blank = {**marks, (0, next(j for j in range(5) if (0, j) not in marks)): (None, 20)}
    assert (
        only(fairness_of(report_of(blank, rules=RULES))).lines == only(fairness_of(report_of(marks, rules=RULES))).lines
    )


def test_a_missing_part_counts_as_the_lowest_mark() -> None:
    criteria = rubric(1, part="video").criteria[0], replace(rubric(1).criteria[0], code="C2")
    ruling = Ruling(RulingKind.MISSING_PART, 0, "video", "không nộp", "Thư ký")
    report = report_of(noisy(), rules=RULES, criteria=replace(rubric(), criteria=criteria), rulings=(ruling,))
    inputs = inputs_from_report(report)
    at = next(place for place, line in enumerate(report.lines) if line.entrant.code == "S0")
    table = Table.of(inputs)
    assert {points[0] for one, _, points in table.rows if one == at} == {0}
    raw = next(one.raw for one in only(fairness_of(report)).lines if one.position == at)
    assert str(raw) == report.lines[at].result


@pytest.mark.parametrize(
    ("rules", "more", "told"),
    [
        (RULES, {}, False),
        (replace(RULES, aggregate=Aggregate.SEVERITY), {}, False),
        (replace(RULES, aggregate=Aggregate.MEDIAN), {}, True),
        (replace(RULES, combine=Combine.CRITERION), {}, True),
        (replace(RULES, decide=Decide.AGREEMENT), {}, True),
        (RULES, {"ledger": ((LedgerEntry(Decimal(1), "thưởng", "BTC"),), *((),) * 11)}, True),
    ],
)
def test_it_is_told_when_the_results_look_at_more(rules: RoundRules, more: dict[str, Any], *, told: bool) -> None:
    assert fairness_of(report_of(noisy(), rules=rules, **more)).totals_only is told


def test_a_long_round_is_not_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contest.results.fairness.MOST_CARDS", 30)
    track = only(fairness_of(report_of(noisy(), rules=RULES)))
    assert track.trials is None
    assert len(track.lines) == 12


def test_few_scorecards_are_named_as_the_reason() -> None:
    marks = dict(noisy(n=20, judges=6, seen=4))
    for judge in [judge for one, judge in marks if one == 0][1:]:
        del marks[0, judge]
    track = only(fairness_of(report_of(marks, rules=replace(RULES, min_judges=1))))
    assert {one.reason.code for one in track.lines} <= {"none", "strict", "kind", "stricter", "kinder", "few"}
    for line in track.lines:
        assert (line.reason.code in ("strict", "stricter")) <= (line.change > 0)
        assert (line.reason.code in ("kind", "kinder")) <= (line.change < 0)
        assert (line.reason.code == "none") == (line.change == 0)


def test_equal_numbers_share_a_place() -> None:
    assert places({1: Decimal(3), 2: Decimal(5), 3: Decimal(5), 4: Decimal(1)}) == {1: 3, 2: 1, 3: 1, 4: 4}
    assert places({}) == {}


def test_drafts_count_only_where_the_rules_say_so() -> None:
    assert (
        len(
            groups_of(
                Table.of(inputs_from_report(report_of(noisy(), rules=replace(RULES, counting=Counting.COMPLETE))))
            )
        )
        == 1
    )


def test_an_empty_round_has_no_track() -> None:
    assert fairness_of(report_of({}, rules=RULES)) == Fairness(
        official=False, totals_only=False, tracks=(), judges=(), markings=()
    )
