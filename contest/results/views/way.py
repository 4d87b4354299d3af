"""Where a round stands on its way, and what its next step asks for: the head of the ranking page."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import FROZEN, RoundState, Verb
from contest.results import services
from contest.results.preconditions import Situation, checks, enforced
from contest.results.queries.appeals import appeals_of
from contest.results.queries.lifecycle import Confirmed, has_chair, written_of
from contest.results.queries.snapshots import CorrectionLine, SnapshotLine, corrections_of, snapshots_of
from contest.results.reconcile import Reconciliation
from contest.results.report import RoundReport
from contest.results.views.check_words import CheckLine, check_lines

NEXT = {
    RoundState.DRAFT: Verb.START,
    RoundState.OPEN: Verb.START,
    RoundState.SCORING: Verb.CLOSE,
    RoundState.CLOSED: Verb.CONFIRM,
    RoundState.CONFIRMED: Verb.FINALISE,
    RoundState.FINALISED: Verb.PUBLISH,
}
WORDS = {
    RoundState.DRAFT: _l("Being set up"),
    RoundState.OPEN: _l("Open to judges"),
    RoundState.SCORING: _l("Scoring"),
    RoundState.CLOSED: _l("Closed"),
    RoundState.CONFIRMED: _l("Confirmed"),
    RoundState.FINALISED: _l("Finalised"),
    RoundState.PUBLISHED: _l("Published"),
}


@dataclass(frozen=True, slots=True)
class Stop:
    # One state on the line at the top of the page.
    label: str
    done: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    # What the ranking page shows about the round besides the ranking.
    stops: list[Stop]
    current: int
    verb: str
    checks: list[CheckLine]
    ready: bool
    books: Reconciliation | None
    confirmed: Confirmed | None
    has_chair: bool
    versions: tuple[SnapshotLine, ...] = ()
    corrections: tuple[CorrectionLine, ...] = ()
    appeals: int = 0
    judge_names: dict[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        return sum(line.state == "missing" for line in self.checks)

    @property
    def under_correction(self) -> CorrectionLine | None:
        return next((one for one in self.corrections if one.status.value == "approved"), None)

    @property
    def asked(self) -> CorrectionLine | None:
        return next((one for one in self.corrections if one.status.value == "asked"), None)


def way_of(edition: EditionFacts, round_: RoundFacts, report: RoundReport) -> Way:
    # Frozen rounds need no counting: what they hold was counted when they were frozen.
    written = written_of(round_.id)
    situation = None if round_.state in FROZEN else services.situation_of_report(edition, round_, report, written)
    versions = snapshots_of(round_.id)
    verb = NEXT.get(round_.state)
    found = checks(verb, situation) if verb and situation else ()
    states = list(RoundState)
    return Way(
        stops=[Stop(str(WORDS[state]), done=place < states.index(round_.state)) for place, state in enumerate(states)],
        current=states.index(round_.state) + 1,
        verb=verb.value if verb else "",
        checks=check_lines(edition, round_, found),
        ready=verb is not None and (all(check.ok for check in found) or not enforced(verb)),
        books=_books(round_, situation),
        confirmed=written.confirmed,
        has_chair=has_chair(edition.id),
        versions=versions,
        corrections=corrections_of(round_.id) if versions else (),  # both are about a version
        appeals=sum(one.answered_at is None for one in appeals_of(round_.id)) if versions else 0,
        judge_names={judge.code: judge.name for judge in report.judges},
    )


def _books(round_: RoundFacts, situation: Situation | None) -> Reconciliation | None:
    if situation is None or round_.state in (RoundState.DRAFT, RoundState.OPEN):
        return None
    return situation.books


DIFFERENCES = {
    "seat_twice": _l("assigned twice"),
    "paper_twice": _l("two scorecards"),
    "paper_without_seat": _l("scorecard without an assignment"),
    "mark_missing": _l("handed in with marks missing"),
    "mark_foreign": _l("mark of another round"),
    "mark_twice": _l("two marks for one criterion"),
    "rubric_outdated": _l("marks of another version of the rubric"),
    "not_counted": _l("complete, but does not count"),
    "counted_wrongly": _l("counts without being there"),
    "vanished": _l("gone since the scoring was closed"),
    "appeared": _l("appeared after the scoring was closed"),
    "changed": _l("changed after the scoring was closed"),
    "trace_lost": _l("handed in, but no longer stored"),
    "does_not_add_up": _l("the count does not add up"),
}


def difference_word(code: str) -> str:
    return str(DIFFERENCES[code])


def check_state_word(state: str) -> str:
    words: dict[str, str] = {"done": _("Done"), "accepted": _("Accepted"), "missing": _("To settle")}
    return words[state]
