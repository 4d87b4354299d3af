"""Large files in pieces, by the tus protocol 1.0 (creation, termination, checksum, expiration).

What arrives here belongs to no submission yet: the form that names it passes it through the same checks as a file sent
with the form itself.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from http import HTTPStatus

from flask import Response, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.http import http_date

from contest.editions.facts import EditionFacts
from contest.errors import Refused, RuleBroken, StorageFull
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.infra.partial import LIFETIME, OffsetDiffers, Partial, current_partials
from contest.infra.storage import current_storage
from contest.submissions import queries, services
from contest.submissions.completeness import MEGABYTE
from contest.submissions.facts import Access
from contest.submissions.views import wording
from contest.submissions.views.blueprint import blueprint
from contest.submissions.views.guards import own_submission
from contest.submissions.views.quota import quota
from contest.web.errors import error_answer

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,checksum,expiration"
HASHES = ("sha256", "sha1")
MOST_AT_ONCE = 6
PIECE = 8 * MEGABYTE
MISMATCH = 460
OCTETS = "application/offset+octet-stream"
BASE = "/e/<edition_code>/team/<submission_id>/uploads"


def own_partial(access: Access, name: str) -> Partial | None:
    """Return a file on its way that this person sends for this submission."""
    found = current_partials().find(name)
    mine = {"submission": access.public_id, "sender": str(current_user.id)}
    return found if found is not None and mine.items() <= found.facts.items() else None


def _answer(status: int, **headers: str) -> Response:
    answer = Response(status=status)
    answer.headers["Tus-Resumable"] = VERSION
    for name, value in headers.items():
        answer.headers[name.replace("_", "-")] = value
    return answer


def _spoken() -> None:
    """Refuse another version of the protocol."""
    if request.headers.get("Tus-Resumable") != VERSION:
        abort(_answer(HTTPStatus.PRECONDITION_FAILED, Tus_Version=VERSION))


def _number(name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):  # noqa: PLR2004  a petabyte
        abort(_answer(HTTPStatus.BAD_REQUEST))
    return int(text)


def _said() -> dict[str, str]:
    """Return the metadata of a new file: pairs of a name and base64."""
    found = {}
    for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            abort(_answer(HTTPStatus.BAD_REQUEST))
    return found


def _refused(access: Access, refused: Refused) -> ResponseReturnValue:
    status = {"file_too_large": 413, "submissions_closed": 409, "submissions_not_open": 409, "wrong_status": 409}
    code = 507 if isinstance(refused, StorageFull) else status.get(refused.code, 422)
    answer = current_app.make_response(
        error_answer(code, wording.refusal(refused, queries.desk_of(access)), code=refused.code)
    )
    answer.headers["Tus-Resumable"] = VERSION
    return answer


@blueprint.route(BASE, methods=["OPTIONS"], provide_automatic_options=False)
@own_submission
def ask_uploads(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    del edition, access
    return _answer(
        204,
        Tus_Version=VERSION,
        Tus_Extension=EXTENSIONS,
        Tus_Max_Size=str(current_app.config["MAX_UPLOAD_BYTES"]),
        Tus_Checksum_Algorithm=",".join(HASHES),
    )


@blueprint.route(BASE, methods=["POST"], provide_automatic_options=False)
@own_submission
def begin_upload(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    _spoken()
    length, said, now, store = _number("Upload-Length"), _said(), clock.now(), current_partials()
    try:
        with unit_of_work():
            name = services.announced_file(
                submission_id=access.id,
                part_code=said.get("part", ""),
                filename=said.get("filename", ""),
                size=length,
                now=now,
                quota=quota(),
                most_bytes=current_app.config["MAX_UPLOAD_BYTES"],
            )
        current_storage().require_room(length)
        store.sweep(now - LIFETIME)
        facts = {"submission": access.public_id, "sender": str(current_user.id)}
        for old in store.of(**facts)[: -MOST_AT_ONCE + 1]:
            store.drop(old.id)
        said = {"part": said["part"], "filename": name, "sha256": said.get("sha256", "").lower()[:64]}
        begun = store.begin(length, {**facts, **said}, now=now)
    except (RuleBroken, StorageFull) as refused:
        return _refused(access, refused)
    place = url_for(
        "submissions.upload_state", edition_code=edition.code, submission_id=access.public_id, upload_id=begun.id
    )
    return _answer(201, Location=place, Upload_Expires=http_date(now + LIFETIME))


def _found(access: Access, name: str) -> Partial:
    _spoken()
    found = own_partial(access, name)
    if found is None or found.touched_at < clock.now() - LIFETIME:
        abort(404)
    return found


@blueprint.route(f"{BASE}/<upload_id>", methods=["HEAD"], provide_automatic_options=False)
@own_submission
def upload_state(edition: EditionFacts, access: Access, upload_id: str) -> ResponseReturnValue:
    del edition
    found = _found(access, upload_id)
    expires = http_date(found.touched_at + LIFETIME)
    return _answer(200, Upload_Offset=str(found.arrived), Upload_Length=str(found.length), Upload_Expires=expires)


@blueprint.route(f"{BASE}/<upload_id>", methods=["PATCH"], provide_automatic_options=False)
@own_submission
def add_piece(edition: EditionFacts, access: Access, upload_id: str) -> ResponseReturnValue:
    del edition
    found = _found(access, upload_id)
    offset, now = _number("Upload-Offset"), clock.now()
    piece = _piece(found, offset)
    try:
        current_storage().require_room(len(piece))
        end = current_partials().add(found, offset, piece, now=now)
    except StorageFull as refused:
        return _refused(access, refused)
    except (OffsetDiffers, FileNotFoundError):  # another connection was faster
        return _answer(409)
    return _answer(204, Upload_Offset=str(end), Upload_Expires=http_date(now + LIFETIME))


def _piece(found: Partial, offset: int) -> bytes:
    """Return the bytes that came, when they are what they should be."""
    if request.mimetype != OCTETS:
        abort(_answer(HTTPStatus.UNSUPPORTED_MEDIA_TYPE))
    if offset != found.arrived:
        abort(_answer(409, Upload_Offset=str(found.arrived)))
    request.max_content_length = PIECE
    piece = request.get_data(cache=False)
    if offset + len(piece) > found.length:
        abort(_answer(413))
    if not _as_sent(piece):
        abort(_answer(MISMATCH))
    return piece


def _as_sent(piece: bytes) -> bool:
    """Compare a piece with the checksum that came along, if any."""
    kind, _, value = request.headers.get("Upload-Checksum", "").partition(" ")
    if not kind:
        return True
    if kind not in HASHES:
        abort(_answer(HTTPStatus.BAD_REQUEST))
    digest = hashlib.new(kind, piece, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode() == value


@blueprint.route(f"{BASE}/<upload_id>", methods=["DELETE"], provide_automatic_options=False)
@own_submission
def drop_upload(edition: EditionFacts, access: Access, upload_id: str) -> ResponseReturnValue:
    del edition
    current_partials().drop(_found(access, upload_id).id)
    return _answer(204)
