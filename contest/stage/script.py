"""The running order of an award ceremony: its steps, and how the winners of an award are named on stage.

Steps are told apart by keys that name no result: "waiting", "opening", "award:<code>:<track>", "thanks". What the
organiser decides about a step hangs on its key, so that it can be written before anybody knows who wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

from contest.editions.rules import NO_TEXT, LocalText
from contest.results.award_list import AwardLine, AwardList, Prize
from contest.results.award_rules import AwardBy, AwardSpec, Scope

MOST_TOGETHER = 6
"""Teams named in one breath: more would not be readable from the last row."""


class StepKind(StrEnum):
    """What a step shows."""

    WAITING = "waiting"
    OPENING = "opening"
    AWARD = "award"
    THANKS = "thanks"


class Press(StrEnum):
    """What a paired phone may ask of the operator's screen."""

    NEXT = "next"
    BACK = "back"
    BLACKOUT = "blackout"


@dataclass(frozen=True, slots=True)
class Place:
    """What the organiser decided about a step."""

    key: str
    shown: bool = True
    presenter: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: for an award its name and track and, once known, who gets it.

    `beats` lists those named together, in the order of naming: the last place first, a shared place in one beat.
    """

    key: str
    kind: StepKind
    name: LocalText = NO_TEXT
    track: LocalText = NO_TEXT
    sponsor: str = ""
    special: bool = False
    presenter: str = ""
    shown: bool = True
    beats: tuple[tuple[Prize, ...], ...] = ()


def award_key(code: str, track: str | None) -> str:
    """Return the key of the step of one award in one track (None: over all)."""
    return f"award:{code}:{track or ''}"


def outline(specs: Sequence[AwardSpec], tracks: Sequence[tuple[str, LocalText]]) -> tuple[Step, ...]:
    """Return the steps as they follow from the declared awards alone, nobody named.

    Special awards (a vote, one criterion, a band, the chair's choice) come first, then the prizes of the ranking from
    the lowest to the highest: the first prize is the last to be told.
    """
    names = dict(tracks)
    awards = [
        Step(
            key=award_key(spec.code, track),
            kind=StepKind.AWARD,
            name=spec.name,
            track=names.get(track or "", LocalText()),
            sponsor=spec.sponsor,
            special=spec.by is not AwardBy.RANK,
        )
        for spec in reversed(specs)
        for track in _groups(spec, tuple(names))
    ]
    awards.sort(key=lambda step: not step.special)  # stable: each kind keeps its order
    return (Step("waiting", StepKind.WAITING), Step("opening", StepKind.OPENING), *awards, _THANKS)


_THANKS = Step("thanks", StepKind.THANKS)


def _groups(spec: AwardSpec, tracks: Sequence[str]) -> Sequence[str | None]:
    if spec.track:
        return (spec.track,)
    return tuple(tracks) if spec.scope is Scope.TRACK and tracks else (None,)


def arranged(steps: Sequence[Step], places: Iterable[Place]) -> tuple[Step, ...]:
    """Return the steps in the organiser's order, with presenters; steps without a place stand where they belong.

    A step that came later (an award declared since) follows the step that it follows by nature.
    """
    chosen = {place.key: place for place in places}
    by_key = {step.key: step for step in steps}
    order = [key for key in chosen if key in by_key]
    for place, step in enumerate(steps):
        if step.key not in chosen:
            before = {one.key for one in steps[:place]}
            after = max((index + 1 for index, key in enumerate(order) if key in before), default=0)
            order.insert(after, step.key)
    return tuple(_placed(by_key[key], chosen.get(key)) for key in order)


def _placed(step: Step, place: Place | None) -> Step:
    return step if place is None else replace(step, presenter=place.presenter, shown=place.shown)


def with_winners(steps: Sequence[Step], awards: AwardList) -> tuple[Step, ...]:
    """Put the winners of a settled list to the steps of its awards."""
    lines = {award_key(line.code, line.track): line for line in awards.lines}
    return tuple(
        replace(step, beats=beats_of(lines[step.key], special=step.special)) if step.key in lines else step
        for step in steps
        if step.kind is not StepKind.AWARD or step.key in lines
    )


def beats_of(line: AwardLine, *, special: bool = False) -> tuple[tuple[Prize, ...], ...]:
    """Return the winners of an award as they are named: the last place first, equal places together.

    A line lists its winners from the best to the last. In a special award the place in the ranking decides nothing:
    only those who share it are named together. More than `MOST_TOGETHER` are named in several breaths.
    """
    beats: list[tuple[Prize, ...]] = []
    places = ((_place(number, prize, special=special), prize) for number, prize in enumerate(line.winners))
    for (number, _rank, _result), pairs in groupby(places, key=itemgetter(0)):
        found = tuple(prize for _, prize in pairs)
        most = MOST_TOGETHER if number < 0 else 1
        beats += reversed([found[start : start + most] for start in range(0, len(found), most)])
    return tuple(reversed(beats))


def _place(number: int, prize: Prize, *, special: bool) -> tuple[int, int, str]:
    """Return what is equal for those who are named together: below zero in front, else the winner's own number."""
    if prize.shared:
        return -2, 0, ""
    if special or prize.rank is None:
        return number, 0, ""
    return -1, prize.rank, prize.result or ""


def places_json(places: Iterable[Place]) -> list[dict[str, Any]]:
    """Return places as JSON; `places_from` reads them back equal."""
    return [asdict(place) for place in places]


def places_from(data: Iterable[Mapping[str, Any]]) -> tuple[Place, ...]:
    """Read places back."""
    return tuple(Place(**one) for one in data)
