"""The language and theme switches, and the health check."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, current_app, jsonify, request
from sqlalchemy import text

from contest.infra import clock
from contest.infra.db import db
from contest.web.compression import wanted
from contest.web.guards import public
from contest.web.responses import safe_next, see_other

blueprint = Blueprint("web", __name__)
blueprints = (blueprint,)

LOCALES = ("vi", "en")
THEMES = ("auto", "light", "dark")
YEAR = 31_536_000
SECURITY_TXT_LIFE = timedelta(days=180)  # RFC 9116 asks for less than a year


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    db.session.execute(text("SELECT 1"))
    return jsonify(status="ok")


@blueprint.get("/.well-known/security.txt")
@public
def security_txt() -> Response:
    base, contact = current_app.config["BASE_URL"], current_app.config["SECURITY_CONTACT"]
    # Without an address of its own: the front page, where each contest names its organiser.
    where = contact if "://" in contact else f"mailto:{contact}" if contact else f"{base}/"
    lines = (
        f"Contact: {where}",
        f"Expires: {clock.now() + SECURITY_TXT_LIFE:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: vi, en",
        f"Canonical: {base}{request.path}",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/static/built/<name>")
@public
def built(name: str) -> Response:
    bundle = current_app.extensions["bundles"].get(name)
    packed = wanted()
    answer = Response(bundle.packed if packed else bundle.text, mimetype=bundle.mimetype)
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.set_etag(bundle.digest, weak=packed)
    # An address without the digest of this text may have another one tomorrow.
    if request.args.get("v") == bundle.digest:
        answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    else:
        answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer


@blueprint.post("/locale")
@public
def set_locale() -> Response:
    return _remember("locale", request.form.get("locale", ""), LOCALES)


@blueprint.post("/theme")
@public
def set_theme() -> Response:
    return _remember("theme", request.form.get("theme", ""), THEMES)


def _remember(name: str, value: str, allowed: tuple[str, ...]) -> Response:
    answer = see_other(safe_next(request.form.get("next")))
    if value in allowed:
        answer.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure)
    return answer
