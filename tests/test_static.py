"""Every file a browser loads: on record, present, light, readable."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "contest" / "static"
VENDOR = STATIC / "vendor"
FIRST_LOAD_BUDGET = 130_000  # bytes, compressed: style, script and fonts of a Vietnamese page


def digests() -> dict[str, str]:
    table = (VENDOR / "VENDOR.md").read_text(encoding="utf-8")
    return dict(re.findall(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", table))


def test_vendored_files_are_the_ones_on_record() -> None:
    present = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDOR.md"
    }
    assert present == digests()


def test_every_vendored_library_names_version_licence_and_source() -> None:
    text = (VENDOR / "VENDOR.md").read_text(encoding="utf-8")
    for folder in sorted(path for path in VENDOR.iterdir() if path.is_dir()):
        version = folder.name.rsplit("-", 1)[1]
        part = next(part for part in text.split("\n## ")[1:] if f"`{folder.name}/LICENSE`" in part)
        assert part.splitlines()[0].endswith(f" {version}")
        assert re.search(r"^- Licence: \S+", part, re.MULTILINE)
        assert re.search(rf"^- Source: npm package `\S+` {re.escape(version)}$", part, re.MULTILINE)
        assert "://" not in part


def linked(path: Path) -> list[Path]:
    return [STATIC / asset for asset in re.findall(r"asset\('([^']+)'\)", path.read_text(encoding="utf-8"))]


def test_the_first_page_is_light_enough_for_a_phone() -> None:
    styles = [path for path in linked(TEMPLATES / "base.html") if path.suffix == ".css"]
    fonts = [
        VENDOR / "be-vietnam-pro-5.3.0" / f"{part}-{weight}.woff2"
        for part in ("latin", "vietnamese")
        for weight in (400, 600)
    ]
    # All scripts are counted, though a page loads only those it asks for.
    files = [*styles, *sorted((STATIC / "js").glob("*.js")), *fonts]
    assert len(styles) == 8  # one of them only where everything is a test
    size = sum(
        len(gzip.compress(path.read_bytes(), 6)) if path.suffix != ".woff2" else path.stat().st_size for path in files
    )
    assert size < FIRST_LOAD_BUDGET


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/static/vendor/be-vietnam-pro-5.3.0/latin-400.woff2", "immutable"),
        ("/static/css/app.css?v=1", "immutable"),
        ("/static/css/app.css", "asked again"),
    ],
)
def test_only_addresses_that_change_with_their_content_are_kept(client: FlaskClient, address: str, kept: str) -> None:
    with client.get(address) as answer:
        assert answer.status_code == 200
        assert ("immutable" if answer.cache_control.immutable else "asked again") == kept


def test_every_linked_file_exists() -> None:
    for page in sorted(TEMPLATES.rglob("*.html")):
        assert [path for path in linked(page) if not path.is_file()] == []
    for style in sorted((STATIC / "css").glob("*.css")):
        targets = re.findall(r'url\("([^"]+)"\)', style.read_text(encoding="utf-8"))
        assert [t for t in targets if not t.startswith("data:") and not (style.parent / t).resolve().is_file()] == []
    for script in sorted((STATIC / "js").glob("*.js")):
        targets = re.findall(r'"(\./[^"]+\.js)"', script.read_text(encoding="utf-8"))
        assert [target for target in targets if not (script.parent / target).is_file()] == []


def colours(theme: str) -> dict[str, str]:
    text = (STATIC / "css" / "app.css").read_text(encoding="utf-8")
    light = re.search(r'^:root, \[data-bs-theme="light"\] \{(.*?)^\}', text, re.DOTALL | re.MULTILINE)
    dark = re.search(r'^\[data-bs-theme="dark"\] \{(.*?)^\}', text, re.DOTALL | re.MULTILINE)
    assert light is not None
    assert dark is not None
    shape = re.compile(r"--bv-([a-z-]+): (#[0-9a-f]{6})")
    return dict(shape.findall(light.group(1))) | (dict(shape.findall(dark.group(1))) if theme == "dark" else {})


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("paper", "surface", "sunken")
TEXTS = [
    (text, ground)
    for text in ("ink", "ink-soft", "link", "red-deep", "bad", "gold-ink", "ok", "warn", "info")
    for ground in GROUNDS
]
BADGES = [(tone, f"{tone}-soft") for tone in ("mute", "info", "ok", "warn", "bad")] + [("gold-ink", "gold-soft")]
BODIES = [("ink", f"{tone}-soft") for tone in ("info", "ok", "warn", "bad", "red", "gold")] + [("link", "red-soft")]
BOARD = [
    ("board-text", "board"),
    ("board-soft", "board"),
    ("board-gold", "board"),
    ("board-text", "board-line"),
    ("on-red", "red"),
]
EDGES = [(edge, ground) for edge in ("line-strong", "focus", "red") for ground in ("paper", "surface")]


def test_contrast_is_measured_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_and_edges_seen(theme: str) -> None:
    palette = colours(theme)
    faint = {(a, b): round(contrast(palette[a], palette[b]), 2) for a, b in TEXTS + BADGES + BODIES + BOARD}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}
    lost = {(a, b): round(contrast(palette[a], palette[b]), 2) for a, b in EDGES}
    assert {pair: ratio for pair, ratio in lost.items() if ratio < 3} == {}


def code_points(spec: str) -> set[int]:
    found: set[int] = set()
    for part in spec.split(","):
        first, _, last = part.strip().removeprefix("U+").partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def test_vietnamese_text_needs_two_font_files_and_never_a_third() -> None:
    text = (STATIC / "css" / "fonts.css").read_text(encoding="utf-8")
    faces = re.findall(
        r"font-weight: (\d+);.*?/(latin-ext|vietnamese|latin)-\d+\.woff2.*?unicode-range: ([^;]+);", text, re.DOTALL
    )
    assert len(faces) == 12
    letters = {ord(c) for c in "aăâbcdđeêghiklmnoôơpqrstuưvxyẠỹộữĐ₫“”–…"}
    for weight in ("400", "500", "600", "700"):
        ranges = {part: code_points(spec) for found, part, spec in faces if found == weight}
        assert not ranges["vietnamese"] & ranges["latin-ext"]
        assert not ranges["latin"] & ranges["latin-ext"]
        assert letters <= ranges["latin"] | ranges["vietnamese"]
