"""The live room: the progress of a round as it moves, by a stream of marks or by asking again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from typing import Any

from flask import Flask, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.views.guards import committee_readers
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.queries.watch import let_go, round_mark
from contest.judging.services.watch import note_presence
from contest.judging.views.assignments import round_of
from contest.judging.views.judge import blueprint as judges
from contest.judging.views.judge import judges_only
from contest.judging.views.progress import blueprint, live_parts
from contest.web.errors import wants_json

STREAM_SECONDS = 55.0  # then the browser comes back by itself: no thread is held for good
LOOK_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
SHARE = 4  # at most every fourth thread of the server holds a stream; the others answer judges


@judges.post("/e/<edition_code>/judging/here")
@judges_only
def here(edition: EditionFacts) -> ResponseReturnValue:
    with unit_of_work():
        note_presence(edition_id=edition.id, user_id=current_user.id, now=clock.now())
    if wants_json():
        return "", 204
    return redirect(url_for("judging.desk", edition_code=edition.code), 303)


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/progress/now")
@committee_readers
def now(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    mark = round_mark(round_, clock.now())
    tag = f"{mark}-{get_locale()}"
    if request.if_none_match.contains_weak(tag):
        answer = Response(status=304)
    else:
        answer = Response(live_parts(edition, round_), mimetype="text/html")
    answer.set_etag(tag, weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/progress/stream")
@committee_readers
def stream(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    return streamed(lambda: round_mark(round_, clock.now()))


def streamed(look: Callable[[], str]) -> Response:
    """Return a stream that tells each new value of `look`; 503 when all seats for streams are taken."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  the documented way
    seats = seats_of(app)
    if not seats.acquire(blocking=False):
        return Response(status=503, headers={"Retry-After": "30", "Cache-Control": "no-store"})
    let_go()  # a stream holds a thread, not a connection
    answer = Response(_marks(app, look), mimetype="text/event-stream")
    answer.call_on_close(seats.release)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def seats_of(app: Flask) -> Any:
    """Return the seats for streams of this process; none where a server has too few threads to spare one."""
    return app.extensions.setdefault("live_seats", BoundedSemaphore(max(1, app.config["THREADS"] // SHARE)))


def _marks(app: Flask, look: Callable[[], str]) -> Iterator[str]:
    last, began = "", time.monotonic()
    spoke = began
    yield "retry: 2000\n\n"
    while time.monotonic() - began < STREAM_SECONDS:
        with app.app_context():
            mark = look()
            let_go()
        if mark != last:
            last, spoke = mark, time.monotonic()
            yield f"event: mark\ndata: {mark}\n\n"
        elif time.monotonic() - spoke > HEARTBEAT_SECONDS:
            spoke = time.monotonic()
            yield ": still here\n\n"
        time.sleep(LOOK_SECONDS)
