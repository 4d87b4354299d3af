"""Writes of files that come in. Every verb runs in the caller's unit of work."""

from __future__ import annotations

from contest.exchange.services.load import load_bundle
from contest.exchange.services.plans import import_plan
from contest.exchange.services.sheets import SheetOutcome, import_answers
from contest.exchange.services.waiting import drop_file, keep_file, remember_mapping, sweep_files

__all__ = [
    "SheetOutcome",
    "drop_file",
    "import_answers",
    "import_plan",
    "keep_file",
    "load_bundle",
    "remember_mapping",
    "sweep_files",
]
