"""A whole list of judges at once: pasted or from a file, shown first, saved all or none."""

from __future__ import annotations

from contextlib import closing

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.accounts.views.proving import proven_when
from contest.editions.facts import EditionFacts
from contest.editions.views.guards import organisers_only
from contest.errors import Problem, RuleBroken
from contest.infra import clock
from contest.infra.bundle_files import read_table
from contest.infra.db import unit_of_work
from contest.infra.tables import Limits
from contest.judging.panel_list import PanelList, as_text, check, parse_pasted, parse_table
from contest.judging.queries.panel import known_around
from contest.judging.queries.panel_changes import begun_round
from contest.judging.services import panel
from contest.judging.views.panel import blueprint
from contest.judging.views.panel_forms import ListForm, given_reason
from contest.judging.views.panel_messages import words_of
from contest.web.messages import sentence

FILE_LIMITS = Limits(file_bytes=5_000_000, total_bytes=20_000_000, rows=5_000, columns=60, cell_bytes=4_000)


def _page(
    form: ListForm, found: PanelList | None = None, problems: tuple[Problem, ...] = (), status: int = 200
) -> ResponseReturnValue:
    by_line: dict[int, list[str]] = {}
    for problem in problems:
        if problem.row is not None:
            by_line.setdefault(problem.row, []).append(words_of(problem))
    rows = {row.number: row.entry for row in found.rows} if found else {}
    page = render_template(
        "judging/panel/import.html",
        form=form,
        ready=found is not None and not problems,
        lines=[(number, rows.get(number), by_line.get(number, [])) for number in sorted({*rows, *by_line})],
        general=[words_of(problem) for problem in problems if problem.row is None],
        wrong=len(by_line),
        ignored=found.ignored if found else (),
        begun=begun_round(g.edition.id),
    )
    return page, status


@blueprint.get("/e/<edition_code>/organise/judges/import")
@organisers_only
def import_page(edition: EditionFacts) -> ResponseReturnValue:
    del edition
    return _page(ListForm())


@blueprint.post("/e/<edition_code>/organise/judges/import")
@organisers_only
@proven_when(lambda: request.form.get("action") == "save")
def import_list(edition: EditionFacts) -> ResponseReturnValue:
    form = ListForm()
    if not form.validate_on_submit():
        return _page(form, status=422)
    found = _read(form)
    known = known_around(edition.id, found.rows)
    problems = (*found.problems, *check(found.rows, known))
    if found.rows and form.file.data and not found.problems:
        form.text.data = as_text(found.rows)  # the second step sends the rows, not the file again
    if problems:
        return _page(form, found, problems, 422)
    if request.form.get("action") != "save":
        return _page(form, found)
    try:
        with unit_of_work():
            panel.add_judges(
                edition_id=edition.id,
                entries=[row.entry for row in found.rows],
                reason=given_reason(),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _page(form, found, status=422)
    count = len(found.rows)
    flash(ngettext("%(num)s judge is on the panel now.", "%(num)s judges are on the panel now.", count), "success")
    return redirect(url_for("panel.judges", edition_code=edition.code), 303)


def _read(form: ListForm) -> PanelList:
    upload = form.file.data
    if not upload:
        return parse_pasted(form.text.data or "")
    with closing(upload):
        data = upload.stream.read(FILE_LIMITS.file_bytes + 1)
    table = read_table(upload.filename or _("file"), data, FILE_LIMITS)
    if table.problems:
        return PanelList(problems=table.problems)
    return parse_table(table.header, ((row.number, row.cells) for row in table.rows))
