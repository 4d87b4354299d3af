"""What a judge keeps and looks back at: the receipt of a scorecard, a paper that came too late, all own marks."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.queries import round_by_code
from contest.editions.rules import CriterionSpec
from contest.infra import clock
from contest.judging import marks, policy
from contest.judging.compare import compare
from contest.judging.events import receipt_of
from contest.judging.exports import receipts_file
from contest.judging.papers import PaperFacts, PaperState, Sheet
from contest.judging.queries.desk import own_papers, paper_of, sheet_of
from contest.judging.queries.receipts import KeptReceipt, receipts_of
from contest.judging.queries.record import Late, late_paper_of
from contest.judging.views import shown
from contest.judging.views.judge import blueprint, judges_only
from contest.web.formats import decimal_text, local, localtime
from contest.web.responses import attachment


@blueprint.get("/e/<edition_code>/judging/<public_id>/receipt")
@judges_only
def receipt(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    found = paper_of(edition.id, public_id)
    if found is None or not policy.can_open(current_user, found) or not has_receipt(found):
        abort(404)
    sheet = sheet_of(found.round)
    (kept,) = receipts_of(edition.id, [public_id])
    return render_template(
        "judging/judge/receipt.html",
        paper=found,
        kept=kept,
        standing=_standing(found, sheet, kept),
        code=receipt_of(found.proof),
        lines=[(c.name, text) for c, text in _marks(found, sheet)],
        total=shown.shown_total(marks.running_total(sheet, found.points(sheet))),
        maximum=shown.shown_mark(sheet.maximum),
        text=_receipt_text(edition, found, sheet),
    )


def _standing(found: PaperFacts, sheet: Sheet, kept: KeptReceipt) -> str:
    """Return "proven", "no_head", "no_entry", or "broken" when the marks are not those that were handed in."""
    if dict(kept.event.marks) != marks.mark_texts(sheet, found.points(sheet)) or kept.event.digest != found.proof:
        return "broken"
    flaws = kept.flaws
    return "proven" if not flaws else flaws[0] if flaws in (("no_head",), ("no_entry",)) else "broken"


def has_receipt(found: PaperFacts) -> bool:
    return found.state is PaperState.SUBMITTED and bool(found.proof)


def _marks(found: PaperFacts, sheet: Sheet) -> list[tuple[CriterionSpec, str]]:
    texts = marks.mark_texts(sheet, found.points(sheet))
    return [(criterion, decimal_text(texts[criterion.code])) for criterion in sheet.criteria]


def _receipt_text(edition: EditionFacts, found: PaperFacts, sheet: Sheet) -> str:
    card = found.scorecard
    lines = [
        _("Receipt %(code)s", code=receipt_of(found.proof)),
        f"{local(edition.name)} · {local(found.round.name)}",
        f"{found.code} · {found.title}",
        _("Judge: %(name)s", name=current_user.name),
        _("Saved %(time)s", time=localtime(card.updated_at) if card else ""),
        *(f"{local(c.name)}: {text}" for c, text in _marks(found, sheet)),
        _("SHA-256 %(digest)s", digest=found.proof),
    ]
    return "\n".join(lines)


@blueprint.get("/e/<edition_code>/judging/late/<late_id>")
@judges_only
def late(edition: EditionFacts, late_id: str) -> ResponseReturnValue:
    found = late_paper_of(edition.id, late_id)
    if found is None or found.judge_user_id != current_user.id:
        abort(404)
    held = paper_of(edition.id, found.assignment) if found.assignment else _taken_away(edition, found)
    if held is None or (found.assignment and not policy.can_open(current_user, held)):
        abort(404)
    sheet = sheet_of(held.round)
    text = shown.as_text(held, sheet, found.marks, found.feedback, found.private_note)
    return render_template("judging/judge/late.html", late=found, text=text)


def _taken_away(edition: EditionFacts, found: Late) -> PaperFacts | None:
    # The heading of a paper that is nobody's any more, for what was typed on it.
    round_ = round_by_code(edition.id, found.round_code)
    if round_ is None:
        return None
    return PaperFacts(
        *(0, "", 0, found.judge_user_id, round_, 0, 0, found.submission, found.title), track=None, listed=False
    )


@blueprint.get("/e/<edition_code>/judging/mine/<round_code>")
@judges_only
def own_marks(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    found = own_papers(edition.id, current_user.id, round_code)
    if found is None:
        abort(404)
    head, papers = found
    sheet = sheet_of(head)
    return render_template(
        "judging/judge/mine.html",
        round=head,
        sheet=sheet,
        own=compare(sheet, papers),
        shown=shown.shown_total,
        texts={paper.row.public_id: marks.mark_texts(sheet, paper.points) for paper in papers},
        writable=head.scoring_open(clock.now()),
    )


@blueprint.get("/e/<edition_code>/judging/mine/<round_code>/receipts.zip")
@judges_only
def receipts(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    found = own_papers(edition.id, current_user.id, round_code)
    if found is None:
        abort(404)
    kept = receipts_of(edition.id, [paper.row.public_id for paper in found[1]])
    name = f"{edition.code}_{round_code}_receipts.zip"
    return attachment(receipts_file(kept), name=name, mimetype="application/zip")
