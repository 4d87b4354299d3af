"""Codes into words: every package registers its sentences, the edge asks for one in the user's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from contest.errors import Refused
from contest.web.formats import decimal_text, local, localtime

_SENTENCES: dict[str, Any] = {
    "not_allowed": _l("You may see this, but not do this."),
    "not_found": _l("There is nothing here, or it is not open to you."),
    "storage_full": _l(
        "The disk of this site is nearly full, so no file can be taken now. Texts and marks are still saved. "
        "Please tell the organiser."
    ),
    "too_many_attempts": _l("Too many attempts. Please wait %(minutes)s minutes and try again."),
}


def register(sentences: Mapping[str, Any]) -> None:
    """Add sentences: code -> lazy msgid with named placeholders. A code belongs to one package only."""
    for code, words in sentences.items():
        if code in _SENTENCES:
            raise ValueError(f"the sentence for {code!r} is registered twice")
        _SENTENCES[code] = words


def sentence(refused: Refused) -> str:
    """Return the words for a refusal; an unregistered code is a programming error and raises `KeyError`."""
    facts = {name: _fact(value) for name, value in refused.facts.items()}
    return str(_SENTENCES[refused.code]) % facts


def registered() -> frozenset[str]:
    """Return every code that has words."""
    return frozenset(_SENTENCES)


def _fact(value: Any) -> str:
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime):
        return localtime(value)
    if isinstance(value, (tuple, list, frozenset)):
        return ", ".join(_fact(item) for item in value)
    return local(value) if hasattr(value, "in_") else str(value)
