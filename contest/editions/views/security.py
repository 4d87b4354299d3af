"""How the committee of an edition gets in: with a second factor only, when the edition says so."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import HiddenField
from wtforms.validators import AnyOf

from contest.accounts.forms import ProofForm
from contest.accounts.second.queries import committee_counts, has_second_factor
from contest.accounts.views.account import this_account
from contest.editions import services
from contest.editions.facts import EditionFacts
from contest.editions.views.blueprint import blueprint
from contest.editions.views.guards import organisers_only
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.limits import failed, limiter


class SecondFactorForm(ProofForm):
    required = HiddenField(validators=[AnyOf(("0", "1"), message=_l("Use the button of the page."))])


def _page(edition: EditionFacts, form: SecondFactorForm) -> str:
    people, safe = committee_counts(edition.id)
    own = has_second_factor(current_user.id)
    return render_template("editions/security.html", form=form, people=people, safe=safe, own=own)


@blueprint.get("/e/<edition_code>/organise/security")
@organisers_only
def security(edition: EditionFacts) -> ResponseReturnValue:
    return _page(edition, SecondFactorForm(formdata=None))


@blueprint.post("/e/<edition_code>/organise/security")
@limiter.limit("10 per 15 minutes", key_func=this_account, deduct_when=failed)
@organisers_only
def switch_security(edition: EditionFacts) -> ResponseReturnValue:
    form = SecondFactorForm()
    if not form.validate_on_submit():
        return _page(edition, form), 422
    required = form.required.data == "1"
    with unit_of_work():
        services.require_second_factor(
            edition_id=edition.id, required=required, actor_id=current_user.id, now=clock.now()
        )
    flash(
        _("From now on the committee of this season gets in with a second step only.")
        if required
        else _("The committee of this season gets in without a second step again."),
        "success",
    )
    return redirect(url_for("editions.security", edition_code=edition.code), 303)
