"""Papers of a finalised round as files: from one frozen snapshot, in one language, as PDF/A or Word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import force_locale

from contest.errors import RuleBroken
from contest.letters import fold
from contest.papers.blocks import Cards, Document
from contest.papers.exports.closing import badges, report_paper
from contest.papers.exports.common import Desk
from contest.papers.exports.council import minutes, summary
from contest.papers.exports.counting import tally
from contest.papers.exports.honours import decision, proposal, receipts, script
from contest.papers.exports.pdf import as_pdf
from contest.papers.exports.sheets import blank_sheets, score_sheets
from contest.papers.exports.word import as_word
from contest.papers.kinds import KINDS, Paper
from contest.papers.queries import Dossier

PDF, WORD = "pdf", "docx"
MIMETYPES = {
    PDF: "application/pdf",
    WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_MAKERS: dict[Paper, Callable[[Desk], Document | Cards]] = {
    Paper.SCORE_SHEETS: score_sheets,
    Paper.BLANK_SHEETS: blank_sheets,
    Paper.SUMMARY: summary,
    Paper.MINUTES: minutes,
    Paper.TALLY: tally,
    Paper.PROPOSAL: proposal,
    Paper.DECISION: decision,
    Paper.RECEIPTS: receipts,
    Paper.BADGES: badges,
    Paper.SCRIPT: script,
    Paper.REPORT: report_paper,
}


@dataclass(frozen=True, slots=True)
class Made:
    """A paper as a file."""

    name: str
    content: bytes
    mimetype: str


def blocks_of(dossier: Dossier, paper: Paper, language: str, *, address: str = "") -> Document | Cards:
    """Return a paper before it is set. Raises `RuleBroken` with `Dossier.refusal`."""
    refusal = dossier.refusal(paper)
    if refusal:
        raise RuleBroken(refusal, round=dossier.round.name)
    with force_locale(language):
        return _MAKERS[paper](Desk(dossier, language, address))


def make_paper(dossier: Dossier, paper: Paper, language: str, form: str = PDF, *, address: str = "") -> Made:
    """Return a paper of a dossier in a language ("vi", "en") as "pdf" or "docx".

    `address`: where people sign in at the door, for the QR codes. Raises `RuleBroken` with `Dossier.refusal`, or
    "paper_not_as_word".
    """
    if form == WORD and not KINDS[paper].word:
        raise RuleBroken("paper_not_as_word")
    document = blocks_of(dossier, paper, language, address=address)
    made_at = dossier.snapshot.created_at
    if form == WORD and isinstance(document, Document):
        content = as_word(document, made_at=made_at)
    else:
        content = as_pdf(document, made_at=made_at)
    return Made(paper_name(dossier, paper, language, form), content, MIMETYPES[form])


def paper_name(dossier: Dossier, paper: Paper, language: str, form: str) -> str:
    """Return "2026-11-22_bien-ban-hop-hoi-dong_chung-ket.pdf"."""
    day = Desk(dossier, language).day
    return f"{day:%Y-%m-%d}_{KINDS[paper].stem_in(language)}_{fold(dossier.round.code).replace(' ', '-')}.{form}"
