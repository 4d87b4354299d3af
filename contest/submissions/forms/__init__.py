"""Forms of teams and of the committee."""

from __future__ import annotations

from contest.submissions.forms.decisions import DecisionForm, ListForm, WithdrawForm
from contest.submissions.forms.draft import DraftForm, draft_form
from contest.submissions.forms.handing_in import HandInForm
from contest.submissions.forms.teams import RegisterForm, TeamForm, team_form

__all__ = [
    "DecisionForm",
    "DraftForm",
    "HandInForm",
    "ListForm",
    "RegisterForm",
    "TeamForm",
    "WithdrawForm",
    "draft_form",
    "team_form",
]
