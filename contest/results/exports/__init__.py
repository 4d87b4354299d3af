"""What leaves a round's results: the workbook, and the words of the sum."""

from __future__ import annotations

from contest.results.exports.explain_words import Names, sentences
from contest.results.exports.workbook import (
    Provenance,
    cell_words,
    provenance,
    round_workbook,
    status_words,
    workbook_name,
)

__all__ = [
    "Names",
    "Provenance",
    "cell_words",
    "provenance",
    "round_workbook",
    "sentences",
    "status_words",
    "workbook_name",
]
