"""What certificates there are, and why one is not issued yet. Pure."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """For what a certificate is given."""

    WINNER = "winner"
    FINALIST = "finalist"
    PARTICIPANT = "participant"
    JUDGE = "judge"
    MENTOR = "mentor"
    VOLUNTEER = "volunteer"


TEAM_KINDS = frozenset({Kind.WINNER, Kind.FINALIST, Kind.PARTICIPANT})
"""Those that tell a result, and that name young people."""


class Basis(StrEnum):
    """Why a name may be published: consent was given, or the person is of age."""

    CONSENT = "consent"
    OF_AGE = "of_age"


class Hold(StrEnum):
    """Why a certificate is held back: its person is a minor, or may be one, and nobody recorded a consent.

    Or the person is of age and took back to be named.
    """

    MINOR = "minor"
    AGE_UNKNOWN = "age_unknown"
    TAKEN_BACK = "taken_back"


class Want(StrEnum):
    """Why there is nobody to issue to yet."""

    AWARDS_NOT_SETTLED = "awards_not_settled"
    ROUND_NOT_FINAL = "round_not_final"
    ROUND_MISSING = "round_missing"
