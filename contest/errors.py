"""The refusals that services and policies may raise; the edge turns them into words and status codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Refused(Exception):
    """Base of every expected refusal: carries a code and facts, never a sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        listed = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code}({listed})"


class RuleBroken(Refused):
    """A rule of the contest forbids the act (HTTP 409 or 422)."""


class NotAllowed(Refused):
    """The actor may see the thing but not do this with it (HTTP 403)."""

    def __init__(self, code: str = "not_allowed", **facts: Any) -> None:
        super().__init__(code, **facts)


class Busy(Refused):
    """The database cannot take a change just now; the same one may be sent again (HTTP 503)."""

    def __init__(self) -> None:
        super().__init__("busy")


class StorageFull(Refused):
    """The disk has no room for files left; what is small, like marks, is still saved (HTTP 507)."""

    def __init__(self) -> None:
        super().__init__("storage_full")


class NotFound(Refused):
    """The thing does not exist, or must look so for this actor (HTTP 404)."""

    def __init__(self, code: str = "not_found", **facts: Any) -> None:
        super().__init__(code, **facts)


@dataclass(frozen=True)
class Problem:
    """What is wrong in a file that came in: where it stands, a code and facts, never a sentence.

    `row` counts as a spreadsheet does (the header is row 1); `column` is the header's name, or the path of a key.
    """

    file: str
    row: int | None
    column: str | None
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
