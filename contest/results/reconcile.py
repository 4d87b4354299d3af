"""Does everything add up? Expected = scored + abstained + recused + missing, per entry and per judge.

The sides are counted from different rows: what is expected from the assignments, what came in from the scorecards and
their marks, what counted from the ranking, and what lay there at closing time from a note written then. A difference is
named with its entry and its judge; a round with differences is neither confirmed nor finalised (TRUST RS-10).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Pair = tuple[str, str]
"""Codes of an entry and of a judge."""


class Fate(StrEnum):
    """What became of an assigned scorecard."""

    SCORED = "scored"
    ABSTAINED = "abstained"
    RECUSED = "recused"
    MISSING = "missing"


FATES: Mapping[str, Fate] = {
    "submitted": Fate.SCORED,
    "abstained": Fate.ABSTAINED,
    "recused": Fate.RECUSED,
    "voided": Fate.RECUSED,
    "draft": Fate.MISSING,
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A scorecard as it is stored. `marks` are the codes of the criteria with a mark, "?" for one of another round."""

    pair: Pair
    status: str
    marks: tuple[str, ...]
    points: int
    rubric_version: int

    @property
    def noted(self) -> str:
        """The line that is written down when the scoring closes."""
        return f"{self.status} {len(self.marks)} {self.points}"


