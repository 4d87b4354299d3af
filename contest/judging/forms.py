"""What judges send: a scorecard as a form or as JSON, and why they withdraw; and what a draw is made of."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from contest.editions.forms.fields import at_most, needed
from contest.errors import RuleBroken
from contest.judging.papers import Entry
from contest.web.forms import Form, clean, no_nul

MARK = "mark-"
LONGEST_TEXT = 5000
LONGEST_REASON = 500
KEPT_KEYS = 8

_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
# JSON may hold halves of letters, which no text can be written with.
_MARK_TEXT = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{0,60}")

_JSON_FIELDS = ("version", "rubric_version", "key", "feedback", "private_note", "act", "after", "started_at")

Read = Callable[[str], Any]


class RecusalForm(Form):
    reason = TextAreaField(
        _l("Why do you withdraw?"),
        validators=[
            no_nul,
            DataRequired(_l("Write the reason in a few words.")),
            Length(max=LONGEST_REASON, message=_l("At most %(max)d characters.")),
        ],
    )


class AbstentionForm(Form):
    reason = TextAreaField(
        _l("Why can you not judge it?"),
        validators=[
            no_nul,
            DataRequired(_l("Write the reason in a few words.")),
            Length(max=LONGEST_REASON, message=_l("At most %(max)d characters.")),
        ],
        description=_l("For example: I missed the talk, the field is foreign to me, the files do not open."),
    )


class ReturnForm(Form):
    reason = StringField(_l("Why"), [needed(), at_most(LONGEST_REASON), no_nul])


class DecisionForm(Form):
    reason = TextAreaField(_l("Reason"), [needed(), at_most(LONGEST_REASON), no_nul])


def new_key() -> str:
    return secrets.token_hex(16)


def read_entry(assignment: str) -> tuple[Entry, str]:
    # Beside the entry: which button was pressed.
    if request.is_json:
        return _from_json(_json(), assignment), ""
    typed = request.form
    for name, values in typed.lists():
        if len(values) > 1:
            raise RuleBroken("entry_malformed", field=name[:40])
    texts = {name[len(MARK) :]: text for name, text in typed.items() if name.startswith(MARK)}
    return _entry(lambda name: typed.get(name, ""), texts), typed.get("act", "")


def _json() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError:  # lists in lists in lists: not even the parser gets to the end
        return None


def _from_json(sent: Any, assignment: str) -> Entry:
    if not isinstance(sent, dict):
        raise RuleBroken("entry_malformed", field="JSON")
    if sent.get("assignment", assignment) != assignment:
        raise RuleBroken("entry_malformed", field="assignment")
    marks = sent.get("marks", {})
    if not isinstance(marks, dict):
        raise RuleBroken("entry_malformed", field="marks")
    fields = {name: _text(name, one) for name, one in _flat(sent).items() if name != "marks"}
    return _entry(lambda name: fields.get(name, ""), {code: _text(code, one) for code, one in marks.items()})


def _flat(sent: dict[str, Any]) -> dict[str, Any]:
    # Lists and truth values become what the form of the page would send.
    flat = {name: sent[name] for name in _JSON_FIELDS if sent.get(name) is not None}
    submit, after = sent.get("submit", False), flat.get("after")
    if not isinstance(submit, bool):
        raise RuleBroken("entry_malformed", field="submit")
    if isinstance(after, list):
        flat["after"] = " ".join(_text("after", key) for key in after)
    return {**flat, "act": "submit"} if submit else flat


def _text(name: str, value: Any) -> str:
    # A float has lost digits already; nothing at all is no text.
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise RuleBroken("entry_malformed", field=name[:40])
    return str(value)


def _entry(read: Read, texts: Mapping[str, str]) -> Entry:
    for code, text in texts.items():
        if not _MARK_TEXT.fullmatch(text) or not _MARK_TEXT.fullmatch(code):
            raise RuleBroken("entry_malformed", field=f"{MARK}{code}"[:40])
    return Entry(
        version=int(_matching(read, "version", _NUMBER)),
        rubric_version=int(_matching(read, "rubric_version", _NUMBER)),
        key=_matching(read, "key", _KEY),
        texts={code: text for code, text in texts.items() if text},
        feedback=_long(read, "feedback"),
        private_note=_long(read, "private_note"),
        submit=read("act") == "submit",
        after=tuple(key for key in read("after").split()[-KEPT_KEYS:] if _KEY.fullmatch(key)),
        started_at=_moment(read("started_at")),
    )


def _moment(text: str) -> datetime | None:
    # A hint of a clock that may be wrong: what cannot be read says nothing.
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _matching(read: Read, name: str, shape: re.Pattern[str]) -> str:
    text: str = read(name)
    if not shape.fullmatch(text):
        raise RuleBroken("entry_malformed", field=name)
    return text


def _long(read: Read, name: str) -> str:
    raw: str = read(name)
    if "\x00" in raw:
        raise RuleBroken("paper_text_nul")
    text = clean(raw)
    if len(text) > LONGEST_TEXT:
        raise RuleBroken("paper_text_too_long", limit=LONGEST_TEXT, length=len(text))
    return text


class DrawForm(Form):
    seed = StringField(_l("Words of the draw"), [needed(), at_most(200), no_nul])
    reason = StringField(_l("Why it is drawn again"), [Optional(), at_most(500), no_nul])


class MoveForm(Form):
    submission = StringField(_l("Code of the submission"), [needed(), at_most(40), no_nul])
    reason = StringField(_l("Reason"), [needed(), at_most(500), no_nul])
