"""Laws that hold for every contest, whatever its rules: RS-12, RS-13 and RS-17 of the trust rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contest.editions.rules import Aggregate, Combine, Counting, Decide, RoundRules, Rubric
from contest.judging.scoring import Scorecard
from contest.results.inputs import RoundInputs
from contest.results.ranking import Standing, StandingStatus, rank
from contest.results.rulings import LedgerEntry
from tests.judging.panels import card, criterion
from tests.judging.panels import rubric as plain_rubric
from tests.results.contests import rounds

RANKED, INCOMPLETE = StandingStatus.RANKED, StandingStatus.INCOMPLETE
TRACKS = st.lists(st.sampled_from((None, None, 0, 1)), min_size=1, max_size=7).map(tuple)
ROUNDS = TRACKS.flatmap(rounds)
LAW = settings(deadline=None, derandomize=True, max_examples=60)
# Steps whose answer depends on who else is tied: a change of one entry may then reorder the others.
OF_THE_GROUP = ("judges_preferring", "earlier_round")

T = TypeVar("T")
Row = tuple[object, ...]


def row(one: Standing) -> Row:
    return one.rank, one.result, one.own_result, one.status, one.reason, one.decided_by, one.band, one.alarm


def outcome(inputs: RoundInputs) -> dict[int, Row]:
    return {one.submission: row(one) for one in rank(inputs)}


def by_position(inputs: RoundInputs) -> dict[int, Standing]:
    return {one.submission: one for one in rank(inputs)}


def without(inputs: RoundInputs, *steps: str) -> RoundInputs:
    kept = tuple(step for step in inputs.rules.tie_breaks if step not in steps)
    return replace(inputs, rules=replace(inputs.rules, tie_breaks=kept))


def points_for(inputs: RoundInputs, entry: int, points: str) -> RoundInputs:
    ledger = [list(inputs.ledger[p]) if inputs.ledger else [] for p in range(len(inputs.tracks))]
    ledger[entry].append(LedgerEntry(Decimal(points), "reason", "author"))
    return replace(inputs, ledger=tuple(tuple(each) for each in ledger))


# == RS-12: order of judges, entries and rows ==


def moved(inputs: RoundInputs, places: Sequence[int], judges: Sequence[int]) -> RoundInputs:
    """Return the same contest with entry p at places[p] and judge j called judges[j]."""

    def carried(values: Sequence[T]) -> tuple[T, ...]:
        pairs = sorted(zip(places, values, strict=True), key=lambda pair: pair[0])
        return tuple(value for _, value in pairs)

    return replace(
        inputs,
        tracks=carried(inputs.tracks),
        cards=tuple(replace(c, judge=judges[c.judge], submission=places[c.submission]) for c in inputs.cards[::-1]),
        measured=carried(inputs.measured) if inputs.measured else (),
        ledger=carried(inputs.ledger) if inputs.ledger else (),
        earlier={code: carried(results) for code, results in inputs.earlier.items()},
        rulings=tuple(
            replace(r, submission=None if r.submission is None else places[r.submission]) for r in inputs.rulings[::-1]
        ),
    )


@LAW
@given(ROUNDS, st.data())
def test_rs_12_no_order_of_judges_entries_or_rows_changes_a_result(inputs: RoundInputs, data: st.DataObject) -> None:
    places = data.draw(st.permutations(range(len(inputs.tracks))))
    judges = data.draw(st.permutations(range(6)))
    after = outcome(moved(inputs, places, judges))
    assert {p: after[places[p]] for p in range(len(places))} == outcome(inputs)


# == RS-12: a penalty, a raise, an abstention ==


@LAW
@given(ROUNDS, st.data())
def test_rs_12_a_penalty_on_one_entry_changes_only_that_entry(inputs: RoundInputs, data: st.DataObject) -> None:
    entry = data.draw(st.sampled_from(range(len(inputs.tracks))))
    bare = without(inputs, *OF_THE_GROUP)
    before, after = by_position(bare), by_position(points_for(bare, entry, "-1"))
    others = [p for p in before if p != entry]
    for p in others:
        numbers = ("result", "own_result", "status", "reason", "criteria", "spread", "band")
        assert [getattr(after[p], n) for n in numbers] == [getattr(before[p], n) for n in numbers]
    assert order_of(after, others) == order_of(before, others)
    if before[entry].value is not None and not bare.rules.carry:
        assert Decimal(after[entry].own_result or 0) <= Decimal(before[entry].own_result or 0) - 1
        assert (after[entry].rank or 0) >= (before[entry].rank or 0)


def order_of(standings: dict[int, Standing], entries: Iterable[int]) -> set[tuple[int, int, int]]:
    """Return who of a pair in one track stands before whom."""
    ranked = [standings[p] for p in entries if standings[p].rank is not None]
    return {
        (
            one.submission,
            other.submission,
            ((one.rank or 0) > (other.rank or 0)) - ((one.rank or 0) < (other.rank or 0)),
        )
        for one in ranked
        for other in ranked
        if one.track == other.track
    }


@LAW
@given(ROUNDS, st.data())
def test_rs_12_a_higher_mark_never_lowers_the_rank(inputs: RoundInputs, data: st.DataObject) -> None:
    """Guaranteed for mean, median, trimmed, clamped and ranks.

    Not for severity and zscore: they read a mark against the judge's other marks, so an extreme mark also moves what
    that judge's marks on others are worth. Not with `lower_spread`, which rewards agreement and not height, nor with
    `earlier_round`, which looks at another round when somebody joins the tie.
    """
    assume(inputs.cards and inputs.rules.aggregate not in (Aggregate.SEVERITY, Aggregate.ZSCORE))
    bare = without(inputs, "lower_spread", "earlier_round")
    at = data.draw(st.sampled_from(range(len(bare.cards))))
    chosen = bare.cards[at]
    which = data.draw(st.sampled_from(range(len(chosen.points))))
    mark, spec = chosen.points[which], bare.rubric.judged[which]
    assume(mark is not None and mark < spec.max_points)
    raised = tuple((p or 0) + 1 if position == which else p for position, p in enumerate(chosen.points))
    cards = (*bare.cards[:at], replace(chosen, points=raised), *bare.cards[at + 1 :])
    before, after = by_position(bare)[chosen.submission], by_position(replace(bare, cards=cards))[chosen.submission]
    assert (before.rank is None) == (after.rank is None)
    assert (after.rank or 0) <= (before.rank or 0)
    assert before.value is None or after.value is None or after.value >= before.value


def test_rs_12_where_a_higher_mark_can_cost_a_place() -> None:
    """The exception that the law above names: with equal results the wider spread loses."""
    rules = RoundRules(decimals=0, tie_breaks=("lower_spread",))
    two = [card(0, 0, 5), card(1, 0, 5), card(0, 1, 5), card(1, 1, 4)]
    lower = RoundInputs(rules, plain_rubric(), (None, None), (*two[:1], card(1, 0, 4), *two[2:]))
    assert [one.rank for one in rank(lower)] == [1, 1]
    higher = replace(lower, cards=(card(0, 0, 6), *lower.cards[1:]))
    assert [(one.submission, one.rank) for one in rank(higher)] == [(1, 1), (0, 2)]


@LAW
@given(ROUNDS, st.data(), st.sampled_from(("abstained", "recused", "blank", "recused with marks")))
def test_rs_12_and_13_who_gives_no_mark_changes_nothing(inputs: RoundInputs, data: st.DataObject, kind: str) -> None:
    """Blank, abstained and recused are not zero: a further such paper leaves every line as it is."""
    entry = data.draw(st.sampled_from(range(len(inputs.tracks))))
    judged = inputs.rubric.judged
    assume(judged and not all(spec.part for spec in judged))  # an empty paper is whole when all its parts are missing
    marks = tuple(0 for _ in judged) if kind == "recused with marks" else (None,) * len(judged)
    paper = Scorecard(
        9, entry, marks, submitted=True, recused=kind.startswith("recused"), abstained=kind == "abstained"
    )
    assert outcome(replace(inputs, cards=(*inputs.cards, paper))) == outcome(inputs)


def test_rs_13_a_zero_is_a_mark_and_the_three_others_are_not() -> None:
    base = (card(0, 0, 8), card(1, 0, 6))
    inputs = RoundInputs(RoundRules(), plain_rubric(), (None,), base)
    results = {
        "zero": card(2, 0, 0),
        "blank": card(2, 0, None),
        "abstained": Scorecard(2, 0, (None,), submitted=True, abstained=True),
        "recused": card(2, 0, None, recused=True),
    }
    found = {kind: rank(replace(inputs, cards=(*base, paper)))[0].result for kind, paper in results.items()}
    assert found == {"zero": "4.67", "blank": "7.00", "abstained": "7.00", "recused": "7.00"}


# == RS-12: another scale ==


def scaled(inputs: RoundInputs, k: Decimal) -> RoundInputs:
    """Return the same contest with every mark, clamp, point, band and earlier result k times as large."""
    rubric = Rubric(
        tuple(
            replace(c, minimum=c.minimum * k, maximum=c.maximum * k, step=c.step * k, floor=None)
            for c in inputs.rubric.criteria
        )
    )
    rules = replace(
        inputs.rules,
        clamp=None if inputs.rules.clamp is None else inputs.rules.clamp * k,
        bands=tuple(replace(band, lowest=band.lowest * k) for band in inputs.rules.bands),
    )
    return replace(
        inputs,
        rules=rules,
        rubric=rubric,
        measured=tuple({code: mark * Fraction(k) for code, mark in marks.items()} for marks in inputs.measured),
        ledger=tuple(tuple(replace(e, points=e.points * k) for e in entries) for entries in inputs.ledger),
        earlier={c: tuple(None if r is None else r * k for r in results) for c, results in inputs.earlier.items()},
    )


def places(inputs: RoundInputs) -> dict[int, Row]:
    return {one.submission: (one.rank, one.status, one.decided_by, one.band, one.alarm) for one in rank(inputs)}


@LAW
@given(ROUNDS)
def test_rs_12_ten_times_the_scale_with_one_place_less_keeps_every_rank(inputs: RoundInputs) -> None:
    """Ten, because the printed number decides: one place less on ten times the scale prints the same digits."""
    relative = (Aggregate.RANKS, Aggregate.SEVERITY, Aggregate.ZSCORE)
    assume(inputs.rules.decimals > 0 and inputs.rules.scale_to is None and inputs.rules.aggregate not in relative)
    larger = scaled(inputs, Decimal(10))
    larger = replace(larger, rules=replace(larger.rules, decimals=inputs.rules.decimals - 1))
    assert places(larger) == places(inputs)


@LAW
@given(ROUNDS, st.sampled_from([Decimal(text) for text in ("3", "0.5", "7")]))
def test_rs_12_marks_on_another_scale_give_the_same_result_out_of_100(inputs: RoundInputs, k: Decimal) -> None:
    """With `scale_to` only shares of the maximum count, so that any factor is without effect."""
    rules = replace(
        inputs.rules,
        scale_to=Decimal(100),
        combine=Combine.SCORECARD,
        bands=(),
        aggregate=Aggregate.MEAN,
        tie_breaks=(),
    )
    base = replace(inputs, rules=rules, ledger=(), earlier={})
    assert outcome(scaled(base, k)) == outcome(base)


# == RS-12: dropping the highest and the lowest ==


@LAW
@given(st.lists(st.integers(0, 3), min_size=1, max_size=7), st.integers(0, 3))
def test_rs_12_a_trim_drops_exactly_so_many_also_among_equals(marks: list[int], trim: int) -> None:
    rules = RoundRules(aggregate=Aggregate.TRIMMED, trim=trim, decimals=4)
    cards = tuple(card(judge, 0, mark) for judge, mark in enumerate(marks))
    (line,) = rank(RoundInputs(rules, plain_rubric(), (None,), cards))
    kept = sorted(marks)[trim : len(marks) - trim]
    if not kept:
        assert (line.status, line.reason, line.result, line.rank) == (INCOMPLETE, "too_few_to_trim", None, None)
    else:
        assert Fraction(line.result or "") == round_once(Fraction(sum(kept), len(kept)), 4)


@pytest.mark.parametrize("judges", [1, 2])
def test_rs_12_fewer_than_three_are_never_trimmed_nor_silently_averaged(judges: int) -> None:
    rules = RoundRules(aggregate=Aggregate.TRIMMED, trim=1)
    cards = tuple(card(judge, 0, 7) for judge in range(judges))
    (line,) = rank(RoundInputs(rules, plain_rubric(), (None,), cards))
    assert (line.rank, line.result, line.status, line.reason) == (None, None, INCOMPLETE, "too_few_to_trim")


# == RS-13: ties ==


@LAW
@given(ROUNDS, st.data())
def test_rs_13_a_twin_always_shares_the_rank(inputs: RoundInputs, data: st.DataObject) -> None:
    """An entry with the same papers is never put before or behind by its number or its place in the table."""
    entry = data.draw(st.sampled_from(range(len(inputs.tracks))))
    twin = len(inputs.tracks)
    doubled = replace(
        inputs,
        tracks=(*inputs.tracks, inputs.tracks[entry]),
        cards=(*(replace(c, submission=twin) for c in inputs.cards if c.submission == entry), *inputs.cards),
        measured=(*inputs.measured, inputs.measured[entry]) if inputs.measured else (),
        ledger=(*inputs.ledger, inputs.ledger[entry]) if inputs.ledger else (),
        rulings=(*inputs.rulings, *(replace(r, submission=twin) for r in inputs.rulings if r.submission == entry)),
    )
    found = by_position(doubled)
    assert row(found[twin]) == row(found[entry])
    if found[twin].rank is not None and inputs.rules.decide is not Decide.AGREEMENT:
        assert found[twin].tied
        assert found[entry].tied


@pytest.mark.parametrize("decimals", [0, 1, 2, 6])
def test_rs_13_exact_thirds_tie_and_share_the_rank(decimals: int) -> None:
    """One third from three judges, from six, and as weights of three criteria: 1-1-1-4, in whatever order."""
    rubric = Rubric(tuple(criterion(f"C{i}", "0.333", "0", "10", "1") for i in range(3)))
    rows = [
        [(3, 0, 0), (0, 3, 0), (0, 0, 0)],
        [(1, 1, 1), (1, 0, 0), (0, 1, 1)],
        [(2, 0, 0), (0, 2, 0), (0, 0, 2), (2, 0, 0), (0, 2, 0), (0, 0, 2)],
        [(1, 0, 0), (0, 0, 0), (0, 0, 0)],
    ]
    for order in ((0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)):
        cards = tuple(card(j, p, *marks) for p, at in enumerate(order) for j, marks in enumerate(rows[at]))
        standings = rank(RoundInputs(RoundRules(decimals=decimals), rubric, (None,) * 4, cards))
        found = {order[one.submission]: (one.rank, one.tied) for one in standings}
        assert found == {0: (1, True), 1: (1, True), 2: (1, True), 3: (4, False)}


# == RS-17: rounding ==


def round_once(value: Fraction, decimals: int) -> Fraction:
    """Round half away from zero by another road: through the remainder of a whole division."""
    units, rest = divmod(abs(value.numerator) * 10**decimals, value.denominator)
    size = Fraction(units + (2 * rest >= value.denominator), 10**decimals)
    return size if value >= 0 else -size


@pytest.mark.parametrize(
    ("marks", "decimals", "printed"),
    [
        (("0.125",), 2, "0.13"),
        (("0.375",), 2, "0.38"),
        (("0.625",), 2, "0.63"),
        (("-0.125",), 2, "-0.13"),
        (("2.5",), 0, "3"),
        (("-2.5",), 0, "-3"),
        (("1.25", "1.25"), 1, "1.3"),
        (("8.5", "8.375"), 2, "8.44"),
        (("9.375", "9.5", "9.5"), 1, "9.5"),
        (("9.375", "9.5", "9.375", "9.5"), 1, "9.4"),
        (("0", "0", "0.125"), 2, "0.04"),
        (("-0.125", "0", "0", "0", "0", "0", "0", "0"), 1, "0.0"),
    ],
)
def test_rs_17_halves_go_away_from_zero(marks: tuple[str, ...], decimals: int, printed: str) -> None:
    spec = criterion("A", "1", "-10", "10", "0.125")
    cards = tuple(card(j, 0, spec.points_of(Decimal(mark))) for j, mark in enumerate(marks))
    (line,) = rank(RoundInputs(RoundRules(decimals=decimals), Rubric((spec,)), (None,), cards))
    assert line.result == printed


def test_rs_17_a_result_is_rounded_once_and_not_again() -> None:
    """4.4475 would become 4.448, 4.45, 4.5 step by step; at one place it is 4.4, and the place decides the rank."""
    spec = criterion("A", "1", "0", "10", "0.0025")
    cards = tuple(card(0, p, spec.points_of(Decimal(mark))) for p, mark in enumerate(("4.4475", "4.45", "4.3975")))
    standings = rank(RoundInputs(RoundRules(decimals=1), Rubric((spec,)), (None,) * 3, cards))
    assert [(one.submission, one.rank, one.result) for one in standings] == [
        (1, 1, "4.5"),
        (0, 2, "4.4"),
        (2, 2, "4.4"),
    ]


@LAW
@given(st.lists(st.integers(-40, 40), min_size=1, max_size=6), st.integers(0, 4))
def test_rs_17_the_printed_mean_is_the_exact_mean_rounded_once(marks: list[int], decimals: int) -> None:
    spec = criterion("A", "0.333", "-10", "10", "0.25")
    cards = tuple(card(j, 0, mark + 40) for j, mark in enumerate(marks))
    rules = RoundRules(decimals=decimals, counting=Counting.COMPLETE)
    (line,) = rank(RoundInputs(rules, Rubric((spec,)), (None,), cards))
    exact = Fraction(sum(marks), 4 * len(marks)) * Fraction(333, 1000)
    assert Fraction(line.result or "") == round_once(exact, decimals)
    assert RANKED is line.status
