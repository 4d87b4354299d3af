"""The cut of Bootstrap is current, leaves out nothing that is used, and keeps what it takes as it was."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.tools import bootstrap
from tests.tools.bootstrap import CUT, ROOT, WHOLE, Rule, in_attributes, kept, parsed, without_unread

CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
SHEET = (
    '@charset "UTF-8";/*! who */:root{--a:1;--b:2;--c:3}.x,.y>li{color:var(--a)}@media (min-width:1px){.y{margin:0}'
    '.x:not(.y){top:1px;--b:url("data:a;b")}}@keyframes go{0%{top:0}to{top:1px}}@keyframes stay{0%{top:0}}'
    ".x{animation:1s go;left:var(--c)}li{top:0}"
)


def texts(rules: tuple[Rule, ...]) -> list[str]:
    return [rule.text for rule in rules]


def classes(style: str) -> set[str]:
    return set(CLASS.findall(re.sub(r"\{[^{}]*\}", "{}", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL))))


def test_the_cut_holds_all_that_the_sources_ask_for_and_little_more() -> None:
    assert bootstrap.missing() == [], "python -m tests.tools.bootstrap update"
    assert len(gzip.compress(CUT.read_bytes())) < 8_000
    assert bootstrap.main(["check"]) == 0
    assert bootstrap.main([]) == 2


def test_every_class_of_a_page_that_bootstrap_styles_is_styled_by_the_cut() -> None:
    styled = classes(WHOLE.read_text(encoding="utf-8"))
    left = classes(CUT.read_text(encoding="utf-8"))
    written: set[str] = set()
    for page in (ROOT / "templates").rglob("*.html"):
        # Every word of an attribute at all, those of expressions too: more than the cut itself asks for.
        for attribute in re.findall(r'class="(.*?)"[\s>]', page.read_text(encoding="utf-8")):
            written |= set(re.findall(r"[\w-]+", attribute))
    assert {"btn", "form-control", "visually-hidden", "form-check-input"} <= written & styled
    assert written & styled - left == set()
    assert {"btn-primary", "btn-outline-secondary", "btn-outline-danger", "is-invalid"} <= left


def test_rules_are_kept_word_for_word() -> None:
    whole = {rule.head: rule for rule in parsed(WHOLE.read_text(encoding="utf-8"))}
    lines = WHOLE.read_text(encoding="utf-8")
    for head in (".form-control", ".btn-check", ".visually-hidden-focusable:not(:focus):not(:focus-within)"):
        body = next((rule.body for rule in parsed(CUT.read_text(encoding="utf-8")) if rule.head == head), None)
        assert body is None or body.rstrip(";") in lines
    assert whole[".form-control"].body.startswith("display:block;")


def test_a_selector_stays_when_all_its_classes_are_used() -> None:
    assert texts(kept(parsed(SHEET), frozenset({"y"})))[1:3] == [
        ":root{--a:1;--b:2;--c:3}",
        ".y>li{color:var(--a)}",
    ]
    assert texts(kept(parsed(SHEET), frozenset({"x"})))[2:4] == [
        ".x{color:var(--a)}",
        '@media (min-width:1px){.x:not(.y){top:1px;--b:url("data:a;b")}}',
    ]
    assert [rule.text for rule in kept(parsed(SHEET), frozenset()) if "{" in rule.text and not rule.rules] == [
        ":root{--a:1;--b:2;--c:3}",
        "li{top:0}",
    ]


def test_what_nothing_reads_goes() -> None:
    rules = without_unread(kept(parsed(SHEET), frozenset({"x"})), "p{top:var(--b)}")
    assert texts(rules)[1:] == [
        ":root{--a:1;--b:2;--c:3}",
        ".x{color:var(--a)}",
        '@media (min-width:1px){.x:not(.y){top:1px;--b:url("data:a;b")}}',
        "@keyframes go{0%{top:0}to{top:1px}}",
        ".x{animation:1s go;left:var(--c)}",
        "li{top:0}",
    ]
    assert texts(without_unread(parsed(":root{--a:var(--b);--b:1}p{top:0}"), "")) == ["p{top:0}"]


def test_what_the_cut_lacks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = CUT.read_text(encoding="utf-8")
    (tmp_path / "bootstrap.css").write_text(text.replace("\n.btn-check{", "\n.btn-other{"), encoding="utf-8")
    monkeypatch.setattr(bootstrap, "CUT", tmp_path / "bootstrap.css")
    assert {selector for _around, selector, _line in bootstrap.missing()} == {".btn-check"}
    assert bootstrap.main(["check"]) == 1
    assert bootstrap.main(["update"]) == 0
    assert bootstrap.missing() == []


def test_a_missing_brace_is_told() -> None:
    with pytest.raises(ValueError, match=re.escape("a{b{c:d}")):
        parsed("a{b{c:d}")


def test_expressions_in_an_attribute_give_words_too() -> None:
    page = """<a class="btn btn-{{ kind }}{% if x > "1" %} is-on{% endif %}">"""
    assert {"btn", "btn-", "is-on", "kind"} <= in_attributes(page)
    assert {"btn-primary", "btn-outline-secondary"} <= bootstrap.used_words()
