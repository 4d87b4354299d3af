"""What is known of a round when its judges are counted."""

from __future__ import annotations

from contest.editions.facts import RoundFacts
from contest.judging.capacity import Work
from contest.judging.queries.panel import judges_of
from contest.judging.queries.rounds import participants

READING, SCORING = 10, 5
"""Minutes that judges of idea contests take for one entry, where nothing else is known."""
EVENING = 180


def usual_work(round_: RoundFacts) -> tuple[Work, int]:
    """Return the round's own numbers, where it has some, and how many of the minutes are reading; in four queries.

    A round with talks takes the minutes of talk and questions for reading.
    """
    judges = sum(judge.left_at is None for judge in judges_of(round_.edition_id))
    rules = round_.rules
    talk = (rules.pitch_minutes or 0) + (rules.answer_minutes or 0)
    reading = talk or READING
    wanted = rules.judges_per_submission or max(1, judges)
    return Work(len(participants(round_)), reading + SCORING, EVENING, judges, wanted), reading
