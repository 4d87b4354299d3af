"""Small answers used by every package: safe redirects, downloads."""

from __future__ import annotations

from io import BytesIO
from typing import cast
from urllib.parse import urlsplit

from flask import Response, redirect, send_file


def safe_next(target: str | None, default: str = "/") -> str:
    """Return `target` when it is a path on this site, else `default` (no open redirect)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if not target.isprintable() or "\\" in target:
        return default
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else default


def see_other(target: str) -> Response:
    """Return a 303 to `target`, the answer to a successful POST."""
    return cast("Response", redirect(target, 303))


def attachment(content: bytes, *, name: str, mimetype: str) -> Response:
    """Return `content` as a download; the name may hold any letters (RFC 6266)."""
    answer = send_file(BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"  # `send_file` would only ask to look again, and let it be kept
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
