"""What of a team may be told in public: names with consent, and an alias for what would name somebody without. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from contest.letters import fold, name_digest

SHORTEST_NAME = 2
"""Words of a name that is looked for inside other words: a single one is shared by too many."""


@dataclass(frozen=True, slots=True)
class PublicNames:
    """What may be told, by the code of the submission.

    `named` holds `name_digest` of the members who agreed to be named, with those who had to agree for them; `people`
    today's members; `hidden` the submissions from which somebody took back to take part; `photos` those that may be
    shown with a picture.
    """

    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    photos: frozenset[str] = frozenset()

    def told(self, code: str, words: str, members: Collection[str] = ()) -> str:
        """Return words about a team as everybody may read them: the code where they would name somebody."""
        if code in self.hidden:
            return code
        agreed = self.named.get(code, frozenset())
        plain = f" {fold(words)} "
        unnamed = {one for one in (*members, *self.people.get(code, ())) if name_digest(one) not in agreed}
        keys = {fold(one) for one in unnamed}
        return code if any(len(key.split()) >= SHORTEST_NAME and f" {key} " in plain for key in keys) else words

    def members(self, code: str, members: Collection[str]) -> tuple[str, ...]:
        """Return the names that may be told of those that were frozen with a result, in their order."""
        if code in self.hidden:
            return ()
        agreed = self.named.get(code, frozenset())
        return tuple(one for one in members if name_digest(one) in agreed)
