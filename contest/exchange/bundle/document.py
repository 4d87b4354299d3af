"""`edition.toml` into a `BundleEdition`, with every problem named by line and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from contest.editions.extensions import MOST_GRACE
from contest.editions.parts import FILE_TYPES, PartKind, PartSpec
from contest.editions.phases import EditionState, RoundState
from contest.editions.rules import CriterionSpec, LocalText, RoundKind, Rubric
from contest.errors import RuleBroken
from contest.exchange.bundle.consents import read_consents
from contest.exchange.bundle.criteria import read_criteria
from contest.exchange.bundle.entry import read_eligibility, read_extensions
from contest.exchange.bundle.findings import MAX_BLOCK, Findings, nearest
from contest.exchange.bundle.keys import Keys, LooseNumber, lines_of
from contest.exchange.bundle.model import (
    DEFAULT_ZONE,
    DOCUMENT,
    BundleEdition,
    BundleField,
    BundleRound,
    BundleTrack,
)
from contest.exchange.bundle.rounds import check_rules, read_bands, read_rules
from contest.results.award_rules import MOST_DONG, AwardBy, AwardSpec, AwardTies, Scope

MAX_DOCUMENT = 1_000_000
LANGUAGES = ("vi", "en")
_EDITION_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
_AT_LINE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass
class Document:
    """What was read, also when it has problems: `edition` is None when its own table could not be used.

    `criteria` maps round code -> folded criterion code -> criterion, None for one that is declared but unusable.
    """

    edition: BundleEdition | None = None
    tracks: tuple[BundleTrack, ...] = ()
    fields: tuple[BundleField, ...] = ()
    rounds: tuple[BundleRound, ...] = ()
    criteria: dict[str, dict[str, CriterionSpec | None]] = field(default_factory=dict)


def read_document(text: str, findings: Findings) -> Document | None:
    """Read the whole document; None when it is no TOML at all."""
    data = _load(text, findings)
    if data is None:
        return None
    root = Keys(findings, lines_of(text), data)
    head = root.table("edition", required=True)
    zone = _zone(head) if head else UTC
    document = Document()
    document.tracks = tuple(BundleTrack(code, name) for code, name in _named(root, "tracks"))
    document.fields = tuple(BundleField(code, name) for code, name in _named(root, "fields"))
    parts = tuple(_parts(root))
    document.rounds = tuple(_rounds(root, zone, document, [part.code for part in parts]))
    awards = tuple(_awards(root, document))
    entry = read_eligibility(root, [each.code for each in document.tracks])
    consents = read_consents(root)
    extensions = read_extensions(root, zone, [each.code for each in document.rounds])
    root.finish()
    if head:
        edition = _edition(head, zone, document, parts, awards)
        document.edition = replace(edition, entry_rules=entry, consents=consents, extensions=extensions)
    return document


def _load(text: str, findings: Findings) -> dict[str, Any] | None:
    place = (DOCUMENT, None, None)
    if len(text) > MAX_DOCUMENT:
        findings.add(place, "text_too_long", limit=MAX_DOCUMENT, length=len(text))
        return None
    try:
        return tomllib.loads(text, parse_float=LooseNumber)
    except (ValueError, RecursionError) as error:
        line = _AT_LINE.search(str(error))
        row = int(line[1]) if line and line[1] else text.count("\n") + 1 if line else None
        cause = str(error).partition(" (at")[0]
        findings.add((DOCUMENT, row, None), "toml_broken", cause=cause)
        return None


def _zone(head: Keys) -> tzinfo:
    name = head.text("timezone")
    try:
        return ZoneInfo(name or DEFAULT_ZONE)
    except (KeyError, ValueError, OSError):
        head.findings.add(head.place("timezone"), "timezone_unknown", value=name)
        return UTC


def _edition(
    head: Keys, zone: tzinfo, document: Document, parts: tuple[PartSpec, ...], awards: tuple[AwardSpec, ...]
) -> BundleEdition:
    opens, closes = _window(head, zone, "submissions_open", "submissions_close")
    edition = BundleEdition(
        code=_edition_code(head),
        name=head.local("name", required=True),
        organiser=head.text("organiser"),
        timezone=head.text("timezone") or DEFAULT_ZONE,
        about=head.local("about", MAX_BLOCK, block=True),
        contact=head.text("contact", 300),
        languages=_languages(head),
        state=head.optional_choice("state", EditionState),
        submissions_open=opens,
        submissions_close=closes,
        grace_minutes=head.integer("grace_minutes", 0, 0, MOST_GRACE),
        marks_shown=head.boolean("marks_shown", default=True),
        second_step=head.boolean("second_step"),
        tracks=document.tracks,
        fields=document.fields,
        parts=parts,
        rounds=document.rounds,
        awards=awards,
    )
    head.finish()
    return edition


def _edition_code(head: Keys) -> str:
    code = head.text("code", required=True)
    if code and not _EDITION_CODE.fullmatch(code):
        head.findings.add(head.place("code"), "edition_code_invalid", value=code)
    return code


def _languages(head: Keys) -> tuple[str, ...]:
    found = head.texts("languages")
    if found is None:
        return LANGUAGES
    if not found or not set(found) <= set(LANGUAGES) or len(set(found)) < len(found):
        head.findings.add(
            head.place("languages"), "value_not_choice", value=", ".join(found), allowed=", ".join(LANGUAGES)
        )
        return LANGUAGES
    return found


def _window(keys: Keys, zone: tzinfo, first: str, last: str) -> tuple[datetime | None, datetime | None]:
    opens, closes = keys.moment(first, zone), keys.moment(last, zone)
    if opens and closes and opens >= closes:
        keys.findings.add(keys.place(last), "closes_before_opens")
    return opens, closes


def _coded(root: Keys, key: str) -> Iterator[tuple[Keys, str]]:
    """Yield the tables of an array with their codes; a code that is used twice, in any case, is a problem."""
    seen: set[str] = set()
    for keys in root.tables(key):
        code = keys.code()
        if code and code.casefold() in seen:
            keys.findings.add(keys.place("code"), "code_twice", value=code)
        elif code:
            seen.add(code.casefold())
            yield keys, code
            continue
        # The other keys of a table without a usable code are not judged.
        keys.asked.update(keys.data)


def _named(root: Keys, key: str) -> Iterator[tuple[str, LocalText]]:
    for keys, code in _coded(root, key):
        name = keys.local("name", required=True)
        keys.finish()
        yield code, name


def _parts(root: Keys) -> Iterator[PartSpec]:
    for keys, code in _coded(root, "parts"):
        yield PartSpec(
            code=code,
            name=keys.local("name", required=True),
            kind=keys.choice("kind", PartKind.TEXT),
            required=keys.boolean("required", default=True),
            accept=_accept(keys),
            max_mb=keys.integer("max_mb", 20, 1, 1_000),
            max_words=keys.integer("max_words", 500, 1, 20_000),
            help=keys.local("help", MAX_BLOCK, block=True),
        )
        keys.finish()


def _accept(keys: Keys) -> tuple[str, ...]:
    accept = keys.texts("accept") or ()
    for kind in accept:
        if kind and kind not in FILE_TYPES:
            keys.findings.add(keys.place("accept"), "value_not_choice", value=kind, allowed=", ".join(FILE_TYPES))
    return accept


def _rounds(root: Keys, zone: tzinfo, document: Document, parts: list[str]) -> Iterator[BundleRound]:
    earlier: list[str] = []
    for keys, code in _coded(root, "rounds"):
        if code.casefold() == "self":
            keys.findings.add(keys.place("code"), "code_reserved", value=code)
        name = keys.local("name", required=True)
        kind = keys.choice("kind", RoundKind.PRELIMINARY)
        opens, closes = _window(keys, zone, "opens", "closes")
        state = keys.optional_choice("state", RoundState)
        criteria = read_criteria(_coded(keys, "criteria"), parts)
        document.criteria[code] = criteria
        rules = read_rules(keys, earlier, criteria, read_bands(_coded(keys, "bands")))
        keys.finish()
        rubric = _rubric(keys, criteria.values())
        check_rules(keys, rules, rubric, earlier)
        earlier.append(code)
        yield BundleRound(code, name, kind, opens, closes, state, rules, rubric)


def _rubric(keys: Keys, criteria: Iterable[CriterionSpec | None]) -> Rubric:
    try:
        return Rubric(tuple(each for each in criteria if each is not None))
    except RuleBroken as error:
        keys.findings.broken(keys.place("criteria"), error)
        return Rubric()


def _awards(root: Keys, document: Document) -> Iterator[AwardSpec]:
    for keys, code in _coded(root, "awards"):
        by = keys.choice("by", AwardBy.RANK)
        criterion, band = keys.text("criterion"), keys.text("band")
        for key, text, deciding in (("criterion", criterion, AwardBy.CRITERION), ("band", band, AwardBy.BAND)):
            if by is deciding and not text:
                keys.findings.add(keys.place(key), f"award_without_{key}", award=code)
                by = AwardBy.RANK
        yield AwardSpec(
            code=code,
            name=keys.local("name", required=True),
            round=_reference(keys, "round", [each.code for each in document.rounds]),
            track=_reference(keys, "track", [each.code for each in document.tracks]),
            places=keys.integer("places", 1, 1, 1_000),
            exclusive=keys.boolean("exclusive"),
            by=by,
            scope=keys.choice("scope", Scope.TRACK),
            criterion=criterion,
            band=band,
            threshold=keys.decimal("threshold"),
            ties=keys.choice("ties", AwardTies.SHARE),
            amount=keys.integer("amount", 0, 0, MOST_DONG),
            sponsor=keys.text("sponsor"),
        )
        keys.finish()


def _reference(keys: Keys, key: str, known: list[str]) -> str:
    text = keys.text(key)
    for code in known:
        if code.casefold() == text.casefold():
            return code
    if text:
        keys.findings.add(keys.place(key), f"unknown_{key}", value=text, nearest=nearest(text, known))
    return ""
