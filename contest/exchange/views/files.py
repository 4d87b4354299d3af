"""What goes out: the whole edition as a bundle, and the hub of all files of an edition."""

from __future__ import annotations

from collections.abc import Iterator

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.roles import Identity, Nobody
from contest.accounts.views.proving import proven
from contest.editions.facts import EditionFacts
from contest.editions.policy import can_create_editions, can_organise
from contest.editions.queries import round_by_code, round_heads
from contest.editions.views.guards import committee_readers, organisers_only
from contest.exchange.bundle.dump import dump_bundle
from contest.exchange.bundle.silence import without_marks
from contest.exchange.queries import bundle_of, results_bundle
from contest.exchange.views.blueprint import blueprint
from contest.infra.archive import zipped
from contest.infra.db import one_moment
from contest.judging.queries.stakes import rounds_closed_to
from contest.web.navigation import NavItem, provider
from contest.web.responses import attachment


@provider
def menu(edition: EditionFacts | None, identity: Identity | Nobody) -> Iterator[NavItem]:
    if edition is not None and can_organise(identity, edition):
        yield NavItem(_("Files in and out"), url_for("exchange.files", edition_code=edition.code), "upload", 80)


@blueprint.get("/e/<edition_code>/organise/files")
@organisers_only
def files(edition: EditionFacts) -> ResponseReturnValue:
    return render_template(
        "exchange/files.html", rounds=round_heads(edition.id), may_create=can_create_editions(current_user)
    )


@blueprint.get("/e/<edition_code>/organise/export")
@organisers_only
@proven
@one_moment()
def export(edition: EditionFacts) -> ResponseReturnValue:
    closed = rounds_closed_to(edition.code, current_user)
    data = zipped(dump_bundle(without_marks(bundle_of(edition.id), closed)))
    return attachment(data, name=f"{edition.code}.zip", mimetype="application/zip")


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/bundle.zip")
@committee_readers
@proven
def proof(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_by_code(edition.id, round_code)
    if round_ is None:
        abort(404)
    data = results_bundle(round_)
    return attachment(data, name=f"{edition.code}_{round_.code}_results.zip", mimetype="application/zip")
