"""Asking a provider outside who somebody is, and what becomes of its word here."""

from __future__ import annotations

from contest.accounts.outside.services.asking import Errand, Refused, answered, begun
from contest.accounts.outside.services.linking import link, person_for, unlink

__all__ = ["Errand", "Refused", "answered", "begun", "link", "person_for", "unlink"]
