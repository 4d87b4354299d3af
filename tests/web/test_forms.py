"""Text arrives clean, and whole numbers are plain and short."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms.validators import NumberRange, Optional

from contest.web.forms import Form, WholeField, clean, clean_line, whole


class LoadForm(Form):
    load = WholeField(validators=[Optional(), NumberRange(0, 100)])


def sent(app: Flask, text: str) -> LoadForm:
    with app.test_request_context("/", method="POST"):
        form = LoadForm(MultiDict({"load": text}), meta={"csrf": False})
        form.validate()
        return form


@pytest.mark.parametrize(("text", "number"), [("7", 7), (" 07 ", 7), ("-3", -3), ("+4", 4), ("9999999999", 9999999999)])
def test_a_whole_number_is_read(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize(
    "text", ["", "x", "1.5", "1,5", "1e3", "1_000", "NaN", "inf", "\uff11\uff12", "٣", "1" * 11, "9" * 5000]
)
def test_what_is_no_short_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="whole"):
        whole(text)


@pytest.mark.parametrize("text", ["mười", "1e309", "\uff11", "9" * 400, "9" * 5000, "1\x002"])
def test_a_field_refuses_with_words(app: Flask, text: str) -> None:
    form = sent(app, text)
    assert form.load.data is None
    assert form.load.errors == ["Hãy nhập một số nguyên."]


def test_a_field_takes_numbers_and_may_stay_empty(app: Flask) -> None:
    assert (sent(app, "12").load.data, sent(app, "12").errors) == (12, {})
    assert (sent(app, " ").load.data, sent(app, " ").errors) == (None, {})
    assert list(sent(app, "101").errors) == ["load"]


def test_text_becomes_nfc_without_what_nobody_sees() -> None:
    assert clean("Tie\u0302\u0301ng\r\nVie\u0323\u0302t\u202e\u200b\x00 ") == "Tiếng\nViệt"
    assert clean_line("  hai\n\tdòng ") == "hai dòng"
    assert clean(None) == ""
    assert clean("👩\u200d👧") == "👩\u200d👧"
