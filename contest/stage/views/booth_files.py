"""The plan of the exhibition as files: a sheet that comes in, map and list that leave."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from contest.editions.facts import EditionFacts
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.bundle_files import read_table
from contest.infra.tables import Limits
from contest.stage.booth_list import MOST_BOOTHS, lines_of, read_booths
from contest.stage.exports.booths import PAPERS, booths_csv, booths_pdf
from contest.stage.forms.booths import BoothListForm, BoothSheetForm
from contest.stage.queries.booths import Fair, fair_of
from contest.stage.views.booth_words import file_words, kind_word, map_svg
from contest.stage.views.booths import ROOM, blueprint, page
from contest.web.formats import local, localtime
from contest.web.messages import sentence
from contest.web.responses import attachment

LIMITS = Limits(file_bytes=2_000_000, total_bytes=16_000_000, rows=2 * MOST_BOOTHS, columns=40, cell_bytes=4_000)


@blueprint.post(f"{ROOM}/sheet")
@organisers_only
def read_sheet(edition: EditionFacts) -> ResponseReturnValue:
    form = BoothSheetForm()
    if not form.validate_on_submit():
        return page(edition, 422, sheet=form)
    name, data = form.upload()
    table = read_table(name, data, LIMITS)
    if table.problems:
        return page(edition, 422, sheet=form, problems=[file_words(one) for one in table.problems])
    text = lines_of(table.header, [(row.number, tuple(row.cells.values())) for row in table.rows])
    found = read_booths(text)
    problems = [sentence(RuleBroken(one.code, **one.facts)) for one in found.problems]
    listed = BoothListForm(formdata=None, data={"text": text.strip("\n") if not problems else text})
    return page(edition, 422 if problems else 200, listed=listed, problems=problems, preview=found.rows)


def _head() -> list[str]:
    return [
        _("Booth"),
        _("Row of booths"),
        _("Size"),
        _("Power"),
        _("Who stands there"),
        _("Kind of guest"),
        _("Idea"),
        _("Field"),
    ]


def _rows(fair: Fair) -> list[list[str]]:
    rows = []
    for one in fair.booths:
        guest = one.guest
        who = [guest.name, kind_word(guest.guest.kind), guest.title, guest.field] if guest else ["", "", "", ""]
        rows.append([one.spot.number, one.spot.zone, one.size, _("yes") if one.spot.power else _("no"), *who])
    return rows


@blueprint.get(f"{ROOM}/plan-<any({', '.join(PAPERS)}):paper>.pdf")
@committee_readers
def pdf(edition: EditionFacts, paper: str) -> Response:
    fair, now = fair_of(edition.id), clock.now()
    title = _("Exhibition: %(name)s", name=local(edition.name))
    values = {
        "title": title,
        "place": fair.place,
        "language": str(get_locale() or "vi"),
        "head": _head(),
        "rows": _rows(fair),
        "foot": _("As of %(time)s", time=localtime(now)),
    }
    content = booths_pdf(paper=paper, drawing=map_svg(fair), values=values, made_at=now)
    return attachment(content, name=f"{edition.code}-gian-{paper}.pdf", mimetype="application/pdf")


@blueprint.get(f"{ROOM}/map.svg")
@committee_readers
def drawing(edition: EditionFacts) -> Response:
    svg = map_svg(fair_of(edition.id)).strip().encode()
    return attachment(svg, name=f"{edition.code}-gian.svg", mimetype="image/svg+xml")


@blueprint.get(f"{ROOM}/list.csv")
@committee_readers
def listed(edition: EditionFacts) -> Response:
    content = booths_csv(_head(), _rows(fair_of(edition.id)))
    return attachment(content, name=f"{edition.code}-gian.csv", mimetype="text/csv")
