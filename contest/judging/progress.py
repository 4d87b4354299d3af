"""How far the scoring of a round is: shares of real assignments, never of what was planned or withdrawn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from contest.judging.papers import PaperState


@dataclass(frozen=True, slots=True)
class Seat:
    """One assignment: whose, of which submission, and how far; `updated_at` is the last save, if any."""

    judge: int
    submission: int
    state: PaperState
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over some seats. Who withdrew, abstained or was set aside holds no seat: neither done nor missing."""

    done: int = 0
    drafts: int = 0
    not_started: int = 0
    recused: int = 0
    abstained: int = 0
    voided: int = 0
    last: datetime | None = None

    @property
    def aside(self) -> int:
        """How many nobody waits for: recused, abstained, set aside."""
        return self.recused + self.abstained + self.voided

    @property
    def assigned(self) -> int:
        """How many scorecards are expected."""
        return self.done + self.drafts + self.not_started

    @property
    def open(self) -> int:
        """How many are still missing."""
        return self.drafts + self.not_started

    @property
    def complete(self) -> bool:
        """Whether something was expected and all of it is there."""
        return self.assigned > 0 and self.open == 0


NOTHING = Tally()


def tally(seats: Iterable[Seat]) -> Tally:
    """Count seats by state."""
    counts = dict.fromkeys(PaperState, 0)
    last: datetime | None = None
    for seat in seats:
        counts[seat.state] += 1
        if seat.updated_at is not None and (last is None or seat.updated_at > last):
            last = seat.updated_at
    return Tally(
        done=counts[PaperState.SUBMITTED],
        drafts=counts[PaperState.DRAFT],
        not_started=counts[PaperState.NOT_STARTED],
        recused=counts[PaperState.RECUSED],
        abstained=counts[PaperState.ABSTAINED],
        voided=counts[PaperState.VOIDED],
        last=last,
    )


def by_judge(seats: Iterable[Seat]) -> Mapping[int, Tally]:
    """Return a tally per judge who has a seat."""
    return _grouped((seat.judge, seat) for seat in seats)


def by_submission(seats: Iterable[Seat]) -> Mapping[int, Tally]:
    """Return a tally per submission that has a seat."""
    return _grouped((seat.submission, seat) for seat in seats)


def _grouped(pairs: Iterable[tuple[int, Seat]]) -> dict[int, Tally]:
    groups: dict[int, list[Seat]] = {}
    for key, seat in pairs:
        groups.setdefault(key, []).append(seat)
    return {key: tally(group) for key, group in groups.items()}
