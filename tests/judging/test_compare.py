"""A judge's own marks side by side: order, spread, ties."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from contest.editions.rules import CriterionSpec, LocalText
from contest.judging.compare import OwnPaper, compare
from contest.judging.papers import DeskRow, PaperState, Sheet

CRITERIA = tuple(
    CriterionSpec(
        code=f"C{number}",
        name=LocalText(f"Tiêu chí {number}"),
        minimum=Decimal(0),
        maximum=Decimal(10),
        step=Decimal("0.5"),
        weight=Decimal(number),
    )
    for number in (1, 2)
)
SHEET = Sheet(round_id=1, rubric_version=1, blind=True, criteria=CRITERIA, ids=(11, 12))


def paper(code: str, *points: int | None, state: PaperState = PaperState.DRAFT) -> OwnPaper:
    return OwnPaper(DeskRow(1, code.lower(), code, "", None, "", state), points)


def test_complete_papers_are_ranked_the_others_follow_in_reading_order() -> None:
    own = compare(SHEET, [paper("A", 2, None), paper("B", 4, 10), paper("C", None, None), paper("D", 20, 20)])
    assert [(line.paper.row.code, line.rank, line.total) for line in own.lines] == [
        ("D", 1, Decimal(30)),
        ("B", 2, Decimal(12)),
        ("A", None, Decimal(1)),
        ("C", None, None),
    ]
    assert own.ties == ()


def test_equal_totals_share_a_rank_and_are_named() -> None:
    own = compare(SHEET, [paper("A", 0, 2), paper("B", 4, 0), paper("C", 20, 20), paper("D", 0, 0), paper("E", 0, 0)])
    assert [(line.paper.row.code, line.rank, line.tied) for line in own.lines] == [
        ("C", 1, False), ("A", 2, True), ("B", 2, True), ("D", 4, True), ("E", 4, True),
    ]  # fmt: skip
    assert own.ties == (("A", "B"), ("D", "E"))


def test_papers_without_marks_that_count_are_neither_ranked_nor_measured() -> None:
    own = compare(SHEET, [paper("A", 20, 20, state=PaperState.ABSTAINED), paper("B", 2, 4)])
    assert [(line.paper.row.code, line.rank) for line in own.lines] == [("B", 1), ("A", None)]
    assert [one.count for one in own.spreads] == [1, 1]


def test_the_spread_says_how_a_scale_is_used() -> None:
    own = compare(SHEET, [paper("A", 2, 8), paper("B", 3, 8), paper("C", 3, None)])
    first, second = own.spreads
    assert (first.count, first.low, first.mean, first.high, first.flat) == (
        *(3, Decimal(1), Decimal("1.33")),
        *(Decimal("1.5"), False),
    )
    assert (second.count, second.low, second.high, second.flat) == (2, Decimal(4), Decimal(4), True)
    nothing = compare(SHEET, []).spreads[0]
    assert (nothing.count, nothing.low, nothing.mean, nothing.high, nothing.flat) == (0, None, None, None, False)


POINTS = st.one_of(st.none(), st.integers(0, 20))


@given(st.lists(st.tuples(POINTS, POINTS), max_size=8))
def test_a_rank_counts_the_better_ones(points: list[tuple[int | None, int | None]]) -> None:
    own = compare(SHEET, [paper(f"P{number}", *pair) for number, pair in enumerate(points)])
    assert len(own.lines) == len(points)
    ranked = [line for line in own.lines if line.rank is not None]
    for line in ranked:
        better = [other for other in ranked if other.total > line.total]  # type: ignore[operator]
        equal = [other for other in ranked if other.total == line.total]
        assert (line.rank, line.tied) == (1 + len(better), len(equal) > 1)
    assert all(None in line.paper.points for line in own.lines if line.rank is None)
