"""What a blind judge could read a team by, and what that judge gets instead."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.editions.facts import EditionFacts
from contest.infra.copies import current_copies
from contest.infra.storage import current_storage
from contest.submissions import queries
from contest.submissions.completeness import SUMMARY, TITLE
from contest.submissions.facts import Access, FileView, SubmissionView
from contest.submissions.queries.traces import read_for_names
from contest.submissions.traces import Kind, Place, Source
from contest.submissions.views.blueprint import blueprint
from contest.submissions.views.files import send_to_judge
from contest.submissions.views.guards import committee_submission, own_submission
from contest.submissions.views.wording import HEADS
from contest.web.formats import local

KINDS: dict[Kind, Any] = {
    Kind.TEAM: _l("Name of the team"),
    Kind.SCHOOL: _l("School"),
    Kind.PERSON: _l("Name of a person"),
    Kind.MAIL: _l("E-mail"),
    Kind.PHONE: _l("Phone number"),
}


def _where(view: SubmissionView, source: Source) -> str:
    """Say where a text stands."""
    if source.place in (Place.TITLE, Place.SUMMARY):
        return str(HEADS[TITLE if source.place is Place.TITLE else SUMMARY])
    typed = [*(one.part for one in view.texts), *(one.part for one in view.links)]
    parts = {part.code: part for part in (*typed, *(file.part for file in view.files))}
    name = local(parts[source.part].name)
    if source.place is Place.FILE_TEXT:
        return str(_("%(part)s, page %(number)s", part=name, number=source.number))
    if source.place is Place.FILE_NAME:
        return str(_("%(part)s, name of the file", part=name))
    return str(_("%(part)s, note inside the file (%(note)s)", part=name, note=source.note)) if source.note else name


def _page(access: Access, *, back: str, preview: str, endpoint: str, edition: EditionFacts) -> str:
    view = queries.submission_view(access.id)
    if view is None:
        abort(404)
    reading = read_for_names(view, current_storage(), current_copies())
    return render_template(
        "submissions/names.html",
        view=view,
        seen=[one for one in reading.found if not one.hidden],
        hidden=[one for one in reading.found if one.hidden],
        unread=reading.unread,
        kinds=KINDS,
        where=partial(_where, view),
        back_href=back,
        preview_href=preview,
        download=partial(_judges_copy, edition, access, endpoint),
    )


def _judges_copy(edition: EditionFacts, access: Access, endpoint: str, file_id: str) -> str:
    return url_for(
        f"submissions.{endpoint}", edition_code=edition.code, submission_id=access.public_id, file_id=file_id
    )


def _to(edition: EditionFacts, access: Access, endpoint: str, **values: str) -> str:
    return url_for(
        f"submissions.{endpoint}",
        edition_code=edition.code,
        submission_id=access.public_id,
        **values,  # type: ignore[arg-type]  # texts
    )


def _blind_file(access: Access, file_id: str) -> FileView:
    file = queries.file_of(access.id, file_id, blind_code=access.code)
    if file is None:
        abort(404)
    return file


@blueprint.get("/e/<edition_code>/team/<submission_id>/names")
@own_submission
def team_names(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    to = partial(_to, edition, access)
    back, preview = to("preview"), to("preview", blind="1")
    return _page(access, back=back, preview=preview, endpoint="team_judges_copy", edition=edition)


@blueprint.get("/e/<edition_code>/team/<submission_id>/files/<file_id>/blind")
@own_submission
def team_judges_copy(edition: EditionFacts, access: Access, file_id: str) -> ResponseReturnValue:
    del edition
    return send_to_judge(_blind_file(access, file_id))


@blueprint.get("/e/<edition_code>/organise/submissions/<submission_id>/names")
@committee_submission
def committee_names(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    to = partial(_to, edition, access)
    back, preview = to("detail"), to("as_judge", blind="1")
    return _page(access, back=back, preview=preview, endpoint="committee_judges_copy", edition=edition)


@blueprint.get("/e/<edition_code>/organise/submissions/<submission_id>/files/<file_id>/blind")
@committee_submission
def committee_judges_copy(edition: EditionFacts, access: Access, file_id: str) -> ResponseReturnValue:
    del edition
    return send_to_judge(_blind_file(access, file_id))
