"""The templates against the published numbers, written down here a second time."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contest.editions.codes import check_code
from contest.editions.guidance import check_guidance
from contest.editions.numbers import plain
from contest.editions.rubric_templates import TEMPLATES, template
from contest.editions.rules import Source

PUBLISHED = {
    "ward-preliminary": (
        "100",
        {"NEED": "20", "NOVELTY": "25", "FEASIBILITY": "25", "IMPACT": "15", "TEAM": "5", "FORM": "10"},
    ),
    "ward-final": ("100", {"SOLUTION": "25", "PLAN": "25", "IMPACT": "20", "PITCH": "15", "ANSWERS": "15"}),
    "cic-2019-paper": ("100", {"NOVELTY": "40", "FEASIBILITY": "30", "FORM": "15", "TRAINING": "15"}),
    "cic-2019-pitch": ("300", {"MODEL": "100", "SLIDES": "100", "PITCH": "60", "DILIGENCE": "40"}),
    "lam-dong-2018": (
        "100",
        {
            "RESOURCES": "20",
            "MARKET": "15",
            "INNOVATION": "15",
            "PLAN": "10",
            "RISKS": "10",
            "FEASIBILITY": "10",
            "PERSUASION": "5",
            "REFERENCES": "5",
            "TRIALS": "5",
            "GROWTH": "5",
        },
    ),
    "startup-grind-idea": (
        "55",
        {"PROBLEM": "10", "SOLUTION": "10", "MARKET": "10", "VISION": "10", "PITCH": "10", "BONUS": "5"},
    ),
    "isef": (
        "100",
        {"QUESTION": "10", "DESIGN": "15", "EXECUTION": "20", "CREATIVITY": "20", "POSTER": "10", "INTERVIEW": "25"},
    ),
    "aecom-cityhack": (
        "100",
        {"VIABILITY": "25", "CUSTOMERS": "25", "SCALABILITY": "10", "PROTOTYPE": "30", "PITCH": "10"},
    ),
    "food-city": ("100", {"TEAM": "25", "MARKETING": "25", "FINANCE": "25", "VALUE": "25"}),
    "viet-duc-2016": ("100", {"CLIP": "30", "PLAN": "70"}),
    "wv-innovates": (
        "30",
        {"MISSION": "5", "PROBLEM": "5", "PROTOTYPE": "5", "CANVAS": "5", "NEXT": "5", "STORY": "5"},
    ),
    "stevie-asia": ("12", {"INNOVATION": "10", "FILES": "2"}),
    "sv-startup-hcm": ("100", {"NEED": "20", "FEASIBILITY": "20", "NOVELTY": "20", "FORM": "20", "TEAM": "20"}),
}
KEYS = [one.key for one in TEMPLATES]


def test_every_template_is_checked_here() -> None:
    assert sorted(KEYS) == sorted(PUBLISHED)
    assert len(KEYS) == len(set(KEYS)) >= 8


@pytest.mark.parametrize("key", KEYS)
def test_the_weights_are_the_published_ones(key: str) -> None:
    found = template(key)
    assert found is not None
    total, parts = PUBLISHED[key]
    assert plain(found.rubric.maximum) == total
    assert {one.code: plain(one.maximum * one.weight) for one in found.rubric.criteria} == parts


@pytest.mark.parametrize("key", KEYS)
def test_every_template_speaks_both_languages_and_names_its_source(key: str) -> None:
    found = template(key)
    assert found is not None
    assert found.source
    assert found.name.vi
    assert found.name.en
    assert bool(found.note.vi) is bool(found.note.en)
    for one in found.rubric.criteria:
        assert check_code(one.code) == one.code
        assert one.name.vi
        assert one.name.en
        check_guidance(one)


def test_the_organiser_fills_attendance_and_nothing_else() -> None:
    filled = {
        (one.key, spec.code) for one in TEMPLATES for spec in one.rubric.criteria if spec.source is not Source.JUDGES
    }
    assert filled == {("cic-2019-paper", "TRAINING"), ("cic-2019-pitch", "DILIGENCE")}


def test_lam_dong_marks_are_one_to_five_with_the_published_coefficients() -> None:
    found = template("lam-dong-2018")
    assert found is not None
    assert {(one.minimum, one.maximum, one.step) for one in found.rubric.criteria} == {
        (Decimal(1), Decimal(5), Decimal(1))
    }
    assert sorted(int(one.weight) for one in found.rubric.criteria) == [1, 1, 1, 1, 2, 2, 2, 3, 3, 4]


def test_stevie_mixes_scales_and_starts_one_at_one() -> None:
    found = template("stevie-asia")
    assert found is not None
    assert [(one.minimum, one.maximum) for one in found.rubric.criteria] == [
        (Decimal(1), Decimal(10)),
        (Decimal(0), Decimal(2)),
    ]


@pytest.mark.parametrize("key", ["ward-preliminary", "ward-final"])
def test_the_house_default_explains_five_marks_of_each_criterion_in_both_languages(key: str) -> None:
    found = template(key)
    assert found is not None
    for one in found.rubric.criteria:
        assert [int(g.mark) for g in one.guidance] == [2, 4, 6, 8, 10]
        assert all(g.text.vi and g.text.en for g in one.guidance)
        assert one.description.vi
        assert one.description.en


def test_an_unknown_template_is_none() -> None:
    assert template("nothing") is None
    assert template("") is None


def test_rule_41_no_template_lets_an_audience_vote_unless_somebody_adds_it() -> None:
    sources = {criterion.source for one in TEMPLATES for criterion in one.rubric.criteria}
    assert sources <= {Source.JUDGES, Source.ORGANISER}
    assert all(criterion.measure is None for one in TEMPLATES for criterion in one.rubric.criteria)
