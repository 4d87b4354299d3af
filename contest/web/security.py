"""Security headers on every answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from werkzeug.routing import IntegerConverter

CSP = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data: blob:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "worker-src 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITE = frozenset({"same-origin", "none"})


def _from_this_site(base_url: str) -> bool:
    """Tell whether a write comes from a page of ours, as far as the browser says; its token proves the rest.

    Browsers name the site on secure addresses, and the origin with every write; "null" is the origin of a page that
    gives no referrer.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OWN_SITE
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc in (request.host, urlsplit(base_url).netloc)


class RowNumber(IntegerConverter):
    """A number in an address, short enough for the database: a longer one names nothing."""

    regex = r"[0-9]{1,18}"


def _refuse_what_nobody_sends() -> None:
    # No address of ours holds a NUL, and PostgreSQL fails on it where SQLite searches in vain.
    if "\x00" in request.path or b"%00" in request.query_string:
        abort(404)
    if request.method not in SAFE_METHODS and not _from_this_site(current_app.config["BASE_URL"]):
        abort(403)


def _may_be_kept(response: Response) -> bool:
    """Tell whether an answer says itself who may keep it, or is the same for everybody.

    Flask sends a file with `no-cache`: a shared tablet would keep it, and only ask before it shows it again.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    said = response.headers.get("Cache-Control", "")
    return said.startswith(("public", "private")) or getattr(view, "__guard__", "") == "public"


def init_app(app: Flask) -> None:
    """Add the headers; private pages are never stored by a cache. Refuse what nobody needs to send."""
    app.url_map.converters["int"] = RowNumber
    always = dict(HEADERS)
    if app.config["BASE_URL"].startswith("https://"):
        always["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    private = {**always, "Cache-Control": "no-store"}

    @app.url_value_preprocessor
    def bound_texts(endpoint: str | None, values: dict[str, Any] | None) -> None:
        # Files come in parts. Any other body is read whole, before Werkzeug looks at its limit for texts.
        del endpoint, values
        if request.mimetype != "multipart/form-data":
            request.max_content_length = app.config["MAX_FORM_MEMORY_SIZE"]

    app.before_request(_refuse_what_nobody_sends)

    @app.after_request
    def secure(response: Response) -> Response:
        if not _may_be_kept(response):
            response.headers["Cache-Control"] = "no-store"
            response.headers.pop("Expires", None)
        # What a view has set itself stays. One pass: `setdefault` would search the whole list for each name.
        present = {name.lower() for name in response.headers.keys()}  # noqa: SIM118  without keys() it yields pairs
        wanted = always if request.endpoint == "static" else private
        response.headers.extend([pair for pair in wanted.items() if pair[0].lower() not in present])
        return response
