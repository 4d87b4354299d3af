"""Error answers: a page for people, JSON for scripts; the same bytes for a foreign and a missing thing."""

from __future__ import annotations

import errno
import secrets
from http import HTTPStatus

from flask import Flask, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from contest.errors import Busy, NotAllowed, NotFound, Refused, StorageFull
from contest.web.messages import sentence

PAGES = frozenset({400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503, 507})

RETRY_SECONDS = "2"
SECRETS = frozenset({"token"})  # variables of addresses that no log keeps
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# What a script may show when nobody has said more; pages of people say it in their heading.
WORDS = {
    400: _l("The request could not be understood"),
    403: _l("This page is not open to you"),
    404: _l("There is nothing at this address"),
    405: _l("This address cannot be used that way"),
    413: _l("This is too long to be taken"),
}


def wants_json() -> bool:
    """Tell whether a script asked (autosave, outbox) and not a person."""
    return bool(request.headers.get("X-Requested-With")) or request.is_json


def error_answer(status: int, message: str = "", *, error_id: str = "", code: str = "") -> ResponseReturnValue:
    """Return the error page of `status`, or its JSON."""
    if wants_json():
        words = message or str(WORDS.get(status, ""))
        return jsonify(error=code or str(status), message=words, error_id=error_id), status
    page = status if status in PAGES else 400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500
    return render_template(f"errors/{page}.html", message=message, error_id=error_id), status


def status_of(refused: Refused) -> int:
    """Return the HTTP status of a refusal."""
    if isinstance(refused, NotFound):
        return 404
    if isinstance(refused, Busy):
        return 503
    if isinstance(refused, StorageFull):
        return 507
    return 403 if isinstance(refused, NotAllowed) else 409


def _refused(refused: Refused) -> ResponseReturnValue:
    message = "" if isinstance(refused, NotFound) else sentence(refused)
    answer = current_app.make_response(error_answer(status_of(refused), message, code=refused.code))
    if isinstance(refused, Busy):
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def _csrf(error: CSRFError) -> ResponseReturnValue:
    del error
    return error_answer(400, gettext("This page was open for too long. Reload it and send again."), code="csrf")


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    answer = current_app.make_response(error_answer(error.code))
    for name, value in error.get_headers(request.environ):
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name] = value
    return answer


def _disk(error: OSError) -> ResponseReturnValue:
    """Say that the disk is full, wherever that showed; any other fault goes on as what it is."""
    if error.errno not in FULL:
        raise error
    return _refused(StorageFull())


def _place() -> str:
    """Return the path of the request as a log may keep it: a token in it opens something."""
    path = request.path
    for name, value in (request.view_args or {}).items():
        path = path.replace(str(value), f"<{name}>") if name in SECRETS else path
    return path


def _crash(error: InternalServerError) -> ResponseReturnValue:
    error_id = secrets.token_hex(4)
    current_app.logger.error("error %s on %s %s", error_id, request.method, _place(), exc_info=error.original_exception)
    return error_answer(500, error_id=error_id)


def _nothing(error: object) -> None:
    """Log nothing: Flask would write the whole address, `_crash` logs the same without what opens something."""
    del error


def init_app(app: Flask) -> None:
    """Install the handlers."""
    app.log_exception = _nothing  # type: ignore[method-assign,assignment]  # the documented place
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(InternalServerError, _crash)
