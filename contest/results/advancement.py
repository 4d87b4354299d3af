"""Who goes on: the line through a ranking, with every limit of the rule at once, and what was decided in writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from contest.editions.rules import WHOLE, Advance, CutTies, Per
from contest.errors import RuleBroken
from contest.results.ranking import Standing, StandingStatus
from contest.results.ruling_values import cut_top_of
from contest.results.rulings import Ruling, RulingKind

Key = tuple[int, Decimal]


class Why(StrEnum):
    """What keeps a submission from advancing."""

    NOT_RANKED = "not_ranked"
    HELD_BACK = "held_back"
    GONE = "gone"
    THRESHOLD = "threshold"
    FLOOR = "floor"
    LINE = "line"
    TIED_AT_LINE = "tied_at_line"
    AWAITING = "awaiting"


@dataclass(frozen=True, slots=True)
class Written:
    """What rulings say about the cut, in positions of submissions and of groups.

    `top` is another number of places for every group, `tops` for one group; the number stands in place of the rule's
    `top` and `percent`. `gone` were withdrawn or disqualified since.
    """

    chosen: frozenset[int] = frozenset()
    wild: frozenset[int] = frozenset()
    held: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    top: int | None = None
    tops: Mapping[int, int] = field(default_factory=dict)

    def places(self, group: int | None) -> int | None:
        """Return the number of places that was decided for a group, None when the rule's own stands."""
        if group is not None and group in self.tops:
            return self.tops[group]
        return self.top


NOTHING_WRITTEN = Written()


@dataclass(frozen=True, slots=True)
class Line:
    """Where the cut fell in one group.

    `group` is a track or field position, None for "all" or for submissions without one. `result` is the lowest
    printed result that advances over the line, None when nobody does. `candidates` counts the ranked submissions of
    the group that are neither held back nor gone, `advancing` those over the line (wild cards not among them), `places`
    is the number asked for, None when only the other limits draw the line.
    """

    group: int | None
    result: str | None
    candidates: int
    advancing: int
    places: int | None = None


