"""The base page, the macros and the error pages, rendered by the real application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask, flash, render_template, render_template_string
from wtforms import BooleanField, Form, FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

NOW = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)
ERRORS = (400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503)
VOID = {"input", "meta", "link", "br", "img", "hr", "path", "use", "rect"}


class Outline(HTMLParser):
    """Notes every element and complains about one that is closed out of order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice in <{tag}>"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]

    def one(self, tag: str) -> dict[str, str | None]:
        (only,) = self.all(tag)
        return only


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def english(sqlite_app: Flask) -> Iterator[Flask]:
    with sqlite_app.test_request_context("/somewhere?a=1&b=x%26y", headers={"Cookie": "locale=en"}):
        yield sqlite_app


def draw(macro: str, call: str, **facts: Any) -> str:
    return render_template_string(
        f'{{% from "_ui/{macro}.html" import {call.partition("(")[0]} %}}{{{{ {call} }}}}', **facts
    )


def options(*names: str) -> Any:
    """The type stubs of WTForms still know pairs only, which WTForms itself deprecates."""
    return list(names)


class Inner(Form):
    phone = StringField("Phone", [InputRequired("Give a phone number.")])


class Sample(Form):
    title = StringField("Title", [InputRequired("Give a title."), Length(max=80)], description="Short and clear.")
    text = TextAreaField("Text", [Optional()])
    track = SelectField("Track", choices=options("Students", "Pupils"))
    stage = RadioField("Stage", choices=options("Idea", "Product"), validators=[InputRequired("Choose one.")])
    agreed = BooleanField("We agree")
    captain = FormField(Inner)


@pytest.fixture
def sample(english: Flask) -> Sample:
    form = Sample(data={"track": "Pupils"})
    form.validate()
    return form


# The page


def test_the_base_page_names_its_language_and_its_one_main_part(english: Flask) -> None:
    page = Outline(render_template("base.html"))
    assert page.one("html")["lang"] == "en"
    assert page.one("main")["id"] == "main"
    assert page.all("a")[0]["href"] == "#main"
    scripts = [str(script["src"]).partition("?")[0] for script in page.all("script")]
    assert scripts == ["/static/js/theme.js", "/static/js/app.js"]


def test_the_language_switch_comes_back_to_the_page_with_its_query(english: Flask) -> None:
    page = Outline(render_template("base.html"))
    assert {field["value"] for field in page.all("input") if field["name"] == "next"} == {"/somewhere?a=1&b=x%26y"}
    switch = next(button for button in page.all("button") if button.get("name") == "locale")
    assert (switch["value"], switch["lang"]) == ("vi", "vi")


@pytest.mark.parametrize(
    ("cookie", "shown", "pressed"), [("dark", "dark", "dark"), ("light", "light", "light"), ("<x>", "light", None)]
)
def test_the_chosen_colours_are_there_before_any_script(
    sqlite_app: Flask, cookie: str, shown: str, pressed: str | None
) -> None:
    with sqlite_app.test_request_context("/", headers={"Cookie": f"theme={cookie}"}):
        page = Outline(render_template("base.html"))
    assert page.one("html")["data-bs-theme"] == shown
    down = [button["value"] for button in page.all("button") if button.get("aria-pressed") == "true"]
    assert down == ([pressed] if pressed else [])


def test_the_token_for_scripts_is_given_only_to_pages_with_a_form(english: Flask) -> None:
    def tokens(**facts: Any) -> list[dict[str, str | None]]:
        return [
            meta
            for meta in Outline(render_template("base.html", **facts)).all("meta")
            if meta.get("name") == "csrf-token"
        ]

    assert tokens() == []
    assert len(tokens(has_form=True)) == 1


class Item:
    def __init__(self, label: str, *, active: bool = False) -> None:
        self.label, self.href, self.icon, self.active = label, f"/{label}", "house", active


