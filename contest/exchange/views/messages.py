"""Sentences for the refusals of this package."""

from __future__ import annotations

from contest.exchange.forms.problems import PROBLEM_SENTENCES
from contest.web import messages

messages.register({code: PROBLEM_SENTENCES[code] for code in ("edition_exists", "list_too_long")})
