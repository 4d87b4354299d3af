"""What everybody sees of an announced edition."""

from __future__ import annotations

from flask import Response, abort, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.editions.agenda import timeline
from contest.editions.facts import EditionFacts
from contest.editions.forms.rubric import SOURCE_WORDS
from contest.editions.moments import offset_label
from contest.editions.numbers import plain
from contest.editions.policy import can_see_committee_pages
from contest.editions.queries import basics_of, extensions_of, fields_of, parts_of, rounds_of, tracks_of
from contest.editions.views.blueprint import blueprint
from contest.editions.views.guards import edition_public
from contest.editions.views.overview_cards import public_links
from contest.infra import clock

LOGO_LIFE = 86_400


@blueprint.get("/e/<edition_code>/")
@edition_public
def public(edition: EditionFacts) -> ResponseReturnValue:
    now = clock.now()
    rounds = rounds_of(edition.id)
    return render_template(
        "editions/public.html",
        basics=basics_of(edition.id),
        tracks=tracks_of(edition.id),
        fields=fields_of(edition.id),
        parts=list(parts_of(edition.id).values()),
        rounds=rounds,
        entries=timeline(edition, rounds, now),
        window=edition.window(now).value,
        extensions=extensions_of(edition.id),
        round_names={one.code: one.name for one in rounds},
        can_register=edition.accepts_submissions(now),
        committee=can_see_committee_pages(current_user, edition),
        links=public_links(edition, current_user),
        plain=plain,
        zone=offset_label(edition.timezone, now),
        source_words=SOURCE_WORDS,
    )


@blueprint.get("/e/<edition_code>/logo.png")
@edition_public
def logo(edition: EditionFacts) -> ResponseReturnValue:
    if edition.logo_key is None:
        abort(404)
    try:
        stream = current_app.extensions["storage"].open(edition.logo_key)
    except FileNotFoundError:
        abort(404)
    answer: Response = send_file(stream, mimetype="image/png", max_age=0)
    # The address carries the key, so the picture behind it never changes; drafts stay out of shared caches.
    lasting = request.args.get("v") == edition.logo_key
    answer.headers["Cache-Control"] = f"private, max-age={LOGO_LIFE if lasting else 0}"
    return answer
