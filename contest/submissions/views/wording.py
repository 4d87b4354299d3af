"""Lines of the checklist, limits and refusals in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.editions.parts import PartSpec
from contest.errors import Refused, RuleBroken
from contest.submissions.completeness import FIELD, MEGABYTE, SUMMARY, TITLE, TRACK, Flaw, Item
from contest.submissions.queries import Desk
from contest.submissions.views import eligibility_words
from contest.web.formats import filesize, local
from contest.web.messages import sentence

HEADS: dict[str, Any] = {
    TITLE: _l("Title of the idea"),
    SUMMARY: _l("Summary"),
    TRACK: _l("Track"),
    FIELD: _l("Field"),
}
TYPE_WORDS: dict[str, Any] = {
    "pdf": _l("PDF"),
    "slides": _l("PowerPoint (.pptx)"),
    "image": _l("picture (PNG, JPEG, WebP)"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line for the `checklist` macro."""

    label: str
    state: str
    href: str
    note: str


def label(item: Item) -> str:
    """Return what a line of the checklist is called."""
    return local(item.part.name) if item.part is not None else str(HEADS[item.key])


def labels(items: Iterable[Item]) -> str:
    """Return the names of several lines, in one sentence's order."""
    return ", ".join(label(item) for item in items)


def line(item: Item, page: str | None = None) -> Line:
    """Return a line, with a link to its field on `page` ("" is the page itself) when one is given."""
    state = "missing" if item.flaw else "done" if item.given else "optional"
    href = "" if page is None else f"{page}#{item.key}"
    return Line(label(item), state, href, flaw_words(item))


def flaw_words(item: Item) -> str:
    """Return what is wrong with a line beside being empty; "" when nothing is."""
    if item.flaw is Flaw.TOO_LONG:
        return str(_("%(words)s words, at most %(limit)s", words=item.amount, limit=item.limit))
    if item.flaw is Flaw.TOO_LARGE:
        return str(_("%(size)s, at most %(limit)s", size=filesize(item.amount), limit=filesize(item.limit)))
    if item.flaw is Flaw.QUARANTINED:
        return str(_("The virus scanner refuses this file. Please send another one."))
    return str(_("Not a web address")) if item.flaw is Flaw.NOT_A_LINK else ""


def remarks(items: Iterable[Item]) -> dict[str, str]:
    """Return what autosave tells beside a field: only what is wrong, never what is not written yet."""
    return {item.key: flaw_words(item) for item in items if item.flaw not in (None, Flaw.MISSING)}


def limits(part: PartSpec) -> str:
    """Return what a file part takes, told before a file is chosen."""
    kinds = _(" or ").join(str(TYPE_WORDS[kind]) for kind in part.accept if kind in TYPE_WORDS)
    return str(_("%(kinds)s, at most %(limit)s", kinds=kinds, limit=_whole(max_bytes(part))))


def _whole(size: int) -> str:
    whole, rest = divmod(size, MEGABYTE)
    return filesize(size) if rest else str(_("%(size)s MB", size=whole))


def max_bytes(part: PartSpec) -> int:
    """Return the largest file that a part and this server take."""
    largest: int = current_app.config["MAX_UPLOAD_BYTES"]
    return min(part.max_mb * MEGABYTE, largest)


def refusal(refused: Refused, desk: Desk) -> str:
    """Return the words for a refusal, with the names of the lines instead of their keys."""
    if "findings" in refused.facts:
        return eligibility_words.refusal(refused, desk.tracks)
    keys = refused.facts.get("items")
    if keys is None:
        return sentence(refused)
    named = labels(item for item in desk.items if item.key in keys)
    return sentence(RuleBroken(refused.code, **{**refused.facts, "items": named}))
