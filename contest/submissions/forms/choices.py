"""Pieces that several forms share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.editions.rules import LocalText
from contest.web.formats import local

REQUIRED = _l("Please fill in this field.")


def set_choices(form: Any, name: str, options: Mapping[str, LocalText]) -> None:
    """Fill a select field with the edition's tracks or fields, or take it out of the form when there are none."""
    if options:
        form[name].choices = [("", _("Not chosen yet")), *((code, local(text)) for code, text in options.items())]
    else:
        del form[name]


def chosen(form: Any, name: str) -> str | None:
    """Return the chosen code; none when nothing is chosen or nothing can be."""
    return (form[name].data or None) if name in form else None
