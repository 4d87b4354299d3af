"""What a team sees once a round is published: the criteria at a glance, its letter, and one answer to it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import round_by_code
from contest.feedback import services
from contest.feedback.exports import letter_name, letter_pdf, position_svg, radar_svg
from contest.feedback.exports.charts import printed, words_of
from contest.feedback.forms import HelpfulForm
from contest.feedback.position import FEWEST_TEAMS, Position, line_of, positions
from contest.feedback.queries.queue import settings_of
from contest.feedback.queries.teams import OwnLetter, published_report, released_letters
from contest.feedback.views.charts import Chart, chart, language
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.results.report import Line, RoundReport
from contest.submissions.facts import Access
from contest.submissions.views.guards import own_submission
from contest.web.errors import error_answer
from contest.web.formats import local
from contest.web.responses import attachment

blueprint = Blueprint("team_letters", __name__)
PAGE = "/e/<edition_code>/team/<submission_id>/results/<round_code>/letter"
STAR = 420.0


def _seen(edition: EditionFacts, access: Access, round_code: str) -> tuple[RoundFacts, RoundReport, Line]:
    """Return the round with its published results; before publication there is nothing here, for anybody."""
    round_ = round_by_code(edition.id, round_code)
    report = None if round_ is None else published_report(round_)
    line = None if report is None else line_of(report, access.code)
    if round_ is None or report is None or line is None:
        abort(404)
    return round_, report, line


def _letter(round_: RoundFacts, access: Access) -> OwnLetter | None:
    return released_letters(round_.id, access.id).get(access.id)


@blueprint.get(PAGE)
@own_submission
def letter(edition: EditionFacts, access: Access, round_code: str) -> ResponseReturnValue:
    round_, report, line = _seen(edition, access, round_code)
    found, settings = positions(report, line), settings_of(round_.id)
    return render_template(
        "feedback/team.html",
        access=access,
        round=round_,
        line=line,
        letter=_letter(round_, access),
        with_place=settings is not None and settings.with_place,
        places=_places(found) if found else None,
        star=_star(found),
        compared=any(one.field is not None for one in found),
        fewest=FEWEST_TEAMS,
    )


def _places(found: tuple[Position, ...]) -> Chart:
    said = language()
    rows = [(local(one.name) or one.code, words_of(one, [said]), *_field(one, said)) for one in found]
    return chart(
        lambda width: position_svg(found, languages=[said], width=width),
        title=_("Where the team stands on each criterion"),
        head=[_("Criterion"), _("Your team"), _("Middle half of all teams"), _("Median")],
        rows=rows,
    )


def _field(one: Position, said: str) -> tuple[str, str]:
    if one.field is None:
        return "–", "–"
    low, middle, high = (printed(value, said) for value in one.field)
    return f"{low} – {high}", middle


def _star(found: tuple[Position, ...]) -> Chart | None:
    said = language()
    if not radar_svg(found, languages=[said], width=STAR):
        return None
    rows = [(local(one.name) or one.code, words_of(one, [said]), _field(one, said)[1]) for one in found]
    return chart(
        lambda width: radar_svg(found, languages=[said], width=width),
        title=_("The criteria at a glance"),
        head=[_("Criterion"), _("Your team"), _("Median of all teams")],
        rows=rows,
        wide=STAR,
    )


@blueprint.get(f"{PAGE}.pdf")
@own_submission
def file(edition: EditionFacts, access: Access, round_code: str) -> ResponseReturnValue:
    round_, report, _line = _seen(edition, access, round_code)
    own = _letter(round_, access)
    if own is None:
        abort(404)
    content = letter_pdf(edition, round_, report, own)
    return attachment(content, name=letter_name(round_, access.code), mimetype="application/pdf")


@blueprint.post(f"{PAGE}/answer")
@own_submission
def answer(edition: EditionFacts, access: Access, round_code: str) -> ResponseReturnValue:
    round_, _report, _line = _seen(edition, access, round_code)
    form = HelpfulForm()
    if not form.validate_on_submit():
        return error_answer(422, _("Choose one of the two answers."))
    with unit_of_work():
        services.answer_letter(
            round_id=round_.id,
            submission_id=access.id,
            helpful=form.helpful.data == "yes",
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("Thank you for your answer."), "success")
    target = url_for(
        "team_letters.letter", edition_code=edition.code, submission_id=access.public_id, round_code=round_code
    )
    return redirect(target, 303)
