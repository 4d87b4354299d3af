"""The fairness page: what it tells, to whom, and what it costs."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition, Round
from contest.editions.phases import RoundState
from contest.editions.rules import Aggregate, RoundRules
from contest.infra.db import db, unit_of_work
from contest.judging.models import Judge, Score
from contest.results.fairness import Fairness, fairness_of
from contest.results.queries import fairness as reads
from contest.results.report import RoundReport
from tests.counting import counted
from tests.factories import Make
from tests.results import way
from tests.results.fair_panels import Marks, strict_and_kind

PAGE = "/e/mua-thu-2026/organise/results/r1/fairness"
RULES = RoundRules(decimals=2, min_judges=2)


class Panel:
    """A round in the database with the marks of a small panel."""

    def __init__(self, make: Make, marks: Marks, rules: RoundRules = RULES) -> None:
        self.make = make
        self.edition: Edition = make.edition()
        self.round: Round = make.round(self.edition, "r1", rules=rules)
        self.judges: list[Judge] = []
        self.users: list[User] = []
        self.organiser: User = make.member(self.edition, Role.ORGANISER)
        self.submissions = [
            make.submission(self.edition, code=f"S{n}", title=f"Ý tưởng {n}")
            for n in range(1 + max(one for one, _ in marks))
        ]
        for judge in range(1 + max(judge for _, judge in marks)):
            self.users.append(make.user(name=f"Giám khảo {judge}"))
            self.judges.append(make.judge(self.edition, self.users[judge]))
        for (one, judge), points in marks.items():
            make.scorecard(make.assignment(self.round, self.judges[judge], self.submissions[one]), list(points))

    def page(self, client: FlaskClient, role: Role | None = None, locale: str = "en") -> str:
        self.make.sign_in(client, self.organiser if role is None else self.make.member(self.edition, role))
        client.set_cookie("locale", locale)
        answer = client.get(PAGE)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)


def words(page: str) -> str:
    return " ".join(page.split())


def main_of(page: str) -> str:
    """Return what stands between head and foot: the head holds tokens that change by the second."""
    return words(page.partition("<main")[2].partition("</main>")[0])


@pytest.mark.both_databases
def test_raw_and_fair_stand_side_by_side_with_the_reason(make: Make, client: FlaskClient, noon: datetime) -> None:
    page = words(Panel(make, strict_and_kind()).page(client))
    assert page.index("Ý tưởng 0</strong>") < page.index("Ý tưởng 1</strong>")
    assert "1 of its 2 judges was among the strictest: +1.00" in page
    assert "1 of its 2 judges was among the kindest: −1.00" in page
    assert "Its judges together were neither stricter nor kinder than the panel." in page
    assert page.count("1 place up") == page.count("1 place down") == 2
    assert '<td class="text-end bv-nowrap" data-label="First">&gt; 99%</td>' in page
    assert "tie group 6" in page


def test_the_method_is_shown_on_real_numbers(make: Make, client: FlaskClient, noon: datetime) -> None:
    page = words(Panel(make, strict_and_kind()).page(client))
    for told in (
        "Example: S0 “Ý tưởng 0”.",
        "Judge 1 gave 10.00 and is 2.00 stricter than the panel: 12.00.",
        "Judge 2 gave 12.00 and marks like the panel: 12.00 stays.",
        "The mean of what is left is 12.00; the plain mean is 11.00.",
    ):
        assert told in page


def test_would_the_winner_change_is_one_paragraph_in_both_languages(
    make: Make, client: FlaskClient, noon: datetime
) -> None:
    page = words(Panel(make, strict_and_kind()).page(client))
    assert "By the plain mean, S1 “Ý tưởng 1” is first." in page
    assert "With the strictness of each judge taken off, S0 would be first." in page
    assert "Leaving out any one criterion changes no winner." in page
    assert "Moving any one weight up or down by a tenth changes no winner." in page
    assert "Without judge Giám khảo 0, S1, S0 “Ý tưởng 0”, S2 “Ý tưởng 2” would share the first place." in page
    assert "Without judge Giám khảo 2, S1, S0 would share the first place." in page
    assert '<p class="bv-prose" lang="en">' in page
    assert '<p class="bv-prose" lang="vi">' in page


def test_numbers_carry_the_comma_in_vietnamese(make: Make, client: FlaskClient, noon: datetime) -> None:
    page = Panel(make, strict_and_kind()).page(client, locale="vi")
    assert "12,00" in page
    assert "+1,00" in page
    assert "12.00" not in page


def test_it_says_whether_it_is_advice_or_the_rule(make: Make, client: FlaskClient, noon: datetime) -> None:
    advice = Panel(make, strict_and_kind()).page(client)
    assert "Advice, not the result" in advice
    assert "This is the method of this round" not in advice


def test_a_round_that_ranks_by_fair_scores_says_so(make: Make, client: FlaskClient, noon: datetime) -> None:
    rules = RoundRules(decimals=2, min_judges=2, aggregate=Aggregate.SEVERITY)
    page = words(Panel(make, strict_and_kind(), rules).page(client))
    assert "This is the method of this round" in page
    assert "Advice, not the result" not in page
    assert "By the plain mean, S1 “Ý tưởng 1” would be first." in page


def test_without_sense_there_is_a_sentence_and_no_number(make: Make, client: FlaskClient, noon: datetime) -> None:
    marks = {(one, judge): (20 - one, 15 - one) for one in range(6) for judge in range(3)}
    page = words(Panel(make, marks).page(client))
    assert "Every judge scored every submission" in page
    assert "the winner stays the same every time" in page
    for number in ("Raw and fair", "How strict each judge is", '<svg class="bv-plot"', "top three"):
        assert number not in page


def test_groups_that_cannot_be_compared_are_named(make: Make, client: FlaskClient, noon: datetime) -> None:
    marks = {(one, 2 * (one % 2) + at): (one, at) for one in range(8) for at in range(2)}
    page = words(Panel(make, marks).page(client))
    assert "The judges fall into groups that share no submission." in page
    assert "Group 1: 2 judges, 4 submissions" in page
    assert "Group 2: 2 judges, 4 submissions" in page
    assert page.count('<rect class="bv-map-box"') == 2
    assert page.count('<line class="bv-map-line"') == 16
    assert page.count('<line class="bv-map-link"') == 1
    assert re.search(r"Giám khảo [0-3] could score S\d\.", page)


def test_the_map_of_large_groups_says_what_it_leaves_out(make: Make, client: FlaskClient, noon: datetime) -> None:
    marks = {(one, 2 * (one % 2) + at): (one % 20, at) for one in range(25) for at in range(2)}
    page = words(Panel(make, marks).page(client))
    assert page.count('<circle class="bv-map-entry"') == 20
    assert "not drawn: 0 judges, 3 submissions" in page
    assert "not drawn: 0 judges, 2 submissions" in page


def test_groups_with_enough_judges_are_compared_within_themselves(
    make: Make, client: FlaskClient, noon: datetime
) -> None:
    one = strict_and_kind()
    marks = {**one, **{(6 + entry, 3 + judge): points for (entry, judge), points in one.items()}}
    page = words(Panel(make, marks, RoundRules(decimals=2, min_judges=2, aggregate=Aggregate.SEVERITY)).page(client))
    assert "The method of this round is off" in page
    assert page.count("Advice only: places within this group") == 2
    assert page.count("1 of its 2 judges was among the strictest: +1.00") == 4


def test_the_podium_by_each_method_is_on_the_page(make: Make, client: FlaskClient, noon: datetime) -> None:
    page = words(Panel(make, strict_and_kind()).page(client))
    table = page.partition("The podium by each method</h3>")[2].partition("</table>")[0]
    rows = [row.partition("</tr>")[0] for row in table.split("<tr>")[2:]]
    assert ["Method of this round" in row for row in rows] == [True, False, False]
    assert ["Differs" in row for row in rows] == [False, True, True]
    assert rows[1].index("1. S0 “Ý tưởng 0”") < rows[1].index("2. S1 “Ý tưởng 1”")
    assert "Second opinion: The same, and wild scores have less weight." in page


def test_many_lines_are_folded_below_the_first_thirty(make: Make, client: FlaskClient, noon: datetime) -> None:
    marks = {(one, (one + at) % 4): (one % 15, (one + at) % 15) for one in range(33) for at in range(2)}
    page = words(Panel(make, marks).page(client))
    opened, _, folded = page.partition("3 more submissions</summary>")
    assert opened.count('data-label="Fair rank"') == 30
    assert folded.partition("</details>")[0].count('data-label="Fair rank"') == 3
    assert page.count("3 more submissions</summary>") == 2


@pytest.mark.parametrize(
    ("role", "sees"),
    [(Role.ORGANISER, True), (Role.CHAIR, True), (Role.SECRETARY, False), (Role.OBSERVER, False)],
)
def test_how_strict_judges_are_is_for_organiser_and_chair(
    make: Make, client: FlaskClient, noon: datetime, role: Role, *, sees: bool
) -> None:
    page = Panel(make, strict_and_kind()).page(client, role)
    assert ("How strict each judge is" in page) is sees
    assert ("−2.00 (scorecards: 4)" in page) is sees


@pytest.mark.parametrize("role", [Role.JUDGE, Role.CAPTAIN, Role.MENTOR])
@pytest.mark.parametrize("state", [RoundState.SCORING, RoundState.CLOSED])
def test_judges_and_teams_see_nothing(
    make: Make, client: FlaskClient, noon: datetime, role: Role, state: RoundState
) -> None:
    panel = Panel(make, strict_and_kind())
    with unit_of_work():
        db.session.get_one(Round, panel.round.id).state = state
    make.sign_in(client, make.member(panel.edition, role))
    answer = client.get(PAGE)
    assert answer.status_code == 403
    assert "Giám khảo 0" not in answer.get_data(as_text=True)


def test_strangers_see_nothing(make: Make, client: FlaskClient, noon: datetime) -> None:
    Panel(make, strict_and_kind())
    assert client.get(PAGE).status_code == 303
    make.sign_in(client, make.user())
    assert client.get(PAGE).status_code == 404


def test_a_round_that_does_not_exist_is_missing(make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = Panel(make, strict_and_kind())
    make.sign_in(client, panel.organiser)
    assert client.get(PAGE.replace("r1", "r2")).status_code == 404


@pytest.mark.both_databases
def test_a_finalised_round_shows_what_was_frozen_and_computes_once(
    make: Make, client: FlaskClient, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = Panel(make, strict_and_kind())
    assert "Provisional" in panel.page(client)
    way.publish(make.facts(panel.edition), panel.round.id, panel.organiser.id, noon)
    computed = []

    def computing(report: RoundReport) -> Fairness:
        computed.append(report.round)
        return fairness_of(report)

    monkeypatch.setattr(reads, "fairness_of", computing)
    first = panel.page(client)
    with unit_of_work() as session:
        session.query(Score).update({"points": 0})  # what happens to the rows no longer matters
    assert main_of(panel.page(client)) == main_of(first)
    assert "Provisional" not in first
    assert "+1.00" in first
    assert computed == ["r1"]


def test_live_numbers_follow_every_mark(make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = Panel(make, strict_and_kind())
    before = panel.page(client)
    with unit_of_work() as session:
        session.query(Score).update({"points": 10})
    after = panel.page(client)
    assert "+1.00" in before
    assert "+1.00" not in after


def test_the_cost_does_not_grow_with_the_round(app: Flask, make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = Panel(make, strict_and_kind())
    panel.page(client)
    with counted(app) as few:
        client.get(PAGE)
    for _ in range(3):
        one = make.submission(panel.edition)
        for judge in panel.judges[:2]:
            make.scorecard(make.assignment(panel.round, judge, one), [8, 9])
    with counted(app) as many:
        client.get(PAGE)
    assert len(many) == len(few)
    way.publish(make.facts(panel.edition), panel.round.id, panel.organiser.id, noon)
    client.get(PAGE)
    with counted(app) as frozen:
        client.get(PAGE)
    assert len(frozen) < len(few)


def test_the_ranking_links_here(make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = Panel(make, strict_and_kind())
    make.sign_in(client, panel.organiser)
    assert f'href="{PAGE}"' in client.get(PAGE.removesuffix("/fairness")).get_data(as_text=True)


def test_nothing_stands_inline_on_the_page(make: Make, client: FlaskClient, noon: datetime) -> None:
    page = Panel(make, strict_and_kind()).page(client)
    assert page.count('<svg class="bv-plot"') == 2
    assert " style=" not in page


def test_a_rubric_without_criteria_is_refused_in_words(make: Make, client: FlaskClient, noon: datetime) -> None:
    edition = make.edition()
    make.round(edition, "r1", criteria=0)
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    assert client.get(PAGE).status_code == 409
