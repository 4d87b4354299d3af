"""Two implementations of the rules, written apart from each other, agree on random contests (RS-11)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from contest.editions.rules import Per
from contest.results import verify_results as script
from contest.results.advancement import advance, written
from contest.results.inputs import RoundInputs
from contest.results.ranking import Standing, rank
from tests.results.contests import Contest, as_panel, contests, field_of, name, with_earlier

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
