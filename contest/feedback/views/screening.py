"""One letter: each comment with what stands out in it, the decision on it, and the release of the letter."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.feedback import services
from contest.feedback.forms import CommentForm
from contest.feedback.policy import can_screen_letters
from contest.feedback.queries.queue import CommentLine, Letter, letter_of, letters_of
from contest.feedback.states import Act, CommentState
from contest.feedback.views.mails import tell
from contest.feedback.views.queue import UNPROCESSABLE, blueprint, letter_state
from contest.feedback.views.words import act_words, flag_words, state_look
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.results.views.organiser import round_of
from contest.web.forms import ActionForm
from contest.web.messages import sentence

LETTER = "/e/<edition_code>/organise/results/<round_code>/letters/<letter_id>"


def _found(round_: RoundFacts, letter_id: str) -> Letter:
    letter = letter_of(round_.id, letter_id)
    if letter is None:
        abort(404)
    return letter


@blueprint.get(LETTER)
@committee_readers
def letter(edition: EditionFacts, round_code: str, letter_id: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    return _page(edition, round_, _found(round_, letter_id))


def _page(
    edition: EditionFacts,
    round_: RoundFacts,
    found: Letter,
    refused: tuple[str, CommentForm] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "feedback/letter.html",
        round=round_,
        letter=found.line,
        comments=[(one, _form(one, refused)) for one in found.comments],
        trace=found.trace,
        next=_next(round_, found),
        flag_words=flag_words,
        act_words=act_words,
        state_look=state_look,
        look=letter_state(found.line),
        may_screen=can_screen_letters(current_user, edition) and found.line.released_at is None,
        may_release=can_screen_letters(current_user, edition),
    )
    return page, status


def _form(comment: CommentLine, refused: tuple[str, CommentForm] | None) -> CommentForm:
    if refused is not None and refused[0] == comment.public_id:
        return refused[1]
    held = {"act": _stood(comment), "text": comment.text, "version": comment.version}
    return CommentForm(formdata=None, data=held, prefix=comment.public_id)


def _stood(comment: CommentLine) -> str | None:
    """Return what is ticked at first: what was decided, else to pass it on; in which something stands out, nothing."""
    if comment.state is not CommentState.WAITING:
        return comment.state.value
    return None if comment.flags else Act.APPROVED.value


def _next(round_: RoundFacts, found: Letter) -> str:
    """Return the public id of the next letter in which something waits, "" for none."""
    lines = letters_of(round_.id)
    place = next(number for number, one in enumerate(lines) if one.public_id == found.line.public_id)
    return next((one.public_id for one in (*lines[place + 1 :], *lines[:place]) if one.waiting), "")


def _act(form: CommentForm, comment: CommentLine) -> Act:
    """Return what is meant: who types another wording wants it to be read, whatever is ticked beside it."""
    act = Act(form.act.data)
    typed = (form.text.data or "").strip()
    return Act.EDITED if act is Act.APPROVED and typed and typed != comment.text else act


@blueprint.post(f"{LETTER}/comments/<comment_id>")
@organisers_only
def screen(edition: EditionFacts, round_code: str, letter_id: str, comment_id: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    found = _found(round_, letter_id)
    comment = next((one for one in found.comments if one.public_id == comment_id), None)
    if comment is None:
        abort(404)
    form = CommentForm(prefix=comment_id)
    if not form.validate_on_submit():
        return _page(edition, round_, found, (comment_id, form), UNPROCESSABLE)
    try:
        with unit_of_work():
            services.screen_comment(
                round_id=round_.id,
                comment=comment_id,
                act=_act(form, comment),
                text=form.text.data or "",
                reason=form.reason.data or "",
                version=form.version.data or 0,
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as broken:
        form.form_errors.append(sentence(broken))
        return _page(edition, round_, _found(round_, letter_id), (comment_id, form), UNPROCESSABLE)
    target = url_for("letters.letter", edition_code=edition.code, round_code=round_code, letter_id=letter_id)
    return redirect(f"{target}#c-{comment_id}", 303)


@blueprint.post(f"{LETTER}/<any(release, hold):verb>")
@organisers_only
def decide(edition: EditionFacts, round_code: str, letter_id: str, verb: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    found = _found(round_, letter_id)
    if not ActionForm().validate_on_submit():
        return _page(edition, round_, found, status=UNPROCESSABLE)
    with unit_of_work():
        now, actor = clock.now(), current_user.id
        if verb == "hold":
            services.hold_letter(round_id=round_.id, letter=letter_id, actor_id=actor, now=now)
        else:
            services.release_letter(round_id=round_.id, letter=letter_id, actor_id=actor, now=now)
            tell(edition=edition, round_id=round_.id, actor_id=actor, now=now)
    flash(_("The release is taken back.") if verb == "hold" else _("The letter is released."), "success")
    target = url_for("letters.letter", edition_code=edition.code, round_code=round_code, letter_id=letter_id)
    return redirect(target, 303)
