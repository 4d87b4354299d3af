from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from contest.editions.forms.fields import (
    ExactField,
    Later,
    WallTimeField,
    at_most,
    between,
    blame,
    blame_row,
    given,
    needed,
)
from contest.editions.forms.rubric import CriterionForm, RubricForm
from contest.errors import RuleBroken
from contest.web.forms import Form, WholeField


class Probe(Form):
    mark = ExactField("Mark", [needed()])
    moment = WallTimeField("Moment", [Later()])
    count = WholeField("Count", [needed(), between(1, 9)])


@pytest.fixture(autouse=True)
def request_in_english(app: Flask) -> Iterator[None]:
    with app.test_request_context(headers={"Cookie": "locale=en"}):
        yield


def probe(**values: str) -> Probe:
    usual = {"mark": "1", "count": "1"}
    return Probe(formdata=MultiDict({**usual, **values}))


@pytest.mark.parametrize(
    ("typed", "value"), [("8,5", "8.5"), ("8.5", "8.5"), (" 7 ", "7"), ("0", "0"), ("-1,25", "-1.25")]
)
def test_comma_and_point_are_the_same_number(typed: str, value: str) -> None:
    form = probe(mark=typed)
    assert form.validate()
    assert form.mark.data == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Please fill in this field."),
        ("  ", "Please fill in this field."),
        ("tám", "“tám” is not a number. Write it like 8,5 or 8.5."),
        ("1e3", "“1e3” is not a number. Write it like 8,5 or 8.5."),
        ("1.000", "“1.000” could be a thousand or a decimal. Write it without three digits at the end."),
    ],
)
def test_what_is_no_number_has_one_message_and_stays_in_the_box(typed: str, message: str) -> None:
    form = probe(mark=typed)
    assert not form.validate()
    assert list(form.mark.errors) == [message]
    assert form.mark._value() == typed  # noqa: SLF001 what the widget shows


def test_stored_numbers_are_shown_with_the_mark_of_the_page() -> None:
    assert Probe(data={"mark": Decimal("2.50")}).mark._value() == "2.5"  # noqa: SLF001 what the widget shows
    with force_locale("vi"):
        assert Probe(data={"mark": Decimal("2.50")}).mark._value() == "2,5"  # noqa: SLF001 what the widget shows
        assert Probe(data={"mark": None}).mark._value() == ""  # noqa: SLF001 what the widget shows


@pytest.mark.parametrize("typed", ["2026-11-22T17:00", "2026-11-22T17:00:00", "2026-11-22 17:00", "22/11/2026 17:00"])
def test_moments_are_read_as_browsers_and_people_write_them(typed: str) -> None:
    form = probe(moment=typed)
    assert form.validate()
    assert form.moment.data == datetime(2026, 11, 22, 17, 0)  # noqa: DTZ001 wall time


@pytest.mark.parametrize("typed", ["32/11/2026 17:00", "hôm nay", "2026-11-22", "2026-13-01T00:00"])
def test_what_is_no_moment_stays_in_the_box(typed: str) -> None:
    form = probe(moment=typed)
    assert not form.validate()
    assert list(form.moment.errors) == ["Enter a day and a time, for example 22/11/2026 17:00."]
    assert f'value="{typed}"' in form.moment()


def test_a_moment_may_wait_and_is_not_called_optional() -> None:
    form = probe(moment="")
    assert form.validate()
    assert form.moment.data is None
    assert not form.moment.flags.optional


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Please fill in this field."),
        ("zwei", "Enter a whole number."),
        ("2,5", "Enter a whole number."),
        ("0", "Enter a whole number from 1 to 9."),
        ("10", "Enter a whole number from 1 to 9."),
    ],
)
def test_whole_numbers_in_their_range(typed: str, message: str) -> None:
    form = probe(count=typed)
    assert not form.validate()
    assert list(form.count.errors) == [message]


def test_too_long_is_said_with_the_limit() -> None:
    message: Any = at_most(5).message
    assert message % {"max": 5} == "At most 5 characters."


def test_a_refusal_lands_on_its_field_or_on_the_form() -> None:
    form = probe()
    form.validate()
    blame(form, RuleBroken("weight_negative"), {"weight_negative": "mark"})
    blame(form, RuleBroken("round_without_name"), {})
    assert form.errors == {"mark": ["A weight cannot be negative."], "": ["Give the round a name."]}


def test_a_refusal_in_a_row_is_known_to_the_list() -> None:
    row = {"criteria-0-name_vi": "A", "criteria-0-minimum": "0", "criteria-0-maximum": "0", "criteria-0-step": "1"}
    form = RubricForm(formdata=MultiDict({**row, "criteria-0-weight": "1", "criteria-0-source": "judges"}))
    assert form.validate()
    assert form.rubric() is None
    message = "The highest mark must lie above the lowest, and the step above zero."
    assert form.errors == {"criteria": [{"maximum": [message]}]}
    inner = form.criteria.entries[0].form
    assert isinstance(inner, CriterionForm)
    blame_row(form.criteria, inner, RuleBroken("weight_negative"), {}, "weight")
    assert sorted(form.criteria.errors[0]) == ["maximum", "weight"]


def test_asking_before_validation_is_a_mistake_of_the_programmer() -> None:
    assert given(probe(mark="3").mark) == 3
    with pytest.raises(ValueError, match="mark has not been validated"):
        given(Probe(data={"mark": None}).mark)
