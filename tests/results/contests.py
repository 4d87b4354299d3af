"""Random contests for the engine, and the same contests in the words of the stand-alone verifier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from contest.editions.rules import (
    Advance,
    Aggregate,
    Band,
    Combine,
    Counting,
    CriterionSpec,
    CutTies,
    Decide,
    LocalText,
    Per,
    RoundRules,
    Rubric,
    Source,
)
from contest.editions.rules_json import rules_to_json
from contest.judging.scoring import Scorecard
from contest.results import verify_results as script
from contest.results.inputs import RoundInputs
from contest.results.rulings import LedgerEntry, Ruling, RulingKind

SCALES = (("0", "10", "1"), ("1", "5", "0.5"), ("-2", "2", "1"), ("0", "1", "0.125"))
WEIGHTS = ("0", "0.333", "1", "1.5", "2", "33.3")
PARTS = ("", "", "video")
RELATIVE = (Aggregate.SEVERITY, Aggregate.ZSCORE, Aggregate.RANKS)
STEPS = ("judges_preferring", "highest_scorecard", "lower_spread", "earlier_round", "chair")
KINDS = ("submitted",) * 30 + ("draft", "recused", "abstained", "absent")


@dataclass(frozen=True)
class Contest:
    """Rounds in order, all with the same submissions; `earlier` of each is filled while they are ranked."""

    rounds: tuple[tuple[str, RoundInputs], ...]


def name(position: int) -> str:
    """Return the code of a submission, in the order of positions."""
    return f"S{position:02d}"


def field_of(position: int) -> str:
    """Return the field of a submission: two take turns, every third has none."""
    return ("F0", "F1", "")[position % 3]


def criterion(
    code: str, weight: str, scale: tuple[str, str, str], *, judged: bool = True, part: str = ""
) -> CriterionSpec:
    low, high, step = (Decimal(each) for each in scale)
    source = Source.JUDGES if judged else Source.ORGANISER
    return CriterionSpec(code, LocalText(), low, high, step, Decimal(weight), low + step, source=source, part=part)


@st.composite
def rubrics(draw: st.DrawFn) -> Rubric:
    """One to three judged and up to two measured criteria, rarely no judged one; the last weighs 1."""
    judged = draw(st.sampled_from((1, 2, 2, 3, 3, 0)))
    measured = draw(st.sampled_from((0, 0, 0, 1, 2))) or (0 if judged else 1)
    kinds = [True] * judged + [False] * measured
    specs = [
        criterion(
            f"C{position}",
            draw(st.sampled_from(WEIGHTS)) if position + 1 < len(kinds) else "1",
            draw(st.sampled_from(SCALES)),
            judged=kind,
            part=draw(st.sampled_from(PARTS)),
        )
        for position, kind in enumerate(kinds)
    ]
    return Rubric(tuple(draw(st.permutations(specs))))


@st.composite
def lines(draw: st.DrawFn) -> Advance | None:
    """A line with one limit or several."""
    advance = Advance(
        top=draw(st.sampled_from((None, 1, 2, 3))),
        per=draw(st.sampled_from(list(Per))),
        threshold=draw(st.sampled_from((None, None, Decimal(3)))),
        floors=draw(st.booleans()),
        ties=draw(st.sampled_from(list(CutTies))),
        percent=draw(st.sampled_from((None, None, Decimal(50), Decimal("33.3")))),
    )
    return advance if advance.has_line else None


@st.composite
def rules(draw: st.DrawFn, rubric: Rubric, before: tuple[str, ...]) -> RoundRules:
    """Every setting that decides a result."""
    combine = draw(st.sampled_from(list(Combine)))
    allowed = [each for each in Aggregate if combine is Combine.SCORECARD or each not in RELATIVE]
    aggregate = draw(st.sampled_from(allowed))
    steps = STEPS + tuple(f"criterion:{each.code}" for each in rubric.criteria)
    steps += tuple(f"earlier_round:{code}" for code in before)
    weights = st.sampled_from([Decimal(text) for text in ("0.3", "0.7", "1", "0.333")])
    carried = draw(st.lists(st.sampled_from(before), unique=True)) if before else []
    return RoundRules(
        decimals=draw(st.sampled_from((0, 0, 1, 2, 3, 4))),
        combine=combine,
        aggregate=aggregate,
        trim=draw(st.sampled_from((0, 1, 1, 2))),
        trim_from=draw(st.sampled_from((None, None, 4, 5))),
        clamp=draw(st.sampled_from((Decimal(1), Decimal("0.5"), Decimal("2.25")))),
        min_judges=draw(st.sampled_from((1, 1, 1, 2, 3))),
        counting=draw(st.sampled_from(list(Counting))),
        decide=draw(st.sampled_from((Decide.SCORES,) * 9 + (Decide.AGREEMENT,))),
        scale_to=draw(st.sampled_from((None, None, Decimal(100), Decimal("33.3")))),
        carry=tuple((code, draw(weights)) for code in (*carried, "self")) if carried else (),
        tie_breaks=tuple(draw(st.permutations(steps)))[: draw(st.integers(0, 6))],
        advance=draw(lines()),
        spread_alarm=draw(st.sampled_from((None, Decimal(10), Decimal(50)))),
        bands=tuple(Band(f"B{low}", LocalText(), Decimal(low)) for low in draw(st.sampled_from(((), (9, 5, 2))))),
    )


@st.composite
def cards(draw: st.DrawFn, rubric: Rubric, entries: int) -> tuple[Scorecard, ...]:
    """Papers of up to six judges; few different marks, and often the marks of one entry shuffled into another's."""
    judges, spread = draw(st.integers(1, 6)), draw(st.sampled_from((1, 1, 2, 4)))
    copied, shift = draw(st.sampled_from((0, 1, 1, 2))), draw(st.integers(0, 5))
    mark = st.integers(-1, 8)
    found: dict[tuple[int, int], list[int | None]] = {}
    papers = []
    for entry in range(entries):
        for judge in range(judges if rubric.judged else 0):
            kind = draw(st.sampled_from(KINDS))
            source = ((judge + shift) % judges, entry - copied)
            if copied and source in found:
                points = found[source]
            else:
                drawn = [draw(mark) for _ in rubric.judged]
                points = [None if one < 0 and judge == entry else abs(one) % (spread + 1) for one in drawn]
            found[judge, entry] = points
            if kind != "absent":
                papers.append(
                    Scorecard(
                        judge,
                        entry,
                        tuple(points),
                        kind != "draft",
                        recused=kind == "recused",
                        abstained=kind == "abstained",
                    )
                )
    return tuple(draw(st.permutations(papers)))


