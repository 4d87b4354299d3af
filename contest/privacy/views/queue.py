"""The committee's queue of requests about personal data, with what is due."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.views.guards import organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.privacy.forms.consents import KIND_WORDS, AnswerForm, TakenInForm
from contest.privacy.kinds import AskedBy, RequestKind
from contest.privacy.models import PrivacyRequest
from contest.privacy.queries.files import files_left
from contest.privacy.queries.requests import RequestLine, requests_of
from contest.privacy.services import requests as services
from contest.privacy.views.blueprint import blueprint
from contest.privacy.views.organiser import BASE
from contest.privacy.views.showing import mail_answer
from contest.web.messages import sentence


@blueprint.get(f"{BASE}/requests")
@organisers_only
def queue(edition: EditionFacts) -> ResponseReturnValue:
    return _page(edition, TakenInForm(formdata=None))


def _page(edition: EditionFacts, form: TakenInForm, status: int = 200) -> ResponseReturnValue:
    lines = requests_of(edition.id, clock.now())
    files = files_left(edition.id)
    return render_template("privacy/requests.html", lines=lines, form=form, kinds=KIND_WORDS, files=files), status


@blueprint.post(f"{BASE}/requests")
@organisers_only
def take_in(edition: EditionFacts) -> ResponseReturnValue:
    form = TakenInForm()
    if not form.validate_on_submit():
        return _page(edition, form, 422)
    try:
        with unit_of_work():
            row = services.ask(
                edition_id=edition.id,
                kind=RequestKind(form.kind.data),
                about=services.About(form.name.data or ""),
                asker=services.Asker(AskedBy(form.asked_by.data), form.asker.data or "", form.email.data or ""),
                words=form.words.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            ).public_id
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _page(edition, form, 422)
    return redirect(url_for("privacy.request_page", edition_code=edition.code, privacy_request=row), 303)


def _line(edition: EditionFacts, public_id: str) -> RequestLine:
    found = (one for one in requests_of(edition.id, clock.now()) if one.request.public_id == public_id)
    return next(found, None) or abort(404)


def _one(line: RequestLine, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    return render_template("privacy/request.html", line=line, row=line.request, form=form, kinds=KIND_WORDS), status


@blueprint.get(f"{BASE}/requests/<privacy_request>")
@organisers_only
def request_page(edition: EditionFacts, privacy_request: str) -> ResponseReturnValue:
    return _one(_line(edition, privacy_request), AnswerForm(formdata=None))


def _acted(edition_id: int, public_id: str, act: str, words: str) -> PrivacyRequest:
    actor_id, now = current_user.id, clock.now()
    if act == "answer":
        return services.answer(edition_id=edition_id, public_id=public_id, words=words, actor_id=actor_id, now=now)
    if act == "extend":
        return services.extend(edition_id=edition_id, public_id=public_id, words=words, actor_id=actor_id, now=now)
    return services.close(
        edition_id=edition_id, public_id=public_id, words=words, refused=act == "refuse", actor_id=actor_id, now=now
    )


@blueprint.post(f"{BASE}/requests/<privacy_request>")
@organisers_only
def answer(edition: EditionFacts, privacy_request: str) -> ResponseReturnValue:
    line, form = _line(edition, privacy_request), AnswerForm()
    if not form.validate_on_submit():
        return _one(line, form, 422)
    words, now = form.words.data or "", clock.now()
    try:
        with unit_of_work():
            row = _acted(edition.id, privacy_request, form.act.data, words)
            mail_answer(edition, row, words, now)
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _one(_line(edition, privacy_request), form, 422)
    flash(_("Saved; the answer is in the outbox when an e-mail address is known."), "success")
    return redirect(url_for("privacy.queue", edition_code=edition.code), 303)
