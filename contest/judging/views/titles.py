"""Titles first: a judge looks, declares and bids in one form; the organiser opens, closes, sees who answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.accounts import services as accounts
from contest.accounts.people import PersonFacts
from contest.accounts.policy import can_issue_link
from contest.accounts.queries import people_of
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.policy import can_organise
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.queries.bids import TitleLine, answers_of, call_of, open_calls, title_lines
from contest.judging.queries.panel import PanelJudge, judges_of
from contest.judging.services import bids as services
from contest.judging.services.panel import Letter
from contest.judging.titles import TitleWord
from contest.judging.views.assignments import round_of
from contest.judging.views.conflict_forms import BID_CHOICES, kind_choices, read_titles
from contest.judging.views.conflicts import blueprint
from contest.judging.views.judge import judges_only
from contest.web.mailing import LOCALES, absolute, render_mail
from contest.web.messages import sentence


@blueprint.get("/e/<edition_code>/judging/titles/<round_code>")
@judges_only
def titles(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, judge = _asked(edition, round_code)
    return _titles_page(round_, title_lines(round_, judge.id))


def _asked(edition: EditionFacts, round_code: str) -> tuple[RoundFacts, PanelJudge]:
    """Find the round whose titles this judge may see now; else it is not there."""
    if round_code not in {one.round_code for one in open_calls(edition.id, current_user.id)}:
        abort(404)
    judge = next(one for one in judges_of(edition.id) if one.user_id == current_user.id)
    return round_of(edition, round_code), judge


def _titles_page(
    round_: RoundFacts, lines: Sequence[TitleLine], typed: Mapping[str, TitleWord] | None = None, error: str = ""
) -> str:
    return render_template(
        "judging/judge/titles.html",
        round=round_,
        lines=[(line, (typed or {}).get(line.public_id, line.word)) for line in lines],
        bids=BID_CHOICES,
        kinds=kind_choices(),
        error=error,
    )


@blueprint.post("/e/<edition_code>/judging/titles/<round_code>")
@judges_only
def answer_titles(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, judge = _asked(edition, round_code)
    lines = title_lines(round_, judge.id)
    words = read_titles([line.public_id for line in lines])
    try:
        with unit_of_work():
            barred = services.answer_titles(round_id=round_.id, user_id=current_user.id, words=words, now=clock.now())
    except RuleBroken as refused:
        if refused.code != "conflict_without_reason":
            raise
        return _titles_page(round_, lines, words, sentence(refused)), 422
    flash(_("Thank you. Your answer is saved; you can change it until the organiser closes the list."), "success")
    if barred:
        codes = ", ".join(line.code for line in barred)
        flash(_("You will not be given %(codes)s, in no round.", codes=codes), "info")
    return redirect(url_for("judging.desk", edition_code=edition.code), 303)


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/titles")
@committee_readers
def titles_call(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    judges = [one for one in judges_of(edition.id) if one.left_at is None]
    answers = answers_of(round_.id)
    return render_template(
        "judging/panel/titles.html",
        round=round_,
        call=call_of(round_),
        judges=judges,
        answers=answers,
        answered=sum(one.id in answers for one in judges),
        may_organise=can_organise(current_user, edition) and round_.state in BEFORE_CLOSE,
    )


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/titles/<any(open, close):verb>")
@organisers_only
def call_titles(edition: EditionFacts, round_code: str, verb: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    with unit_of_work():
        act = services.open_titles if verb == "open" else services.close_titles
        act(round_id=round_.id, actor_id=current_user.id, now=clock.now())
    if verb == "open":
        flash(_("The judges see the titles now. Remind them, or tell them yourself."), "success")
    else:
        flash(_("The list is closed. What was declared and wished stays."), "success")
    return _back(edition, round_)


def _back(edition: EditionFacts, round_: RoundFacts) -> ResponseReturnValue:
    return redirect(url_for("conflicts.titles_call", edition_code=edition.code, round_code=round_.code), 303)


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/titles/remind")
@organisers_only
def remind_titles(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, now = round_of(edition, round_code), clock.now()
    call, answers = call_of(round_), answers_of(round_.id)
    waiting = [one for one in judges_of(edition.id) if one.left_at is None and one.id not in answers]
    if call is None or not call.is_open:
        raise RuleBroken("titles_closed", round=round_.code)
    people = {person.id: person for person in people_of(edition.id, now)}
    with unit_of_work():
        letters = [_letter(edition, round_, one, people.get(one.user_id), now) for one in waiting]
        services.remind_of_titles(round_id=round_.id, letters=letters, actor_id=current_user.id, now=now)
    mailed = sum(bool(letter.recipient) for letter in letters)
    if mailed:
        flash(ngettext("%(num)s reminder is in the outbox.", "%(num)s reminders are in the outbox.", mailed), "success")
    by_hand = [letter for letter in letters if not letter.recipient]
    if by_hand:
        # Shown in the answer to the POST and never again: the texts hold links that open an account.
        return render_template("judging/panel/reminders.html", round=round_, letters=by_hand)
    return _back(edition, round_)


def _letter(
    edition: EditionFacts, round_: RoundFacts, judge: PanelJudge, person: PersonFacts | None, now: datetime
) -> Letter:
    """Write the invitation to look; the way in goes to the account's own address, or to whom this user may let in."""
    ours = person is not None and can_issue_link(current_user, person)
    recipient = (judge.email or judge.account_email) if ours else judge.account_email
    locale = judge.locale if judge.locale in LOCALES else str(current_app.config["BABEL_DEFAULT_LOCALE"])
    place = url_for("conflicts.titles", edition_code=edition.code, round_code=round_.code)
    url, until = absolute(place), None
    if ours or recipient:
        issued = accounts.issue_link(
            user_id=judge.user_id,
            edition_id=edition.id,
            secret_key=current_app.config["SECRET_KEY"],
            actor_id=current_user.id,
            now=now,
        )
        url, until = absolute(url_for("accounts.link", token=issued.token, next=place)), issued.expires_at
    subject, body = render_mail(
        "judging/titles",
        locale,
        name=judge.name,
        edition_name=edition.name.in_(locale),
        round_name=round_.name.in_(locale),
        url=url,
        until=until,
    )
    return Letter(judge.id, judge.name, recipient, subject, body, f"edition:{edition.id}" if ours else "accounts")