@st.composite
def written(draw: st.DrawFn, rubric: Rubric, rules_: RoundRules, entries: int) -> tuple[Ruling, ...]:
    """Missing parts, the chair's order, ranks that the jury agreed on, and what concerns the cut."""
    del rubric
    tops = draw(st.lists(st.sampled_from(("1", "0:2", "1:0", "F0:1", "F1:3", "Z:1")), unique=True, max_size=1))
    found = [Ruling(RulingKind.CUT_TOP, None, value, "fewer places", "organiser") for value in tops]
    for entry in range(entries):
        if draw(st.integers(0, 7)) == 7:
            found.append(Ruling(RulingKind.MISSING_PART, entry, "video", "no video", "secretary"))
        kinds = (RulingKind.ADVANCE, RulingKind.WILD_CARD, RulingKind.HELD_BACK)
        found += [Ruling(kind, entry, "", "decided", "chair") for kind in kinds if draw(st.integers(0, 9)) == 9]
        if "chair" in rules_.tie_breaks and draw(st.booleans()):
            found.append(Ruling(RulingKind.CHAIR_ORDER, entry, str(draw(st.integers(1, 3))), "pitch", "chair"))
        if rules_.decide is Decide.AGREEMENT and draw(st.integers(0, 3)):
            found.append(Ruling(RulingKind.AGREED_RANK, entry, str(draw(st.integers(1, 4))), "agreed", "chair"))
    return tuple(found)


