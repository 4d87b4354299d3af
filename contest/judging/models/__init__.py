"""Judges, conflicts, who advanced into a round, assignments, scorecards and scores."""

from __future__ import annotations

from contest.judging.models.assignments import Advancement, Assignment, PastAssignment, Score, Scorecard
from contest.judging.models.conflicts import Conflict, ConflictSettings, DismissedFinding, Sponsorship, UnitAlias
from contest.judging.models.draws import Draw, DrawTurn
from contest.judging.models.panel import Judge, JudgeBid, JudgePresence, PanelChange, TitlesAnswer, TitlesCall
from contest.judging.models.papers import KeyedPaper, LatePaper, MeasuredScore, ScoreEventRow
from contest.judging.models.plans import AssignmentDeployment, AssignmentProposal
from contest.judging.models.practice import PracticeEntry, PracticeMarks
from contest.judging.models.sights import Look

__all__ = [
    "Advancement",
    "Assignment",
    "AssignmentDeployment",
    "AssignmentProposal",
    "Conflict",
    "ConflictSettings",
    "DismissedFinding",
    "Draw",
    "DrawTurn",
    "Judge",
    "JudgeBid",
    "JudgePresence",
    "KeyedPaper",
    "LatePaper",
    "Look",
    "MeasuredScore",
    "PanelChange",
    "PastAssignment",
    "PracticeEntry",
    "PracticeMarks",
    "Score",
    "ScoreEventRow",
    "Scorecard",
    "Sponsorship",
    "TitlesAnswer",
    "TitlesCall",
    "UnitAlias",
]
