"""Behind the mail to a captain: the owner of the address takes the waiting team over."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.second.factors import FirstStep
from contest.accounts.views.entry import begin, go_on
from contest.editions.facts import EditionFacts
from contest.editions.views.guards import edition_public
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.submissions import services
from contest.submissions.forms.teams import ConfirmForm
from contest.submissions.views.blueprint import blueprint
from contest.web.limits import failed, limiter
from contest.web.messages import sentence
from contest.web.responses import see_other

_OF_PASSWORD = frozenset({"password_too_short", "password_too_long", "password_too_common", "password_leaked"})


@dataclass(frozen=True, slots=True)
class _Door:
    """A waiting team and who stands before it: `ready` is the owner, or anybody where no account is there yet."""

    claim: services.Claim
    ready: bool


def _door(edition: EditionFacts, sealed: str) -> _Door | None:
    key = str(current_app.config["SECRET_KEY"])
    try:
        claim = services.claim_of(edition.id, sealed, secret_key=key, now=clock.now())
    except NotFound:
        return None
    return _Door(claim, claim.owner_id is None or claim.owner_id == current_user.id)


def _gone() -> ResponseReturnValue:
    return render_template("accounts/link_gone.html"), 410


def _page(door: _Door, form: ConfirmForm, sealed: str) -> str:
    return render_template("submissions/confirm.html", claim=door.claim, ready=door.ready, form=form, sealed=sealed)


@blueprint.get("/e/<edition_code>/register/<sealed>")
@limiter.limit("60 per minute", deduct_when=failed)
@edition_public
def confirm(edition: EditionFacts, sealed: str) -> ResponseReturnValue:
    # Only shown: mail scanners open links, so a team is taken over by the button alone.
    door = _door(edition, sealed)
    return _gone() if door is None else _page(door, ConfirmForm(), sealed)


@blueprint.post("/e/<edition_code>/register/<sealed>")
@limiter.limit("60 per minute", deduct_when=failed)
@edition_public
def take_over(edition: EditionFacts, sealed: str) -> ResponseReturnValue:
    door, form = _door(edition, sealed), ConfirmForm()
    if door is None:
        return _gone()
    if not form.validate_on_submit() or not door.ready:
        return _page(door, form, sealed), 422
    try:
        return _taken(edition, door.claim, form)
    except NotFound:
        return _gone()
    except RuleBroken as refused:
        _put(form, refused)
        return _page(door, form, sealed), 422


def _put(form: ConfirmForm, refused: RuleBroken) -> None:
    if refused.code in _OF_PASSWORD:
        form.password.errors = [*form.password.errors, sentence(refused)]
    else:
        form.form_errors.append(sentence(refused))


def _taken(edition: EditionFacts, claim: services.Claim, form: ConfirmForm) -> ResponseReturnValue:
    now, step = clock.now(), None
    with unit_of_work():
        password = form.password.data or None
        user_id = services.take_over(edition_id=edition.id, claim=claim, password=password, now=now)
        if user_id != current_user.id:
            step = begin(user_id, now, FirstStep.LINK)
    target = url_for("submissions.draft", edition_code=edition.code, submission_id=claim.submission_public_id)
    answer = see_other(target) if step is None else go_on(step, now, target)
    flash(_("Your team is registered. Write your idea, add the files and hand it in before the deadline."), "success")
    return answer
