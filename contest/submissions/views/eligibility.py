"""Eligibility: the lines on a team's pages, and the committee's list with its exceptions in writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.queries import entry_rules_of, tracks_of
from contest.editions.rules import LocalText
from contest.editions.views.guards import committee_readers
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.submissions import policy, queries, services
from contest.submissions.codes import code_key
from contest.submissions.eligibility import Passed, Standing
from contest.submissions.entrants import Entrant, Finding
from contest.submissions.facts import Access
from contest.submissions.forms.decisions import ExceptionForm
from contest.submissions.views.blueprint import blueprint
from contest.submissions.views.eligibility_words import words
from contest.submissions.views.guards import decided_submission
from contest.web.messages import sentence

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding in words; `state` is "block", "warn" or "passed"."""

    key: str
    state: str
    words: str
    passed: Passed | None = None


@dataclass(frozen=True, slots=True)
class EntrantLines:
    """One submission with everything that was found about it."""

    entrant: Entrant
    lines: tuple[FindingLine, ...]

    def has(self, state: str) -> bool:
        """Tell whether any line is in this state."""
        return any(line.state == state for line in self.lines)


class Shown(StrEnum):
    """Which submissions the list shows."""

    ALL = "all"
    BLOCK = "block"
    WARN = "warn"
    PASSED = "passed"


def track_names(edition: EditionFacts) -> Mapping[str, LocalText]:
    """Return the names of the tracks by code."""
    return {row.code: LocalText(row.name_vi, row.name_en) for row in tracks_of(edition.id)}


def _line(finding: Finding, standing: Standing, tracks: Mapping[str, LocalText]) -> FindingLine:
    passed = standing.passed.get(finding.key)
    state = finding.effect.value if passed is None else "passed"
    return FindingLine(finding.key, state, words(finding, tracks), passed)


def _lines(standing: Standing, tracks: Mapping[str, LocalText]) -> tuple[FindingLine, ...]:
    order = ("block", "warn", "passed")
    lines = (_line(one, standing, tracks) for one in standing.findings)
    return tuple(sorted(lines, key=lambda line: order.index(line.state)))


def eligibility_lines(edition: EditionFacts, access: Access) -> tuple[FindingLine, ...]:
    """Return what a team reads about its own submission, what blocks first."""
    standing = queries.standing_of(edition.id, access.id)
    return _lines(standing, track_names(edition)) if standing.findings else ()


def _listed(edition: EditionFacts) -> list[EntrantLines]:
    tracks = track_names(edition)
    found = (
        EntrantLines(entrant, _lines(standing, tracks))
        for entrant, standing in queries.reviewed(edition.id)
        if standing.findings
    )
    return sorted(found, key=lambda one: code_key(one.entrant.code))


def _chosen() -> Shown:
    asked = request.args.get("show", "")
    return Shown(asked) if asked in set(Shown) else Shown.ALL


def _page(
    edition: EditionFacts, form: ExceptionForm, status: int = 200, *, refused: tuple[str, str] = ("", "")
) -> ResponseReturnValue:
    every, view = _listed(edition), _chosen()
    shown = [one for one in every if view is Shown.ALL or one.has(view.value)]
    pages = max(1, -(-len(shown) // PAGE_SIZE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    page = render_template(
        "submissions/eligibility.html",
        rows=shown[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        tabs_shown=_tabs(edition, every, view),
        view=view,
        number=number,
        pages=pages,
        any_on=entry_rules_of(edition.id).any_on,
        decides=policy.can_decide_submission(current_user, edition),
        form=form,
        refused=refused,
        href=lambda page: url_for("submissions.eligibility", edition_code=edition.code, show=view.value, page=page),
    )
    return page, status


@dataclass(frozen=True, slots=True)
class Tab:
    """One view for the `tabs` macro."""

    label: str
    href: str
    active: bool
    count: int


def _tabs(edition: EditionFacts, every: list[EntrantLines], view: Shown) -> list[Tab]:
    labels = {Shown.ALL: _("All"), Shown.BLOCK: _("Blocked"), Shown.WARN: _("Warnings"), Shown.PASSED: _("Let pass")}
    return [
        Tab(
            label,
            url_for("submissions.eligibility", edition_code=edition.code, show=one.value),
            one is view,
            sum(1 for row in every if one is Shown.ALL or row.has(one.value)),
        )
        for one, label in labels.items()
    ]


@blueprint.get("/e/<edition_code>/organise/eligibility")
@committee_readers
def eligibility(edition: EditionFacts) -> ResponseReturnValue:
    return _page(edition, ExceptionForm())


@blueprint.post("/e/<edition_code>/organise/submissions/<submission_id>/eligibility/<any(pass, return):verb>")
@decided_submission
def decide_finding(edition: EditionFacts, access: Access, verb: str) -> ResponseReturnValue:
    form = ExceptionForm()
    if not form.validate_on_submit():
        return _page(edition, form, 422, refused=(access.public_id, form.key.data or ""))
    try:
        with unit_of_work():
            _decided(verb, access, form, clock.now())
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _page(edition, form, 409, refused=(access.public_id, form.key.data or ""))
    flash(_("Let pass in writing.") if verb == "pass" else _("The exception is taken back."), "success")
    return redirect(url_for("submissions.eligibility", edition_code=edition.code, _anchor=access.public_id), 303)


def _decided(verb: str, access: Access, form: ExceptionForm, now: datetime) -> None:
    act = services.let_pass if verb == "pass" else services.take_back
    act(
        submission_id=access.id,
        key=form.key.data or "",
        reason=form.reason.data or "",
        actor_id=current_user.id,
        now=now,
    )
