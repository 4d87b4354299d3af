"""What papers say that no result tells: the bodies, the place, numbers of decisions, who signs and who presents."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from contest.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Details:
    """Plain texts as they are printed; empty is a dotted line on the paper.

    `superior` stands above `issuer` in the head; without `issuer` it is the organiser of the edition. Numbers may hold
    their sign ("12/QĐ-UBND"). `authority` issues the decision. `presenters`: a line per award, its code, a colon, who.
    """

    superior: str = ""
    issuer: str = ""
    place: str = ""
    authority: str = ""
    rules_decision: str = ""
    council_decision: str = ""
    minutes_number: str = ""
    tally_number: str = ""
    proposal_number: str = ""
    decision_number: str = ""
    report_number: str = ""
    organiser_role: str = ""
    organiser_name: str = ""
    authority_role: str = ""
    authority_name: str = ""
    accountant_name: str = ""
    maker_name: str = ""
    presenters: str = ""

    def presenter(self, award: str) -> str:
        """Return who presents an award, by its code; empty when nobody is named."""
        return dict(_lines(self.presenters)).get(award, "")


UNSAID = Details()
NAMES = tuple(one.name for one in fields(Details))


def to_json(details: Details) -> dict[str, str]:
    """Return the texts that are not empty."""
    return {name: text for name, text in asdict(details).items() if text}


def from_json(said: Mapping[str, Any]) -> Details:
    """Return what was kept; a name of other times is left out."""
    return Details(**{name: str(said[name]) for name in NAMES if name in said})


def check_presenters(text: str, awards: Collection[str]) -> None:
    """Refuse a line that names no award, or one that an earlier line names already.

    Raises `RuleBroken` "presenter_without_award", "presenter_twice" (`line` from 1, `text`, `codes`).
    """
    seen = set()
    for number, line in enumerate(text.splitlines(), start=1):
        for award, who in _lines(line) or ([("", "")] if line.strip() else []):
            facts = {"line": number, "text": line.strip(), "codes": ", ".join(awards) or "–"}
            if award not in awards or not who:
                raise RuleBroken("presenter_without_award", **facts)
            if award in seen:
                raise RuleBroken("presenter_twice", **facts)
            seen.add(award)


def _lines(text: str) -> list[tuple[str, str]]:
    pairs = (line.partition(":") for line in text.splitlines() if ":" in line)
    return [(award.strip(), who.strip()) for award, _colon, who in pairs]
