"""How well judges fit: what the organiser weighs, and what comes of it for one submission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import RadioField
from wtforms.validators import InputRequired, NumberRange

from contest.accounts.forms import REQUIRED
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.policy import can_organise
from contest.editions.views.guards import committee_readers, organisers_only
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.affinity import HEAVIEST, FitRules, Part, PartCode
from contest.judging.queries.assignments import RoundBoard, fitted, round_board
from contest.judging.queries.conflicts import SubmissionLine
from contest.judging.queries.fit import fit_rules_of
from contest.judging.queries.panel import PanelJudge
from contest.judging.services import fit as services
from contest.judging.views.assignments import round_of
from contest.judging.views.fit_words import PART_WORDS, reason_words
from contest.web.forms import Form, WholeField

blueprint = Blueprint("fit", __name__)
MOST_JUDGES = 100
_RANGE = NumberRange(0, HEAVIEST, _l("Give a whole number from 0 to 10."))


def _weight(label: Any, help_: Any) -> WholeField:
    return WholeField(label, [InputRequired(REQUIRED), _RANGE], description=help_)


class FitForm(Form):
    field = _weight(_l("Field"), _l("The judge named the field of the submission; its track counts for a little less."))
    text = _weight(_l("Text"), _l("The judge's own words and the title and summary have words in common."))
    language = _weight(
        _l("Language"),
        _l("The judge reads the language of the summary. With 0 a judge may get what he or she cannot read."),
    )
    bid = _weight(_l("Wish"), _l("What the judge said of the titles: wants it, can, or rather not."))
    past_load = _weight(_l("Earlier load"), _l("Who had much to judge in earlier rounds gets less now."))
    seen = _weight(_l("Seen before"), _l("The judge has judged the submission in an earlier round."))
    again = RadioField(
        _l("What “seen before” is"),
        [InputRequired(REQUIRED)],
        choices=[
            ("fresh", _l("a drawback: fresh eyes are wanted")),
            ("again", _l("an advantage: the same judges go on")),
        ],
    )
    experience = _weight(_l("Experience"), _l("Years of experience, up to ten."))

    def rules(self) -> FitRules:
        weights = {part.value: getattr(self, part.value).data for part in PartCode}
        return FitRules(**weights, again=self.again.data == "again")


def form_of(rules: FitRules) -> FitForm:
    weights = {part.value: rules.weight(part) for part in PartCode}
    return FitForm(formdata=None, data={**weights, "again": "again" if rules.again else "fresh"})


@dataclass(frozen=True, slots=True)
class FitLine:
    """A judge beside the submission that is looked at: the fit, and why, part by part."""

    judge: PanelJudge
    value: float
    parts: tuple[tuple[Part, str, str], ...]
    barred: bool
    foreign: bool


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/fit")
@committee_readers
def fit(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _page(edition, round_of(edition, round_code), form_of(fit_rules_of(edition.id)))


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/fit")
@organisers_only
def save(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), FitForm()
    if not form.validate_on_submit():
        return _page(edition, round_, form, 422)
    with unit_of_work():
        services.set_fit_rules(edition_id=edition.id, rules=form.rules(), actor_id=current_user.id, now=clock.now())
    flash(_("The weights are saved. The next plan follows them; what is assigned stays."), "success")
    return redirect(url_for("fit.fit", edition_code=edition.code, round_code=round_code), 303)


def _page(edition: EditionFacts, round_: RoundFacts, form: FitForm, status: int = 200) -> ResponseReturnValue:
    board = fitted(round_board(round_))
    chosen = _chosen(board, request.args.get("submission", ""))
    page = render_template(
        "judging/panel/fit.html",
        round=round_,
        form=form,
        weights=[form[part.value] for part in PartCode],
        heaviest=HEAVIEST,
        submissions=board.submissions,
        chosen=chosen,
        lines=_lines(board, chosen) if chosen else [],
        idle=[str(PART_WORDS[part]) for part in _idle(board)],
        may_change=can_organise(current_user, edition),
    )
    return page, status


def _chosen(board: RoundBoard, code: str) -> SubmissionLine | None:
    first = board.submissions[0] if board.submissions else None
    return next((line for line in board.submissions if line.code == code), first)


def _idle(board: RoundBoard) -> list[PartCode]:
    """Return the parts that weigh something and of which nothing is known yet."""
    found = board.board.fitted()
    return [part for part in PartCode if found.rules.weight(part) and part not in found.parts]


def _lines(board: RoundBoard, chosen: SubmissionLine) -> list[FitLine]:
    """Return the judges for a submission, the best first."""
    found, row = board.board.fitted(), board.submissions.index(chosen)
    lines = [
        FitLine(
            judge,
            float(found.matrix[row, place]),
            tuple((part, str(PART_WORDS[part.code]), reason_words(part)) for part in found.explain((row, place))),
            (row, place) in board.board.blocked,
            bool(found.foreign[row, place]),
        )
        for place, judge in enumerate(board.judges)
        if judge.left_at is None
    ]
    return sorted(lines, key=lambda line: -line.value)[:MOST_JUDGES]
