"""How the certificates of an edition look and what they say: settings with usual values, as data and as JSON. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from contest.certificates.kinds import Kind
from contest.certificates.texts import first_fault
from contest.editions.rules import LocalText
from contest.errors import RuleBroken

MOST_SIGNATORIES = 3
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_SERIES = re.compile(r"[0-9A-Za-zÀ-ỹĐđ][0-9A-Za-zÀ-ỹĐđ./-]{0,39}")


class Language(StrEnum):
    """In which languages a certificate speaks; the first one of both stands larger."""

    VI = "vi"
    EN = "en"
    BOTH = "both"


class To(StrEnum):
    """Whether each member of a team gets one, or the team as a whole."""

    MEMBERS = "members"
    TEAM = "team"


class Frame(StrEnum):
    """What is drawn around the page; a background of one's own usually brings its frame along."""

    ORNATE = "ornate"
    PLAIN = "plain"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: the office in both languages and the name printed below the room for ink."""

    role: LocalText
    name: str


_ISSUER, _HEADING = LocalText("", ""), LocalText("Giấy chứng nhận", "Certificate")
_LEAD = LocalText("Trao cho", "Presented to")
# The first line is printed large: what it is given for.
_USUAL = {
    Kind.WINNER: LocalText(
        "{award}\nvới ý tưởng “{title}” của {team}\ntại cuộc thi {contest}",
        "{award}\nfor the idea “{title}” by {team}\nin the contest {contest}",
    ),
    Kind.FINALIST: LocalText(
        "Vào vòng chung kết\nvới ý tưởng “{title}” của {team}\ntại cuộc thi {contest}",
        "Finalist\nwith the idea “{title}” by {team}\nin the contest {contest}",
    ),
    Kind.PARTICIPANT: LocalText(
        "Đã tham gia dự thi\nvới ý tưởng “{title}” của {team}\ntại cuộc thi {contest}",
        "Participant\nwith the idea “{title}” by {team}\nin the contest {contest}",
    ),
    Kind.JUDGE: LocalText(
        "Giám khảo\ncuộc thi {contest}\nBan Tổ chức trân trọng cảm ơn",
        "Judge\nof the contest {contest}\nwith the sincere thanks of the organisers",
    ),
    Kind.MENTOR: LocalText(
        "Người hướng dẫn\ncủa {team}\ntại cuộc thi {contest}", "Mentor\nof {team}\nin the contest {contest}"
    ),
    Kind.VOLUNTEER: LocalText(
        "Tình nguyện viên\n{task}\ntại cuộc thi {contest}", "Volunteer\n{task}\nin the contest {contest}"
    ),
}


@dataclass(frozen=True, slots=True)
class Look:
    """The settings of an edition's certificates; colours are "#rrggbb", `series` ends each number."""

    language: Language = Language.VI
    landscape: bool = True
    frame: Frame = Frame.ORNATE
    motto: bool = True
    accent: str = "#9e1b1e"
    gold: str = "#b8892f"
    issuer: LocalText = _ISSUER
    place: str = ""
    heading: LocalText = _HEADING
    lead: LocalText = _LEAD
    series: str = "GCN-BTC"
    to: To = To.MEMBERS
    signatories: tuple[Signatory, ...] = (
        Signatory(LocalText("Trưởng Ban Giám khảo", "Chair of the jury"), ""),
        Signatory(LocalText("Trưởng Ban Tổ chức", "Head of the committee"), ""),
    )
    texts: Mapping[Kind, LocalText] = field(default_factory=lambda: dict(_USUAL))

    @property
    def speaks(self) -> tuple[str, ...]:
        """The languages in their order on the page."""
        return ("vi", "en") if self.language is Language.BOTH else (self.language.value,)


def check(look: Look) -> None:
    """Refuse what cannot be printed.

    Raises `RuleBroken` "certificate_placeholder_unknown" (`found`, `line`, `column`, `item` as "winner vi"),
    "certificate_text_missing" (`item`), "certificate_colour_invalid" (`item`), "certificate_series_invalid" (`value`)
    or "certificate_signatories_too_many" (`most`).
    """
    for kind, text in look.texts.items():
        for language in ("vi", "en"):
            _check_text(getattr(text, language), f"{kind.value} {language}", needed=language in look.speaks)
    for name in ("accent", "gold"):
        if not _COLOUR.fullmatch(getattr(look, name)):
            raise RuleBroken("certificate_colour_invalid", item=name, value=getattr(look, name))
    if not _SERIES.fullmatch(look.series):
        raise RuleBroken("certificate_series_invalid", value=look.series)
    if len(look.signatories) > MOST_SIGNATORIES:
        raise RuleBroken("certificate_signatories_too_many", most=MOST_SIGNATORIES)


def _check_text(text: str, item: str, *, needed: bool) -> None:
    fault = first_fault(text)
    if fault:
        raise RuleBroken(
            "certificate_placeholder_unknown", item=item, found=fault.found, line=fault.line, column=fault.column
        )
    if needed and not text.strip():
        raise RuleBroken("certificate_text_missing", item=item)


def to_json(look: Look) -> dict[str, Any]:
    """Return the look as plain JSON values; `from_json` reads it back equal."""
    return {**asdict(replace(look, texts={})), "texts": {kind.value: asdict(text) for kind, text in look.texts.items()}}


def from_json(data: Mapping[str, Any]) -> Look:
    """Read a look back; what an older one lacks has its usual value."""
    texts = {Kind(kind): LocalText(**text) for kind, text in data.get("texts", {}).items()}
    made: dict[str, Any] = {name: value for name, value in data.items() if name in Look.__dataclass_fields__}
    for name in ("issuer", "heading", "lead"):
        if name in made:
            made[name] = LocalText(**made[name])
    for name, enum in (("language", Language), ("to", To), ("frame", Frame)):
        if name in made:
            made[name] = enum(made[name])
    if "signatories" in made:
        made["signatories"] = tuple(Signatory(LocalText(**one["role"]), one["name"]) for one in made["signatories"])
    return Look(**{**made, "texts": {**_USUAL, **texts}})
