"""Letters as PDF: one for a team, all of a round for the committee."""

from __future__ import annotations

from contest.feedback.exports.charts import position_svg, radar_svg
from contest.feedback.exports.letters import letter_name, letter_pdf, letters_pdf

__all__ = ["letter_name", "letter_pdf", "letters_pdf", "position_svg", "radar_svg"]
