"""The pages of a team's file as images, for those who may open the file itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.infra.page_images import MOST_PAGES, PageImages
from contest.judging.queries.desk import readable_file
from contest.judging.views.judge import blueprint, judges_only
from contest.submissions.facts import FileView


@blueprint.get("/e/<edition_code>/judging/files/<file_id>/pages")
@judges_only
def file_pages(edition: EditionFacts, file_id: str) -> ResponseReturnValue:
    found = _readable(edition, file_id)
    return render_template(
        "judging/judge/pages.html", file=found, file_id=file_id, count=_count(found), most=MOST_PAGES
    )


@blueprint.get("/e/<edition_code>/judging/files/<file_id>/pages/<int:number>.webp")
@judges_only
def file_page(edition: EditionFacts, file_id: str, number: int) -> ResponseReturnValue:
    found = _readable(edition, file_id)
    path = _images().page(found.sha256, number) if number <= _count(found) else None
    if path is None:
        abort(404)
    return _sent(path)


def _readable(edition: EditionFacts, file_id: str) -> FileView:
    found = readable_file(edition.id, file_id, current_user.id)
    if found is None:
        abort(404)
    return found


def _images() -> PageImages:
    return _images_under(str(current_app.config["DATA_DIR"]))


@cache
def _images_under(folder: str) -> PageImages:
    return PageImages(Path(folder) / "pages")


def _count(found: FileView) -> int:
    if found.closed:  # the scanner has not let it pass
        return 0
    try:
        with current_app.extensions["storage"].open(found.storage_key) as stream:
            return _images().count(found.sha256, stream, found.content_type)
    except FileNotFoundError:
        return 0


def _sent(path: Path) -> Response:
    answer = Response(path.read_bytes(), mimetype="image/webp")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
