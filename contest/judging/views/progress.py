"""How far a round is, and reminding those who are late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user

from contest.accounts import services as accounts
from contest.accounts.people import PersonFacts
from contest.accounts.policy import can_issue_link
from contest.accounts.queries import people_of
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import RoundState
from contest.editions.policy import can_organise
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.queries.panel import judge_of
from contest.judging.queries.progress import JudgeProgress, progress_of
from contest.judging.queries.watch import present_judges
from contest.judging.services import panel
from contest.judging.services.panel import Letter
from contest.judging.views.assignments import round_of
from contest.judging.views.panel_forms import JudgeActionForm
from contest.web.mailing import LOCALES, absolute, render_mail
from contest.web.messages import sentence

blueprint = Blueprint("progress", __name__)


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/progress")
@committee_readers
def progress(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _page(edition, round_of(edition, round_code))


def _page(edition: EditionFacts, round_: RoundFacts, status: int = 200) -> ResponseReturnValue:
    return _rendered("judging/panel/progress.html", edition, round_), status


def live_parts(edition: EditionFacts, round_: RoundFacts) -> str:
    """Return the parts of the page that move while judges score."""
    return _rendered("judging/panel/_progress.html", edition, round_)


def _rendered(template: str, edition: EditionFacts, round_: RoundFacts) -> str:
    return render_template(
        template,
        round=round_,
        progress=progress_of(round_),
        present=present_judges(edition.id, clock.now()),
        may_remind=can_organise(current_user, edition) and round_.state is RoundState.SCORING,
        sends_mail=bool(current_app.config["SMTP_URL"]),
    )


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/progress/remind")
@organisers_only
def remind(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, now = round_of(edition, round_code), clock.now()
    named = JudgeActionForm().judge
    judge = judge_of(edition.id, named.data or "")
    if judge is None and named.raw_data:  # without a name, all who are late are meant
        raise NotFound
    people = {person.id: person for person in people_of(edition.id, now)}
    try:
        with unit_of_work():
            due = panel.due_for_reminder(round_id=round_.id, judge_id=judge.id if judge else None, now=now)
            letters = [_letter(edition, round_, one, people.get(one.judge.user_id), now) for one in due]
            panel.remind(round_id=round_.id, letters=letters, actor_id=current_user.id, now=now)
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _page(edition, round_, 409)
    return _answer(edition, round_, letters)


def _answer(edition: EditionFacts, round_: RoundFacts, letters: Sequence[Letter]) -> ResponseReturnValue:
    mailed = sum(bool(letter.recipient) for letter in letters)
    if mailed:
        words = ngettext(
            "%(num)s reminder is in the outbox.",
            "%(num)s reminders are in the outbox.",
            mailed,
        )
        flash(words, "success")
    by_hand = [letter for letter in letters if not letter.recipient]
    if by_hand:
        # Shown in the answer to the POST and never again: the texts hold links that open an account.
        return render_template("judging/panel/reminders.html", round=round_, letters=by_hand)
    return redirect(url_for("progress.progress", edition_code=edition.code, round_code=round_.code), 303)


def _letter(
    edition: EditionFacts, round_: RoundFacts, one: JudgeProgress, person: PersonFacts | None, now: datetime
) -> Letter:
    """Write the reminder; the way in goes to the account's own address, or to whom this user may let in anyway."""
    judge = one.judge
    ours = person is not None and can_issue_link(current_user, person)
    recipient = (judge.email or judge.account_email) if ours else judge.account_email
    locale = judge.locale if judge.locale in LOCALES else str(current_app.config["BABEL_DEFAULT_LOCALE"])
    url, until = _way_in(edition, one, now) if ours or recipient else (_desk(edition), None)
    subject, body = render_mail(
        "judging/reminder",
        locale,
        name=judge.name,
        edition_name=edition.name.in_(locale),
        round_name=round_.name.in_(locale),
        open=one.tally.open,
        assigned=one.tally.assigned,
        closes=round_.closes_at,
        url=url,
        until=until,
    )
    scope = f"edition:{edition.id}" if ours else "accounts"
    return Letter(judge.id, judge.name, recipient, subject, body, scope)


def _way_in(edition: EditionFacts, one: JudgeProgress, now: datetime) -> tuple[str, datetime]:
    issued = accounts.issue_link(
        user_id=one.judge.user_id,
        edition_id=edition.id,
        secret_key=current_app.config["SECRET_KEY"],
        actor_id=current_user.id,
        now=now,
    )
    desk = url_for("judging.desk", edition_code=edition.code)
    return absolute(url_for("accounts.link", token=issued.token, next=desk)), issued.expires_at


def _desk(edition: EditionFacts) -> str:
    return absolute(url_for("judging.desk", edition_code=edition.code))
