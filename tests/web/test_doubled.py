"""AC-17: one question has one answer; sent twice, in the address too, or doubled in JSON it is refused."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from wtforms import SelectMultipleField, StringField

from contest.web.doubled import StrictJson, contradicts, may_repeat
from contest.web.forms import Form

REFUSED = "Một câu hỏi có hai câu trả lời"


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/locale", [("locale", "en"), ("locale", "vi")]),
        ("/locale", [("locale", "en"), ("locale", "en")]),
        ("/locale?locale=vi", [("locale", "en")]),
        ("/locale?next=/&next=/", [("locale", "en")]),
        ("/sign-in", [("login", "a@example.org"), ("login", "b@example.org"), ("password", "x")]),
        ("/sign-in", [("login", "a@example.org"), ("password", "x"), ("password", "y")]),
    ],
)
def test_two_answers_to_one_question_are_refused(client: FlaskClient, path: str, sent: list[tuple[str, str]]) -> None:
    answer = client.post(path, data=MultiDict(sent))
    assert answer.status_code == 400
    assert REFUSED in answer.text
    assert "locale" not in answer.headers.get("Set-Cookie", "")


def test_an_address_that_says_a_thing_twice_is_refused(client: FlaskClient) -> None:
    answer = client.get("/sign-in?next=/account&next=/editions")
    assert (answer.status_code, REFUSED in answer.text) == (400, True)


def test_a_script_gets_a_code(client: FlaskClient) -> None:
    answer = client.get("/sign-in?next=/a&next=/b", headers={"X-Requested-With": "fetch"})
    assert answer.get_json()["error"] == "doubled"


class Many(Form):
    class Meta(Form.Meta):
        csrf = False

    sweep_list = SelectMultipleField(choices=[("a", "A"), ("b", "B")])
    sweep_word = StringField()


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        ([("sweep_list", "a"), ("sweep_list", "b"), ("sweep_word", "x")], False),
        ([("row-0-sweep_list", "a"), ("row-0-sweep_list", "b")], False),
        ([("sweep_word", "x"), ("sweep_word", "y")], True),
        ([("sweep_list[]", "a"), ("sweep_list[]", "b")], True),
    ],
)
def test_only_lists_may_repeat(app: Flask, data: list[tuple[str, str]], refused: bool) -> None:  # noqa: FBT001  a row of the table
    with app.test_request_context("/", method="POST", data=MultiDict(data)):
        assert contradicts() is refused


def test_the_address_and_the_form_may_not_both_answer(app: Flask) -> None:
    with app.test_request_context("/?a=1", method="POST", data={"a": "1"}):
        assert contradicts()
    with app.test_request_context("/?a=1", method="POST", data={"b": "1"}):
        assert not contradicts()


def test_a_name_that_is_a_list_in_another_form_is_refused_by_this_form(app: Flask) -> None:
    may_repeat("sweep_word_2")

    class Single(Form):
        class Meta(Form.Meta):
            csrf = False

        sweep_word_2 = StringField()

    with app.test_request_context("/", method="POST", data=MultiDict([("sweep_word_2", "x"), ("sweep_word_2", "y")])):
        assert not contradicts()
        form = Single()
        assert not form.validate()
        assert form.sweep_word_2.errors == ["Chỉ trả lời một lần ở đây."]


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": 1, "a": 1}', '[{"b": {"a": 1, "a": 2}}]'])
def test_json_holds_a_name_once(app: Flask, text: str) -> None:
    with pytest.raises(ValueError, match="twice"):
        StrictJson(app).loads(text)


def test_other_json_is_read(app: Flask) -> None:
    assert StrictJson(app).loads('[{"a": 1}, {"a": 2}]') == [{"a": 1}, {"a": 2}]


def test_a_part_without_a_name_is_refused(app: Flask) -> None:
    body = b'--x\r\nContent-Disposition: form-data; nonsense="a"\r\n\r\n1\r\n--x--\r\n'
    answer = app.test_client().post("/locale", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