@dataclass(frozen=True, slots=True)
class Rows:
    """What is compared. `wanted`: the judged criteria in their order. `counted`: pairs that entered the ranking.

    `seats`: the assignments. `aside`: pairs with a declared conflict, as good as recused. `excused`: criteria of an
    entry whose marks may be blank because its part is missing. `closing`: `Paper.noted` by pair when the scoring was
    closed, "" for a paper without a scorecard; None where nothing was noted. `traced`: pairs whose paper was handed in
    according to the audit trail and is not there any more. `complete`: drafts with every mark count, too.
    """

    wanted: tuple[str, ...]
    rubric_version: int
    seats: tuple[Pair, ...]
    papers: tuple[Paper, ...]
    counted: frozenset[Pair]
    aside: frozenset[Pair] = frozenset()
    excused: Mapping[str, frozenset[str]] = field(default_factory=dict)
    closing: Mapping[Pair, str] | None = None
    traced: frozenset[Pair] = frozenset()
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of scorecards; `expected` comes from the assignments, the others from what is stored."""

    expected: int = 0
    scored: int = 0
    abstained: int = 0
    recused: int = 0
    missing: int = 0

    @property
    def adds_up(self) -> bool:
        """Tell whether every expected scorecard has one fate, and none too many."""
        return self.expected == self.scored + self.abstained + self.recused + self.missing


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not add up, at an entry and a judge; `detail` holds criteria or numbers."""

    code: str
    entry: str
    judge: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The outcome: the whole round, each entry and each judge by code, and the differences in a stable order."""

    total: Tally
    entries: tuple[tuple[str, Tally], ...]
    judges: tuple[tuple[str, Tally], ...]
    differences: tuple[Difference, ...]
    missing: tuple[Pair, ...]

    @property
    def holds(self) -> bool:
        """Tell whether everything adds up."""
        return not self.differences


def reconcile(rows: Rows) -> Reconciliation:
    """Count both sides and name every difference.

    Codes: "seat_twice", "paper_twice", "paper_without_seat", "mark_missing", "mark_foreign", "mark_twice",
    "rubric_outdated", "not_counted", "counted_wrongly", "vanished", "appeared", "changed", "trace_lost", and
    "does_not_add_up" where a count is wrong for another reason.
    """
    expected = Counter(rows.seats)
    fates = [(paper.pair, _fate(rows, paper)) for paper in rows.papers]
    bare = [(pair, Fate.MISSING) for pair in expected if pair not in {pair for pair, _ in fates}]
    found = [*fates, *bare]
    differences = [
        *_doubled(rows, expected),
        *(one for paper in rows.papers for one in _of_marks(rows, paper)),
        *_of_counting(rows, fates),
        *_of_closing(rows, expected),
    ]
    entries = _tallies(expected, found, 0)
    judges = _tallies(expected, found, 1)
    named = {one.entry for one in differences} | {one.judge for one in differences}
    wrong = [code for code, one in (*entries, *judges) if not one.adds_up and code not in named]
    differences += [Difference("does_not_add_up", code, "") for code in wrong]
    return Reconciliation(
        total=_tally(sum(expected.values()), [fate for _, fate in found]),
        entries=entries,
        judges=judges,
        differences=tuple(sorted(differences, key=lambda one: (one.entry, one.judge))),
        missing=tuple(sorted(pair for pair, fate in found if fate is Fate.MISSING)),
    )


def _fate(rows: Rows, paper: Paper) -> Fate:
    if paper.pair in rows.aside:
        return Fate.RECUSED
    if paper.status == "draft" and rows.complete and not _blanks(rows, paper):
        return Fate.SCORED
    return FATES[paper.status]


def _blanks(rows: Rows, paper: Paper) -> list[str]:
    excused = rows.excused.get(paper.pair[0], frozenset())
    return [code for code in rows.wanted if code not in paper.marks and code not in excused]


def _doubled(rows: Rows, expected: Counter[Pair]) -> Iterable[Difference]:
    cards = Counter(paper.pair for paper in rows.papers)
    yield from (Difference("seat_twice", *pair) for pair, times in expected.items() if times > 1)
    yield from (Difference("paper_twice", *pair) for pair, times in cards.items() if times > 1)
    yield from (Difference("paper_without_seat", *pair) for pair in cards if pair not in expected)


def _of_marks(rows: Rows, paper: Paper) -> Iterable[Difference]:
    if _fate(rows, paper) is not Fate.SCORED:
        return
    blanks = _blanks(rows, paper)
    if blanks:
        yield Difference("mark_missing", *paper.pair, ", ".join(blanks))
    if any(code not in rows.wanted for code in paper.marks):
        yield Difference("mark_foreign", *paper.pair)
    twice = sorted(code for code, times in Counter(paper.marks).items() if times > 1)
    if twice:
        yield Difference("mark_twice", *paper.pair, ", ".join(twice))
    if paper.rubric_version != rows.rubric_version:
        yield Difference("rubric_outdated", *paper.pair, f"{paper.rubric_version} / {rows.rubric_version}")


def _of_counting(rows: Rows, fates: list[tuple[Pair, Fate]]) -> Iterable[Difference]:
    """Compare what is stored as scored with what the ranking took."""
    incomplete = {paper.pair for paper in rows.papers if _blanks(rows, paper)}
    scored = {pair for pair, fate in fates if fate is Fate.SCORED}
    yield from (Difference("not_counted", *pair) for pair in scored - rows.counted - incomplete)
    yield from (Difference("counted_wrongly", *pair) for pair in rows.counted - scored)


def _of_closing(rows: Rows, expected: Counter[Pair]) -> Iterable[Difference]:
    """Compare with the note of the closing, and with the trail of what was handed in."""
    now = {**dict.fromkeys(expected, ""), **{paper.pair: paper.noted for paper in rows.papers}}
    noted = now if rows.closing is None else rows.closing
    yield from (Difference("vanished", *pair, noted[pair]) for pair in noted.keys() - now.keys())
    yield from (Difference("appeared", *pair) for pair in now.keys() - noted.keys())
    for pair in now.keys() & noted.keys():
        if now[pair] != noted[pair]:
            yield Difference("changed", *pair, f"{noted[pair] or '–'} → {now[pair] or '–'}")
    yield from (Difference("trace_lost", *pair) for pair in rows.traced - (noted.keys() - now.keys()))


def _tallies(expected: Counter[Pair], found: list[tuple[Pair, Fate]], side: int) -> tuple[tuple[str, Tally], ...]:
    wanted: Counter[str] = Counter()
    for pair, times in expected.items():
        wanted[pair[side]] += times
    fates: dict[str, list[Fate]] = {code: [] for code in wanted}
    for pair, fate in found:
        fates.setdefault(pair[side], []).append(fate)
    return tuple((code, _tally(wanted[code], fates[code])) for code in sorted(fates))


def _tally(expected: int, fates: Iterable[Fate]) -> Tally:
    counts = Counter(fates)
    return Tally(expected, *(counts[fate] for fate in Fate))
