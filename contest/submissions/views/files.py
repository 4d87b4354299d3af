"""Downloads of uploaded files: always as an attachment, never run or shown inside our pages."""

from __future__ import annotations

from typing import BinaryIO

from flask import Response, abort, current_app, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contest.editions.facts import EditionFacts
from contest.infra.copies import current_copies
from contest.infra.inspection import NotStripped
from contest.infra.storage import current_storage
from contest.submissions import queries
from contest.submissions.facts import Access, FileView
from contest.submissions.scans import ScanState
from contest.submissions.views.blueprint import blueprint
from contest.submissions.views.guards import committee_submission, own_submission
from contest.web.errors import error_answer


def send_submission_file(file: FileView) -> ResponseReturnValue:
    """Stream a file as it was sent, under `file.name`. The caller has checked that the person may read it."""
    if file.closed:
        return closed_notice(file)
    return _sent(_opened(file), file, file.size)


def send_to_judge(file: FileView) -> ResponseReturnValue:
    """Stream what a judge gets of a file: pictures without what the camera wrote, and blind everything without names.

    Where no such copy can be made, nothing is sent but words.
    """
    if file.closed:
        return closed_notice(file)
    if not file.blind and file.kind != "image":
        return _sent(_opened(file), file, file.size)
    try:
        with _opened(file) as stream:
            path = current_copies().clean(file.sha256, stream, file.content_type)
        return _sent(path.open("rb"), file, path.stat().st_size)
    except NotStripped:
        return error_answer(
            409,
            _("This file cannot be shown without its author's notes. Please ask the organiser."),
            code="not_stripped",
        )


def closed_notice(file: FileView) -> ResponseReturnValue:
    """Say why a file is closed."""
    if file.scan is ScanState.QUARANTINED:
        return error_answer(403, _("The virus scanner refuses this file, so it stays closed."), code="quarantined")
    words = _("This file has not been scanned for viruses yet. It opens by itself as soon as it has been.")
    return error_answer(403, words, code="not_scanned")


def _opened(file: FileView) -> BinaryIO:
    try:
        return current_storage().open(file.storage_key)
    except FileNotFoundError:
        current_app.logger.exception("file %s (%s) is missing from the storage", file.public_id, file.storage_key)
        abort(404)


def _sent(stream: BinaryIO, file: FileView, size: int) -> Response:
    answer = send_file(
        stream, mimetype=file.content_type, as_attachment=True, download_name=file.name, conditional=False, etag=False
    )
    answer.content_length = size
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _found(access: Access, file_id: str) -> FileView:
    file = queries.file_of(access.id, file_id)
    if file is None:
        abort(404)
    return file


@blueprint.get("/e/<edition_code>/team/<submission_id>/files/<file_id>")
@own_submission
def team_file(edition: EditionFacts, access: Access, file_id: str) -> ResponseReturnValue:
    del edition
    file = _found(access, file_id)
    if file.scan is ScanState.UNSCANNED:  # it is their own
        return _sent(_opened(file), file, file.size)
    return send_submission_file(file)


@blueprint.get("/e/<edition_code>/organise/submissions/<submission_id>/files/<file_id>")
@committee_submission
def committee_file(edition: EditionFacts, access: Access, file_id: str) -> ResponseReturnValue:
    del edition
    return send_submission_file(_found(access, file_id))
