"""Rules of real contests, by their number in the list of rules: from a bundle's settings to the ranking and the cut."""

from __future__ import annotations

import pytest

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import editions_by_ids, round_by_code
from contest.exchange.services import load_bundle
from contest.infra.db import unit_of_work
from contest.results.queries.cuts import cut_of
from contest.results.queries.rounds import live_report
from contest.results.report import RoundReport
from tests.conftest import NOON
from tests.exchange.helpers import EDITION, good

pytestmark = pytest.mark.usefixtures("app")

JUDGES = "judge,name\nJ1,An\nJ2,Bình\nJ3,Chi\n"
Marks = dict[str, dict[str, str]]
"""Submission -> criterion -> the marks of J1, J2, J3 with spaces between; "-" for none."""


def round_text(code: str, rules: str, *criteria: str) -> str:
    head = f'\n[[rounds]]\ncode = "{code}"\nname = "{code}"\n{rules}\n'
    return head + "".join(f"\n[[rounds.criteria]]\n{one}\n" for one in criteria)


def criterion(code: str, extra: str = "", top: int = 100) -> str:
    return f'code = "{code}"\nname = "{code}"\nmax = "{top}"\nstep = "1"\n{extra}'


def scores(rounds: dict[str, Marks]) -> str:
    rows = ["round,judge,submission,criterion,score"]
    for code, marks in rounds.items():
        for submission, by_criterion in marks.items():
            for name, text in by_criterion.items():
                for number, mark in enumerate(text.split(), start=1):
                    rows += [f"{code},J{number},{submission},{name},{mark}"] if mark != "-" else []
    return "\n".join(rows) + "\n"


def load(document: str, rounds: dict[str, Marks], entries: str = "ABC", **tables: str) -> EditionFacts:
    submissions = "submission,title,team\n" + "".join(f"{one},Bài {one},Đội {one}\n" for one in entries)
    bundle = good(EDITION + document, submissions=submissions, judges=JUDGES, scores=scores(rounds), **tables)
    with unit_of_work():
        edition_id = load_bundle(bundle, actor_id=None, now=NOON)
    return editions_by_ids([edition_id])[0]


def report_of(edition: EditionFacts, code: str) -> tuple[RoundFacts, RoundReport]:
    round_ = round_by_code(edition.id, code)
    assert round_ is not None
    return round_, live_report(edition, round_)


def ranking(edition: EditionFacts, code: str = "r1") -> list[tuple[str, int | None, str | None]]:
    return [(line.entrant.code, line.rank, line.result) for line in report_of(edition, code)[1].lines]


def advancing(edition: EditionFacts, code: str = "r1") -> list[str]:
    round_, report = report_of(edition, code)
    return [report.lines[place].entrant.code for place in cut_of(edition.id, round_, report).advancing]


def decided(edition: EditionFacts, code: str = "r1") -> list[tuple[str, int | None, str | None]]:
    return [(line.entrant.code, line.rank, line.decided_by) for line in report_of(edition, code)[1].lines]


def test_rule_06_a_coefficient_per_criterion_and_a_threshold_on_the_total() -> None:
    heavy, light = criterion("KT", 'weight = "4"', 5), criterion("TP", 'weight = "1"', 5)
    edition = load(
        round_text("r1", 'advance = { threshold = "20" }', heavy, light),
        {"r1": {"A": {"KT": "4 4", "TP": "4 4"}, "B": {"KT": "3 4", "TP": "5 5"}, "C": {"KT": "5 5", "TP": "1 0"}}},
    )
    assert ranking(edition) == [("C", 1, "20.50"), ("A", 2, "20.00"), ("B", 3, "19.00")]
    assert advancing(edition) == ["C", "A"]


def test_rule_09_a_missing_part_counts_with_the_lowest_mark() -> None:
    video, plan = criterion("VIDEO", 'min = "1"\npart = "video"', 5), criterion("PLAN", 'min = "1"', 5)
    marks: Marks = {"A": {"VIDEO": "5 - 4", "PLAN": "4 4 5"}, "B": {"VIDEO": "2 2 2", "PLAN": "3 3 3"}}
    ruling = "round,kind,submission,value,reason,author\nr1,missing_part,A,video,Phim riêng tư,Thư ký\n"
    # The second judge left the missing part blank and handed in: the scorecard counts all the same.
    card = "round,judge,submission,status\nr1,J2,A,submitted\n"
    with_ruling = load(round_text("r1", "", video, plan), {"r1": marks}, "AB", rulings=ruling, scorecards=card)
    assert ranking(with_ruling) == [("A", 1, "5.33"), ("B", 2, "5.00")]


