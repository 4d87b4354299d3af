"""A guardian's own way: a link without an account, that agrees once and takes back at any time."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contest.editions.facts import EditionFacts
from contest.editions.queries import editions_by_ids
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.privacy.forms.consents import KIND_WORDS, PURPOSE_WORDS, GiveForm, RequestForm
from contest.privacy.kinds import AskedBy, RequestKind
from contest.privacy.queries.requests import requests_about
from contest.privacy.services import requests as asking
from contest.privacy.views.blueprint import blueprint
from contest.privacy.views.showing import lines_of, offered
from contest.submissions.consenting import Giver, Means, Purpose
from contest.submissions.models import ConsentLink
from contest.submissions.queries.consents import MemberConsents
from contest.submissions.services import consent_giving as giving
from contest.submissions.services.consent_links import find_link, use_link
from contest.submissions.services.consents import Word
from contest.web.forms import ActionForm
from contest.web.guards import public
from contest.web.limits import limiter
from contest.web.messages import sentence


@dataclass(frozen=True, slots=True)
class Here:
    """What stands behind a link."""

    link: ConsentLink
    edition: EditionFacts
    member: MemberConsents


def _here(token: str) -> Here:
    try:
        link = find_link(token, clock.now())
        member = giving.member_of_link(link)
        return Here(link, editions_by_ids([member.edition_id])[0], member)
    except NotFound:
        abort(404)


def _page(
    token: str, here: Here, *, give: GiveForm | None = None, request: RequestForm | None = None, status: int = 200
) -> ResponseReturnValue:
    form = give or GiveForm(formdata=None)
    page = render_template(
        "privacy/link.html",
        edition=here.edition,
        link=here.link,
        member=here.member,
        lines=lines_of(here.edition.id, here.member, clock.now()),
        texts=offered(form, here.edition.id, here.link.giver),
        form=form,
        request_form=request or RequestForm(formdata=None),
        asked=requests_about(*here.member.key),
        token=token,
        purposes=PURPOSE_WORDS,
        kinds=KIND_WORDS,
    )
    answer: Response = make_response(page, status)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/consent/<token>")
@limiter.limit("120 per minute")
@public
def link(token: str) -> ResponseReturnValue:
    # Only shown: mail scanners open links, so a consent is given by the button alone.
    return _page(token, _here(token))


@blueprint.post("/consent/<token>/give")
@limiter.limit("60 per minute")
@public
def give(token: str) -> ResponseReturnValue:
    here, form = _here(token), GiveForm()
    if not form.validate_on_submit():
        return _page(token, here, give=form, status=422)
    try:
        with unit_of_work():
            now = clock.now()
            row = use_link(token, now)
            giving.give(
                edition_id=here.edition.id,
                team_id=here.member.team_id,
                name=here.member.name,
                giver=row.giver,
                ticked=form.ticked,
                word=Word(Means.LINK, giver_name=(form.signed.data or "")[:200], link_id=row.id),
                actor_id=None,
                now=now,
            )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _page(token, _here(token), give=form, status=422)
    flash(_("Thank you. It is recorded. Keep this link: with it you can take back what you agreed to."), "success")
    return redirect(url_for("privacy.link", token=token), 303)


@blueprint.post("/consent/<token>/take-back/<purpose>")
@limiter.limit("60 per minute")
@public
def take_back(token: str, purpose: str) -> ResponseReturnValue:
    here = _here(token)
    if purpose not in {one.value for one in Purpose}:
        abort(404)
    if ActionForm().validate_on_submit():
        with unit_of_work():
            giving.take_back(
                member=here.member,
                purposes=[Purpose(purpose)],
                givers=[here.link.giver],
                word=Word(Means.LINK, giver_name=here.link.giver_name, link_id=here.link.id),
                actor_id=None,
                now=clock.now(),
            )
        flash(_("Taken back. It holds from now on."), "success")
    return redirect(url_for("privacy.link", token=token), 303)


@blueprint.post("/consent/<token>/request")
@limiter.limit("60 per minute")
@public
def ask_by_link(token: str) -> ResponseReturnValue:
    here, form = _here(token), RequestForm()
    if not form.validate_on_submit():
        return _page(token, here, request=form, status=422)
    kind = AskedBy.GUARDIAN if here.link.giver is Giver.GUARDIAN else AskedBy.PERSON
    try:
        with unit_of_work():
            asking.ask(
                edition_id=here.edition.id,
                kind=RequestKind(form.kind.data),
                about=asking.About(here.member.name, here.member.team_id),
                asker=asking.Asker(kind, here.link.giver_name, here.link.email),
                words=form.words.data or "",
                actor_id=None,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _page(token, here, request=form, status=422)
    flash(_("Your request has reached the organising committee."), "success")
    return redirect(url_for("privacy.link", token=token), 303)
