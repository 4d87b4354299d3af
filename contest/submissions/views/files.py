"""Downloads of uploaded files: always as an attachment, never run or shown inside our pages."""

from __future__ import annotations

from flask import Response, abort, current_app, send_file
from flask.typing import ResponseReturnValue

from contest.editions.facts import EditionFacts
from contest.submissions import queries
from contest.submissions.facts import Access, FileView
from contest.submissions.views.blueprint import blueprint
from contest.submissions.views.guards import committee_submission, own_submission


def send_submission_file(file: FileView) -> Response:
    """Stream a file under `file.name`. The caller has checked that the person may read it."""
    try:
        stream = current_app.extensions["storage"].open(file.storage_key)
    except FileNotFoundError:
        current_app.logger.exception("file %s (%s) is missing from the storage", file.public_id, file.storage_key)
        abort(404)
    answer = send_file(
        stream, mimetype=file.content_type, as_attachment=True, download_name=file.name, conditional=False, etag=False
    )
    answer.content_length = file.size
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _found(access: Access, file_id: str) -> Response:
    file = queries.file_of(access.id, file_id)
    if file is None:
        abort(404)
    return send_submission_file(file)


@blueprint.get("/e/<edition_code>/team/<submission_id>/files/<file_id>")
@own_submission
def team_file(edition: EditionFacts, access: Access, file_id: str) -> ResponseReturnValue:
    del edition
    return _found(access, file_id)


@blueprint.get("/e/<edition_code>/organise/submissions/<submission_id>/files/<file_id>")
@committee_submission
def committee_file(edition: EditionFacts, access: Access, file_id: str) -> ResponseReturnValue:
    del edition
    return _found(access, file_id)
