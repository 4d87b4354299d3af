"""Practice entries: the organiser's list with the spread of the marks, and the judge's page."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.forms.fields import at_most, needed
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.policy import can_organise
from contest.editions.queries import round_by_id
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.forms import MARK
from contest.judging.practice import PracticeFacts, spreads
from contest.judging.queries.desk import sheet_of
from contest.judging.queries.panel import judges_of
from contest.judging.queries.practice import FOR_JUDGES, practice_by_id, practice_of
from contest.judging.services import practice as services
from contest.judging.views.assignments import round_of
from contest.judging.views.judge import blueprint as judges
from contest.judging.views.judge import judges_only
from contest.judging.views.progress import blueprint
from contest.judging.views.shown import problems, shown_mark
from contest.web.forms import Form, no_nul
from contest.web.messages import sentence


class PracticeForm(Form):
    title = StringField(_l("Title"), [needed(), at_most(300), no_nul])
    summary = TextAreaField(_l("What the idea is"), [needed(), at_most(5000), no_nul])
    note = TextAreaField(_l("Why the committee marks it like this"), [Optional(), at_most(2000), no_nul])


def _typed() -> dict[str, str]:
    marks = {name[len(MARK) :]: text.strip() for name, text in request.form.items() if name.startswith(MARK)}
    return {code: text for code, text in marks.items() if text}


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/practice")
@committee_readers
def practice(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _list(edition, round_of(edition, round_code), PracticeForm(formdata=None))


def _list(
    edition: EditionFacts, round_: RoundFacts, form: PracticeForm, refused: RuleBroken | None = None
) -> ResponseReturnValue:
    sheet, found = sheet_of(round_), practice_of(round_.id)
    page = render_template(
        "judging/panel/practice.html",
        round=round_,
        entries=[(one, spreads(sheet, one)) for one in found],
        judges=[one for one in judges_of(edition.id) if one.left_at is None],
        fields=_fields(round_, {}, refused),
        form=form,
        message=sentence(refused) if refused else "",
        may_change=can_organise(current_user, edition) and round_.state in BEFORE_CLOSE,
        room=len(found) < services.MOST,
        open_to_judges=round_.state in FOR_JUDGES,
    )
    return page, 200 if refused is None and not form.errors else 422


def _fields(round_: RoundFacts, own: dict[str, str], refused: RuleBroken | None) -> list[dict[str, Any]]:
    wrong = problems(refused) if refused else {}
    return [
        {
            "name": MARK + one.code,
            "criterion": one,
            "low": shown_mark(one.minimum),
            "high": shown_mark(one.maximum),
            "value": request.form.get(MARK + one.code, own.get(one.code, "")),
            "error": wrong.get(one.code, ""),
        }
        for one in sheet_of(round_).criteria
    ]


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/practice")
@organisers_only
def add_practice(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), PracticeForm()
    if not form.validate_on_submit():
        return _list(edition, round_, form)
    try:
        with unit_of_work():
            services.add_practice(
                round_=round_,
                title=form.title.data or "",
                summary=form.summary.data or "",
                anchors=_typed(),
                note=form.note.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        return _list(edition, round_, form, refused)
    flash(_("The practice entry is there. Judges find it on their list while the round is open."), "success")
    return redirect(url_for("progress.practice", edition_code=edition.code, round_code=round_.code), 303)


@blueprint.post("/e/<edition_code>/organise/practice/<practice_id>/show")
@organisers_only
def show_practice(edition: EditionFacts, practice_id: str) -> ResponseReturnValue:
    with unit_of_work():
        services.show_practice(edition_id=edition.id, public_id=practice_id, actor_id=current_user.id, now=clock.now())
    flash(_("The judges see all marks of this practice entry now."), "success")
    return _to_list(edition, practice_id)


@blueprint.post("/e/<edition_code>/organise/practice/<practice_id>/remove")
@organisers_only
def remove_practice(edition: EditionFacts, practice_id: str) -> ResponseReturnValue:
    answer = _to_list(edition, practice_id)
    with unit_of_work():
        services.remove_practice(
            edition_id=edition.id, public_id=practice_id, actor_id=current_user.id, now=clock.now()
        )
    flash(_("The practice entry is gone."), "success")
    return answer


def _to_list(edition: EditionFacts, practice_id: str) -> ResponseReturnValue:
    round_ = _round(_entry(edition, practice_id))
    return redirect(url_for("progress.practice", edition_code=edition.code, round_code=round_.code), 303)


def _entry(edition: EditionFacts, practice_id: str) -> PracticeFacts:
    found = practice_by_id(edition.id, practice_id)
    if found is None:
        abort(404)
    return found


def _round(entry: PracticeFacts) -> RoundFacts:
    round_ = round_by_id(entry.round_id)
    if round_ is None:
        abort(404)
    return round_


@judges.get("/e/<edition_code>/judging/practice/<practice_id>")
@judges_only
def practice_entry(edition: EditionFacts, practice_id: str) -> ResponseReturnValue:
    return _judge_page(edition, practice_id)


def _judge_page(edition: EditionFacts, practice_id: str, refused: RuleBroken | None = None) -> ResponseReturnValue:
    entry = _entry(edition, practice_id)
    round_ = _round(entry)
    judge = next((one for one in judges_of(edition.id) if one.user_id == current_user.id), None)
    if judge is None or round_.state not in FOR_JUDGES:
        abort(404)
    own = entry.of(judge.id)
    shown = entry.shown_at is not None
    page = render_template(
        "judging/judge/practice.html",
        round=round_,
        entry=entry,
        own=own,
        spreads=spreads(sheet_of(round_), entry) if shown else (),
        place=next((at for at, one in enumerate(entry.given) if one.judge_id == judge.id), None),
        fields=_fields(round_, {} if own is None else dict(own.marks), refused),
        message=sentence(refused) if refused else "",
    )
    return page, 422 if refused else 200


@judges.post("/e/<edition_code>/judging/practice/<practice_id>")
@judges_only
def give_practice(edition: EditionFacts, practice_id: str) -> ResponseReturnValue:
    try:
        with unit_of_work():
            services.give_practice(
                edition_id=edition.id,
                public_id=practice_id,
                user_id=current_user.id,
                texts=_typed(),
                now=clock.now(),
            )
    except RuleBroken as refused:
        return _judge_page(edition, practice_id, refused)
    flash(_("Your practice marks are kept. They count for nothing."), "success")
    return redirect(url_for("judging.practice_entry", edition_code=edition.code, practice_id=practice_id), 303)
