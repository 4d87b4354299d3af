"""Who may judge, open a paper, read the submission on it, and write on it."""

from __future__ import annotations

from datetime import datetime

from contest.accounts.roles import JURY, Identity, Nobody
from contest.editions.facts import EditionFacts
from contest.judging.papers import PaperFacts, PaperState


def can_judge(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the judges' pages are open: to judges, and to a chair, who may hold papers too."""
    return user.holds(edition.id, *JURY)


def can_open(user: Identity | Nobody, paper: PaperFacts) -> bool:
    """Tell whether the paper exists for this person; the matching list is `queries.desk.desk_of`."""
    return paper.opens_to(user.id) and user.round_id in (None, paper.round.id)


def can_read(user: Identity | Nobody, paper: PaperFacts) -> bool:
    """Tell whether the submission and its files are open: no longer to a judge who withdrew from it or left."""
    return can_open(user, paper) and paper.state not in (PaperState.RECUSED, PaperState.VOIDED)


def can_recuse(user: Identity | Nobody, paper: PaperFacts, now: datetime) -> bool:
    """Tell whether the judge may withdraw from the paper at `now`."""
    return can_read(user, paper) and paper.round.recusal_open(now)


def can_score(user: Identity | Nobody, paper: PaperFacts, now: datetime) -> bool:
    """Tell whether marks may be written at `now`."""
    return can_abstain(user, paper, now) and paper.state is not PaperState.ABSTAINED


def can_abstain(user: Identity | Nobody, paper: PaperFacts, now: datetime) -> bool:
    """Tell whether the judge may abstain from the paper at `now`, or take that back."""
    return can_read(user, paper) and paper.round.scoring_open(now)