@st.composite
def rounds(draw: st.DrawFn, tracks: tuple[int | None, ...], before: tuple[str, ...] = ()) -> RoundInputs:
    """One round of the submissions whose tracks are given."""
    rubric = draw(rubrics())
    rules_ = draw(rules(rubric, before))
    codes = [each.code for each in rubric.measured]
    marks = st.sampled_from([Fraction(1, 3), Fraction(2, 3), Fraction(1), Fraction(1), Fraction(5, 6)])
    points = st.sampled_from([Decimal(text) for text in ("-1", "0.5", "2", "0.125")])
    return RoundInputs(
        rules=rules_,
        rubric=rubric,
        tracks=tracks,
        cards=draw(cards(rubric, len(tracks))),
        measured=tuple({code: draw(marks) for code in codes if draw(st.integers(0, 19))} for _ in tracks)
        if codes
        else (),
        ledger=tuple(
            tuple(LedgerEntry(draw(points), "late", "secretary") for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))))
            for _ in tracks
        )
        if draw(st.booleans())
        else (),
        rulings=draw(written(rubric, rules_, len(tracks))),
    )


@st.composite
def contests(draw: st.DrawFn, most_rounds: int = 4) -> Contest:
    """One to four rounds, none to eight submissions, up to two tracks."""
    track = st.sampled_from((None,) if draw(st.booleans()) else (0, 1, None))
    tracks = tuple(draw(st.lists(track, max_size=8)))
    codes = tuple(f"r{number}" for number in range(1, draw(st.integers(1, most_rounds)) + 1))
    return Contest(
        tuple((code, draw(rounds(tracks, codes[:position]))) for position, code in enumerate(codes)),
    )


def as_panel(inputs: RoundInputs) -> script.Panel:
    """Say the same to the stand-alone verifier: names for positions, fractions for decimals."""
    points = [sum((Fraction(each.points) for each in ledger), Fraction(0)) for ledger in inputs.ledger]
    return script.Panel(
        fields={name(p): field_of(p) for p in range(len(inputs.tracks))},
        rules=script.read_rules(rules_to_json(inputs.rules)),
        criteria=[_criterion(each) for each in inputs.rubric.criteria],
        tracks={name(p): "" if track is None else str(track) for p, track in enumerate(inputs.tracks)},
        papers=[_paper(inputs.rubric, each) for each in inputs.cards],
        measured={name(p): dict(marks) for p, marks in enumerate(inputs.measured)},
        earlier={code: _given(results) for code, results in inputs.earlier.items()},
        ledger={name(p): total for p, total in enumerate(points)},
        rulings=[
            script.Ruling(each.kind.value, "" if each.submission is None else name(each.submission), each.value)
            for each in inputs.rulings
        ],
    )


def _given(results: tuple[Decimal | None, ...]) -> Mapping[str, Fraction]:
    return {name(p): Fraction(value) for p, value in enumerate(results) if value is not None}


def _criterion(spec: CriterionSpec) -> script.Criterion:
    return script.Criterion(
        code=spec.code,
        low=Fraction(spec.minimum),
        high=Fraction(spec.maximum),
        weight=Fraction(spec.weight),
        floor=None if spec.floor is None else Fraction(spec.floor),
        judged=spec.source is Source.JUDGES,
        part=spec.part,
    )


def _paper(rubric: Rubric, card: Scorecard) -> script.Paper:
    given = zip(rubric.judged, card.points, strict=True)
    marks = {spec.code: Fraction(spec.value_of(points)) for spec, points in given if points is not None}
    status = "submitted" if card.submitted else "draft"
    status = "abstained" if card.abstained else status
    return script.Paper(f"J{card.judge}", name(card.submission), marks, "recused" if card.recused else status)


def with_earlier(inputs: RoundInputs, earlier: Mapping[str, tuple[Decimal | None, ...]]) -> RoundInputs:
    """Return the round with the printed own results of the rounds before it."""
    return replace(inputs, earlier=dict(earlier))