ROUNDS_30_70 = (
    round_text("clip", "decimals = 2", criterion("CLIP"))
    + round_text("plan", 'carry = { clip = "0.3", self = "0.7" }', criterion("PLAN"))
    + round_text("last", "", criterion("PITCH"))
)
THREE_ROUNDS: dict[str, Marks] = {
    "clip": {"A": {"CLIP": "90"}, "B": {"CLIP": "50"}, "C": {"CLIP": "70"}},
    "plan": {"A": {"PLAN": "60"}, "B": {"PLAN": "80"}, "C": {"PLAN": "69"}},
    "last": {"A": {"PITCH": "70"}, "B": {"PITCH": "60"}, "C": {"PITCH": "71"}},
}


def test_rule_13_rounds_weigh_30_and_70_or_the_last_one_decides_alone() -> None:
    edition = load(ROUNDS_30_70, THREE_ROUNDS)
    assert ranking(edition, "plan") == [("B", 1, "71.00"), ("C", 2, "69.30"), ("A", 3, "69.00")]
    assert ranking(edition, "last") == [("C", 1, "71.00"), ("A", 2, "70.00"), ("B", 3, "60.00")]


def test_rule_14_the_sum_across_rounds_decides() -> None:
    summed = ROUNDS_30_70.replace('code = "last"\nname = "last"\n', 'code = "last"\nname = "last"\n'
                                  'carry = { clip = "1", plan = "1", self = "1" }\n')  # fmt: skip
    assert ranking(load(summed, THREE_ROUNDS), "last") == [("A", 1, "220.00"), ("C", 2, "210.00"), ("B", 3, "190.00")]


IDEA_AND_TEAM = (criterion("IDEA", top=10), criterion("TEAM", top=10))


def tied(rules: str, marks: Marks, entries: str = "ABC", **tables: str) -> EditionFacts:
    return load(round_text("r1", rules, *IDEA_AND_TEAM), {"r1": marks}, entries, **tables)


def test_rule_16_secondary_factors_and_the_last_word_of_the_jury() -> None:
    marks: Marks = {one: {"IDEA": "6 6", "TEAM": "6 6"} for one in "ABC"}
    rules = 'tie_breaks = ["criterion:IDEA", "chair"]'
    waiting = tied(rules, marks)
    assert [(line.entrant.code, line.rank, line.awaits_chair) for line in report_of(waiting, "r1")[1].lines] == [
        ("A", 1, True),
        ("B", 1, True),
        ("C", 1, True),
    ]


def test_rule_16_the_order_of_the_jury_stands() -> None:
    marks: Marks = {one: {"IDEA": "6 6", "TEAM": "6 6"} for one in "ABC"}
    order = (
        "round,kind,submission,value,reason,author\n"
        "r1,chair_order,C,1,Gần với phường hơn,Trưởng ban\nr1,chair_order,A,2,Gần với phường hơn,Trưởng ban\n"
    )
    settled = tied('tie_breaks = ["criterion:IDEA", "chair"]', marks, rulings=order)
    assert decided(settled) == [("C", 1, "chair"), ("A", 2, "chair"), ("B", 3, "chair")]


def test_rule_17_the_first_criterion_then_the_next() -> None:
    marks: Marks = {
        "A": {"IDEA": "5 5", "TEAM": "7 7"},
        "B": {"IDEA": "7 7", "TEAM": "5 5"},
        "C": {"IDEA": "5 5", "TEAM": "7 7"},
    }
    edition = tied('tie_breaks = ["criterion:IDEA", "criterion:TEAM"]', marks)
    assert [(code, rank) for code, rank, _step in decided(edition)] == [("B", 1), ("A", 2), ("C", 2)]


def test_rule_18_the_highest_single_scorecard() -> None:
    marks: Marks = {
        "A": {"IDEA": "6 6", "TEAM": "6 6"},
        "B": {"IDEA": "9 3", "TEAM": "9 3"},
        "C": {"IDEA": "8 4", "TEAM": "8 4"},
    }
    edition = tied('tie_breaks = ["highest_scorecard"]', marks)
    assert [(code, rank) for code, rank, _step in decided(edition)] == [("B", 1), ("C", 2), ("A", 3)]


def test_rule_19_all_who_are_tied_on_the_line_advance() -> None:
    marks: Marks = {
        "A": {"IDEA": "9 9", "TEAM": "9 9"},
        "B": {"IDEA": "6 6", "TEAM": "6 6"},
        "C": {"IDEA": "6 6", "TEAM": "6 6"},
    }
    assert advancing(tied("advance = { top = 2 }", marks)) == ["A", "B", "C"]


def test_rule_20_the_panel_decides_who_of_the_tied_advances() -> None:
    marks: Marks = {
        "A": {"IDEA": "9 9", "TEAM": "9 9"},
        "B": {"IDEA": "6 6", "TEAM": "6 6"},
        "C": {"IDEA": "6 6", "TEAM": "6 6"},
    }
    chosen = "round,kind,submission,value,reason,author\nr1,advance,C,,Gần với phường hơn,Ban Tổ chức\n"
    assert advancing(tied('advance = { top = 2, ties = "chair" }', marks, rulings=chosen)) == ["A", "C"]


