"""Who gets which award: places, ties, exclusive awards with cascade, money, awards left empty.

Awards are decided in their order, the highest first. Pure: candidates come from a frozen ranking, choices from the
committee's written decisions; nothing here reads a clock or a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby

from contest.results.award_rules import AwardBy, AwardSpec, AwardTies, EmptyReason, Scope


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of a ranking. `values` are the printed values of its criteria; `gone` left the contest since."""

    submission: str
    track: str | None
    rank: int | None
    result: Decimal | None
    values: Mapping[str, Decimal] = field(default_factory=dict)
    band: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A written decision on an award: somebody chosen, so many votes counted, or (no submission) a place left empty."""

    award: str
    submission: str | None
    votes: int | None = None


@dataclass(frozen=True, slots=True)
class Winner:
    """One who gets the award; `amount` in dong, already divided when the award is shared."""

    submission: str
    rank: int | None
    shared: bool
    amount: int


@dataclass(frozen=True, slots=True)
class PassedOver:
    """One whom this award would have reached, but who keeps the higher exclusive award `holds`.

    The next rung of the same ladder (first, second, third) passes nobody over: it was never theirs.
    """

    submission: str
    holds: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one award in one track (None: over all tracks).

    `awaiting`: tied across the line, the chair has to choose. `empty` places stay without a winner, for
    `empty_reason`. `leftover`: dong that an equal division leaves.
    """

    award: str
    track: str | None
    winners: tuple[Winner, ...]
    passed_over: tuple[PassedOver, ...]
    awaiting: tuple[str, ...]
    empty: int
    empty_reason: EmptyReason | None
    leftover: int = 0


@dataclass(slots=True)
class _Pool:
    """The money of a tie across the line: the tied take the places below as well, with their money."""

    outcome: int
    tied: tuple[str, ...]
    money: int
    debt: int


@dataclass(slots=True)
class _State:
    """What the awards so far have settled; `pools` of a ladder still owe places to it."""

    holders: dict[str, AwardSpec] = field(default_factory=dict)
    pools: dict[tuple[str, str | None], list[_Pool]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)


def decide_awards(
    specs: Sequence[AwardSpec],
    rankings: Mapping[str, Sequence[Candidate]],
    choices: Iterable[Choice] = (),
    tracks: Sequence[str] = (),
) -> tuple[Outcome, ...]:
    """Give the awards in their order; one outcome per award and track it is given in.

    `rankings` holds the candidates of each round by its code; a round without a frozen ranking is absent, and its
    awards are left out. An award per track that names no track is given in each of `tracks` (in one group when there
    are none). A team that holds an exclusive award is passed over by the exclusive ones below, which go to the next.
    """
    state = _State()
    listed = tuple(choices)
    for spec in specs:
        if spec.round not in rankings:
            continue
        mine = tuple(choice for choice in listed if choice.award == spec.code)
        for track in _groups(spec, tracks):
            candidates = [one for one in rankings[spec.round] if not one.gone and _within(spec, track, one)]
            _give(spec, track, candidates, mine, state)
    return tuple(_divided(state))


def _groups(spec: AwardSpec, tracks: Sequence[str]) -> Sequence[str | None]:
    if spec.track:
        return (spec.track,)
    return tuple(tracks) if spec.scope is Scope.TRACK and tracks else (None,)


def _within(spec: AwardSpec, track: str | None, one: Candidate) -> bool:
    if spec.scope is Scope.ALL and not spec.track:
        return True
    return one.track == track


def _give(
    spec: AwardSpec, track: str | None, candidates: Sequence[Candidate], choices: Sequence[Choice], state: _State
) -> None:
    """Fill the places of one award in one group, from the best tie group down."""
    groups = _tie_groups(spec, candidates, choices)
    able = [[one for one in group if _reaches(spec, one, choices)] for group in groups]
    filling = _Filling(spec, len(state.outcomes), _places(spec, candidates, choices), choices)
    owed = state.pools.setdefault((spec.round, track), [])
    filling.pay_debts(owed)
    for group in able:
        if filling.finished:
            break
        filling.take(group, state.holders, owed)
    state.outcomes.append(filling.outcome(track, any_candidates=bool(groups)))
    if spec.exclusive:
        state.holders.update(dict.fromkeys(filling.winners, spec))


def _places(spec: AwardSpec, candidates: Sequence[Candidate], choices: Sequence[Choice]) -> int:
    """Return how many places there are; an award by band has one for everybody in it."""
    left_empty = sum(choice.submission is None for choice in choices)
    places = len(candidates) if spec.by is AwardBy.BAND else spec.places
    return max(0, places - left_empty)


def _tie_groups(spec: AwardSpec, candidates: Sequence[Candidate], choices: Sequence[Choice]) -> list[list[Candidate]]:
    """Return the candidates from best to worst, equal ones together (in the order of the ranking)."""
    keyed = [(key, one) for one in candidates if (key := _key(spec, one, choices)) is not None]
    keyed.sort(key=lambda pair: pair[0], reverse=True)
    return [[one for _, one in pairs] for _, pairs in groupby(keyed, key=lambda pair: pair[0])]


def _key(spec: AwardSpec, one: Candidate, choices: Sequence[Choice]) -> Decimal | None:
    """Return the number that decides this award, higher first; None for who is out of the question."""
    if spec.by is AwardBy.CRITERION:
        return one.values.get(spec.criterion)
    if spec.by is AwardBy.VOTE:
        votes = _votes(one, choices)
        return Decimal(votes) if votes else None
    if spec.by is AwardBy.CHAIR:
        return Decimal(1) if any(choice.submission == one.submission for choice in choices) else None
    if one.rank is None or one.result is None or (spec.by is AwardBy.BAND and one.band != spec.band):
        return None
    return one.result if spec.scope is Scope.ALL else Decimal(-one.rank)


