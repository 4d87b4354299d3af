"""The names under which a site answers; a request for another one gets a bare 400 before anything looks at it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REFUSAL = b"400 Bad Request: this site has another name.\n"


class KnownHosts:
    """A WSGI application that lets only requests for known hosts through, whatever their port."""

    def __init__(self, application: WSGIApplication, names: Iterable[str]) -> None:
        self.application, self.names = application, frozenset(names)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request, or refuse it with 400."""
        if _name(str(environ.get("HTTP_HOST", ""))) in self.names:
            return self.application(environ, start_response)
        length = str(len(REFUSAL))
        start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", length)])
        return [REFUSAL]


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
