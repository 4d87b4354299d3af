"""“Would the winner change?” in the minutes: one paragraph per track, in both languages, from what was frozen."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from contest.editions.rules import Aggregate, Combine, RoundRules
from contest.infra import cache
from contest.infra.db import unit_of_work
from contest.judging.models import Score
from tests.factories import Make
from tests.results import way
from tests.results.fair_panels import Marks, strict_and_kind
from tests.results.test_fairness_views import RULES, Panel, words

PAGE = "/e/mua-thu-2026/organise/results/r1/minutes"
FAIR = RoundRules(decimals=2, min_judges=2, aggregate=Aggregate.SEVERITY)


def paragraphs(panel: Panel, client: FlaskClient, locale: str = "vi", address: str = PAGE) -> list[tuple[str, str]]:
    panel.make.sign_in(client, panel.organiser)
    client.set_cookie("locale", locale)
    answer = client.get(address)
    assert answer.status_code == 200
    page = words(answer.get_data(as_text=True)).partition("<h2>5. ")[2].partition("<h2>6. ")[0]
    return re.findall(r'<p lang="(..)"[^>]*>(.*?)</p>', page)


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_the_paragraph_stands_there_in_both_languages(
    make: Make, client: FlaskClient, noon: datetime, locale: str
) -> None:
    told = paragraphs(Panel(make, strict_and_kind(), FAIR), client, locale)
    assert [language for language, _ in told] == (["vi", "en"] if locale == "vi" else ["en", "vi"])
    found = dict(told)
    assert found["en"].startswith("With the strictness of each judge taken off, S0 “Ý tưởng 0” is first.")
    assert "By the plain mean, S1 “Ý tưởng 1” would be first." in found["en"]
    assert "Leaving out any one criterion changes no winner." in found["en"]
    assert found["vi"].startswith("Sau khi trừ độ chặt tay của từng giám khảo, S0 “Ý tưởng 0” đứng nhất.")


@pytest.mark.both_databases
def test_a_finalised_round_keeps_its_paragraph(make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = Panel(make, strict_and_kind(), FAIR)
    draft = paragraphs(panel, client)
    way.finalise(make.facts(panel.edition), panel.round.id, panel.organiser.id, noon)
    with unit_of_work() as session:
        session.query(Score).update({"points": 0})  # what happens to the rows no longer matters
    cache.clear_all()
    assert paragraphs(panel, client) == draft
    assert paragraphs(panel, client, address=f"{PAGE}?version=1") == draft


ALL = {(one, judge): (20 - one, 15 - one) for one in range(6) for judge in range(3)}
APART = {(one, 2 * (one % 2) + at): (one, at) for one in range(8) for at in range(2)}
TWO = {(one, judge): (one, judge) for one in range(8) for judge in range(2)}


@pytest.mark.parametrize(
    ("marks", "rules", "sentence"),
    [
        (ALL, FAIR, "By the plain mean, S0 “Ý tưởng 0” is first."),
        (APART, RULES, "The judges fall into groups that share no submission."),
        (TWO, RULES, "Not tried: with fewer than three judges or two ranked submissions nothing can be left out."),
        (ALL, RoundRules(min_judges=2, combine=Combine.CRITERION), "This looks only at the judges’ totals, averaged;"),
    ],
)
def test_where_nothing_can_be_tried_it_says_why(
    make: Make, client: FlaskClient, noon: datetime, marks: Marks, rules: RoundRules, sentence: str
) -> None:
    (told,) = [text for language, text in paragraphs(Panel(make, marks, rules), client) if language == "en"]
    assert sentence in told


def test_judges_who_gave_the_same_marks_leave_no_page_broken(make: Make, client: FlaskClient, noon: datetime) -> None:
    marks = {(one, judge): (20 - one, 20 - one) for one in range(20) for judge in range(7)}
    told = dict(paragraphs(Panel(make, marks, RULES), client))
    assert told["en"].startswith("By the plain mean, S0 “Ý tưởng 0” is first.")


def test_an_empty_round_has_no_paragraph(make: Make, client: FlaskClient, noon: datetime) -> None:
    edition = make.edition()
    make.round(edition, "r1")
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    client.set_cookie("locale", "en")
    page = words(client.get(PAGE).get_data(as_text=True))
    assert "Would the winner change?</h2> <p>Nobody to rank yet.</p>" in page
