"""The marks of single judges: open to the committee only if the edition says so; `looks` notes every look.

Said once for all pages that tell such marks, whichever package they belong to; `tests/judging/test_sights.py` looks for
others by telling two contests apart that differ in them alone.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField
from wtforms.validators import AnyOf

from contest.editions.facts import EditionFacts
from contest.editions.views.guards import organisers_only
from contest.errors import NotAllowed, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.queries.sights import marks_shown_in, views_of
from contest.judging.services.sights import show_marks
from contest.web import messages
from contest.web.forms import Form

blueprint = Blueprint("sights", __name__)

messages.register(
    {
        "marks_open_or_closed": _l("Say whether the marks are open or closed: use the button of the page."),
        "marks_closed": _l(
            "In this season the committee does not see the marks of single judges; results and ranks are open. "
            "Who must look at single marks opens them under Score sheets, Who looked at marks, and that is noted."
        ),
    }
)


class ShownForm(Form):
    shown = StringField(validators=[AnyOf(("0", "1"))])


# Endpoints that tell the marks of single judges, and what the log calls them.
PAGES = {
    "record.history": _l("History of a score sheet"),
    "record.late": _l("Marks that came after the close"),
    "sheets.photo": _l("Photo of a paper sheet"),
    "progress.health": _l("Panel health"),
    "results.sum_of": _l("The sum of a result"),
    "results.fairness": _l("Fairness"),
    "results.workbook": _l("Workbook"),
    "results.minutes": _l("Minutes"),
    "results.version": _l("A frozen version"),
    "plots.plots": _l("Plots"),
    "papers.paper": _l("Papers to sign"),
    "papers.scan": _l("Scan of a signed paper"),
    "exchange.export": _l("The whole season as files"),
    "exchange.proof": _l("Proof of the results"),
    "results.ranking": _l("Ranking"),
}
# It has more to say than marks, and leaves them out by itself.
PARTLY = frozenset({"results.ranking"})


@blueprint.before_app_request
def refuse_closed_marks() -> None:
    if request.endpoint not in PAGES or request.endpoint in PARTLY or not current_user.is_authenticated:
        return
    found = marks_shown_in((request.view_args or {})["edition_code"])
    if found is not None and not found[1]:
        raise NotAllowed("marks_closed")


@blueprint.get("/e/<edition_code>/organise/marks-seen")
@organisers_only
def seen(edition: EditionFacts) -> ResponseReturnValue:
    views = [(one, PAGES.get(one.page, one.page)) for one in views_of(edition.id, PAGES)]
    return render_template("judging/panel/sights.html", views=views)


@blueprint.post("/e/<edition_code>/organise/marks-seen")
@organisers_only
def switch(edition: EditionFacts) -> ResponseReturnValue:
    form = ShownForm()
    if not form.validate_on_submit():
        raise RuleBroken("marks_open_or_closed")
    shown = form.shown.data == "1"
    with unit_of_work():
        show_marks(edition_id=edition.id, shown=shown, actor_id=current_user.id, now=clock.now())
    flash(
        _("The committee sees the marks of single judges.")
        if shown
        else _("The marks of single judges are closed to the committee."),
        "success",
    )
    return redirect(url_for("sights.seen", edition_code=edition.code), 303)
