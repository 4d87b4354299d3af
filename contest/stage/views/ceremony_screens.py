"""The two screens of a ceremony, what they load once, and the phone that may drive them."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_limiter.util import get_remote_address
from flask_login import current_user

from contest.accounts.views.sheets import qr_svg
from contest.editions.facts import EditionFacts
from contest.editions.views.guards import edition_public, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.stage.ceremony import invented_portraits, payload_of, public_step, shown_portraits
from contest.stage.forms.ceremony import PRESS_WORDS, CollectForm, PressForm
from contest.stage.queries.ceremony import (
    CeremonyFacts,
    logos_of,
    picture_address,
    portraits_of,
    rehearsal_steps,
    remote_until,
    standing_of,
    true_steps,
)
from contest.stage.script import Press
from contest.stage.services import ceremony as services
from contest.stage.views.ceremony import blueprint, ceremony_or_404
from contest.submissions.queries.publishing import public_names
from contest.web.errors import error_answer, wants_json
from contest.web.forms import ActionForm
from contest.web.limits import failed, limiter
from contest.web.mailing import absolute

MODES = "any(live, rehearsal)"
# What the projector says by itself, in both languages: it may lose the network before it is asked for.
SCREEN_WORDS: dict[str, Any] = {
    "soon": _l("The ceremony begins soon"),
    "begins_in": _l("We begin in"),
    "follow": _l("See the contest on your phone"),
    "opening": _l("Award ceremony"),
    "and_goes_to": _l("goes to"),
    "shared": _l("shared place"),
    "nobody": _l("This award is not given this year"),
    "presented_by": _l("Presented by"),
    "sponsor": _l("Sponsor"),
    "prize": _l("Prize"),
    "thanks": _l("Thank you"),
    "congratulations": _l("Congratulations to every team"),
    "partners": _l("Together with"),
}


def _words() -> dict[str, dict[str, str]]:
    found = {}
    for locale in ("vi", "en"):
        with force_locale(locale):
            found[locale] = {name: str(words) for name, words in SCREEN_WORDS.items()}
    return found


@blueprint.get(f"/e/<edition_code>/organise/ceremony/<ceremony_id>/<{MODES}:mode>/operator")
@organisers_only
def operator(edition: EditionFacts, ceremony_id: str, mode: str) -> ResponseReturnValue:
    made = ceremony_or_404(edition, ceremony_id)
    return render_template(
        "stage/ceremony_operator.html", ceremony=made, mode=mode, paired=remote_until(made.id, clock.now())
    )


@blueprint.get(f"/e/<edition_code>/organise/ceremony/<ceremony_id>/<{MODES}:mode>/projector")
@organisers_only
def projector(edition: EditionFacts, ceremony_id: str, mode: str) -> ResponseReturnValue:
    made = ceremony_or_404(edition, ceremony_id)
    return render_template("stage/ceremony_projector.html", ceremony=made, mode=mode, words=_words())


@blueprint.post(f"/e/<edition_code>/organise/ceremony/<ceremony_id>/<{MODES}:mode>/load")
@organisers_only
def load(edition: EditionFacts, ceremony_id: str, mode: str) -> ResponseReturnValue:
    """Hand over everything that the screens will show, so that they need no network any more."""
    made = ceremony_or_404(edition, ceremony_id)
    if not ActionForm().validate_on_submit():
        return error_answer(400)
    pack = _rehearsal(made) if mode == "rehearsal" else _truth(edition, made)
    with unit_of_work():
        services.note_loaded(ceremony=made, rehearsal=mode == "rehearsal", actor_id=current_user.id, now=clock.now())
    return jsonify(**pack, **_frame(edition, made, mode))


def _truth(edition: EditionFacts, made: CeremonyFacts) -> dict[str, Any]:
    standing = standing_of(made)
    names = public_names(edition.id, clock.now())
    steps = [public_step(step, names) for step in true_steps(made, standing)]
    portraits = shown_portraits(portraits_of(made, steps, current_app.extensions["storage"]), names)
    settled = standing.settled
    return {
        "steps": [payload_of(step, portraits) for step in steps],
        "version": settled.version if settled else 0,
        "fingerprint": settled.fingerprint if settled else "",
    }


def _rehearsal(made: CeremonyFacts) -> dict[str, Any]:
    steps = rehearsal_steps(made)
    portraits = invented_portraits(steps)
    return {"steps": [payload_of(step, portraits) for step in steps], "version": 0, "fingerprint": ""}


def _frame(edition: EditionFacts, made: CeremonyFacts, mode: str) -> dict[str, Any]:
    """Return what every screen wears: names, logos, the way to the public page, the mark of a test."""
    storage = current_app.extensions["storage"]
    logos = [(one.name, picture_address(one.storage_key, storage)) for one in logos_of(made.id)]
    return {
        "edition": {"vi": edition.name.vi, "en": edition.name.en or edition.name.vi},
        "round": {"vi": made.round.name.vi, "en": made.round.name.en or made.round.name.vi},
        "organiser": edition.organiser,
        "logo": picture_address(edition.logo_key, storage),
        "logos": [{"name": name, "picture": picture} for name, picture in logos if picture],
        "qr": str(qr_svg(absolute(url_for("editions.public", edition_code=edition.code)))),
        "test": mode == "rehearsal" or edition.is_test,
    }


@blueprint.post(f"/e/<edition_code>/organise/ceremony/<ceremony_id>/<{MODES}:mode>/presses")
@organisers_only
def collect(edition: EditionFacts, ceremony_id: str, mode: str) -> ResponseReturnValue:
    del mode  # a phone drives whichever screen is open
    made, form = ceremony_or_404(edition, ceremony_id), CollectForm()
    if not form.validate_on_submit():
        return error_answer(400)
    with unit_of_work():
        found = services.collect(ceremony=made, after=form.after.data or 0, now=clock.now())
    return jsonify(presses=[{"id": number, "verb": verb.value} for number, verb in found])


@blueprint.post(f"/e/<edition_code>/organise/ceremony/<ceremony_id>/<{MODES}:mode>/phone")
@organisers_only
def pair(edition: EditionFacts, ceremony_id: str, mode: str) -> ResponseReturnValue:
    made = ceremony_or_404(edition, ceremony_id)
    if not ActionForm().validate_on_submit():
        return error_answer(400)
    with unit_of_work():
        code = services.pair_phone(ceremony=made, actor_id=current_user.id, now=clock.now())
    # After the sign #, so that the code reaches no server log, no proxy and no referrer.
    link = f"{absolute(url_for('ceremony.remote', edition_code=edition.code))}#{code}"
    shown = "-".join(code[start : start + 4] for start in range(0, len(code), 4))
    page = render_template("stage/_ceremony_phone.html", code=shown, qr=qr_svg(link))
    return jsonify(html=page, code=code, mode=mode)


@blueprint.post("/e/<edition_code>/organise/ceremony/<ceremony_id>/phone/end")
@organisers_only
def unpair(edition: EditionFacts, ceremony_id: str) -> ResponseReturnValue:
    made = ceremony_or_404(edition, ceremony_id)
    if not ActionForm().validate_on_submit():
        return error_answer(400)
    with unit_of_work():
        services.unpair_phones(ceremony=made, actor_id=current_user.id, now=clock.now())
    flash(_("No phone may press any more."), "success")
    return redirect(url_for("ceremony.ceremony", edition_code=edition.code, ceremony_id=ceremony_id), 303)


@blueprint.get("/e/<edition_code>/remote")
@edition_public
def remote(edition: EditionFacts) -> ResponseReturnValue:
    del edition
    return _remote_page(PressForm(formdata=None))


def _remote_page(form: PressForm, status: int = 200, *, sent: str = "") -> ResponseReturnValue:
    words = {press.value: str(text) for press, text in PRESS_WORDS.items()}
    return render_template("stage/ceremony_remote.html", form=form, words=words, sent=sent), status


# Only codes that are not known count: a phone on stage presses as often as it likes.
@blueprint.post("/e/<edition_code>/remote")
@limiter.limit("20 per minute", key_func=get_remote_address, deduct_when=failed)
@edition_public
def press(edition: EditionFacts) -> ResponseReturnValue:
    form = PressForm()
    if not form.validate_on_submit():
        return error_answer(422, _("Type the pairing code.")) if wants_json() else _remote_page(form, 422)
    try:
        with unit_of_work():
            heard = services.press(
                edition_id=edition.id, code=form.code.data or "", verb=Press(form.verb.data), now=clock.now()
            )
    except RuleBroken as refused:
        if wants_json():
            raise
        form.code.errors = [*form.code.errors, str(_("This pairing code is not valid, or has ended."))]
        del refused
        return _remote_page(form, 409)
    said = _("Sent.") if heard else _("Sent, but the operator's screen does not answer.")
    return jsonify(heard=heard, said=said) if wants_json() else _remote_page(form, sent=said)