@dataclass(frozen=True, slots=True)
class TiedAtLine:
    """Equals across the line: `places` are left for all of `submissions`.

    `extra` says how many more than that advance (`ties` is ALL); with CHAIR, `chosen` are those named in writing.
    """

    group: int | None
    result: str | None
    submissions: tuple[int, ...]
    extra: int
    places: int
    ties: CutTies = CutTies.ALL
    chosen: tuple[int, ...] = ()

    @property
    def awaits(self) -> bool:
        """Tell whether the chair still has to choose, or has chosen another number than there are places."""
        return self.ties is CutTies.CHAIR and len(self.chosen) != self.places


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A submission that does not advance, and why; `criterion` is its place in the rubric for a floor."""

    submission: int
    why: Why
    criterion: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """The outcome of a round: `advancing` by group, then by place, wild cards last; positions of submissions.

    `direct` are those of `advancing` that skip the next round. `awaiting` must wait for the chair. `short` lists the
    groups with fewer candidates than places. `left_out` names everybody else, by position.
    """

    advancing: tuple[int, ...]
    lines: tuple[Line, ...]
    tied_at_line: tuple[TiedAtLine, ...]
    short: tuple[int | None, ...]
    left_out: tuple[LeftOut, ...]
    wild: tuple[int, ...] = ()
    direct: tuple[int, ...] = ()
    awaiting: tuple[int, ...] = ()


def written(rulings: Iterable[Ruling], groups: Mapping[str, int] | None = None, gone: Iterable[int] = ()) -> Written:
    """Gather what rulings say about the cut; `groups` maps the codes of tracks or fields to positions.

    A number for a group that does not exist is left alone. Raises `RuleBroken` "cut_top_invalid" (value).
    """
    found: dict[RulingKind, set[int]] = {}
    top: int | None = None
    tops: dict[int, int] = {}
    for ruling in rulings:
        if ruling.kind is RulingKind.CUT_TOP:
            code, places = cut_top_of(ruling.value)
            if not code:
                top = places
            elif groups is not None and code in groups:
                tops[groups[code]] = places
        elif ruling.submission is not None:
            found.setdefault(ruling.kind, set()).add(ruling.submission)
    return Written(
        chosen=frozenset(found.get(RulingKind.ADVANCE, ())),
        wild=frozenset(found.get(RulingKind.WILD_CARD, ())),
        held=frozenset(found.get(RulingKind.HELD_BACK, ())),
        gone=frozenset(gone),
        top=top,
        tops=tops,
    )


def advance(
    standings: Iterable[Standing],
    rule: Advance,
    fields: Sequence[int | None] | None = None,
    *,
    floors: Sequence[Decimal | None] = (),
    decided: Written = NOTHING_WRITTEN,
) -> Cut:
    """Draw the line through a ranking.

    Candidates are the ranked submissions that are neither held back nor gone, in groups per track, per field (`fields`
    by submission position) or all together. A candidate must reach the threshold (printed result, inclusive) and, with
    `rule.floors`, the floor of every criterion (`floors` in the order of `Standing.criteria`, printed values). Of those
    the best go on: `rule.top` places, or the best `rule.percent` of the candidates rounded up, or the number decided
    in writing. Within one track places are compared as ranked, ladder included; across tracks the printed results.

    Equals across the line all advance (ALL), none of them (NONE), or those that the chair names (CHAIR).
    The first `rule.direct` of each group skip a round; equals across that line do so only if all of them advance (ALL).

    Raises `RuleBroken` "advance_without_line" when no limit is set, "advance_top_below_one" (value), "fields_missing".
    """
    _require_usable(rule, fields, decided)
    everybody = list(standings)
    groups: dict[int | None, list[Standing]] = {}
    left_out = []
    for standing in everybody:
        why = _outside(standing, decided)
        if why is None:
            groups.setdefault(_group(standing, rule.per, fields), []).append(standing)
        else:
            left_out.append(LeftOut(standing.submission, why))
    parts = [_Part(group, groups[group], rule, floors, decided) for group in _in_order(groups)]
    over = tuple(one.submission for part in parts for one in part.through)
    wild = _wild(everybody, set(over), decided)
    outside = [*left_out, *(one for part in parts for one in part.left_out)]
    return Cut(
        advancing=(*over, *wild),
        lines=tuple(part.line for part in parts),
        tied_at_line=tuple(part.tie for part in parts if part.tie is not None),
        short=tuple(part.group for part in parts if part.is_short),
        left_out=tuple(sorted((one for one in outside if one.submission not in wild), key=lambda one: one.submission)),
        wild=wild,
        direct=tuple(one.submission for part in parts for one in part.direct),
        awaiting=tuple(one for part in parts for one in part.awaiting),
    )


def _require_usable(rule: Advance, fields: Sequence[int | None] | None, decided: Written) -> None:
    if not rule.has_line and decided.top is None and not decided.tops:
        raise RuleBroken("advance_without_line")
    if rule.top is not None and rule.top < 1:
        raise RuleBroken("advance_top_below_one", value=rule.top)
    if rule.per is Per.FIELD and fields is None:
        raise RuleBroken("fields_missing")


def _outside(standing: Standing, decided: Written) -> Why | None:
    if standing.submission in decided.gone:
        return Why.GONE
    if standing.submission in decided.held:
        return Why.HELD_BACK
    return None if standing.status is StandingStatus.RANKED else Why.NOT_RANKED


def _group(standing: Standing, per: Per, fields: Sequence[int | None] | None) -> int | None:
    if per is Per.FIELD and fields is not None:
        return fields[standing.submission]
    return standing.track if per is Per.TRACK else None


def _in_order(groups: Iterable[int | None]) -> list[int | None]:
    return sorted(groups, key=lambda group: (group is None, group or 0))


def _wild(everybody: Iterable[Standing], over: set[int], decided: Written) -> tuple[int, ...]:
    named = decided.wild - over - decided.gone - decided.held
    return tuple(one.submission for one in everybody if one.submission in named)


class _Part:
    """One group cut: `through` in the order of places, equals by position."""

    def __init__(
        self,
        group: int | None,
        candidates: list[Standing],
        rule: Advance,
        floors: Sequence[Decimal | None],
        decided: Written,
    ) -> None:
        self.group, self.rule, self.decided = group, rule, decided
        self.by_rank = len({one.track for one in candidates}) == 1
        self.candidates = candidates
        self.places = self._places()
        self.left_out = [out for one in candidates if (out := _below(one, rule, floors)) is not None]
        below = {out.submission for out in self.left_out}
        able = sorted(
            (one for one in candidates if one.submission not in below), key=lambda one: (self._key(one), one.submission)
        )
        self.tie: TiedAtLine | None = None
        self.through = self._through(able)
        self.awaiting = self._awaiting()
        through = {one.submission for one in self.through}
        self.left_out += [LeftOut(one.submission, self._why(one)) for one in able if one.submission not in through]

    def _places(self) -> int | None:
        """Return how many may advance, None when only the other limits draw the line."""
        number = self.decided.places(self.group)
        if number is not None:
            return number
        limits = [] if self.rule.top is None else [self.rule.top]
        if self.rule.percent is not None:
            share = self.rule.percent * len(self.candidates) / WHOLE
            limits.append(int(share.to_integral_value(ROUND_CEILING)))
        return min(limits, default=None)

    def _key(self, one: Standing) -> Key:
        """Return what places are compared by; equal keys are equals at the line."""
        if self.by_rank and one.rank is not None:  # also of one that the jury ranked without a number
            return 0, Decimal(one.rank)
        return (1, Decimal(one.rank or 0)) if one.value is None else (0, -one.value)

    def _through(self, able: list[Standing]) -> list[Standing]:
        places = self.places
        if places is None or places >= len(able):
            return able
        if places == 0:
            return []
        line = self._key(able[places - 1])
        better = [one for one in able if self._key(one) < line]
        equals = [one for one in able if self._key(one) == line]
        if len(better) + len(equals) == places:
            return better + equals
        self.tie = self._tied(equals, places - len(better))
        if self.rule.ties is CutTies.ALL:
            return better + equals
        return better + [one for one in equals if one.submission in self.tie.chosen]

    def _tied(self, equals: list[Standing], places: int) -> TiedAtLine:
        ties = self.rule.ties
        everybody = tuple(one.submission for one in equals)
        named = tuple(one for one in everybody if one in self.decided.chosen)
        return TiedAtLine(
            group=self.group,
            result=equals[0].result,
            submissions=everybody,
            extra=len(equals) - places if ties is CutTies.ALL else 0,
            places=places,
            ties=ties,
            chosen=named if ties is CutTies.CHAIR else (),
        )

    def _awaiting(self) -> tuple[int, ...]:
        if self.tie is None or not self.tie.awaits:
            return ()
        return tuple(one for one in self.tie.submissions if one not in self.tie.chosen)

    def _why(self, one: Standing) -> Why:
        if one.submission in self.awaiting:
            return Why.AWAITING
        tied = self.tie is not None and one.submission in self.tie.submissions
        return Why.TIED_AT_LINE if tied else Why.LINE

    @property
    def line(self) -> Line:
        """Say where the line fell."""
        lowest = self.through[-1].result if self.through else None
        return Line(self.group, lowest, len(self.candidates), len(self.through), self.places)

    @property
    def is_short(self) -> bool:
        """Tell whether there are fewer candidates than places."""
        return self.places is not None and len(self.candidates) < self.places

    @property
    def direct(self) -> list[Standing]:
        """Return those who skip the next round."""
        wanted = self.rule.direct
        if wanted is None or wanted >= len(self.through):
            return [] if wanted is None else self.through
        line = self._key(self.through[wanted - 1])
        equals = [one for one in self.through if self._key(one) == line]
        better = [one for one in self.through if self._key(one) < line]
        fits = len(better) + len(equals) <= wanted or self.rule.ties is CutTies.ALL
        return better + equals if fits else better


def _below(one: Standing, rule: Advance, floors: Sequence[Decimal | None]) -> LeftOut | None:
    """Return why a candidate fails a limit of its own."""
    if rule.threshold is not None and (one.value is None or one.value < rule.threshold):
        return LeftOut(one.submission, Why.THRESHOLD)
    if rule.floors:
        for place, (value, floor) in enumerate(zip(one.criteria, floors, strict=False)):
            if floor is not None and (value is None or value < floor):
                return LeftOut(one.submission, Why.FLOOR, place)
    return None
