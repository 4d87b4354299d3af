"""Bundles: joined from the files as they are, in order, and kept until one of them changes."""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.errors import NotFound
from contest.web import bundles
from contest.web.bundles import ICONS, MODULES, SPRITE, STYLES, Shelf, build, with_fewer_icons

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "contest" / "static"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bundles, "STYLES", {"a.css": ("css/a.css", "css/p.css:print")})
    monkeypatch.setattr(bundles, "MODULES", {"a.js": "js/a.js"})
    write(
        tmp_path,
        {
            "css/a.css": '@charset "UTF-8";\n/*! licence */\n/* words */\na { b: c; }\n\n  i { b: d; }\n',
            "css/p.css": "a { b: e; }\n",
            "js/a.js": (
                '/* Says. */\nimport { one as uno } from "./in/b.js";\nimport * as b from "./in/b.js";\n'
                'import "./c.js";\n\n// why\nexport const two = uno + b.one; // stays\n'
                'export async function go() {\n  await import("./in/b.js");\n  return import("./d.js");\n}\n'
            ),
            "js/in/b.js": 'import { three } from "../c.js";\nexport const one = three;\nconst hidden = 1;\n',
            "js/c.js": "export const three = 3;\nconst hidden = 2;\n",
        },
    )
    return tmp_path


def test_styles_follow_each_other_without_what_nobody_reads(folder: Path) -> None:
    made = build(folder, "a.css")
    assert made.text == "/*! licence */\na { b: c; }\ni { b: d; }\n@media print{a { b: e; }\n}\n"
    assert (made.mimetype, gzip.decompress(made.packed).decode()) == ("text/css", made.text)


def test_modules_come_after_those_they_import_and_once(folder: Path) -> None:
    assert build(folder, "a.js").text == (
        "const $c=(()=>{\nexport_c\n})();\n".replace("export_c", "const three = 3;\nconst hidden = 2;\nreturn{three};")
        + "const $in_b=(()=>{\nconst { three }=$c;\nconst one = three;\nconst hidden = 1;\nreturn{one};\n})();\n"
        + "const $a=(()=>{\nconst { one: uno }=$in_b;\nconst b=$in_b;\nconst two = uno + b.one; // stays\n"
        + "async function go() {\nawait Promise.resolve().then(()=>$in_b);\n"
        + 'return import("../js/d.js");\n}\nreturn{two,go};\n})();\n'
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("export let three = 3;\n", "export in a form that is not known: export let three"),
        ("export default 3;\n", "export in a form"),
        ('import three from "./x.js";\n', "import in a form"),
        ('const path = "./x.js";\nimport(path);\n', "import() of something that is no text"),
        ("const three = `a\nb`;\n", "a template over two lines"),
        ('import { two } from "./a.js";\n', "modules import each other: js/a.js > js/in/b.js > js/c.js > js/a.js"),
    ],
)
def test_a_module_that_cannot_be_joined_is_named(folder: Path, text: str, told: str) -> None:
    write(folder, {"js/c.js": text})
    with pytest.raises(ValueError, match=re.escape(told)):
        build(folder, "a.js")


def test_a_bundle_follows_its_sources(folder: Path) -> None:
    shelf = Shelf(folder)
    first = shelf.get("a.css")
    assert shelf.get("a.css") is first
    (folder / "css/p.css").write_text("a { b: f; }\n")
    os.utime(folder / "css/p.css", ns=(1, 1))
    assert "b: f" in shelf.get("a.css").text
    assert shelf.get("a.css").digest != first.digest


def test_only_what_is_named_is_a_bundle() -> None:
    with pytest.raises(NotFound):
        build(STATIC, "../config.css")


def test_icons_that_the_smaller_sprite_draws_come_from_there() -> None:
    html = '<use href="/s/i.svg?v=1#send"/><use href="/s/i.svg?v=1#trophy"/><a href="/other#send">'
    assert with_fewer_icons(html, "/s/i.svg?v=1", "scoring.svg", "/few.svg") == (
        '<use href="/few.svg#send"/><use href="/s/i.svg?v=1#trophy"/><a href="/other#send">'
    )


def test_an_icon_without_a_drawing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "ICONS", {"few.svg": ("send", "dragon")})
    with pytest.raises(ValueError, match="dragon"):
        build(STATIC, "few.svg")


def test_the_bundles_of_the_product_hold_what_they_promise() -> None:
    assert set(re.findall(r'symbol id="([\w-]+)"', build(STATIC, "scoring.svg").text)) == set(ICONS["scoring.svg"])
    style = build(STATIC, "scoring.css").text
    assert style.count("{") == style.count("}")
    assert all(target.is_file() for target in _addresses(style))
    script = build(STATIC, "scoring.js").text
    assert [name for name in re.findall(r'import\("\.\./([^"]+)"\)', script) if not (STATIC / name).is_file()] == []
    assert "$offline_outbox" in script
    assert (STATIC / SPRITE).is_file()
    assert set(STYLES) | set(MODULES) | set(ICONS) == {"scoring.css", "scoring.js", "scoring.svg"}


def _addresses(style: str) -> list[Path]:
    return [(STATIC / "built" / name).resolve() for name in re.findall(r'url\("(\.\./[^"]+)"\)', style)]


def test_the_sheets_of_every_page_come_first_in_their_order() -> None:
    base = (ROOT / "templates" / "base.html").read_text(encoding="utf-8")
    block = base.partition("{%- block styles %}")[2].partition("{%- endblock %}")[0]
    names = [
        f"{name}:print" if "print" in medium else name
        for name, medium in re.findall(r"asset\('([^']+)'\) \}\}\"([^>]*)>", block)
    ]
    assert list(STYLES["scoring.css"][: len(names)]) == names


@pytest.mark.parametrize("name", ["scoring.css", "scoring.js", "scoring.svg"])
def test_a_bundle_is_kept_for_ever_under_the_address_of_its_text(app: Flask, client: FlaskClient, name: str) -> None:
    made = app.extensions["bundles"].get(name)
    packed = client.get(f"/static/built/{name}?v={made.digest}", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data).decode() == made.text
    assert (packed.status_code, packed.mimetype, packed.cache_control.immutable) == (200, made.mimetype, True)
    assert "Accept-Encoding" in packed.headers["Vary"]
    plain = client.get(f"/static/built/{name}?v=0")
    assert (plain.get_data(as_text=True), plain.headers["Cache-Control"]) == (made.text, "no-cache")
    again = client.get(f"/static/built/{name}", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_another_name_is_not_there(client: FlaskClient) -> None:
    assert client.get("/static/built/nothing.js").status_code == 404
