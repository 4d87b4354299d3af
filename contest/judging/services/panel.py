"""The organiser's verbs about judging, in one place for callers."""

from __future__ import annotations

from contest.judging.services.assignments import (
    Applied,
    apply_plan,
    apply_proposal,
    assign_one,
    clear_unstarted,
    unassign_one,
)
from contest.judging.services.conflicts import Declared, declare_conflict, withdraw_conflict
from contest.judging.services.judges import add_judge, add_judges, change_judge, remove_judge
from contest.judging.services.panel_changes import let_leave
from contest.judging.services.reminders import Letter, due_for_reminder, remind

__all__ = [
    "Applied",
    "Declared",
    "Letter",
    "add_judge",
    "add_judges",
    "apply_plan",
    "apply_proposal",
    "assign_one",
    "change_judge",
    "clear_unstarted",
    "declare_conflict",
    "due_for_reminder",
    "let_leave",
    "remind",
    "remove_judge",
    "unassign_one",
    "withdraw_conflict",
]
