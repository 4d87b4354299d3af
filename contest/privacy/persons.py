"""A person as the data know them, and how texts are freed of them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contest.letters import name_digest

FULL_NAME = 2
SHORTEST_PHONE = 8


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a request is about: an account, or a member of a team by the digest of the name."""

    user_id: int | None = None
    team_id: int | None = None
    name_key: str = ""


@dataclass(frozen=True)
class Person:
    """Everything that leads to a person: numbers of rows, and the names and contacts under which texts know them.

    `teams` are those that the person leads or is in, `sole` those with nobody else in them, `entries` their
    submissions. `others` are the names of everybody else in those teams.
    """

    users: frozenset[int] = frozenset()
    members: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()
    sole: frozenset[int] = frozenset()
    entries: frozenset[int] = frozenset()
    judges: frozenset[int] = frozenset()
    editions: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Tell whether anything leads to the person."""
        return bool(self.users or self.members or self.judges)

    @cached_property
    def _digests(self) -> frozenset[str]:
        return frozenset(map(name_digest, self.names))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = [part for name in sorted(self.names) if len(name.split()) >= FULL_NAME for part in _spellings(name)]
        parts += [part for contact in sorted(self.contacts) for part in _contact(contact)]
        return re.compile("|".join(rf"(?<!\w)(?:{part})(?!\w)" for part in parts) or r"(?!)", re.IGNORECASE)

    def is_named(self, text: str) -> bool:
        """Tell whether a text is the person's name, in any case and encoding."""
        return bool(text) and name_digest(text) in self._digests

    def freed(self, text: str, alias: str) -> str:
        """Return the text with the alias where it names the person in full, or tells how to reach them."""
        return alias if self.is_named(text) else self._pattern.sub(lambda _found: alias, text)

    def freed_json(self, value: Any, alias: str) -> Any:
        """Return a JSON value with each of its texts freed; keys stay."""
        if isinstance(value, str):
            return self.freed(value, alias)
        if isinstance(value, list):
            return [self.freed_json(one, alias) for one in value]
        if isinstance(value, dict):
            return {key: self.freed_json(one, alias) for key, one in value.items()}
        return value


def _spellings(name: str) -> Iterator[str]:
    """Yield the name as composed and as decomposed letters, with any blanks between its words."""
    for form in ("NFC", "NFD"):
        yield r"\s+".join(map(re.escape, unicodedata.normalize(form, name).split()))


def _contact(contact: str) -> Iterator[str]:
    digits = re.sub(r"\D", "", contact)
    if "@" in contact or len(digits) < SHORTEST_PHONE:
        yield re.escape(contact)
        return
    local = digits.removeprefix("84") if contact.startswith("+") else digits.removeprefix("0")
    yield r"(?:\+?84|0)?[\s.\-]*" + r"[\s.\-]*".join(local)
