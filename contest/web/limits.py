"""Rate limits for the doors (sign-in, registration): shared over processes through Redis when it is configured."""

from __future__ import annotations

import math
import time
from http import HTTPStatus

from flask import Flask, Response, current_app
from flask_babel import ngettext
from flask_limiter import Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address

from contest.web.errors import error_answer

limiter = Limiter(key_func=get_remote_address, default_limits=[], headers_enabled=False)


def failed(response: Response) -> bool:
    """Tell whether an attempt failed; with `deduct_when=failed` only those are counted, so a full hall may sign in.

    An attempt that a limit has stopped tries nothing: counted, one address could use up what all others share.
    """
    return response.status_code >= HTTPStatus.BAD_REQUEST and response.status_code != HTTPStatus.TOO_MANY_REQUESTS


def waiting_seconds(reset_at: float, now: float, window: int) -> int:
    """Return the whole seconds until the limit ends: at least one, and never more than the window itself.

    `reset_at` comes rounded up to the next second, which alone would promise one second more than the window has.
    """
    return max(1, min(window, math.ceil(reset_at - now)))


def _too_many(error: RateLimitExceeded) -> Response:
    """Say how long to wait."""
    del error
    limit = limiter.current_limit
    seconds = waiting_seconds(limit.reset_at, time.time(), limit.limit.get_expiry()) if limit else 60
    minutes = max(1, math.ceil((seconds - 1) / 60))  # `reset_at` is rounded up to the next second
    words = ngettext(
        "Too many attempts. Please wait %(num)s minute and try again.",
        "Too many attempts. Please wait %(num)s minutes and try again.",
        minutes,
    )
    answer = current_app.make_response(error_answer(429, words, code="too_many_attempts"))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def init_app(app: Flask) -> None:
    """Install the limiter; `RATELIMIT_STORAGE_URI` comes from the settings."""
    limiter.init_app(app)
    # Every limit stands on a view, which asks by itself; asking before each request as well would only cost time.
    app.before_request_funcs[None].remove(limiter._check_request_limit)  # noqa: SLF001  it offers no other way
    app.register_error_handler(RateLimitExceeded, _too_many)
