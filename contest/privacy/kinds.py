"""What somebody can ask for about personal data, who asks, and where it stands. Pure."""

from __future__ import annotations

from enum import StrEnum


class RequestKind(StrEnum):
    """What is asked for."""

    ACCESS = "access"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    OBJECTION = "objection"
    ERASURE = "erasure"


class AskedBy(StrEnum):
    """In which capacity somebody asks."""

    PERSON = "person"
    GUARDIAN = "guardian"
    OTHER = "other"


class RequestState(StrEnum):
    """Open until it is answered; answered until it is carried out; closed for good after that."""

    OPEN = "open"
    ANSWERED = "answered"
    DONE = "done"
    REFUSED = "refused"
