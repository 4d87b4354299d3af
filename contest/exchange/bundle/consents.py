"""`[consents]`: what an edition asks before anybody takes part, and who answers for the data."""

from __future__ import annotations

from contest.editions.privacy import (
    COUNTRIES,
    GUARDIAN_AGES,
    LONGEST_CONTACT,
    NO_CONSENTS,
    PrivacyRules,
    privacy_to_json,
)
from contest.exchange.bundle.keys import Keys
from contest.exchange.bundle.toml_text import Value


def read_consents(root: Keys) -> PrivacyRules:
    """Read `[consents]`; without it nothing is asked. A country without ages is noted."""
    keys = root.table("consents")
    if keys is None:
        return NO_CONSENTS
    country = keys.text("country") or NO_CONSENTS.country
    if country not in COUNTRIES:
        keys.findings.add(keys.place("country"), "value_not_choice", value=country, allowed=", ".join(COUNTRIES))
        country = NO_CONSENTS.country
    rules = PrivacyRules(
        required=keys.boolean("required"),
        country=country,
        guardian_under=keys.optional_integer("guardian_under", *GUARDIAN_AGES),
        ask=keys.choice("ask", NO_CONSENTS.ask),
        contact=keys.text("contact", LONGEST_CONTACT),
    )
    keys.finish()
    return rules


def consent_pairs(rules: PrivacyRules) -> dict[str, Value]:
    """Return the table as `read_consents` reads it; nothing for what asks for nothing."""
    usual = privacy_to_json(NO_CONSENTS)
    return {key: value for key, value in privacy_to_json(rules).items() if value != usual[key]}
