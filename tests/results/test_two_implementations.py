"""Two implementations of the rules, written apart from each other, agree on random contests (RS-11)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contest.editions.measures import Conversion, Measure
from contest.editions.rules import Aggregate, Combine, Per, RoundRules, Rubric
from contest.editions.rules_json import measure_to_json
from contest.errors import RuleBroken
from contest.judging.scoring import Scorecard
from contest.results import verify_results as script
from contest.results.advancement import advance, written
from contest.results.inputs import RoundInputs
from contest.results.measured import Measurements, measured_marks
from contest.results.ranking import Standing, rank
from tests.results.contests import Contest, as_panel, contests, criterion, field_of, name, with_earlier

EXAMPLES_OF_THE_RULE = 10_000
QUICK = (Phase.explicit, Phase.generate)  # shrinking a whole contest takes minutes; drop it to find the smallest one
Outcome = dict[str, tuple[object, ...]]


def by_engine(standings: tuple[Standing, ...]) -> Outcome:
    return {
        name(one.submission): (
            one.rank,
            one.result,
            one.own_result,
            one.status.value,
            one.decided_by,
            one.awaits_chair,
            one.band,
            one.alarm,
        )
        for one in standings
    }


def by_script(panel: script.Panel, lines: list[script.Line]) -> Outcome:
    return {
        line.submission: (
            line.rank,
            script.printed(line.result, panel.rules.decimals),
            script.printed(line.own, panel.rules.decimals),
            line.status,
            line.decided_by,
            line.awaits_chair,
            line.band,
            line.alarm,
        )
        for line in lines
    }


def cut_by_engine(inputs: RoundInputs, standings: tuple[Standing, ...]) -> tuple[set[str], set[str]]:
    rule = inputs.rules.advance
    assert rule is not None
    fields = [{"F0": 0, "F1": 1}.get(field_of(p)) for p in range(len(inputs.tracks))]
    groups = {Per.TRACK: {"0": 0, "1": 1}, Per.FIELD: {"F0": 0, "F1": 1}, Per.ALL: {}}[rule.per]
    cut = advance(
        standings,
        rule,
        fields,
        floors=[each.floor for each in inputs.rubric.criteria],
        decided=written(inputs.rulings, groups),
    )
    return set(map(name, cut.advancing)), set(map(name, cut.awaiting))


def agree(contest: Contest) -> int:
    """Compare every round and return how many could be; a round with an estimate ends the comparison."""
    earlier: dict[str, tuple[Decimal | None, ...]] = {}
    for done, (code, bare) in enumerate(contest.rounds):
        inputs: RoundInputs = with_earlier(bare, earlier)
        try:
            panel = as_panel(inputs)
            lines = script.ranked(panel)
        except script.NotRecomputed:
            return done
        standings = rank(inputs)
        assert by_engine(standings) == by_script(panel, lines)
        if inputs.rules.advance is not None:
            assert cut_by_engine(inputs, standings) == script.cut(panel, lines)
        own = {one.submission: one.own_result for one in standings}
        texts = [own[position] for position in range(len(inputs.tracks))]
        earlier[code] = tuple(None if text is None else Decimal(text) for text in texts)
    return len(contest.rounds)


@settings(deadline=None, derandomize=True, phases=QUICK, max_examples=300, suppress_health_check=list(HealthCheck))
@given(contests())
def test_the_engine_and_the_verifier_agree(contest: Contest) -> None:
    agree(contest)


@pytest.mark.load
@pytest.mark.timeout(3600)
@settings(
    deadline=None,
    derandomize=True,
    phases=QUICK,
    max_examples=EXAMPLES_OF_THE_RULE,
    suppress_health_check=list(HealthCheck),
)
@given(contests())
def test_rs_11_the_engine_and_the_verifier_agree_on_ten_thousand_contests(contest: Contest) -> None:
    agree(contest)


NUMBERS = st.sampled_from([Decimal(text) for text in ("0", "0.5", "1", "1", "3", "7", "12.25", "100")])
MEASURES = st.one_of(
    st.builds(Measure, st.sampled_from((Conversion.LEADER, Conversion.PLACES)), lower_is_better=st.booleans()),
    st.sampled_from([(Decimal(2), Decimal(10)), (Decimal(10), Decimal("0.5"))]).map(
        lambda ends: Measure(Conversion.LINEAR, best=ends[0], worst=ends[1])
    ),
)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    MEASURES, st.lists(st.one_of(st.none(), NUMBERS), max_size=6), st.lists(st.sampled_from((0, 1, None)), min_size=6)
)
def test_measured_numbers_become_the_same_marks(
    measure: Measure, raw: list[Decimal | None], tracks: list[int | None]
) -> None:
    spec = replace(criterion("M", "1", ("1", "5", "0.5"), judged=False), measure=measure)
    entered = [Measurements(raw={} if one is None else {"M": [one]}) for one in raw]
    tracks = tracks[: len(raw)]
    by_engine = {
        name(p): marks["M"] for p, marks in enumerate(measured_marks(Rubric((spec,)), tracks, entered)) if marks
    }
    said = script.Criterion("M", Fraction(1), Fraction(5), judged=False, measure=measure_to_json(measure))
    given_ = {name(p): Fraction(one) for p, one in enumerate(raw) if one is not None}
    assert script.converted(said, given_, {name(p): str(track) for p, track in enumerate(tracks)}) == by_engine


@pytest.mark.parametrize("aggregate", [Aggregate.ZSCORE, Aggregate.RANKS, Aggregate.SEVERITY])
def test_both_refuse_to_compare_judges_criterion_by_criterion(aggregate: Aggregate) -> None:
    rules = RoundRules(combine=Combine.CRITERION, aggregate=aggregate)
    rubric = Rubric((criterion("C", "1", ("0", "10", "1")),))
    inputs = RoundInputs(rules, rubric, (None,), (Scorecard(0, 0, (5,), submitted=True),))
    with pytest.raises(RuleBroken) as refused:
        rank(inputs)
    with pytest.raises(script.Unreadable) as unreadable:
        script.ranked(as_panel(inputs))
    assert refused.value.code == unreadable.value.key == "aggregate_needs_scorecards"
