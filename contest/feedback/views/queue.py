"""The organiser's queue: draft the letters of a round, read what waits, release what is screened."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from wtforms import Form as AnyForm

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.views.guards import committee_readers, organisers_only
from contest.feedback import services
from contest.feedback.exports import letter_name, letters_pdf
from contest.feedback.forms import PrepareForm
from contest.feedback.policy import can_screen_letters
from contest.feedback.queries.queue import PER_PAGE, LetterLine, letters_of, settings_of, waiting_of
from contest.feedback.states import Languages
from contest.feedback.views.mails import tell
from contest.feedback.views.words import flag_words
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.results.views.organiser import round_of
from contest.web.forms import ActionForm
from contest.web.responses import attachment, see_other

blueprint = Blueprint("letters", __name__)
UNPROCESSABLE = 422
PDF = "application/pdf"


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/letters")
@committee_readers
def queue(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _page(edition, round_of(edition, round_code), None)


def _page(
    edition: EditionFacts, round_: RoundFacts, form: PrepareForm | None, status: int = 200
) -> ResponseReturnValue:
    settings, letters = settings_of(round_.id), letters_of(round_.id)
    if form is None:
        held = {"languages": settings.languages.value, "with_place": settings.with_place} if settings else {}
        form = PrepareForm(formdata=None, data=held)
    open_ = [one for one in letters if one.released_at is None]
    page = render_template(
        "feedback/queue.html",
        round=round_,
        form=form,
        settings=settings,
        letters=letters,
        waiting=waiting_of(round_.id) if settings else (),
        per_page=PER_PAGE,
        counts=_counts(letters),
        ready=sum(not one.waiting for one in open_),
        too_early=round_.state in BEFORE_CLOSE,
        may_screen=can_screen_letters(current_user, edition),
        flag_words=flag_words,
        state_of=letter_state,
    )
    return page, status


def _counts(letters: tuple[LetterLine, ...]) -> dict[str, int]:
    waiting, flagged = (sum(getattr(one, name) for one in letters) for name in ("waiting", "flagged"))
    return {
        "letters": len(letters),
        "waiting": waiting,
        "flagged": flagged,
        "plain": waiting - flagged,
        "released": sum(one.released_at is not None for one in letters),
        "helpful": sum(one.helpful is True for one in letters),
        "answered": sum(one.helpful is not None for one in letters),
    }


def letter_state(line: LetterLine) -> tuple[str, str, str, str]:
    if line.released_at is not None:
        return "released", _("Released"), "ok", "check-circle"
    if line.waiting:
        return "waiting", _("To be screened"), "warn", "hourglass-split"
    return "ready", _("Screened"), "info", "check-lg"


def _back(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return redirect(url_for("letters.queue", edition_code=edition.code, round_code=round_code), 303)


def _valid(form: AnyForm) -> bool:
    return bool(form.validate_on_submit())  # type: ignore[attr-defined]  # every form of ours is Flask-WTF's


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/letters/prepare")
@organisers_only
def prepare(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), PrepareForm()
    if not _valid(form):
        return _page(edition, round_, form, UNPROCESSABLE)
    with unit_of_work():
        waiting = services.prepare_letters(
            round_id=round_.id,
            languages=Languages(form.languages.data),
            with_place=bool(form.with_place.data),
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(
        ngettext(
            "The letters are drafted; %(num)s comment waits to be read.",
            "The letters are drafted; %(num)s comments wait to be read.",
            waiting,
        ),
        "success",
    )
    return _back(edition, round_code)


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/letters/approve")
@organisers_only
def approve(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    if not _valid(ActionForm()):
        return _page(edition, round_of(edition, round_code), None, UNPROCESSABLE)
    with unit_of_work():
        count = services.approve_unflagged(
            round_id=round_of(edition, round_code).id, actor_id=current_user.id, now=clock.now()
        )
    flash(ngettext("%(num)s comment is approved.", "%(num)s comments are approved.", count), "success")
    return _back(edition, round_code)


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/letters/release")
@organisers_only
def release_all(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    if not _valid(ActionForm()):
        return _page(edition, round_, None, UNPROCESSABLE)
    with unit_of_work():
        now = clock.now()
        count = services.release_screened(round_id=round_.id, actor_id=current_user.id, now=now)
        tell(edition=edition, round_id=round_.id, actor_id=current_user.id, now=now)
    said = ngettext("%(num)s letter is released.", "%(num)s letters are released.", count)
    flash(said, "success")
    if not round_.published_version:
        flash(_("The teams read them once the round is published."), "info")
    return _back(edition, round_code)


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/letters.pdf")
@committee_readers
def all_letters(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    if not any(one.released_at for one in letters_of(round_.id)):
        flash(_("No letter of round %(round)s is released yet.", round=round_.code), "warning")
        return see_other(url_for("letters.queue", edition_code=edition.code, round_code=round_code))
    return attachment(letters_pdf(edition, round_), name=letter_name(round_), mimetype=PDF)