def _votes(one: Candidate, choices: Sequence[Choice]) -> int:
    return sum(choice.votes or 0 for choice in choices if choice.submission == one.submission)


def _reaches(spec: AwardSpec, one: Candidate, choices: Sequence[Choice]) -> bool:
    """Tell whether the number that decides reaches the threshold (inclusive)."""
    if spec.threshold is None:
        return True
    number = one.result
    if spec.by is AwardBy.CRITERION:
        number = one.values.get(spec.criterion)
    elif spec.by is AwardBy.VOTE:
        number = Decimal(_votes(one, choices))
    return number is not None and number >= spec.threshold


def _is_rung(spec: AwardSpec) -> bool:
    return spec.by is AwardBy.RANK and spec.exclusive


class _Filling:
    """The places of one award while they are given."""

    def __init__(self, spec: AwardSpec, number: int, places: int, choices: Sequence[Choice]) -> None:
        self.spec = spec
        self.number = number
        self.left = places
        self.taken_above = 0
        self.left_empty = sum(choice.submission is None for choice in choices)
        self.chosen = {choice.submission for choice in choices if choice.votes is None}
        self.winners: dict[str, Winner] = {}
        self.passed: list[PassedOver] = []
        self.awaiting: tuple[str, ...] = ()
        self.stopped = False

    @property
    def finished(self) -> bool:
        """Whether no place is left, or a tie keeps the rest open."""
        return self.left <= 0 or self.stopped

    @property
    def on_ladder(self) -> bool:
        """Whether a tie above takes places here: exclusive awards of one ranking are rungs of one ladder."""
        return _is_rung(self.spec)

    def pay_debts(self, owed: Iterable[_Pool]) -> None:
        """Give places to the ties above that took more than their award had, with the money of these places."""
        if not self.on_ladder:
            return
        for pool in owed:
            paid = min(pool.debt, self.left)
            pool.debt -= paid
            pool.money += paid * self.spec.amount
            self.left -= paid
            self.taken_above += paid

    def take(self, group: Sequence[Candidate], holders: Mapping[str, AwardSpec], owed: list[_Pool]) -> None:
        """Give places to the next candidates, all of whom are equal."""
        free = [one for one in group if not (self.spec.exclusive and one.submission in holders)]
        for one in group:
            if one not in free and not self._just_the_next_rung(holders[one.submission]):
                self.passed.append(PassedOver(one.submission, holders[one.submission].code))
        if len(free) <= self.left:
            self._award(free, shared=False)
        elif self.spec.ties is AwardTies.SHARE:
            self._share(free, owed)
        else:
            self._across_the_line(free)

    def _just_the_next_rung(self, held: AwardSpec) -> bool:
        """Tell whether the held award is a higher rung of this very ladder: nobody needs to be told of that."""
        return self.on_ladder and _is_rung(held) and held.round == self.spec.round

    def _award(self, ones: Sequence[Candidate], *, shared: bool) -> None:
        for one in ones:
            self.winners[one.submission] = Winner(one.submission, one.rank, shared, self.spec.amount)
        self.left -= len(ones)

    def _share(self, tied: Sequence[Candidate], owed: list[_Pool]) -> None:
        places = self.left
        self._award(tied, shared=True)
        debt = len(tied) - places if self.on_ladder else 0
        codes = tuple(one.submission for one in tied)
        owed.append(_Pool(self.number, codes, places * self.spec.amount, debt))

    def _across_the_line(self, tied: Sequence[Candidate]) -> None:
        """Leave a tie to the chair, or to nobody."""
        self.stopped = True
        if self.spec.ties is AwardTies.NONE:
            return
        chosen = [one for one in tied if one.submission in self.chosen]
        places = self.left
        if len(chosen) <= places:
            self._award(chosen, shared=False)
        if len(chosen) != places:
            self.awaiting = tuple(one.submission for one in tied if one.submission not in self.winners)

    def outcome(self, track: str | None, *, any_candidates: bool) -> Outcome:
        """Return what became of the award; the money of shared places is divided at the end."""
        empty = 0 if self.spec.by is AwardBy.BAND else max(0, self.left)
        if self.awaiting:
            empty = 0
        return Outcome(
            self.spec.code,
            track,
            tuple(self.winners.values()),
            tuple(self.passed),
            self.awaiting,
            empty + self.left_empty,
            self._reason(empty, any_candidates=any_candidates),
        )

    def _reason(self, empty: int, *, any_candidates: bool) -> EmptyReason | None:
        if self.left_empty:
            return EmptyReason.LEFT_EMPTY
        if not empty:
            return EmptyReason.TIE_ABOVE if self.taken_above and not self.winners else None
        if self.stopped:
            return EmptyReason.TIE_NOT_BROKEN
        if not any_candidates:
            return EmptyReason.NO_CANDIDATE
        return EmptyReason.THRESHOLD if self.spec.threshold is not None else EmptyReason.TOO_FEW


def _divided(state: _State) -> Iterable[Outcome]:
    """Divide the money of each tie equally, in whole dong."""
    outcomes = list(state.outcomes)
    for pool in (pool for pools in state.pools.values() for pool in pools):
        share, leftover = divmod(pool.money, len(pool.tied))
        before = outcomes[pool.outcome]
        winners = tuple(
            replace(winner, amount=share) if winner.submission in pool.tied else winner for winner in before.winners
        )
        outcomes[pool.outcome] = replace(before, winners=winners, leftover=before.leftover + leftover)
    return outcomes