@pytest.mark.parametrize(("count", "style"), [(5, "strip"), (6, "side")])
def test_a_long_menu_stands_at_the_side_and_marks_where_one_is(english: Flask, count: int, style: str) -> None:
    menu = [Item(str(number), active=number == 1) for number in range(count)]
    page = Outline(render_template("base.html", nav=menu))
    assert page.one("nav")["class"] == f"bv-nav bv-nav-{style}"
    assert [link["href"] for link in page.all("a") if link.get("aria-current") == "page"] == ["/1"]


def test_a_message_is_escaped_and_shown_once(english: Flask) -> None:
    flash("<b>Saved</b>", "success")
    html = render_template("base.html")
    assert "&lt;b&gt;Saved&lt;/b&gt;" in html
    assert "bv-callout-success" in html


# Error pages


@pytest.mark.parametrize("code", ERRORS)
def test_an_error_page_says_what_happened_and_what_to_do(english: Flask, code: int) -> None:
    html = render_template(f"errors/{code}.html", error_id="a1b2c3d4", message="The round is closed.")
    page = Outline(html)
    assert len(page.all("h1")) == 1
    assert str(code) in words(html)
    assert "The round is closed." in html
    assert "a1b2c3d4" in html
    assert len([link for link in page.all("a") if link["href"] == "/"]) >= 1
    assert len(words(re.findall(r'<p class="bv-lead">(.*?)</p>', html, re.DOTALL)[-1])) > 30


@pytest.mark.parametrize("code", [500, 503])
def test_a_broken_server_does_not_ask_who_is_signed_in(english: Flask, code: int) -> None:
    assert Outline(render_template(f"errors/{code}.html")).all("header") == []


# Forms


def test_a_wrong_field_is_tied_to_its_hint_and_its_error(sample: Sample) -> None:
    html = draw("forms", "field(f)", f=sample.title)
    box = Outline(html).one("input")
    assert (box["aria-describedby"], box["aria-invalid"]) == ("title-help title-error", "true")
    assert 'id="title-help"' in html
    assert 'id="title-error"' in html
    assert words(html) == "Title Short and clear. Give a title."


def test_a_right_field_keeps_a_hidden_place_for_the_errors_of_autosave(sample: Sample) -> None:
    page = Outline(draw("forms", "field(f, counter=300, rows=4)", f=sample.text))
    area = page.one("textarea")
    assert (area["rows"], area["data-counter"], "aria-invalid" in area, "aria-describedby" in area) == (
        "4",
        "300",
        False,
        False,
    )
    place = next(p for p in page.all("p") if p.get("data-error-for") == "text")
    assert "hidden" in place


def test_an_optional_field_says_so_and_a_required_one_does_not(sample: Sample) -> None:
    assert "(optional)" in draw("forms", "field(f)", f=sample.text)
    assert "(optional)" not in draw("forms", "field(f)", f=sample.title)


@pytest.mark.parametrize(
    ("name", "tag", "kind"), [("track", "select", "form-select"), ("agreed", "input", "form-check-input")]
)
def test_the_widget_decides_the_shape(sample: Sample, name: str, tag: str, kind: str) -> None:
    assert Outline(draw("forms", "field(f)", f=sample[name])).one(tag)["class"] == kind


def test_choices_form_a_group_with_one_name_and_one_legend(sample: Sample) -> None:
    page = Outline(draw("forms", "field(f)", f=sample.stage))
    assert page.one("fieldset")["aria-describedby"] == "stage-error"
    assert [box["name"] for box in page.all("input")] == ["stage", "stage"]
    assert len(page.all("legend")) == 1


def test_the_summary_links_every_wrong_field_also_the_enclosed_ones(sample: Sample) -> None:
    html = draw("forms", "error_summary(form)", form=sample)
    assert [link["href"] for link in Outline(html).all("a")] == ["#title", "#stage", "#captain-phone"]
    assert draw("forms", "error_summary(form)", form=Inner(data={"phone": "1"})).strip() == ""


