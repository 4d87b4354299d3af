"""Alarms in words: what happened, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from contest.accounts.people import AlarmLine
from contest.infra.alarms import AlarmKind

TITLES: dict[str, Any] = {
    AlarmKind.MASS_READS: _l("Very much was opened in a short time"),
    AlarmKind.REFUSALS: _l("Many pages were refused"),
    AlarmKind.SIGN_INS: _l("Many failed sign-ins"),
    AlarmKind.CHANGED_SCORES: _l("Marks were changed after they had been handed in"),
}
ADVICE: dict[str, Any] = {
    AlarmKind.MASS_READS: _l(
        "Ask the person what it was for. If nobody knows, end the person's devices on the page of the person and look "
        "at what was opened."
    ),
    AlarmKind.REFUSALS: _l(
        "Somebody tries addresses that are closed to them, or an old bookmark leads astray. Nothing was shown. Ask the "
        "person; if it goes on, end their devices."
    ),
    AlarmKind.SIGN_INS: _l(
        "Perhaps somebody guesses a password. Nobody came in by these tries. Ask the person whether it was them; if "
        "not, let them choose a new password and set up a second step."
    ),
    AlarmKind.CHANGED_SCORES: _l(
        "This is allowed as long as scoring is open. Ask the judge why; the history of the score sheet shows when it "
        "was changed."
    ),
}


_IN_THE_LOG = _l(
    "If it goes on, whoever runs the server finds the address in its log at this moment, beside the same code, and can "
    "block it."
)
FROM_OUTSIDE: dict[str, Any] = {
    AlarmKind.REFUSALS: _l("Mostly a program that searches every site for holes. Nothing was shown."),
    AlarmKind.SIGN_INS: _l("Perhaps somebody guesses passwords. Nobody came in by these tries."),
}


def title_of(kind: str) -> str:
    return str(TITLES[kind])


def advice_of(line: AlarmLine) -> str:
    if line.user_id is None and line.kind in FROM_OUTSIDE:
        return f"{FROM_OUTSIDE[line.kind]} {_IN_THE_LOG}"
    return str(ADVICE[line.kind])


def told(line: AlarmLine) -> str:
    """Return one sentence that says how much it was, within which time."""
    span = ngettext("%(num)s minute", "%(num)s minutes", line.seconds // 60)
    return str(_SENTENCES[line.kind](line.count, span))


def _read(count: int, span: str) -> Any:
    return ngettext(
        "%(num)s thing was opened within %(span)s", "%(num)s things were opened within %(span)s", count, span=span
    )


def _refused(count: int, span: str) -> Any:
    return ngettext(
        "%(num)s address was refused within %(span)s",
        "%(num)s different addresses were refused within %(span)s",
        count,
        span=span,
    )


def _failed(count: int, span: str) -> Any:
    return ngettext("%(num)s try failed within %(span)s", "%(num)s tries failed within %(span)s", count, span=span)


def _changed(count: int, span: str) -> Any:
    return ngettext(
        "%(num)s score sheet was changed within %(span)s",
        "%(num)s score sheets were changed within %(span)s",
        count,
        span=span,
    )


_SENTENCES: dict[str, Callable[[int, str], Any]] = {
    AlarmKind.MASS_READS: _read,
    AlarmKind.REFUSALS: _refused,
    AlarmKind.SIGN_INS: _failed,
    AlarmKind.CHANGED_SCORES: _changed,
}


def who_of(line: AlarmLine) -> str:
    """Return whose doing it was: a name, or what is known of somebody who was not signed in."""
    if line.name:
        return line.name
    kind, _colon, code = line.who.partition(":")
    if kind == "address":
        return str(_("Not signed in, from the address %(code)s", code=code[:8]))
    if kind == "login":
        return str(_("A login that nobody has"))
    return str(_("An account that is gone"))
