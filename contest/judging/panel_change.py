"""A judge leaves while the scoring runs: what becomes of each paper, and who takes it over. Pure, shown before done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from contest.judging.papers import UNFINISHED, WITHOUT_MARKS, PaperState

Paper = tuple[int, int]
"""(round id, submission id)"""


class Fate(StrEnum):
    """What becomes of the scorecards that were handed in: they go on counting, or are set aside in writing."""

    STAY = "stay"
    ASIDE = "aside"


class Bar(StrEnum):
    """Why a paper finds no successor."""

    NOBODY = "nobody"
    CONFLICT = "conflict"
    TWICE = "twice"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """One paper of the judge who leaves."""

    assignment: int
    paper: Paper
    state: PaperState


@dataclass(frozen=True, slots=True)
class Successor:
    """Who takes over: the papers held already, in any state; barred submissions; what may be held per round."""

    held: frozenset[Paper]
    barred: frozenset[int]
    loads: Mapping[int, int]
    limit: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one paper. `kept`: it goes on counting. `voided`: it stays, set aside. Neither: it goes.

    `passed_on` tells that the successor gets the submission; `bar` why not, where somebody should.
    """

    held: HeldPaper
    kept: bool = False
    voided: bool = False
    passed_on: bool = False
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """The whole change, paper by paper, in the order given."""

    outcomes: tuple[Outcome, ...]

    def count(self, name: str) -> int:
        """Return how many outcomes are `kept`, `voided` or `passed_on`."""
        return sum(bool(getattr(one, name)) for one in self.outcomes)

    @property
    def empty(self) -> int:
        """How many submissions lose a judge and get none instead."""
        return sum(one.bar is not None for one in self.outcomes)


def effect_of(papers: Iterable[HeldPaper], successor: Successor | None, fate: Fate) -> Effect:
    """Decide about each paper. Nobody gets a submission twice in a round, none against a conflict, none beyond a limit.

    What was withdrawn or abstained from stays as it is: it needs no successor.
    """
    loads: dict[int, int] = dict(successor.loads) if successor else {}
    return Effect(tuple(_outcome(one, successor, fate, loads) for one in papers))


def _outcome(one: HeldPaper, successor: Successor | None, fate: Fate, loads: dict[int, int]) -> Outcome:
    if one.state in WITHOUT_MARKS or (one.state is PaperState.SUBMITTED and fate is Fate.STAY):
        return Outcome(one, kept=True)
    voided = one.state is not PaperState.NOT_STARTED
    bar = _bar(one.paper, successor, loads)
    if bar is None:
        loads[one.paper[0]] = loads.get(one.paper[0], 0) + 1
    return Outcome(one, voided=voided, passed_on=bar is None, bar=bar)


def _bar(paper: Paper, successor: Successor | None, loads: Mapping[int, int]) -> Bar | None:
    if successor is None:
        return Bar.NOBODY
    if paper in successor.held:
        return Bar.TWICE
    if paper[1] in successor.barred:
        return Bar.CONFLICT
    full = successor.limit is not None and loads.get(paper[0], 0) >= successor.limit
    return Bar.FULL if full else None


def unfinished(papers: Collection[HeldPaper]) -> int:
    """Count the papers that are not handed in and that somebody waits for."""
    return sum(one.state in UNFINISHED for one in papers)
