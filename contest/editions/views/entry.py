"""The set-up's page on who may enter."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.editions import services
from contest.editions.facts import EditionFacts
from contest.editions.forms.entry import EntryRulesForm, entry_rules_data
from contest.editions.forms.fields import blame
from contest.editions.queries import entry_rules_of, tracks_of
from contest.editions.readiness import Step
from contest.editions.rules import LocalText
from contest.editions.views.blueprint import blueprint
from contest.editions.views.checklist import wizard_page
from contest.editions.views.guards import organisers_only
from contest.editions.views.setup import saved
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work


def _offered(edition: EditionFacts, form: EntryRulesForm) -> EntryRulesForm:
    form.offer({row.code: LocalText(row.name_vi, row.name_en) for row in tracks_of(edition.id)})
    return form


def _page(edition: EditionFacts, form: EntryRulesForm, status: int = 200) -> ResponseReturnValue:
    return wizard_page("editions/setup_entry.html", edition, Step.ENTRY, status, form=form)


@blueprint.get("/e/<edition_code>/organise/setup/entry")
@organisers_only
def setup_entry(edition: EditionFacts) -> ResponseReturnValue:
    return _page(edition, _offered(edition, EntryRulesForm(data=entry_rules_data(entry_rules_of(edition.id)))))


@blueprint.post("/e/<edition_code>/organise/setup/entry")
@organisers_only
def save_entry(edition: EditionFacts) -> ResponseReturnValue:
    form = EntryRulesForm()
    valid = form.validate_on_submit()
    _offered(edition, form)
    rules = form.rules() if valid else None
    if rules is None:
        return _page(edition, form, 422)
    try:
        with unit_of_work():
            services.set_entry_rules(edition_id=edition.id, rules=rules, actor_id=current_user.id, now=clock.now())
    except RuleBroken as refused:
        blame(form, refused, {})
        return _page(edition, form, 422)
    return saved(edition, Step.ENTRY)
