"""The rule of a round as spreadsheet formulas: addresses in, formula text out; exact wherever a formula is offered.

A spreadsheet computes in binary floating point. A result is therefore rounded in two steps: first to `GUARD` places
beyond the printed ones, which only wipes off what the machine added, then half away from zero on a number that binary
floating point holds exactly at every half. `Recipe.why` says when that would not be exact, or when a rule has no
formula at all; then the frozen value is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import lcm

from contest.editions.rules import Aggregate, Combine, Decide, RoundRules, Rubric
from contest.judging.aggregates import fewest
from contest.judging.numbers import units_of
from contest.judging.scoring import COMPARING
from contest.judging.totals import TotalScale, highest_total, scale_factor
from contest.results.ladder import LadderStep, StepKind, parse
from contest.results.replay import inputs_from_report
from contest.results.report import RoundReport

GUARD = 8
FINEST = 10**GUARD
LARGEST = 10**6  # printed results in units of the last place: beyond, floating point has too few digits for the guard
TEN = 10


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a round's results are computed again.

    `why` is None where results have formulas, else "aggregate" (judges are compared with each other), "too_fine",
    "no_judges" or "old_snapshot". `steps` settle ties; `frozen_ties`: a step has no formula, so the frozen order among
    equal results is written. `agreed`: ranks are the jury's agreement and never computed. `places`: of a judge's total.
    """

    rules: RoundRules
    rubric: Rubric
    factor: Fraction
    places: int
    steps: tuple[LadderStep, ...]
    why: str | None
    frozen_ties: bool
    agreed: bool

    @property
    def by_criterion(self) -> bool:
        """Tell whether each criterion is combined on its own."""
        return self.rules.combine is Combine.CRITERION


def recipe_of(report: RoundReport) -> Recipe:
    """Return how the round of a report is computed again."""
    inputs = inputs_from_report(replace(report, lines=(), rulings=()))
    rules, rubric = inputs.rules, inputs.rubric
    steps = parse(rules.tie_breaks, rubric, report.earlier)
    recipe = Recipe(
        rules=rules,
        rubric=rubric,
        factor=scale_factor(rubric, rules.scale_to),
        places=TotalScale(rubric).places,
        steps=steps,
        why=None,
        frozen_ties=any(not _has_key(step, report) for step in steps),
        agreed=rules.decide is Decide.AGREEMENT,
    )
    return replace(recipe, why=_obstacle(recipe, report))


def _has_key(step: LadderStep, report: RoundReport) -> bool:
    """Tell whether a step is one number per submission, the same whoever stands beside."""
    if step.kind is StepKind.JUDGES_PREFERRING:
        return False
    if step.kind is not StepKind.EARLIER_ROUND:
        return bool(report.criteria) or step.kind in (StepKind.CHAIR, StepKind.CRITERION)
    column = report.earlier.index(step.code) if step.code else len(report.earlier) - 1
    return column >= 0 and all(line.earlier[column] is not None for line in report.lines if line.rank is not None)


def _obstacle(recipe: Recipe, report: RoundReport) -> str | None:
    if recipe.rules.aggregate in COMPARING:
        return "aggregate"
    if any(len(line.criteria) != len(recipe.rubric.criteria) for line in report.lines):
        return "old_snapshot"
    if recipe.rubric.judged and not report.judges:
        return "no_judges"
    return "too_fine" if _denominator(recipe, report) >= FINEST or _largest(recipe, report) >= LARGEST else None


def _denominator(recipe: Recipe, report: RoundReport) -> int:
    """Return a number that every result, in units of its last printed place, is a whole share of."""
    counts = {line.judges for line in report.lines if line.judges} or {1}
    places = [units_of(number)[1] for number in _numbers(recipe)]
    reach = units_of(recipe.rules.clamp)[1] if recipe.rules.clamp is not None else 0
    fine = TEN ** (recipe.places + reach) * recipe.factor.denominator
    given = [Fraction(mark) for line in report.lines for mark in (*line.measured, line.ledger) if mark is not None]
    beside = lcm(*(one.denominator for one in given))
    return int(max(counts) * fine * beside * TEN ** max(places, default=0))


def _numbers(recipe: Recipe) -> list[Decimal]:
    weights = [one.weight for one in recipe.rubric.criteria] if recipe.by_criterion else []
    measured = [one.weight for one in recipe.rubric.measured]
    return [*weights, *measured, *(weight for _, weight in recipe.rules.carry)]


def _largest(recipe: Recipe, report: RoundReport) -> Fraction:
    printed = [abs(Fraction(line.result)) for line in report.lines if line.result is not None]
    highest = abs(highest_total(recipe.rubric.criteria) * recipe.factor)
    return max(highest, *printed, Fraction(0)) * int(TEN**recipe.rules.decimals)


def rounded(expression: str, places: int) -> str:
    """Round half away from zero to `places`, see above."""
    if places == 0:
        return f"ROUND(ROUND({expression},{GUARD}),0)"
    unit = TEN**places
    return f"ROUND(ROUND(({expression})*{unit},{GUARD}),0)/{unit}"


