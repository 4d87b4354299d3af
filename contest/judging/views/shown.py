"""What a sheet shows: stored marks or refused ones in words, two versions side by side, a sheet as text to copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from flask_babel import gettext as _

from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.judging import marks
from contest.judging.forms import MARK
from contest.judging.marks import MarkProblem, MarksRefused
from contest.judging.papers import Entry, PaperFacts, Sheet
from contest.web.formats import decimal_text, local
from contest.web.messages import sentence


@dataclass(frozen=True, slots=True)
class Shown:
    # What stands in the fields: the stored marks and texts, or what was typed and refused.
    version: int
    texts: Mapping[str, str]
    feedback: str = ""
    private_note: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    message: str = ""


def stored(paper: PaperFacts, sheet: Sheet) -> Shown:
    card = paper.scorecard
    texts = marks.mark_texts(sheet, paper.points(sheet))
    if card is None:
        return Shown(0, texts)
    return Shown(card.version, texts, card.feedback, card.private_note)


def refused(paper: PaperFacts, entry: Entry, error: RuleBroken) -> Shown:
    return Shown(
        entry.version or paper.version,
        entry.texts,
        entry.feedback,
        entry.private_note,
        problems(error),
        sentence(error),
    )


def problems(error: RuleBroken) -> dict[str, str]:
    found = error.problems if isinstance(error, MarksRefused) else ()
    return {problem.criterion.code: _problem(problem) for problem in found}


def _problem(problem: MarkProblem) -> str:
    criterion = problem.criterion
    facts = {
        "criterion": local(criterion.name),
        "text": problem.text,
        "low": shown_mark(criterion.minimum),
        "high": shown_mark(criterion.maximum),
        "step": shown_mark(criterion.step),
    }
    return sentence(RuleBroken(problem.code, **facts))


def shown_mark(value: Decimal) -> str:
    return decimal_text(marks.plain(value))


def shown_total(total: Decimal | None) -> str:
    return "–" if total is None else shown_mark(total)


@dataclass(frozen=True, slots=True)
class Side:
    # One criterion twice: as typed, and as stored.
    field: str
    name: LocalText
    typed: str
    kept: str

    @property
    def shown(self) -> str:
        return _typed(self.typed)

    @property
    def differs(self) -> bool:
        return self.typed.replace(",", ".") != self.kept


def beside(sheet: Sheet, typed: Mapping[str, str], theirs: PaperFacts) -> list[Side]:
    kept = marks.mark_texts(sheet, theirs.points(sheet))
    return [Side(MARK + c.code, c.name, typed.get(c.code, ""), kept.get(c.code, "")) for c in sheet.criteria]


def _typed(text: str) -> str:
    return decimal_text(text.replace(",", "."))


def as_text(paper: PaperFacts, sheet: Sheet, typed: Mapping[str, str], feedback: str, private_note: str) -> str:
    # What a judge typed as lines to copy: into a message, or back into the page.
    lines = [f"{local(paper.round.name)} · {paper.code} · {paper.title}"]
    shown = {c.code: _typed(typed.get(c.code, "")) or "–" for c in sheet.criteria}
    lines += [f"{local(c.name)}: {shown[c.code]}" for c in sheet.criteria]
    lines += [f"{code}: {text}" for code, text in typed.items() if code not in shown]
    if feedback:
        lines.append(_("Comment to the team") + ":\n" + feedback)
    if private_note:
        lines.append(_("Private note") + ":\n" + private_note)
    return "\n".join(lines)
