"""How an edition asks for consents: the ages of the law as data, and what an edition sets. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from contest.errors import RuleBroken

LONGEST_CONTACT = 300
GUARDIAN_AGES = (7, 21)


class AskAge(StrEnum):
    """How a team tells the age of a member: by a band of ages, which is less, or by the date of birth."""

    BAND = "band"
    BIRTH_DATE = "birth_date"


@dataclass(frozen=True, slots=True)
class AgePolicy:
    """From which ages a person has a word, has it alone, and is of age; in force from `since`."""

    country: str
    since: date
    own_from: int
    guardian_under: int
    of_age: int


POLICIES = (
    # Decree 13/2023, article 20; then Law 91/2025/QH15, article 24. A child is a person under 16.
    AgePolicy("VN", date(2023, 7, 1), 7, 16, 18),
    AgePolicy("VN", date(2026, 1, 1), 7, 16, 18),
    # GDPR, article 8: 16, or what a member state has lowered it to.
    AgePolicy("EU", date(2018, 5, 25), 7, 16, 18),
    AgePolicy("EU-13", date(2018, 5, 25), 7, 13, 18),
    AgePolicy("GB", date(2018, 5, 25), 7, 13, 18),
)
COUNTRIES = tuple(dict.fromkeys(one.country for one in POLICIES))


def policy_at(country: str, day: date) -> AgePolicy:
    """Return the policy of a country on a day; before its first one, the first. Raises `RuleBroken`."""
    known = sorted((one for one in POLICIES if one.country == country), key=lambda one: one.since)
    if not known:
        raise RuleBroken("privacy_country_unknown", item=country)
    return next((one for one in reversed(known) if one.since <= day), known[0])


@dataclass(frozen=True, slots=True)
class PrivacyRules:
    """What an edition sets. `required`: nobody takes part before the consents are there.

    `guardian_under` replaces the age of the country's policy. `contact` is who answers for personal data.
    """

    required: bool = False
    country: str = "VN"
    guardian_under: int | None = None
    ask: AskAge = AskAge.BAND
    contact: str = ""

    def __post_init__(self) -> None:
        """Refuse a country without a policy, and an age that makes no sense."""
        policy_at(self.country, date.max)
        low, high = GUARDIAN_AGES
        if self.guardian_under is not None and not low <= self.guardian_under <= high:
            raise RuleBroken("privacy_age_out_of_range", low=low, high=high)

    def policy(self, day: date) -> AgePolicy:
        """Return the ages that count on a day."""
        law = policy_at(self.country, day)
        under = law.guardian_under if self.guardian_under is None else self.guardian_under
        return AgePolicy(law.country, law.since, law.own_from, under, law.of_age)


NO_CONSENTS = PrivacyRules()
NEW_EDITION = PrivacyRules(required=True)
"""What an edition that is made on the site begins with."""


def privacy_to_json(rules: PrivacyRules) -> dict[str, Any]:
    """Return every setting as plain values."""
    return {
        "required": rules.required,
        "country": rules.country,
        "guardian_under": rules.guardian_under,
        "ask": rules.ask.value,
        "contact": rules.contact,
    }


def privacy_from_json(data: Mapping[str, Any]) -> PrivacyRules:
    """Read what `privacy_to_json` wrote; what is absent is as before there were consents. Raises `RuleBroken`."""
    return PrivacyRules(
        required=bool(data.get("required", False)),
        country=str(data.get("country", "VN")),
        guardian_under=data.get("guardian_under"),
        ask=AskAge(data.get("ask", AskAge.BAND)),
        contact=str(data.get("contact", "")),
    )


class AgeBand(StrEnum):
    """A band of ages that a team tells instead of a date of birth."""

    UNDER_7 = "under_7"
    FROM_7 = "from_7"
    FROM_13 = "from_13"
    FROM_16 = "from_16"
    FROM_18 = "from_18"

    @property
    def youngest(self) -> int:
        """The lowest age of the band: nobody in it is younger."""
        return 0 if self is AgeBand.UNDER_7 else int(self.value.removeprefix("from_"))
