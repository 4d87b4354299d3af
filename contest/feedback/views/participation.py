"""Participation for the committee: entries by school, by field and by day. It shows no mark and no rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contest.accounts.roles import Identity, Nobody
from contest.editions.facts import EditionFacts
from contest.editions.policy import can_see_committee_pages
from contest.editions.views.guards import committee_readers
from contest.feedback.participation import Day, Entry, Group, by_day, columns_before, first_of, grouped
from contest.feedback.queries.participation import entries_of
from contest.feedback.views.charts import Chart, chart, language
from contest.infra import clock
from contest.infra.charts import BarRow, Column, Mark, bars, columns
from contest.web.formats import localtime
from contest.web.navigation import NavItem, provider

blueprint = Blueprint("participation", __name__)
MOST_GROUPS = 20


@provider
def nav(edition: EditionFacts | None, identity: Identity | Nobody) -> list[NavItem]:
    if edition is None or not can_see_committee_pages(identity, edition):
        return []
    href = url_for("participation.participation", edition_code=edition.code)
    return [NavItem(_("Participation"), href, "bar-chart", order=27)]


@blueprint.get("/e/<edition_code>/organise/participation")
@committee_readers
def participation(edition: EditionFacts) -> ResponseReturnValue:
    entries = entries_of(edition.id, english=language() == "en")
    schools = grouped(entries, lambda one: one.school)
    handed_in = sum(one.handed_in is not None for one in entries)
    return render_template(
        "feedback/participation.html",
        counts={
            "handed_in": handed_in,
            "drafts": len(entries) - handed_in,
            "schools": sum(bool(one.name) for one in schools),
        },
        days=_days(edition, entries),
        schools=_bars(_("Entries by school"), _("School"), schools, _("No school given")),
        fields=_bars(_("Entries by field"), _("Field"), grouped(entries, lambda one: one.field), _("No field chosen")),
    )


def _bars(title: str, head: str, groups: Sequence[Group], nameless: str) -> Chart | None:
    if not groups:
        return None
    shown, rest = first_of(groups, MOST_GROUPS)
    rows = [_row(one, one.name or nameless) for one in shown]
    if rest is not None:
        rows.append(_row(rest, _("All others")))
    names = (_("Entries handed in"), _("Drafts"))
    parts = names if any(one.drafts for one in groups) else None
    return chart(
        lambda width: bars(rows, title=title, width=width, parts=parts),
        title=title,
        head=[head, *names],
        rows=[(one.name or nameless, str(one.handed_in), str(one.drafts)) for one in groups],
    )


def _row(group: Group, name: str) -> BarRow:
    words = f"{group.handed_in} + {group.drafts}" if group.drafts else str(group.handed_in)
    return BarRow(name, group.handed_in, words, group.drafts)


def _days(edition: EditionFacts, entries: Sequence[Entry]) -> Chart | None:
    closes = edition.submissions_close
    past = closes is not None and closes <= clock.now()
    days = by_day(entries, edition.timezone, until=closes if past else None)
    if not days:
        return None
    title = _("Entries handed in by day")
    labelled: dict[str, Any] = {"number": lambda value: f"{value:.0f}", "marks": _marks(edition, days)}
    drawn = [
        Column(
            f"{one.day:%d/%m}",
            one.count,
            _("%(count)s on this day, %(total)s so far", count=one.count, total=one.total),
        )
        for one in days
    ]
    return chart(
        lambda width: columns(drawn, title=title, width=width, **labelled),
        title=title,
        head=[_("Day"), _("Entries handed in"), _("So far")],
        rows=[(f"{one.day:%d/%m/%Y}", str(one.count), str(one.total)) for one in days],
    )


def _marks(edition: EditionFacts, days: Sequence[Day]) -> list[Mark]:
    closes = edition.submissions_close
    place = None if closes is None else columns_before(days, closes, edition.timezone)
    return [] if place is None else [Mark(place, _("Deadline %(time)s", time=localtime(closes)))]
