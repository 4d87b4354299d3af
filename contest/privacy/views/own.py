"""One's own data, for oneself."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.accounts.views.proving import proven
from contest.infra import audit, clock
from contest.infra.db import unit_of_work
from contest.infra.storage import current_storage
from contest.privacy.exports import own_data_zip
from contest.privacy.persons import Subject
from contest.privacy.queries.own import own_data
from contest.privacy.queries.people import person_of
from contest.privacy.views.blueprint import blueprint
from contest.web.guards import signed_in


@blueprint.get("/account/data")
@signed_in
def my_data() -> ResponseReturnValue:
    return render_template("privacy/my_data.html")


@blueprint.post("/account/data")
@signed_in
@proven
def download_my_data() -> ResponseReturnValue:
    return handed_out(Subject(user_id=current_user.id), "accounts", f"user:{current_user.id}")


def handed_out(subject: Subject, scope: str, about: str) -> Response:
    """Return a person's data as a .zip, and note that they were handed out."""
    now = clock.now()
    made = own_data_zip(own_data(person_of(subject)), current_storage(), now=now)
    actor_id = current_user.id
    with unit_of_work():
        audit.record(at=now, actor_id=actor_id, scope=scope, action="data.exported", subject=about, size=len(made))
    answer = Response(made, mimetype="application/zip")
    answer.headers["Content-Disposition"] = "attachment; filename=personal-data.zip"
    return answer
