"""Stencils: rendered once, filled many times."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import escape

from contest.web.stencil import Stencil, hole

TEXT = st.text(max_size=30)


def test_holes_take_their_values_and_may_repeat() -> None:
    stencil = Stencil(f"<p id='{hole('id')}'>{hole('title')}</p><a href='{hole('id')}'>")
    assert stencil.names == {"id", "title"}
    assert stencil.fill({"id": "x1", "title": "Ý tưởng"}) == "<p id='x1'>Ý tưởng</p><a href='x1'>"


def test_a_hole_without_a_value_is_empty_and_a_value_without_a_hole_is_ignored() -> None:
    assert Stencil(f"a{hole('one')}b").fill({"two": "2"}) == "ab"


def test_filling_leaves_the_stencil_as_it_was() -> None:
    stencil = Stencil(f"[{hole('one')}]")
    assert [stencil.fill({"one": text}) for text in ("1", "2", "")] == ["[1]", "[2]", "[]"]


def test_a_hole_passes_an_escaping_template() -> None:
    page = Environment(autoescape=True).from_string('<b title="{{ spot }}">{{ spot }} {{ text }}</b>')
    stencil = Stencil(page.render(spot=hole("spot"), text="<"))
    assert stencil.fill({"spot": str(escape("<&"))}) == '<b title="&lt;&amp;">&lt;&amp; &lt;</b>'


@given(st.lists(TEXT, min_size=1, max_size=6), TEXT)
def test_any_text_around_the_holes_survives(texts: list[str], value: str) -> None:
    stencil = Stencil(str(hole("x")).join(texts))
    assert stencil.fill({"x": value}) == value.join(texts)


def test_text_that_only_looks_like_a_hole_stays() -> None:
    assert Stencil("[0123456789abcdef:x] [x]").fill({"x": "no"}) == "[0123456789abcdef:x] [x]"
