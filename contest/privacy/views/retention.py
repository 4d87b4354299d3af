"""How long an edition keeps what, and what will go when."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.views.guards import organisers_only
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.privacy import services
from contest.privacy.forms.erasing import KEEP_WORDS, RetentionForm
from contest.privacy.queries.aging import aging_editions
from contest.privacy.retention import TERMS, days_of, goes_at
from contest.privacy.views.blueprint import blueprint
from contest.privacy.views.organiser import BASE


def _page(edition: EditionFacts, form: RetentionForm | None = None, status: int = 200) -> ResponseReturnValue:
    now = clock.now()
    (aging,) = aging_editions(edition.id)
    shown = [term for term in TERMS if term.keep.value in RetentionForm(formdata=None)]
    counts: dict[str, int] = {}
    for line in services.report(now=now, edition_id=edition.id):
        counts[line.keep.value] = counts.get(line.keep.value, 0) + line.count
    page = render_template(
        "privacy/retention.html",
        terms=[(term, KEEP_WORDS[term.keep], goes_at(term, aging.days, aging.ended_at)) for term in shown],
        days={term.keep.value: days_of(term, aging.days) for term in shown},
        counts=counts,
        ended_at=aging.ended_at,
        form=form or RetentionForm(formdata=None, data={term.keep.value: days_of(term, aging.days) for term in shown}),
    )
    return page, status


@blueprint.get(f"{BASE}/retention")
@organisers_only
def retention(edition: EditionFacts) -> ResponseReturnValue:
    return _page(edition)


@blueprint.post(f"{BASE}/retention")
@organisers_only
def save_retention(edition: EditionFacts) -> ResponseReturnValue:
    form = RetentionForm()
    if not form.validate_on_submit():
        return _page(edition, form, 422)
    with unit_of_work():
        services.set_days(edition_id=edition.id, days=form.days, actor_id=current_user.id, now=clock.now())
    flash(_("Saved."), "success")
    return redirect(url_for("privacy.retention", edition_code=edition.code), 303)
