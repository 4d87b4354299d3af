"""Files that named somebody who was erased: the committee deletes them, or says that they may stay."""

from __future__ import annotations

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.views.proving import proven
from contest.editions.facts import EditionFacts
from contest.editions.views.guards import organisers_only
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.infra.erasing import erase_file
from contest.infra.storage import current_storage
from contest.privacy.services.files import decide_file
from contest.privacy.views.blueprint import blueprint
from contest.privacy.views.organiser import BASE
from contest.web.forms import ActionForm


@blueprint.post(f"{BASE}/files/<file_id>/<any(delete, keep):verb>")
@organisers_only
@proven
def clear_file(edition: EditionFacts, file_id: str, verb: str) -> ResponseReturnValue:
    back = redirect(url_for("privacy.queue", edition_code=edition.code), 303)
    if not ActionForm().validate_on_submit():
        return back
    with unit_of_work():
        key = decide_file(
            edition_id=edition.id,
            public_id=file_id,
            delete=verb == "delete",
            actor_id=current_user.id,
            now=clock.now(),
        )
    if key is not None:
        erase_file(current_storage(), key, data_dir=current_app.config["DATA_DIR"])
        flash(_("The file is deleted, with everything that was drawn of it."), "success")
    else:
        flash(_("The file stays and is listed no more."), "success")
    return back
