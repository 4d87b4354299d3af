"""What every template must keep to, read from the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from tests.each import for_each

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "contest" / "static"
SPRITE = STATIC / "vendor" / "bootstrap-icons-1.13.2" / "icons.svg"
PACKAGES = {
    "accounts",
    "certificates",
    "editions",
    "submissions",
    "judging",
    "results",
    "feedback",
    "stage",
    "papers",
    "exchange",
    "privacy",
    "home",
}
ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())
PAGES = [name for name in ALL if name.endswith(".html")]

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
TAG = re.compile(r"<[a-zA-Z!/][^<>]*>", re.DOTALL)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
MAY_STAND_UNTRANSLATED = {"Bảng", "Vàng", "A4", "Excel", "PDF", "QR", "Ctrl", "Enter", "Shift", "Tab"}


def source(name: str) -> str:
    return COMMENT.sub("", (TEMPLATES / name).read_text(encoding="utf-8"))


def problems(pattern: str, text: str) -> list[str]:
    return [found.group(0) for found in re.finditer(pattern, text, re.IGNORECASE | re.DOTALL)]


@for_each(ALL)
def test_a_template_compiles_with_the_filters_it_uses(name: str, sqlite_app: Flask) -> None:
    assert sqlite_app.jinja_env.get_template(name).name == name


@for_each(PAGES)
def test_nothing_stands_inline_that_the_policy_forbids(name: str) -> None:
    text = source(name)
    # An expression may hold `>`; blanked out, the tags can be told apart.
    flat = JINJA.sub("J", text)
    tags = " ".join(TAG.findall(flat))
    assert problems(r"\sstyle\s*=", tags) == []
    assert problems(r"\son[a-z]+\s*=", tags) == []
    assert problems(r"<style\b", flat) == []
    assert problems(r"<script(?![^>]*\bsrc=)[^>]*>", flat) == []
    assert problems(r"<script[^>]*>\s*[^<\s]", flat) == []
    assert problems(r"javascript:", text) == []
    assert problems(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", text) == []


def test_the_inline_check_sees_what_it_looks_for() -> None:
    assert problems(r"\son[a-z]+\s*=", '<a onclick="x()">') == [" onclick="]
    assert problems(r"<script(?![^>]*\bsrc=)[^>]*>", "<script>") == ["<script>"]


@for_each(ALL)
def test_no_template_switches_escaping_off(name: str) -> None:
    assert problems(r"\|\s*safe\b|\bMarkup\b|autoescape\s+false", source(name)) == []


@for_each(PAGES)
def test_every_picture_has_words(name: str) -> None:
    assert problems(r"<img(?![^>]*\balt=)[^>]*>", JINJA.sub("J", source(name))) == []


@for_each(PAGES)
def test_every_word_can_be_translated(name: str) -> None:
    bare = TAG.sub(" ", re.sub(r'[\w-]+="[^"]*"', " ", JINJA.sub(" ", source(name))))
    words = set(re.findall(r"[^\W\d_]{2,}\d*|A4", re.sub(r"&\w+;", " ", bare)))
    assert words - MAY_STAND_UNTRANSLATED == set()


@for_each(ALL)
def test_a_template_has_the_name_the_house_gives_it(name: str) -> None:
    word = r"_?[a-z0-9]+(?:_[a-z0-9]+)*"
    packages = "|".join(sorted(PACKAGES))
    shapes = (
        r"base(?:_print)?\.html",
        rf"_ui/{word}\.html",
        r"errors/[45]\d\d\.html",
        rf"(?:{packages})/(?:{word}/)?{word}\.html",
        rf"mail/(?:{packages})/{word}\.txt",
    )
    assert any(re.fullmatch(shape, name) for shape in shapes), name


def icons_asked_for() -> Iterator[tuple[str, str]]:
    asked = re.compile(r"""\bicon\(\s*['"]([a-z0-9-]+)['"]|icon(?:_name)?=['"]([a-z0-9-]+)['"]""")
    files = [TEMPLATES / name for name in PAGES] + sorted((ROOT / "contest").rglob("*.py"))
    for path in files:
        for found in asked.finditer(path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT).as_posix(), found.group(1) or found.group(2)
    titled = re.compile(r"""\bcard\(_\('[^']*'(?:, [^()]*)?\), '([a-z0-9-]+)'""")
    for name in PAGES:
        for glyph in titled.findall(source(name)):
            yield name, glyph
    for _tone, glyph in re.findall(r"\('(mute|info|ok|warn|bad|gold)', '([a-z0-9-]+)'\)", source("_ui/data.html")):
        yield "templates/_ui/data.html", glyph


def test_every_icon_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8")))
    asked = list(icons_asked_for())
    assert len(asked) > 50
    assert [pair for pair in asked if pair[1] not in drawn] == []


@for_each([name for name in PAGES if name.startswith("_ui/")])
def test_every_macro_says_what_it_is_for(name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    macros = re.findall(r"\{%-? macro (\w+)\(", text)
    told = re.findall(r"\{#-? (\w+)\([^{]*?#\}\s*\{%-? macro \1\(", text)
    assert told == macros


def test_every_class_of_ours_is_styled() -> None:
    styled = set()
    for style in (STATIC / "css").glob("*.css"):
        styled |= set(re.findall(r"\.(bv-[a-z0-9-]+)", style.read_text(encoding="utf-8")))
    for name in PAGES:
        whole = re.findall(r"(?<![\w-])(bv-[a-z0-9-]*[a-z0-9])(?![\w-]*['{-])(?=[\s\"])", source(name))
        assert set(whole) - styled == set(), name
