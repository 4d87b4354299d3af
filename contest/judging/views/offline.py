"""What a judge's device needs to work without the network: its worker, its list, a token, the page to get ready."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from contest.accounts.views.device import device_tag
from contest.editions.facts import EditionFacts
from contest.editions.phases import RoundState
from contest.editions.views.guards import edition_guard
from contest.infra import clock
from contest.infra.signing import fingerprint
from contest.judging import policy
from contest.judging.order import next_unfinished
from contest.judging.papers import DeskRow, PaperState
from contest.judging.queries.desk import desk_of
from contest.judging.queries.stored import files_to_keep
from contest.web.guards import public

blueprint = Blueprint("offline", __name__)

judges_only = edition_guard(policy.can_judge, "judge")

# What a page of a judge loads by its bare name: modules, and the fonts that the style sheet names.
_LOADED = ("js/**/*.js", "vendor/be-vietnam-pro-*/*.woff2")
_PAGES = frozenset({"judging.desk", "judging.paper", "offline.ready"})
READABLE = (RoundState.OPEN, RoundState.SCORING)


@blueprint.get("/judging-worker.js")
@public
def worker() -> Response:
    # At the root, so that it may work for any edition; it holds nothing of anybody.
    path = Path(str(current_app.static_folder)) / "js" / "offline" / "worker.js"
    answer = Response(path.read_bytes(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/e/<edition_code>/judging/device/manifest.webmanifest")
@judges_only
def manifest(edition: EditionFacts) -> Response:
    start = url_for("judging.desk", edition_code=edition.code)
    asset = current_app.extensions["assets"].url
    sizes = ((192, "any"), (512, "any"), (512, "maskable"))
    answer = jsonify(
        id=start,
        start_url=start,
        scope=start,
        name=f"Bảng Vàng · {_('Score submissions')}",
        short_name="Bảng Vàng",
        lang=str(get_locale()),
        display="standalone",
        background_color="#191b29",
        theme_color="#191b29",
        icons=[_icon(asset, size, purpose) for size, purpose in sizes],
    )
    answer.mimetype = "application/manifest+json"
    return answer


def _icon(asset: Any, size: int, purpose: str) -> dict[str, str]:
    name = f"img/icon-{size}{'-maskable' if purpose == 'maskable' else ''}.png"
    return {"src": asset(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


@blueprint.get("/e/<edition_code>/judging/device/hello.json")
@judges_only
def hello(edition: EditionFacts) -> Response:
    del edition
    return jsonify(account=device_tag(), csrf=generate_csrf(), now=clock.now().isoformat())


@blueprint.get("/e/<edition_code>/judging/device/papers.json")
@judges_only
def papers(edition: EditionFacts) -> Response:
    listed = _listed(edition)
    bare = current_app.extensions["assets"]
    return jsonify(
        account=device_tag(),
        digest=fingerprint([[paper[key] for key in ("paper", "version", "files")] for paper in listed]),
        papers=listed,
        parts=[url_for("static", filename=name) for name in _loaded(Path(bare.folder))],
    )


def _listed(edition: EditionFacts) -> list[dict[str, Any]]:
    files = files_to_keep(edition.id, current_user.id)
    rows = [
        (one.round, row)
        for one in desk_of(edition.id, current_user.id, current_user.round_id)
        if one.round.state in READABLE
        for row in one.rows
    ]
    return [
        {
            **_described(edition, row),
            "round": head.code,
            "version": head.rubric_version,
            "files": _addresses(edition, files.get(row.id, [])),
        }
        for head, row in rows
        if row.state not in (PaperState.RECUSED, PaperState.VOIDED)
    ]


def _described(edition: EditionFacts, row: DeskRow) -> dict[str, Any]:
    return {
        "paper": row.public_id,
        "url": url_for("judging.paper", edition_code=edition.code, public_id=row.public_id),
        "code": row.code,
        "title": row.title,
        "state": row.state.value,
    }


def _addresses(edition: EditionFacts, files: list[tuple[str, int]]) -> list[dict[str, Any]]:
    return [
        {"url": url_for("judging.file", edition_code=edition.code, file_id=public_id), "size": size}
        for public_id, size in files
    ]


@cache
def _loaded(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.relative_to(folder).as_posix() for shape in _LOADED for path in folder.glob(shape)))


@blueprint.get("/e/<edition_code>/judging/device/")
@judges_only
def ready(edition: EditionFacts) -> str:
    return render_template("judging/judge/get_ready.html", papers=_listed(edition))


@blueprint.get("/e/<edition_code>/judging/device/next")
@judges_only
def follow(edition: EditionFacts) -> ResponseReturnValue:
    after = request.args.get("after", "")
    rounds = desk_of(edition.id, current_user.id, current_user.round_id)
    rows = next((one.rows for one in rounds if any(row.public_id == after for row in one.rows)), ())
    follower = next_unfinished(rows, after=after)
    if follower is None:
        return redirect(url_for("judging.desk", edition_code=edition.code), 303)
    return redirect(url_for("judging.paper", edition_code=edition.code, public_id=follower.public_id), 303)


@blueprint.after_app_request
def name_the_owner(response: Response) -> Response:
    # A worker keeps a page only beside pages of the same account.
    if request.endpoint in _PAGES and response.status_code == 200:  # noqa: PLR2004  as HTTP says it
        response.headers["Device-Account"] = device_tag()
    return response
