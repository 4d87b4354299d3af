"""Who gains and loses what: shown before a plan is put in force, and mailed afterwards to those touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, flash, url_for
from flask_babel import ngettext
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.phases import RoundState
from contest.judging.queries.assignments import RoundBoard
from contest.judging.queries.conflicts import IdPair, SubmissionLine
from contest.judging.queries.panel import PanelJudge
from contest.judging.services.assignments import Applied
from contest.judging.services.reminders import Letter
from contest.judging.services.reshuffles import tell
from contest.web.mailing import LOCALES, absolute, render_mail

SEEN = frozenset({RoundState.OPEN, RoundState.SCORING})
"""The judges see their lists, so that a change is news to them."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What changes for one judge."""

    judge: PanelJudge
    before: int
    after: int
    gets: tuple[SubmissionLine, ...]
    loses: tuple[SubmissionLine, ...]


def touched(board: RoundBoard, came: Iterable[IdPair], went: Iterable[IdPair]) -> list[Touched]:
    """Return the judges whose list changes, in the order of the panel; pairs of ids. `board` is as it was before."""
    gets, loses = _by_judge(board, came), _by_judge(board, went)
    loads = board.board.loads()
    found = []
    for judge, load in zip(board.judges, loads, strict=True):
        new, old = gets.get(judge.id, ()), loses.get(judge.id, ())
        if new or old:
            found.append(Touched(judge, load, load + len(new) - len(old), new, old))
    return found


def _by_judge(board: RoundBoard, pairs: Iterable[IdPair]) -> Mapping[int, tuple[SubmissionLine, ...]]:
    lines = {line.id: line for line in board.submissions}
    found: dict[int, list[SubmissionLine]] = {}
    for submission_id, judge_id in sorted(pairs):
        if submission_id in lines:
            found.setdefault(judge_id, []).append(lines[submission_id])
    return {judge_id: tuple(sorted(mine, key=lambda line: line.code)) for judge_id, mine in found.items()}


def news(edition: EditionFacts, board: RoundBoard, outcome: Applied, now: datetime) -> int:
    """Put a mail to everybody touched into the running unit of work; none while the judges see nothing yet."""
    if board.round.state not in SEEN:
        return 0
    found = touched(board, outcome.came, outcome.went)
    letters = [_letter(edition, board, one) for one in found if one.judge.left_at is None]
    return tell(round_id=board.round.id, letters=letters, actor_id=current_user.id, now=now)


def _letter(edition: EditionFacts, board: RoundBoard, one: Touched) -> Letter:
    judge = one.judge
    locale = judge.locale if judge.locale in LOCALES else str(current_app.config["BABEL_DEFAULT_LOCALE"])
    subject, body = render_mail(
        "judging/changed",
        locale,
        name=judge.name,
        edition_name=edition.name.in_(locale),
        round_name=board.round.name.in_(locale),
        leaves=False,
        gets=[line.code for line in one.gets],
        loses=[line.code for line in one.loses],
        count=one.after,
        url=absolute(url_for("judging.desk", edition_code=edition.code)),
    )
    return Letter(judge.id, judge.name, judge.email or judge.account_email, subject, body, f"edition:{edition.id}")


def say_told(count: int) -> None:
    """Flash how many mails went out, if any."""
    if count:
        flash(ngettext("%(num)s mail is in the outbox.", "%(num)s mails are in the outbox.", count), "success")
