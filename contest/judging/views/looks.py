"""Who opened what belongs to a team or a person: noted once a reader, thing and day, listed for the organisers.

Said once for all pages, whichever package they belong to; `tests/judging/test_looks.py` asks of every page that names
a thing whether it is noted here or why not.
"""

from __future__ import annotations

import csv
import io
import logging
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_login import current_user

from contest.accounts.views.proving import proven
from contest.editions.facts import EditionFacts
from contest.editions.views.guards import organisers_only
from contest.errors import Busy
from contest.infra import clock
from contest.infra.alarms import AlarmKind, Happening
from contest.infra.cache import FrozenCache
from contest.infra.db import unit_of_work
from contest.judging.looking import Line, line_of
from contest.judging.queries.sights import View, looks_at, marks_shown_in, rushes_of
from contest.judging.services.sights import note_look
from contest.judging.views.sights import PAGES
from contest.web.responses import attachment
from contest.web.watching import MINUTE, watch

blueprint = Blueprint("looks", __name__)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """What the log calls a page; `variable` of its address tells whose it is, as the id of a `kind`."""

    label: LazyString
    variable: str = ""
    kind: str = ""


_CERTIFICATE = Page(_l("A certificate"))
_PAGES_OF_FILE = Page(_l("Pages of a file, for a judge"), "file_id", "file")
# What shows a submission, a file or a person, and every download that holds people; lists on the screen do not count.
NOTED = {
    "submissions.detail": Page(_l("A submission, for the committee"), "submission_id", "submission"),
    "submissions.as_judge": Page(_l("A submission, as judges see it"), "submission_id", "submission"),
    "submissions.committee_file": Page(_l("A file of a submission"), "submission_id", "submission"),
    "submissions.committee_judges_copy": Page(_l("A file of a submission"), "submission_id", "submission"),
    "submissions.committee_names": Page(_l("Names found in a submission"), "submission_id", "submission"),
    "submissions.committee_receipt": Page(_l("A receipt"), "submission_id", "submission"),
    "submissions.eligibility": Page(_l("Who may enter: what was found")),
    "judging.paper": Page(_l("Score sheet with its submission"), "public_id", "paper"),
    "judging.file": Page(_l("A file, for a judge"), "file_id", "file"),
    "judging.file_pages": _PAGES_OF_FILE,
    "judging.file_page": _PAGES_OF_FILE,
    "offline.papers": Page(_l("Score sheets taken along offline")),
    "assignments.submission": Page(_l("Judges of a submission"), "public_id", "submission"),
    "assignments.proposal_submission": Page(_l("Judges of a submission"), "public_id", "submission"),
    "people.person": Page(_l("A person and the ways in")),
    "privacy.one_member": Page(_l("Consents of a member"), "member_id", "member"),
    "privacy.scan": Page(_l("A consent on paper")),
    "privacy.person": Page(_l("All that is stored about a person")),
    "privacy.request_page": Page(_l("A request about personal data")),
    "panel.judge": Page(_l("A judge")),
    "certificates.one": _CERTIFICATE,
    "certificates.pdf": _CERTIFICATE,
    "certificates.file": Page(_l("A batch of certificates")),
    "certificates.merge": Page(_l("The list of certificates as a workbook")),
    "letters.letter": Page(_l("A letter to a team")),
    "letters.all_letters": Page(_l("All letters to the teams")),
    "results.ranking_file": Page(_l("Ranking as a file")),
    "exchange.preview_sheet": Page(_l("A registration sheet that waits")),
    "exchange.columns": Page(_l("A registration sheet that waits")),
    "booths.listed": Page(_l("The list of booths as a file")),
    "looks.sheet": Page(_l("Who opened what, as a file")),
}
# Of the pages that tell marks, those that are about one submission.
MARKS_OF = {
    "record.history": ("public_id", "paper"),
    "sheets.photo": ("public_id", "paper"),
    "results.sum_of": ("submission_code", "code"),
}
TOLD = (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED)
KEPT_KEYS, MOST_WAITING = 20_000, 10_000
MANY = 30  # nobody reads thirty ideas in a minute; what the page names where no alarm is wanted

_noted: FrozenCache[bool] = FrozenCache(KEPT_KEYS)
_waiting: deque[Line] = deque(maxlen=MOST_WAITING)


@blueprint.after_app_request
def note_who_looked(answer: Response) -> Response:
    endpoint = request.endpoint or ""
    if endpoint not in NOTED and endpoint not in PAGES:
        return answer
    told = request.method == "GET" and answer.status_code in TOLD and current_user.is_authenticated
    if told and (endpoint in NOTED or _tells_marks()):
        page = NOTED.get(endpoint)
        whose = (page.variable, page.kind) if page else MARKS_OF.get(endpoint, ("", ""))
        _note(line_of(endpoint, request.view_args or {}, *whose, user_id=current_user.id))
    return answer


def _tells_marks() -> bool:
    found = marks_shown_in((request.view_args or {})["edition_code"])
    return found is not None and found[1]


def _note(line: Line) -> None:
    """Write the line before the page goes out; a busy database delays it to the next look, and closes no page."""
    try:
        _noted.get((line, clock.now().date()), lambda: _write(line))
    except Busy:
        _waiting.append(line)
        logger.warning("the log of looks has to wait: the database is busy")


def _write(line: Line) -> bool:
    late = list(_waiting)
    now = clock.now()
    with unit_of_work():
        noted = [(one.user_id, note_look(one, now=now)) for one in (*late, line)]
    for one in late:
        if one in _waiting:
            _waiting.remove(one)
    for user_id, edition_id in noted:
        if edition_id is not None:
            _count(user_id, edition_id, now)
    return True


def _count(user_id: int, edition_id: int, now: datetime) -> None:
    """Count what was opened for the first time that day; whoever opens very much at once raises an alarm."""
    reader = Happening(AlarmKind.MASS_READS, f"edition:{edition_id}", f"user:{user_id}", now, user_id)
    watch(reader, "ALARM_READS", MINUTE)


def _words(view: View) -> str:
    if view.page in NOTED:
        return str(NOTED[view.page].label)
    return str(PAGES.get(view.page, view.page))


@blueprint.get("/e/<edition_code>/organise/looks")
@organisers_only
def looks(edition: EditionFacts) -> ResponseReturnValue:
    code = request.args.get("submission", "")
    lines = [(one, _words(one)) for one in looks_at(edition.id, submission=code)]
    sheet = url_for("looks.sheet", edition_code=edition.code, submission=code or None)
    many = current_app.config["ALARM_READS"] or MANY
    rushes = rushes_of(edition.id, most=many - 1, within=MINUTE)
    return render_template("judging/panel/looks.html", lines=lines, code=code, sheet_href=sheet, rushes=rushes)


@blueprint.get("/e/<edition_code>/organise/looks.csv")
@organisers_only
@proven
def sheet(edition: EditionFacts) -> ResponseReturnValue:
    code = request.args.get("submission", "")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("First that day"), _("Opened by"), _("Page"), _("Submission"), _("About")])
    for one in looks_at(edition.id, submission=code, most=None):
        writer.writerow([one.first_at.isoformat(timespec="seconds"), one.name, _words(one), one.code, one.subject])
    return attachment(out.getvalue().encode("utf-8-sig"), name=f"{edition.code}_looks.csv", mimetype="text/csv")
