"""Charts: everything lies inside the drawing, scales never turn, words fit, and values are only ever text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.infra import charts
from contest.infra.charts.geometry import Scale, ceiling, piled, quartiles, spoke, ticks
from contest.infra.charts.text import broken, clean, cut, width_of
from contest.infra.typesetting import typeset

SVG = "{http://www.w3.org/2000/svg}"
TAGS = {"svg", "title", "g", "line", "rect", "circle", "polygon", "text"}
HOSTILE = [
    "=1+1", "<script>alert(1)</script>", '"><g onload="x">', "&amp;", "Đỗ Thị Ỷ", "\u0000\u0007\u202eabc", "🚀" * 60,
    "Trường Trung học phổ thông Chuyên " * 12, "x" * 400, "", "\ud800", "a\nb\tc", "العربية",
]  # fmt: skip
WORDS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=120))
NUMBERS = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
WIDTHS = st.sampled_from((320.0, 420.0, 720.0))


def plain(value: float) -> str:
    return f"{value:g}"


def checked(svg: str) -> ET.Element:
    """Parse a drawing and hold every place and every word of it to lie inside."""
    root = ET.fromstring(svg)  # noqa: S314  our own drawing
    _x, _y, width, height = map(float, root.attrib["viewBox"].split())
    assert (root.attrib["width"], root.attrib["height"]) == tuple(root.attrib["viewBox"].split()[2:])
    for element, (dx, dy) in moved(root, (0.0, 0.0)):
        assert element.tag.removeprefix(SVG) in TAGS, element.tag
        assert not [name for name in element.attrib if name.startswith("on") or name in ("style", "href", "id")]
        for x, y in places(element):
            assert -0.51 <= x + dx <= width + 0.51, ET.tostring(element)
            assert -0.51 <= y + dy <= height + 0.51, ET.tostring(element)
    for text in root.iter(f"{SVG}text"):
        wide = width_of(text.text or "", float(text.attrib["font-size"]), bold="font-weight" in text.attrib)
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.attrib["text-anchor"]]
        left = float(text.attrib["x"]) - wide * shift
        assert left >= -1, text.text
        assert left + wide <= width + 1, text.text
    return root


def moved(element: ET.Element, by: tuple[float, float]) -> Iterator[tuple[ET.Element, tuple[float, float]]]:
    """Yield every element with what the groups around it move it by."""
    shift = re.fullmatch(r"translate\((\S+) (\S+)\)", element.attrib.get("transform", "translate(0 0)"))
    assert shift is not None
    here = (by[0] + float(shift[1]), by[1] + float(shift[2]))
    yield element, here
    for inside in element:
        yield from moved(inside, here)


def places(element: ET.Element) -> list[tuple[float, float]]:
    held = element.attrib
    name = element.tag.removeprefix(SVG)
    if name == "line":
        return [(float(held[f"x{end}"]), float(held[f"y{end}"])) for end in "12"]
    if name == "rect":
        x, y = float(held["x"]), float(held["y"])
        return [(x, y), (x + float(held["width"]), y + float(held["height"]))]
    if name == "circle":
        return [(float(held["cx"]), float(held["cy"]))]
    if name == "polygon":
        corners = (corner.split(",") for corner in held["points"].split())
        return [(float(x), float(y)) for x, y in corners]
    return []


@given(a=NUMBERS, b=NUMBERS, values=st.lists(NUMBERS, min_size=2), flip=st.booleans())
def test_a_scale_never_turns_and_never_leaves_its_line(a: float, b: float, values: list[float], *, flip: bool) -> None:
    start, end = (300.0, 10.0) if flip else (10.0, 300.0)
    scale = Scale(min(a, b), max(a, b), start, end)
    found = [scale.at(value) for value in sorted(values)]
    assert found == sorted(found, reverse=flip)
    assert all(10 - 1e-6 <= place <= 300 + 1e-6 for place in found)


@given(low=NUMBERS, width=st.floats(0.01, 1e6), wanted=st.integers(2, 8), whole=st.booleans())
def test_ticks_are_few_round_and_inside(low: float, width: float, wanted: int, *, whole: bool) -> None:
    found = ticks(low, low + width, wanted, whole=whole)
    assert list(found) == sorted(set(found))
    assert len(found) <= wanted * 2.5 + 1
    assert all(low - width * 1e-6 - 1e-6 <= one <= low + width * (1 + 1e-6) + 1e-6 for one in found)


@given(st.floats(0.001, 1e9))
def test_an_axis_ends_at_or_above_its_largest_value(value: float) -> None:
    assert value * (1 - 1e-9) <= ceiling(value) <= value * 2


@given(st.lists(NUMBERS, min_size=1))
def test_quartiles_lie_in_order(values: list[float]) -> None:
    low, middle, high = quartiles(values)
    assert min(values) <= low <= middle <= high <= max(values)


@given(st.lists(st.floats(0, 300), max_size=40))
def test_piled_dots_stay_near_their_line(values: list[float]) -> None:
    offsets = piled(values, 5, 9)
    assert len(offsets) == len(values)
    assert all(abs(one) <= 9 for one in offsets)


def test_a_star_begins_at_the_top_and_turns_clockwise() -> None:
    assert spoke(0, 4, 10, (50, 50)) == pytest.approx((50, 40))
    assert spoke(1, 4, 10, (50, 50)) == pytest.approx((60, 50))


@given(WORDS, st.floats(20, 400), st.integers(1, 4))
def test_words_fit_their_room(text: str, room: float, lines: int) -> None:
    assert width_of(cut(text, room, 12), 12) <= max(room, width_of("…", 12))
    found = broken(text, room, 12, lines=lines)
    assert 1 <= len(found) <= lines
    assert all(width_of(line, 12) <= max(room, width_of("…", 12)) for line in found)
    if not any(line.endswith("…") for line in found):
        assert " ".join(found).split() == clean(text).split()


ROW = st.tuples(WORDS, st.floats(0, 500), st.floats(0, 500), st.floats(0, 500))


@given(st.lists(ROW, max_size=6), WIDTHS, WORDS)
def test_bars_and_strips_and_intervals_hold_anything(
    rows: list[tuple[str, float, float, float]], width: float, title: str
) -> None:
    checked(
        charts.bars(
            [charts.BarRow(t, a, "12 + 3", b) for t, a, b, _c in rows],
            title=title,
            width=width,
            parts=("Đã nộp", "Nháp"),
        )
    )
    checked(
        charts.strips(
            [charts.StripRow(t, "TB", [a, b, c]) for t, a, b, c in rows],
            title=title,
            width=width,
            number=plain,
            ends=(0, 500),
        )
    )
    spans = [charts.IntervalRow(t, plain(b), min(a, b), max(a, b), b, c) for t, a, b, c in rows]
    checked(charts.intervals(spans, title=title, width=width, number=plain))


@given(rows=st.lists(ROW, max_size=6), width=WIDTHS, field=st.booleans())
def test_positions_and_stars_hold_anything(
    rows: list[tuple[str, float, float, float]], width: float, *, field: bool
) -> None:
    found = [
        charts.PositionRow(t, "7 / 10", 0, 500, a, (min(b, c), (b + c) / 2, max(b, c)) if field else None)
        for t, a, b, c in rows
    ]
    names = ("Đội của bạn", "Nửa giữa", "Trung vị")
    checked(charts.positions(found, title="T", width=width, number=plain, names=names))
    spokes = [charts.Spoke(t, "7", a / 500, b / 500 if field else None) for t, a, b, _c in rows]
    if len(spokes) < 3:
        with pytest.raises(ValueError, match="three spokes"):
            charts.radar(spokes, title="T", width=width, names=("A", "B"))
    else:
        checked(charts.radar(spokes, title="T", width=width, names=("A", "B")))


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=120), WIDTHS, WORDS)
def test_columns_hold_any_days_and_marks(counts: list[int], width: float, words: str) -> None:
    days = [charts.Column(f"{1 + number % 28:02d}/10", count, "bài") for number, count in enumerate(counts)]
    marks = [charts.Mark(len(counts) / 2, words), charts.Mark(len(counts) - 0.1, "Hạn chót 21/10/2026 17:00")]
    root = checked(charts.columns(days, title="T", width=width, number=plain, marks=marks))
    heights = [float(one.attrib["height"]) for one in root.iter(f"{SVG}rect")]
    for a, b in zip(range(len(counts)), range(1, len(counts)), strict=False):
        assert (heights[a] - heights[b]) * (counts[a] - counts[b]) >= -1e-6  # the higher count stands no lower


SAMPLES: list[Callable[[str], str]] = [
    lambda t: charts.bars([charts.BarRow(t, 3, "3", 1)], title=t, width=320),
    lambda t: charts.columns([charts.Column(t[:9], 3, t)], title=t, width=320, number=plain),
    lambda t: charts.strips([charts.StripRow(t, t, [1, 2])], title=t, width=320, number=plain, ends=(0, 5)),
    lambda t: charts.radar([charts.Spoke(t, t, 0.5, 0.4)] * 4, title=t, width=420, names=(t, t)),
    lambda t: charts.positions(
        [charts.PositionRow(t, t, 0, 9, 3, (1, 2, 4))], title=t, width=320, number=plain, names=(t, t, t)
    ),
    lambda t: charts.intervals([charts.IntervalRow(t, t, 1, 5, 3, 2)], title=t, width=320, number=plain),
]


def test_every_chart_is_set_into_a_paper_whatever_its_words(tmp_path: Path) -> None:
    pictures = {
        f"{place}-{number}.svg": draw(text).encode()
        for place, draw in enumerate(SAMPLES)
        for number, text in enumerate(HOSTILE)
    }
    template = tmp_path / "page.typ"
    template.write_text(
        '#let values = json(bytes(sys.inputs.values))\n#for one in values { image("/pictures/" + one) }'
    )
    made = typeset(template, list(pictures), made_at=datetime(2026, 10, 8, tzinfo=UTC), pictures=pictures)  # type: ignore[arg-type]
    assert made.startswith(b"%PDF")
    assert b"BeVietnamPro" in made


def test_a_long_school_name_is_cut_in_the_drawing_and_whole_in_its_title() -> None:
    name = "Trường Trung học phổ thông Chuyên Lê Hồng Phong và Trung tâm Giáo dục thường xuyên số hai của thành phố"
    root = checked(charts.bars([charts.BarRow(name, 3, "3")], title="T", width=320))
    drawn = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert drawn[1].endswith("…")
    assert [title.text for title in root.iter(f"{SVG}title")] == ["T", f"{name}: 3"]
