"""What leaves a round's results: the workbook, flat files, and the words of the sum."""

from __future__ import annotations

from contest.results.exports.book import Extras, Provenance, cell_words, provenance, status_words
from contest.results.exports.explain_words import Names, sentences
from contest.results.exports.flat import ranking_csv, ranking_json
from contest.results.exports.tongues import CHOICES
from contest.results.exports.workbook import file_name, round_workbook, workbook_name

__all__ = [
    "CHOICES",
    "Extras",
    "Names",
    "Provenance",
    "cell_words",
    "file_name",
    "provenance",
    "ranking_csv",
    "ranking_json",
    "round_workbook",
    "sentences",
    "status_words",
    "workbook_name",
]
