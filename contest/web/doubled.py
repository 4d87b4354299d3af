"""One question, one answer: a name that is sent twice, or in the address and in the form, is refused.

Whoever reads the first of two answers and whoever reads the last would decide differently. Forms say by their fields
which names may hold many answers; what a view reads without a form is named with `may_repeat`.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import Field, MultipleFileField, SelectMultipleField

from contest.web.errors import error_answer

_many: set[str] = set()


def may_repeat(*names: str) -> None:
    """Say that these names hold lists, wherever they are sent."""
    _many.update(names)


def holds_many(field_class: type[Field]) -> bool:
    """Tell whether a kind of field takes several values under one name."""
    return issubclass(field_class, (SelectMultipleField, MultipleFileField))


def contradicts() -> bool:
    """Tell whether the request in hand gives two answers to one question."""
    sent = (request.args, request.form, request.files)
    names = [name for source in sent for name in source]
    if None in names:  # a part of a form without any name: no form of ours sends one
        return True
    doubled = {name for source in sent for name, values in source.lists() if len(values) > 1}
    return len(set(names)) < len(names) or any(_last(name) not in _many for name in doubled)


def _last(name: str) -> str:
    # A field of a row or of one of several forms on a page: "parts-0-accept", "entry-points".
    return name.rpartition("-")[2]


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


class StrictJson(DefaultJSONProvider):
    """JSON in which every name stands once."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read a text; raise `ValueError` when an object holds a name twice."""
        return json.loads(s, object_pairs_hook=_single, **kwargs)


def _refuse() -> ResponseReturnValue | None:
    if request.endpoint is None or not contradicts():
        return None
    words = gettext("One question came with two answers. Reload the page and send it again.")
    return error_answer(400, words, code="doubled")


def init_app(app: Flask) -> None:
    """Refuse such requests before any view reads them."""
    app.json = StrictJson(app)
    app.before_request(_refuse)
