"""The organiser's verbs about judging, in one place for callers."""

from __future__ import annotations

from contest.judging.services.assignments import (
    Applied,
    apply_plan,
    apply_proposal,
    assign_one,
    clear_unstarted,
    pin_one,
    unassign_one,
)
from contest.judging.services.conflicts import (
    Declared,
    declare_conflict,
    dismiss_finding,
    restore_finding,
    withdraw_conflict,
)
from contest.judging.services.judges import add_judge, add_judges, change_judge, remove_judge
from contest.judging.services.panel_changes import let_leave
from contest.judging.services.proposals import (
    HandAct,
    change_proposal,
    deploy_proposal,
    drop_proposal,
    keep_proposal,
    undo_last,
)
from contest.judging.services.remedies import Choice, take_way
from contest.judging.services.reminders import Letter, due_for_reminder, remind

__all__ = [
    "Applied",
    "Choice",
    "Declared",
    "HandAct",
    "Letter",
    "add_judge",
    "add_judges",
    "apply_plan",
    "apply_proposal",
    "assign_one",
    "change_judge",
    "change_proposal",
    "clear_unstarted",
    "declare_conflict",
    "deploy_proposal",
    "dismiss_finding",
    "drop_proposal",
    "due_for_reminder",
    "keep_proposal",
    "let_leave",
    "pin_one",
    "remind",
    "remove_judge",
    "restore_finding",
    "take_way",
    "unassign_one",
    "undo_last",
    "withdraw_conflict",
]
