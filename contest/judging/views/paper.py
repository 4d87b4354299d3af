"""The scoring page. What a round freezes is rendered once and kept as a stencil; a request only fills its holes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any

from flask import render_template, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from contest.accounts.views.device import device_tag, seal_key
from contest.editions.facts import EditionFacts
from contest.editions.rules import CriterionSpec
from contest.infra.cache import FrozenCache
from contest.judging import marks, policy
from contest.judging.events import receipt_of
from contest.judging.forms import MARK, new_key
from contest.judging.papers import PaperFacts, PaperState, Sheet
from contest.judging.queries.desk import place_of
from contest.judging.views.shown import Shown, shown_mark, shown_total
from contest.submissions.queries import submission_view
from contest.web.formats import decimal_text, local, localtime
from contest.web.stencil import Stencil, hole
from contest.web.templating import icons_from

# Access, texts and files are decided by every request. Names that others may edit meanwhile (a track, a team, the
# menus) may be this old on the page.
KEPT_SECONDS = 60
# The modes in which the page holds the submission and the rubric; in the others it says why it does not.
WITH_MARKS = ("draft", "submitted", "reading", "closed")

# The icons of this page come in a file of their own.
_light = partial(icons_from, "scoring.svg")

_frames: FrozenCache[Stencil] = FrozenCache(128)
_bodies: FrozenCache[str] = FrozenCache(512)
_tokens: FrozenCache[str] = FrozenCache(1024)


def mode_of(paper: PaperFacts, now: datetime) -> str:
    if paper.state in (PaperState.RECUSED, PaperState.VOIDED):
        return paper.state.value
    if paper.state is PaperState.ABSTAINED:
        return "abstained" if policy.can_abstain(current_user, paper, now) else "abstained_for_good"
    if not policy.can_score(current_user, paper, now):
        return "reading" if policy.can_recuse(current_user, paper, now) else "closed"
    return "submitted" if paper.state is PaperState.SUBMITTED else "draft"


def render_paper(edition: EditionFacts, paper: PaperFacts, sheet: Sheet, shown: Shown, now: datetime) -> str:
    mode = mode_of(paper, now)
    minute = int(now.timestamp()) // KEPT_SECONDS
    values = _heading(paper)
    if mode in WITH_MARKS:
        values.update(_place(edition, paper))
        values["body"] = _body(edition, paper, sheet, minute)
        values.update(_form_values(paper, sheet, shown))
    return _frame(edition, paper, sheet, mode, minute).fill(values)


def _heading(paper: PaperFacts) -> dict[str, str]:
    card = paper.scorecard
    return {
        "csrf": _csrf_token(),
        "account": device_tag(),
        "seal": seal_key(),
        "aid": paper.public_id,
        "name": escape(current_user.name),
        "code": escape(paper.code),
        "title": escape(paper.title),
        "track": escape(local(paper.track)) if paper.track else "",
        "reason": escape(card.recusal_reason) if card else "",
        "submitted_at": localtime(card.submitted_at) if card else "",
        "receipt": _receipt(paper),
    }


def _place(edition: EditionFacts, paper: PaperFacts) -> dict[str, str]:
    place = place_of(paper)

    def link(public_id: str) -> str:
        return url_for("judging.paper", edition_code=edition.code, public_id=public_id) if public_id else ""

    return {
        "progress": f"{place.done}/{place.total}",
        "before": link(place.before),
        "after": link(place.after),
        "no_before": "" if place.before else " hidden",
        "no_after": "" if place.after else " hidden",
    }


def _receipt(paper: PaperFacts) -> str:
    if paper.state is not PaperState.SUBMITTED or not paper.proof:
        return ""
    code = receipt_of(paper.proof)
    return _light(render_template("judging/judge/_receipt.html", public_id=paper.public_id, code=code))


def _csrf_token() -> str:
    # The signed token of a session stays valid as long as the session; signing it anew would only cost time.
    secret = session.get("csrf_token")
    return generate_csrf() if secret is None else _tokens.get(secret, generate_csrf)


def _form_values(paper: PaperFacts, sheet: Sheet, shown: Shown) -> dict[str, str]:
    values = {
        "version": str(shown.version),
        "key": new_key(),
        "feedback": escape(shown.feedback),
        "private_note": escape(shown.private_note),
        "total": shown_total(marks.running_total(sheet, paper.points(sheet))),
        "message": _message(shown, sheet) if shown.message else "",
    }
    values.update(_save_line(paper, shown))
    for place, criterion in zip(count(), sheet.criteria):
        values.update(_mark_values(place, criterion, shown))
    return values


def _save_line(paper: PaperFacts, shown: Shown) -> dict[str, str]:
    if shown.message:
        return {"saved": "failed", "saved_text": _("Not saved yet")}
    if paper.scorecard is None:
        return {"saved": "idle"}
    return {"saved": "saved", "saved_text": _("Saved %(time)s", time=localtime(paper.scorecard.updated_at))}


def _mark_values(place: int, criterion: CriterionSpec, shown: Shown) -> dict[str, str]:
    text = shown.texts.get(criterion.code, "")
    problem = shown.problems.get(criterion.code)
    values = {
        f"value:{place}": escape(text if problem else decimal_text(text)),
        f"on:{place}:{text}": " checked",
        f"means:{place}": next((escape(local(g.text)) for g in criterion.guidance if marks.plain(g.mark) == text), ""),
    }
    if problem is None:
        values[f"fine:{place}"] = " hidden"
    else:
        values[f"error:{place}"] = escape(problem)
        values[f"wrong:{place}"] = " is-invalid"
    return values


def _message(shown: Shown, sheet: Sheet) -> str:
    places = {criterion.code: place for place, criterion in enumerate(sheet.criteria)}
    lines = [(places[code], text) for code, text in shown.problems.items()]
    return _light(render_template("judging/judge/_message.html", message=shown.message, lines=lines))


def _body(edition: EditionFacts, paper: PaperFacts, sheet: Sheet, minute: int) -> str:
    key = (edition.id, paper.submission_id, paper.submission_version, sheet.blind, str(get_locale()), minute)
    return _bodies.get(key, lambda: _rendered_body(edition, paper, sheet))


def _rendered_body(edition: EditionFacts, paper: PaperFacts, sheet: Sheet) -> str:
    def download(file_id: str) -> str:
        return url_for("judging.file", edition_code=edition.code, file_id=file_id)

    view = submission_view(paper.submission_id, blind=sheet.blind)
    return _light(render_template("judging/judge/_submission.html", view=view, download=download))


def _frame(edition: EditionFacts, paper: PaperFacts, sheet: Sheet, mode: str, minute: int) -> Stencil:
    if request.query_string or "_flashes" in session:
        return Stencil(_rendered_frame(paper, sheet, mode))
    roles = tuple(sorted((held, tuple(sorted(names))) for held, names in current_user.roles.items()))
    person = (current_user.is_admin, current_user.locale, roles)
    look = (str(get_locale()), request.cookies.get("theme"))
    key = (edition, paper.round, sheet.rubric_version, mode, person, look, minute)
    return _frames.get(key, lambda: Stencil(_rendered_frame(paper, sheet, mode)))


def _rendered_frame(paper: PaperFacts, sheet: Sheet, mode: str) -> str:
    html = render_template(
        "judging/judge/paper.html",
        current_user=replace(current_user._get_current_object(), name=hole("name")),  # noqa: SLF001  werkzeug's way out of a proxy
        nav=[],
        hole=hole,
        mode=mode,
        round=paper.round,
        public_id=paper.public_id,
        sheet=sheet,
        criteria=[_criterion(place, criterion) for place, criterion in enumerate(sheet.criteria)],
        maximum=shown_mark(sheet.maximum),
        weighted=any(criterion.weight != 1 for criterion in sheet.criteria),
    )
    # Rendered with the real values, because addresses and tokens are made by others; cut out afterwards.
    return (
        _light(html)
        .replace(generate_csrf(), hole("csrf"))
        .replace(paper.public_id, hole("aid"))
        .replace(device_tag(), hole("account"))
    )


def _criterion(place: int, criterion: CriterionSpec) -> dict[str, Any]:
    return {
        "place": place,
        "field": MARK + criterion.code,
        "name": criterion.name,
        "description": criterion.description,
        "low": marks.plain(criterion.minimum),
        "high": marks.plain(criterion.maximum),
        "step": marks.plain(criterion.step),
        "weight": marks.plain(criterion.weight),
        "buttons": marks.choices(criterion) if marks.has_buttons(criterion) else (),
        "guidance": [(marks.plain(one.mark), one.text) for one in criterion.guidance],
    }
