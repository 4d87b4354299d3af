"""How certificates look: one form with a preview that the real template draws from what stands in the form."""

from __future__ import annotations

import base64
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.certificates.content import content_of, number_text
from contest.certificates.exports.batch import read
from contest.certificates.exports.files import Printed, Setting, certificate_picture
from contest.certificates.forms import KIND_WORDS, LookForm, look_data
from contest.certificates.kinds import TEAM_KINDS, Kind
from contest.certificates.look import MOST_SIGNATORIES, Look
from contest.certificates.queries.register import LookFacts, look_of, today_in
from contest.certificates.roll import Candidate
from contest.certificates.services.looks import Picture, clean_background, clean_logo, save_look
from contest.certificates.texts import PLACEHOLDERS
from contest.certificates.views.blueprint import blueprint
from contest.certificates.views.organiser import BASE
from contest.editions.facts import EditionFacts
from contest.editions.rules import LocalText
from contest.editions.views.guards import organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work

SAMPLE_CODE = "b" * 28
DOTS = 84


@blueprint.get(f"{BASE}/look")
@organisers_only
def look(edition: EditionFacts) -> ResponseReturnValue:
    facts = look_of(edition.id)
    form = LookForm(formdata=None, data={**look_data(facts.look), "shown": Kind.WINNER.value})
    shown = _drawn(edition, facts.look, Kind.WINNER, *_stored(edition, facts))
    return _page(form, facts, shown)


@blueprint.post(f"{BASE}/look")
@organisers_only
def save(edition: EditionFacts) -> ResponseReturnValue:
    form, facts = LookForm(), look_of(edition.id)
    wanted = form.look() if form.validate_on_submit() else None
    if wanted is None:
        return _page(form, facts, None), 422
    background, logo = form.background_picture(), form.logo_picture()
    try:
        if "preview" in request.form:
            pictures = _pictures(edition, facts, background, logo)
            return _page(form, facts, _drawn(edition, wanted, Kind(form.shown.data), *pictures), unsaved=True)
        with unit_of_work():
            save_look(
                edition_id=edition.id,
                look=wanted,
                background=background,
                logo=logo,
                storage=current_app.extensions["storage"],
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.refuse(refused)
        return _page(form, facts, None), 422
    flash(_("Saved. Certificates that were issued before keep their words."), "success")
    return redirect(url_for("certificates.look", edition_code=edition.code), 303)


def _page(form: LookForm, facts: LookFacts, shown: bytes | None, *, unsaved: bool = False) -> str:
    return render_template(
        "certificates/look.html",
        form=form,
        facts=facts,
        kinds=[(kind.value, KIND_WORDS[kind]) for kind in Kind],
        rows=range(1, MOST_SIGNATORIES + 1),
        placeholders=PLACEHOLDERS,
        shown=base64.b64encode(shown).decode() if shown else "",
        unsaved=unsaved,
    )


def _stored(edition: EditionFacts, facts: LookFacts) -> tuple[bytes | None, bytes | None]:
    storage = current_app.extensions["storage"]
    return read(storage, facts.background_key), read(storage, facts.logo_key or edition.logo_key)


def _pictures(
    edition: EditionFacts, facts: LookFacts, background: Picture, logo: Picture
) -> tuple[bytes | None, bytes | None]:
    kept = _stored(edition, facts)
    first = clean_background(background.new) if background.new is not None else None if background.drop else kept[0]
    second = clean_logo(logo.new) if logo.new is not None else None if logo.drop else kept[1]
    return first, second


def _drawn(edition: EditionFacts, wanted: Look, kind: Kind, background: bytes | None, logo: bytes | None) -> bytes:
    now = clock.now()
    content = _sample(edition, wanted, kind)
    setting = Setting(
        look=wanted, title="", base=current_app.config["BASE_URL"], made_at=now, test=edition.is_test,
        background=background, logo=logo,
    )  # fmt: skip
    return certificate_picture(Printed(content, SAMPLE_CODE, "0" * 64), setting, dots=DOTS)


def _sample(edition: EditionFacts, wanted: Look, kind: Kind) -> dict[str, Any]:
    team = kind in TEAM_KINDS or kind is Kind.MENTOR
    person = Candidate(
        kind=kind,
        name="Nguyễn Hoàng Phương Uyên",
        award=LocalText("Giải Nhất", "First prize"),
        team="Đội Ngọn Hải Đăng" if team else "",
        title="Bản đồ ngập nước theo thời gian thực" if team else "",
        school="THPT Lê Thánh Tôn",
        track=LocalText("Bảng Học sinh", "Pupils"),
        task="Đón khách và hậu cần",
    )
    day = today_in(edition, clock.now())
    number = number_text(12, day.year, wanted.series)
    return content_of(person, wanted, number=number, contest=edition.name, organiser=edition.organiser, day=day)
