"""A round changes in its middle: who gains and loses what is shown before anything is saved."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.views.guards import organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.queries.panel import PanelJudge, judges_of
from contest.judging.queries.reshuffles import ChangePlan, Touched, change_plan
from contest.judging.services import reshuffles
from contest.judging.services.reminders import Letter
from contest.judging.views.assignments import round_of
from contest.judging.views.change_forms import PutForm
from contest.web.formats import decimal_text
from contest.web.mailing import LOCALES, absolute, render_mail
from contest.web.messages import sentence

blueprint = Blueprint("changes", __name__)


def _staying(edition: EditionFacts) -> list[PanelJudge]:
    return [one for one in judges_of(edition.id) if one.left_at is None]


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/change")
@organisers_only
def change(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    asked: MultiDict[str, Any] = MultiDict(request.args)
    if "fate" not in asked:  # the first visit: nothing was sent yet
        asked.setdefault("seats", str(round_.rules.judges_per_submission or ""))
    asked.setdefault("fate", "stay")
    asked.setdefault("late", "seats")
    return _page(edition, round_, PutForm(asked, meta={"csrf": False}))


def _page(edition: EditionFacts, round_: RoundFacts, form: PutForm, status: int = 200) -> ResponseReturnValue:
    judges = _staying(edition)
    form.offer(judges)
    asked_well = all(one.validate(form) for one in (form.seats, form.leave, form.fate, form.late))
    plan = change_plan(round_, form.asked(judges)) if asked_well else None
    if plan is not None:
        form.digest.data = plan.digest
    page = render_template(
        "judging/changes/change.html",
        round=round_,
        form=form,
        plan=plan,
        may_change=round_.state in BEFORE_CLOSE,
        comparing=_comparing(plan) if plan else [],
    )
    return page, status if asked_well else 422


def _comparing(plan: ChangePlan) -> list[str]:
    """Say what the change does to how judges can be compared and to how sure the results will be."""
    before, after = plan.before, plan.after
    said = []
    if after.groups > 1:
        said.append(
            _(
                "The judges fall into %(groups)s groups that share no submission and cannot be compared.",
                groups=after.groups,
            )
        )
    elif plan.moves.pairs:
        now = round(100 * after.comparability)
        was = round(100 * before.comparability)
        said.append(
            _(
                "Judges can be compared as well as %(now)s %% of an ideal panel allows (before: %(was)s %%).",
                now=now,
                was=was,
            )
        )
    if plan.sure is None:
        said.append(_("How sure the ranking will be cannot be told yet: too few score sheets are in."))
    else:
        was_sure, now_sure = (decimal_text(Decimal(f"{one:.2f}")) for one in plan.sure)
        said.append(
            _(
                "Once all is scored, a fair result is known to about ± %(now)s points (as planned before: ± %(was)s).",
                now=now_sure,
                was=was_sure,
            )
        )
    return said


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/change")
@organisers_only
def put(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), PutForm()
    judges = _staying(edition)
    form.offer(judges)
    if not form.validate_on_submit():
        return _page(edition, round_, form, 422)
    by: dict[str, Any] = {"round_id": round_.id, "actor_id": current_user.id, "now": clock.now()}
    try:
        with unit_of_work():
            plan = reshuffles.change_round(
                edition_id=edition.id,
                asked=form.asked(judges),
                reason=form.reason.data or "",
                expected=form.digest.data or "",
                **by,
            )
            letters = [_letter(edition, round_, one) for one in plan.touched()] if form.mail.data else []
            told = reshuffles.tell(letters=letters, **by)
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _page(edition, round_, form, 409)
    flash(_done(plan), "success")
    if told:
        flash(ngettext("%(num)s mail is in the outbox.", "%(num)s mails are in the outbox.", told), "success")
    return redirect(url_for("assignments.assignments", edition_code=edition.code, round_code=round_code), 303)


def _done(plan: ChangePlan) -> str:
    moves = plan.moves
    words: str = _(
        "The change is in force: %(added)s added, %(left)s gone with judges who left, "
        "%(surplus)s above the wanted number, %(moved)s moved.",
        added=len(moves.added),
        left=len(moves.left),
        surplus=len(moves.surplus),
        moved=len(moves.moved),
    )
    return words


def _letter(edition: EditionFacts, round_: RoundFacts, one: Touched) -> Letter:
    judge = one.judge
    locale = judge.locale if judge.locale in LOCALES else str(current_app.config["BABEL_DEFAULT_LOCALE"])
    subject, body = render_mail(
        "judging/changed",
        locale,
        name=judge.name,
        edition_name=edition.name.in_(locale),
        round_name=round_.name.in_(locale),
        leaves=one.leaves,
        gets=[line.code for line in one.gets],
        loses=[line.code for line in one.loses],
        count=one.after,
        url=absolute(url_for("judging.desk", edition_code=edition.code)),
    )
    return Letter(judge.id, judge.name, judge.email or judge.account_email, subject, body, f"edition:{edition.id}")
