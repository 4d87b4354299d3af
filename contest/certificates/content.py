"""What a certificate says, frozen when it is issued: numbers, texts with their placeholders filled in, signatories."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from contest.certificates.look import Look
from contest.certificates.roll import Candidate
from contest.certificates.texts import filled, tidy
from contest.editions.rules import LocalText

FORMAT = 1
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def number_text(sequence: int, year: int, series: str) -> str:
    """Return a number as it stands in the register and on paper: "12/2026/GCN-BTC"."""
    return f"{sequence}/{year}/{series}"


def day_words(day: date, language: str) -> str:
    """Return "ngày 05 tháng 02 năm 2026" or "5 February 2026"; days below 10 and months below 3 with a nought."""
    if language == "en":
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)  # noqa: PLR2004  Nghị định 30/2020
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def content_of(
    candidate: Candidate, look: Look, *, number: str, contest: LocalText, organiser: str, day: date, name: str = ""
) -> dict[str, Any]:
    """Return everything that a certificate says as plain JSON values.

    `name`: as it should stand, when it was misspelt in the results. In a language that has no wording of its own the
    other one stands.
    """
    issuer = LocalText(look.issuer.vi or organiser, look.issuer.en or look.issuer.vi or organiser)
    named = tidy(name) or candidate.name
    said: dict[str, Any] = {
        language: {
            "heading": tidy(look.heading.in_(language)),
            "lead": tidy(look.lead.in_(language)),
            "lines": filled(
                look.texts[candidate.kind].in_(language),
                _values(candidate, language, named, number, contest, issuer, day),
            ).split("\n"),
            "issuer": tidy(issuer.in_(language)),
            "contest": tidy(contest.in_(language)),
            "award": tidy(candidate.award.in_(language)),
            "day": ", ".join(part for part in (tidy(look.place), day_words(day, language)) if part),
            "signatories": [{"role": tidy(one.role.in_(language)), "name": tidy(one.name)} for one in look.signatories],
        }
        for language in look.speaks
    }
    return {
        "format": FORMAT,
        "kind": candidate.kind.value,
        "number": number,
        "name": named,
        "team": candidate.team,
        "title": candidate.title,
        "issued_on": day.isoformat(),
        "languages": list(look.speaks),
        "said": said,
        "source": None if candidate.source is None else asdict(candidate.source),
    }


def _values(
    candidate: Candidate, language: str, name: str, number: str, contest: LocalText, issuer: LocalText, day: date
) -> dict[str, str]:
    return {
        "name": name,
        "award": candidate.award.in_(language),
        "team": candidate.team,
        "title": candidate.title,
        "school": candidate.school,
        "track": candidate.track.in_(language),
        "task": candidate.task,
        "contest": contest.in_(language),
        "organiser": issuer.in_(language),
        "number": number,
        "date": day_words(day, language),
        "year": str(day.year),
    }