def test_an_action_that_must_be_confirmed_asks_for_the_name(english: Flask) -> None:
    html = draw("forms", 'action_button("/x", "Delete", "danger", "trash", {"a": "1"}, confirm="Edition <1>")')
    page = Outline(html)
    assert page.one("form")["method"] == "post"
    assert {box["name"] for box in page.all("input")} == {"csrf_token", "a", "confirm"}
    assert page.one("form")["data-confirm"] == "Edition <1>"


# Data


def test_a_known_state_has_words_and_an_unknown_one_shows_itself(english: Flask) -> None:
    assert words(draw("data", "badge('submitted')")) == "Submitted"
    assert words(draw("data", "badge('submitted', 'Handed in')")) == "Handed in"
    assert words(draw("data", "badge('strange')")) == "strange"
    assert "bv-tone-warn" in draw("data", "badge('x', 'Late', 'warn')")


@pytest.mark.parametrize(("done", "total", "value", "most"), [(0, 0, "0", "1"), (7, 24, "7", "24"), (3, 3, "3", "3")])
def test_progress_of_nothing_is_empty_and_not_full(
    english: Flask, done: int, total: int, value: str, most: str
) -> None:
    html = draw("data", "progress(done, total, 'Scored')", done=done, total=total)
    bar = Outline(html).one("progress")
    assert (bar["value"], bar["max"]) == (value, most)
    assert ("is-complete" in html) is (done == total > 0)
    assert f"{done}/{total}" in words(html)


def test_the_unranked_are_not_rank_nought(english: Flask) -> None:
    assert words(draw("data", "rank_cell(none)")) == "– Unranked"
    assert words(draw("data", "rank_cell(2, tied=True)")) == "2 = Shares this rank"
    assert "bv-rank-1" in draw("data", "rank_cell(1)")
    assert "bv-rank-4" not in draw("data", "rank_cell(4)")
    assert "Scores are missing" in draw("data", "rank_cell(4, complete=False)")


def test_a_checklist_tells_state_in_words(english: Flask) -> None:
    slides = {"label": "Slides", "state": "missing", "href": "#deck"}
    items = [{"label": "Title", "state": "done"}, slides, {"label": "Video", "state": "optional"}]
    html = draw("data", "checklist(items)", items=items)
    assert words(html) == "Title Done Slides Missing Video Optional"
    assert Outline(html).one("a")["href"] == "#deck"


# Scoring and time


def test_mark_buttons_are_one_radio_group(english: Flask) -> None:
    marks = [("0", "0"), ("1", "0,5"), ("2", "1")]
    html = draw("scoring", "score_buttons('c1', marks, '0', 'Novelty')", marks=marks)
    page = Outline(html)
    assert [(box["value"], "checked" in box) for box in page.all("input")] == [("0", True), ("1", False), ("2", False)]
    assert [label["for"] for label in page.all("label")] == [box["id"] for box in page.all("input")]
    assert words(html) == "Novelty 0 0,5 1"


def test_an_unscored_criterion_has_no_mark_chosen(english: Flask) -> None:
    page = Outline(draw("scoring", "score_buttons('c1', [('0', '0'), ('1', '1')])"))
    assert [box for box in page.all("input") if "checked" in box] == []


@pytest.mark.parametrize(
    ("left", "state"), [(timedelta(days=2), ""), (timedelta(hours=3), "is-near"), (timedelta(0), "is-over")]
)
def test_a_countdown_tells_the_local_time_without_script(english: Flask, left: timedelta, state: str) -> None:
    html = draw("feedback", "countdown(deadline, now)", deadline=NOW + left, now=NOW)
    box = Outline(html).all("div")[0]
    assert box["class"] == f"bv-countdown {state}".strip()
    assert box["data-text-days"] == "{days} days {clock} left"
    assert ("The deadline has passed" in words(html)) is (state == "is-over")
    if state == "is-near":
        assert "08/10/2026 15:00" in words(html)
