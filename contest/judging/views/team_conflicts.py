"""A team names judges whom it knows, where the edition lets teams do so."""

from __future__ import annotations

from collections.abc import Iterator

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.roles import Role
from contest.editions.facts import EditionFacts
from contest.editions.views.overview_cards import Person, PublicLink, public_link_provider
from contest.errors import NotFound
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.conflicts import ConflictReason
from contest.judging.queries.conflict_rules import rules_of
from contest.judging.queries.conflicts import named_by_team
from contest.judging.queries.panel import PanelJudge, judges_of
from contest.judging.services.conflicts import declare_conflict, withdraw_conflict
from contest.judging.states import Party
from contest.judging.views.conflict_forms import KIND_CHOICES, TeamConflictForm
from contest.judging.views.conflicts import blueprint
from contest.judging.views.panel_forms import JudgeActionForm
from contest.submissions.facts import Access
from contest.submissions.queries import own_submissions
from contest.submissions.views.guards import own_submission


@public_link_provider
def link(edition: EditionFacts, person: Person) -> Iterator[PublicLink]:
    if person.id is None or not person.holds(edition.id, Role.CAPTAIN) or not rules_of(edition.id).teams_declare:
        return
    for row in own_submissions(edition.id, person.id):
        href = url_for("conflicts.known_judges", edition_code=edition.code, submission_id=row.public_id)
        yield PublicLink(_("Judges whom we know"), href, "people", 60)


@blueprint.get("/e/<edition_code>/team/<submission_id>/judges")
@own_submission
def known_judges(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    return _page(edition, access, TeamConflictForm(formdata=None))


def _page(edition: EditionFacts, access: Access, form: TeamConflictForm, status: int = 200) -> ResponseReturnValue:
    judges = _offered(edition)
    form.offer([("", _("Choose a judge")), *((one.person, _named(one)) for one in judges)])
    known = {one.id: one for one in judges}
    page = render_template(
        "judging/team_conflicts.html",
        form=form,
        submission_id=access.public_id,
        named=[(known[judge_id], kind, reason) for judge_id, kind, reason in named_by_team(access.id)],
        kinds=KIND_CHOICES,
    )
    return page, status


def _offered(edition: EditionFacts) -> list[PanelJudge]:
    # Where teams are not asked, who judges is not told to them either.
    if not rules_of(edition.id).teams_declare:
        abort(404)
    return list(judges_of(edition.id))


def _named(judge: PanelJudge) -> str:
    return f"{judge.name} · {judge.organisation}" if judge.organisation else judge.name


@blueprint.post("/e/<edition_code>/team/<submission_id>/judges")
@own_submission
def name_judge(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    judges, form = _offered(edition), TeamConflictForm()
    form.offer([(one.person, one.name) for one in judges])
    if not form.validate_on_submit():
        return _page(edition, access, form, 422)
    judge = next(one for one in judges if one.person == form.judge.data)
    with unit_of_work():
        declare_conflict(
            edition_id=edition.id,
            judge_id=judge.id,
            submission_id=access.id,
            reason=form.reason.data or "",
            kind=ConflictReason(form.kind.data),
            party=Party.TEAM,
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("%(judge)s will not judge your submission.", judge=judge.name), "success")
    return _back(edition, access)


@blueprint.post("/e/<edition_code>/team/<submission_id>/judges/withdraw")
@own_submission
def unname_judge(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    named = JudgeActionForm().judge.data
    judge = next((one for one in _offered(edition) if one.person == named), None)
    if judge is None:
        raise NotFound
    with unit_of_work():
        withdraw_conflict(
            edition_id=edition.id,
            judge_id=judge.id,
            submission_id=access.id,
            party=Party.TEAM,
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("You have taken it back."), "success")
    return _back(edition, access)


def _back(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    target = url_for("conflicts.known_judges", edition_code=edition.code, submission_id=access.public_id)
    return redirect(target, 303)
