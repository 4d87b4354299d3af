"""The checklist in words, and the frame of the set-up pages that always shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.editions.facts import EditionFacts
from contest.editions.moments import offset_label
from contest.editions.queries import set_up_of
from contest.editions.readiness import Check, CheckState, SetUp, Step, gaps, review
from contest.infra import clock
from contest.web.formats import local

WORDS: dict[str, Any] = {
    "name": _l("Name of the edition"),
    "english_name": _l("Name in English"),
    "organiser": _l("Organising body"),
    "window": _l("Submission times"),
    "window_over": _l("The submission time is over"),
    "contact": _l("Contact for questions"),
    "tracks": _l("Tracks"),
    "fields": _l("Fields"),
    "parts": _l("Parts of a submission"),
    "entry_rules": _l("Rules on who may enter"),
    "rounds": _l("At least one round"),
    "final_last": _l("One final, as the last round"),
    "no_final": _l("No round is a final"),
    "rounds_in_order": _l("Rounds follow each other in time"),
    "rubric": _l("Rubric of %(round)s"),
    "too_few_judges": _l("%(round)s: fewer judges per submission than scorecards needed"),
    "trim_leaves_nobody": _l("%(round)s: dropping marks would leave none"),
    "trim_needs_five": _l("%(round)s: dropping marks with fewer than five judges must be wanted (fewest scorecards)"),
    "rules_clash": _l("%(round)s: settings that do not go together (%(details)s)"),
    "round_window": _l("Scoring times of %(round)s"),
    "scoring_before_deadline": _l("%(round)s opens before submissions close"),
    "not_by_judges": _l("%(round)s has criteria that judges do not fill (%(details)s): enter them before ranking"),
    "advance": _l("Who advances from %(round)s"),
}
PAGES = {
    Step.BASICS: "editions.setup_basics",
    Step.DIVISIONS: "editions.setup_divisions",
    Step.PARTS: "editions.setup_parts",
    Step.ENTRY: "editions.setup_entry",
    Step.ROUNDS: "editions.setup_rounds",
    Step.ROUND: "editions.setup_round",
    Step.RUBRIC: "editions.setup_rubric",
}
# The order of the wizard; the pages of one round belong to the rounds.
WIZARD = (Step.BASICS, Step.DIVISIONS, Step.PARTS, Step.ENTRY, Step.ROUNDS)
STEP_WORDS: dict[Step, Any] = {
    Step.BASICS: _l("Basics"),
    Step.DIVISIONS: _l("Tracks and fields"),
    Step.PARTS: _l("Parts of a submission"),
    Step.ENTRY: _l("Who may enter"),
    Step.ROUNDS: _l("Rounds and rubrics"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line for the `checklist` macro."""

    label: str
    state: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class WizardStep:
    """One step for the `stepper` macro."""

    label: str
    href: str
    done: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the side panel shows."""

    set_up: SetUp
    checks: tuple[Check, ...]
    lines: tuple[Line, ...]
    missing: int

    @property
    def open_lines(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state != CheckState.DONE.value)

    @property
    def done_lines(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state == CheckState.DONE.value)

    @property
    def ready(self) -> bool:
        return self.missing == 0


def readiness(edition: EditionFacts) -> Readiness:
    """Return the checklist of an edition, in four queries."""
    set_up = set_up_of(edition.id)
    checks = review(set_up, clock.now())
    lines = tuple(_line(edition, check) for check in _by_urgency(checks))
    return Readiness(set_up, checks, lines, len(gaps(checks)))


def _by_urgency(checks: Sequence[Check]) -> list[Check]:
    """Missing things first, then remarks, then what is done; within each the order of the pages."""
    order = [CheckState.MISSING, CheckState.OPTIONAL, CheckState.DONE]
    return sorted(checks, key=lambda check: order.index(check.state))


def _line(edition: EditionFacts, check: Check) -> Line:
    facts = {"round": local(check.round.name) if check.round else "", "details": ", ".join(check.details)}
    return Line(str(WORDS[check.code]) % facts, check.state.value, href_of(edition, check))


def href_of(edition: EditionFacts, check: Check) -> str:
    """Return the page on which the check can be mended."""
    if check.round is None:
        return url_for(PAGES[check.step], edition_code=edition.code)
    return url_for(PAGES[check.step], edition_code=edition.code, round_code=check.round.code)


def wizard_page(
    template: str, edition: EditionFacts, step: Step, status: int = 200, **context: Any
) -> ResponseReturnValue:
    """Render a page of the set-up with the stepper and the checklist beside it."""
    state = readiness(edition)
    main = step if step in WIZARD else Step.ROUNDS
    page = render_template(
        template,
        readiness=state,
        steps=[_step(edition, one, state.checks) for one in WIZARD],
        current=WIZARD.index(main) + 1,
        step=step,
        zone=offset_label(edition.timezone, clock.now()),
        **context,
    )
    return page, status


def _step(edition: EditionFacts, step: Step, checks: Sequence[Check]) -> WizardStep:
    pages = (step, Step.ROUND, Step.RUBRIC) if step is Step.ROUNDS else (step,)
    mine = [check for check in checks if check.step in pages]
    # A page whose things are all optional counts as done once something of it is there.
    done = not gaps(mine) and any(check.state is CheckState.DONE for check in mine)
    return WizardStep(str(STEP_WORDS[step]), url_for(PAGES[step], edition_code=edition.code), done)


def after(edition: EditionFacts, step: Step) -> str:
    """Return the address of the page that follows in the wizard; the overview after the last."""
    place = WIZARD.index(step) + 1
    endpoint = PAGES[WIZARD[place]] if place < len(WIZARD) else "editions.overview"
    return url_for(endpoint, edition_code=edition.code)


def saved_words() -> str:
    """Return what is said after saving."""
    return str(_("Saved."))