def combined(rules: RoundRules, block: str, factor: Fraction = Fraction(1)) -> str:
    """Combine the numbers in a block, times `factor`; the plain mean stands for methods that compare judges."""
    if rules.aggregate is Aggregate.CLAMPED:
        return _clamped(rules, block, factor)
    if rules.aggregate is Aggregate.MEDIAN:
        return _times(f"MEDIAN({block})", factor)
    if rules.aggregate is Aggregate.TRIMMED and rules.trim:
        dropped = "".join(f"-LARGE({block},{k})-SMALL({block},{k})" for k in range(1, rules.trim + 1))
        return _times(f"(SUM({block}){dropped})/(COUNT({block})-{2 * rules.trim})", factor)
    return _times(f"AVERAGE({block})", factor)


def _times(expression: str, factor: Fraction) -> str:
    if factor == 1:
        return expression
    share = f"/{factor.denominator}" if factor.denominator != 1 else ""
    return f"({expression})*{factor.numerator}{share}"


def _clamped(rules: RoundRules, block: str, factor: Fraction) -> str:
    value = _times(block, factor)
    middle = rounded(_times(f"AVERAGE({block})", factor), rules.decimals)
    low, high = f"({middle}-{rules.clamp:f})", f"({middle}+{rules.clamp:f})"
    moved = f"IF({value}<{low},{low},IF({value}>{high},{high},{value}))"
    return f"SUM(IF(ISNUMBER({block}),{moved},0))/COUNT({block})"


def criterion_value(recipe: Recipe, block: str) -> str:
    """Return the printed value of a criterion from the marks that count; nothing with too few of them."""
    value = rounded(combined(recipe.rules, block), recipe.rules.decimals)
    return f'IF(COUNT({block})<{fewest(recipe.rules)},"",{value})'


def own_result(recipe: Recipe, totals: str, measured: Sequence[str], ledger: str) -> str:
    """Combine judges' totals; add measured marks by weight and the ledger; round once. Nothing where any lacks."""
    parts = [combined(recipe.rules, totals, recipe.factor)] if recipe.rubric.judged else []
    weighted = zip(recipe.rubric.measured, measured, strict=True)
    parts += [_times(f"{one.weight:f}*{address}", recipe.factor) for one, address in weighted]
    value = rounded("+".join([*parts, *([ledger] if ledger else [])]), recipe.rules.decimals)
    guards = [f"COUNT({totals})<{fewest(recipe.rules)}"] if recipe.rubric.judged else []
    guards += [f"COUNT({','.join(measured)})<{len(measured)}"] if measured else []
    return f'IF(OR({",".join(guards)}),"",{value})'


def own_result_by_criterion(recipe: Recipe, criteria: Sequence[str], ledger: str) -> str:
    """Weigh printed values of criteria, each product rounded; sum, scale, add the ledger, round."""
    places = recipe.rules.decimals
    pairs = zip(recipe.rubric.criteria, criteria, strict=True)
    total = "+".join(rounded(f"{address}*{one.weight:f}", places) for one, address in pairs)
    scaled = _times(f"({total})" if recipe.factor != 1 else total, recipe.factor)
    value = rounded(f"{scaled}+{ledger}" if ledger else scaled, places)
    return f'IF(COUNT({",".join(criteria)})<{len(criteria)},"",{value})'


def carried_result(recipe: Recipe, parts: Sequence[tuple[str, str]]) -> str:
    """Weigh printed own results of rounds, (weight, address) each; nothing where any lacks."""
    addresses = ",".join(address for _, address in parts)
    total = "+".join(f"{weight}*{address}" for weight, address in parts)
    return f'IF(COUNT({addresses})<{len(parts)},"",{rounded(total, recipe.rules.decimals)})'


def ranking_value(recipe: Recipe, result: str, judges: str) -> str:
    """Return the result of whoever takes a place; nothing for one judged by too few."""
    enough = f"AND(ISNUMBER({result}),{judges}>={recipe.rules.min_judges})"
    return f'IF({enough if recipe.rubric.judged else f"ISNUMBER({result})"},{result},"")'


@dataclass(frozen=True, slots=True)
class Key:
    """A column that settles ties, within one track: the block of all, the cell of one; `least` is best or the most."""

    block: str
    one: str
    least: bool = False


def rank(value: Key, keys: Sequence[Key]) -> str:
    """Return the place: one more than the number of those who stand before (1-2-2-4)."""
    before = [f'COUNTIF({value.block},">"&{value.one})']
    for at, key in enumerate(keys):
        sign = "<" if key.least else ">"
        equal = "".join(f",{one.block},{one.one}" for one in keys[:at])
        before.append(f'COUNTIFS({value.block},{value.one}{equal},{key.block},"{sign}"&{key.one})')
    return f'IF(ISNUMBER({value.one}),1+{"+".join(before)},"")'


def sharing(ranks: str, one: str) -> str:
    """Return how many share a rank within their track, themselves included."""
    return f'IF(ISNUMBER({one}),COUNTIF({ranks},{one}),"")'
