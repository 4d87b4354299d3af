"""In which language a file is written: Vietnamese, English, or both side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from flask_babel import force_locale, get_locale, gettext

from contest.editions.rules import LocalText

LANGUAGES = ("vi", "en")
BOTH = "both"
CHOICES = (*LANGUAGES, BOTH)
_both: ContextVar[bool] = ContextVar("both", default=False)
# What was said in this file before: a large one says the same few words a hundred thousand times.
_said: ContextVar[dict[tuple[str, tuple[tuple[str, object], ...]], str] | None] = ContextVar("said", default=None)


@contextmanager
def writing_in(language: str) -> Iterator[None]:
    """Write what follows in a language of `CHOICES`; `BOTH` puts the English words after the Vietnamese ones."""
    before, said = _both.set(language == BOTH), _said.set({})
    try:
        with force_locale("vi" if language == BOTH else language):
            yield
    finally:
        _both.reset(before)
        _said.reset(said)


def say(msgid: str, **facts: object) -> str:
    """Return a msgid in the language of the file."""
    known = _said.get()
    if known is None:  # a page shows it, not a file
        return str(gettext(msgid, **facts))
    key = (msgid, tuple(facts.items()))
    if key not in known:
        known[key] = _twice(msgid, facts) if _both.get() else str(gettext(msgid, **facts))
    return known[key]


def _twice(msgid: str, facts: Mapping[str, object]) -> str:
    texts = []
    for language in LANGUAGES:
        with force_locale(language):
            texts.append(str(gettext(msgid, **facts)))
    return joined(*texts)


def joined(vi: str, en: str) -> str:
    """Return two wordings of the same as one text."""
    return f"{vi} / {en}" if vi and en and vi != en else vi or en


def local(text: LocalText) -> str:
    """Return a name in the language of the file."""
    if _both.get():
        return joined(text.in_("vi"), text.in_("en"))
    return text.in_(str(get_locale() or "vi"))
