"""The language and theme switches, and the health check."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import text

from contest.infra.db import db
from contest.web.guards import public
from contest.web.responses import safe_next, see_other

blueprint = Blueprint("web", __name__)
blueprints = (blueprint,)

LOCALES = ("vi", "en")
THEMES = ("auto", "light", "dark")
YEAR = 31_536_000


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    db.session.execute(text("SELECT 1"))
    return jsonify(status="ok")


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