def test_rule_21_cascade_then_the_votes_of_the_judges_then_a_named_decider() -> None:
    marks: Marks = {
        "A": {"IDEA": "7 7 4", "TEAM": "6 6 6"},
        "B": {"IDEA": "6 6 6", "TEAM": "6 6 6"},
        "C": {"IDEA": "6 6 6", "TEAM": "5 6 6"},
    }
    rules = 'tie_breaks = ["criterion:IDEA", "judges_preferring", "chair"]'
    # Equal totals and equal ideas: two of three judges prefer A.
    assert decided(tied(rules, marks)) == [("A", 1, "judges_preferring"), ("B", 2, "judges_preferring"), ("C", 3, None)]


VOTE = 'source = "audience"\nmeasure = { conversion = "leader" }'
MEASURED = "round,criterion,submission,value\n"


def test_rule_36_a_fifth_of_the_result_is_the_vote_of_the_community() -> None:
    jury = criterion("JURY", 'weight = "0.8"')
    edition = load(
        round_text("r1", "", jury, criterion("VOTE", f'weight = "0.2"\n{VOTE}')),
        {"r1": {"A": {"JURY": "80 80"}, "B": {"JURY": "75 75"}, "C": {"JURY": "70 70"}}},
        measured=f"{MEASURED}r1,VOTE,A,50\nr1,VOTE,B,200\nr1,VOTE,C,0\n",
    )
    assert ranking(edition) == [("B", 1, "80.00"), ("A", 2, "69.00"), ("C", 3, "56.00")]


def test_rule_37_the_audience_alone_picks_who_goes_on() -> None:
    edition = load(
        round_text("r1", "advance = { top = 2 }", criterion("VOTE", VOTE)),
        {},
        measured=f"{MEASURED}r1,VOTE,A,10\nr1,VOTE,B,40\nr1,VOTE,C,20\n",
    )
    assert ranking(edition) == [("B", 1, "100.00"), ("C", 2, "50.00"), ("A", 3, "25.00")]
    assert advancing(edition) == ["B", "C"]


def test_rule_38_panel_and_public_share_the_places_and_the_best_pass_directly() -> None:
    panel = criterion("PANEL", 'weight = "0.5"')
    public = criterion("PUBLIC", 'weight = "0.5"\nsource = "audience"\nmeasure = { conversion = "places" }')
    edition = load(
        round_text("r1", "advance = { top = 3, direct = 1 }", panel, public) + round_text("r2", "", panel),
        {"r1": {"A": {"PANEL": "90"}, "B": {"PANEL": "80"}, "C": {"PANEL": "60"}}},
        measured=f"{MEASURED}r1,PUBLIC,A,5\nr1,PUBLIC,B,9\nr1,PUBLIC,C,7\n",
    )
    assert ranking(edition) == [("B", 1, "90.00"), ("C", 2, "55.00"), ("A", 3, "45.00")]
    round_, report = report_of(edition, "r1")
    cut = cut_of(edition.id, round_, report)
    assert [report.lines[place].entrant.code for place in cut.direct] == ["B"]


def test_rule_39_the_choice_of_the_audience_stays_outside_of_the_ranking() -> None:
    edition = load(
        round_text("r1", "", criterion("JURY"), criterion("VOTE", f'weight = "0"\n{VOTE}')),
        {"r1": {"A": {"JURY": "80"}, "B": {"JURY": "70"}, "C": {"JURY": "60"}}},
        measured=f"{MEASURED}r1,VOTE,A,1\nr1,VOTE,B,2\nr1,VOTE,C,300\n",
    )
    assert ranking(edition) == [("A", 1, "80.00"), ("B", 2, "70.00"), ("C", 3, "60.00")]
    lines = report_of(edition, "r1")[1].lines
    assert [(line.entrant.code, line.criteria[1]) for line in lines] == [("A", "0.33"), ("B", "0.67"), ("C", "100.00")]


def test_rule_55_slots_per_field() -> None:
    submissions = "submission,title,team,field\nA,Bài,Đội A,Y\nB,Bài,Đội B,Y\nC,Bài,Đội C,X\nD,Bài,Đội D,X\n"
    document = EDITION + round_text("r1", 'advance = { top = 1, per = "field" }', criterion("IDEA"))
    marks: Marks = {"A": {"IDEA": "90"}, "B": {"IDEA": "80"}, "C": {"IDEA": "10"}, "D": {"IDEA": "20"}}
    bundle = good(document, submissions=submissions, judges=JUDGES, scores=scores({"r1": marks}))
    with unit_of_work():
        edition_id = load_bundle(bundle, actor_id=None, now=NOON)
    assert sorted(advancing(editions_by_ids([edition_id])[0])) == ["A", "D"]
