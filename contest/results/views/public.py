"""The published ranking. Its table is frozen, so it is rendered once per snapshot and language."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from contest.accounts.roles import Identity, Nobody
from contest.editions.facts import EditionFacts, RoundHead
from contest.editions.moments import local_day
from contest.editions.queries import round_head, round_heads
from contest.editions.views.guards import edition_public
from contest.editions.views.overview_cards import PublicLink, public_link_provider
from contest.infra import clock
from contest.infra.cache import FrozenCache
from contest.results.policy import can_see_ranking
from contest.results.publishing import public_report
from contest.results.queries import SnapshotLine, frozen_report, snapshot_of
from contest.results.queries.announcing import promise_of
from contest.submissions.public_names import PublicNames
from contest.submissions.queries.publishing import public_names, publishing_mark
from contest.web.compression import Packed, page
from contest.web.formats import local
from contest.web.stencil import Stencil, hole

blueprint = Blueprint("published", __name__)
# Another package's menu entry may be this old on the page of a visitor who has not signed in.
KEPT_SECONDS = 60
_tables: FrozenCache[Packed] = FrozenCache(size=32)
_frames: FrozenCache[Stencil] = FrozenCache(size=64)


@public_link_provider
def links(edition: EditionFacts, identity: Identity | Nobody) -> list[PublicLink]:
    return [
        PublicLink(
            label=_("Results: %(round)s", round=local(round_.name)),
            href=url_for("published.ranking", edition_code=edition.code, round_code=round_.code),
            icon="trophy",
            order=10,
        )
        for round_ in round_heads(edition.id)
        if can_see_ranking(identity, edition, round_)
    ]


@blueprint.get("/e/<edition_code>/results/<round_code>")
@edition_public
def ranking(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_head(edition.id, round_code)
    if round_ is None or not can_see_ranking(current_user, edition, round_):
        abort(404)
    # While results are corrected the newest version is not the one that was published.
    snapshot = snapshot_of(round_.id, round_.published_version or 0)
    if snapshot is None:
        abort(404)
    now = clock.now()
    # Whoever takes back a consent is on no page that is asked for afterwards.
    mark = publishing_mark(edition.id, local_day(now, edition.timezone))
    table = _tables.get(
        (snapshot.fingerprint, str(get_locale()), mark), lambda: _table(snapshot.id, public_names(edition.id, now))
    )
    return page(_frame(edition, round_, snapshot).parts({"csrf": generate_csrf(), "table": table}))


def _table(snapshot_id: int, names: PublicNames) -> Packed:
    report = frozen_report(snapshot_id)
    # Rendered by an autoescaping template, so it is markup already.
    return Packed(render_template("results/_public_table.html", report=public_report(report, names)))


def _frame(edition: EditionFacts, round_: RoundHead, snapshot: SnapshotLine) -> Stencil:
    # When results come out, a crowd of visitors asks for one page.
    if current_user.is_authenticated or request.query_string or "_flashes" in session:
        return _rendered_frame(round_, snapshot)
    look = (str(get_locale()), request.cookies.get("theme"))
    minute = int(clock.now().timestamp()) // KEPT_SECONDS
    return _frames.get((edition, round_, snapshot, look, minute), lambda: _rendered_frame(round_, snapshot))


def _rendered_frame(round_: RoundHead, snapshot: SnapshotLine) -> Stencil:
    promise = promise_of(snapshot.id)
    html = render_template("results/public.html", round=round_, snapshot=snapshot, promise=promise, table=hole("table"))
    return Stencil(html.replace(generate_csrf(), hole("csrf")))
