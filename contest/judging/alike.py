"""Names and units that are the same, or so much alike that somebody has to say whether they are. Pure.

What is much alike must never be decided by a computer: a name without its middle words may be the same person, and a
slip of one letter in a long word may be another one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from contest.likeness import Aliases, Unit, alike_names, alike_units, name_forms, name_words, unit_of, units_agree


class NameIndex:
    """Names by what they could be confused with, so that nobody compares all with all."""

    def __init__(self, names: Iterable[str]) -> None:
        self._equal: dict[Hashable, set[str]] = {}
        self._near: dict[Hashable, set[str]] = {}
        for name in names:
            for form in name_forms(name):
                self._equal.setdefault(form, set()).add(name)
            for key in _name_keys(name):
                self._near.setdefault(key, set()).add(name)

    def matches(self, name: str) -> Iterator[tuple[str, bool]]:
        """Yield the names that may be this person's, in order, and whether they are only alike."""
        equal = {one for form in name_forms(name) for one in self._equal.get(form, ())}
        yield from ((one, False) for one in sorted(equal))
        near = {one for key in _name_keys(name) for one in self._near.get(key, ())} - equal
        yield from ((one, True) for one in sorted(near) if alike_names(name, one))


def _name_keys(name: str) -> Iterator[Hashable]:
    """Yield what two names share that are alike: first and last word, or all words but one."""
    words = name_words(name)
    if len(words) > 1:
        yield "ends", words[0], words[-1]
    if len(words) > 2:  # noqa: PLR2004  # of two words one says too little
        for place in range(len(words)):
            yield "but", place, words[:place], words[place + 1 :]


class UnitIndex:
    """Units by what they could be confused with."""

    def __init__(self, texts: Iterable[str], aliases: Aliases) -> None:
        self._aliases = aliases
        self._equal: dict[str, set[str]] = {}
        self._near: dict[Hashable, set[str]] = {}
        for text in texts:
            for unit in aliases.names(text):
                self._equal.setdefault(unit.name, set()).add(text)
            for key in _unit_keys(unit_of(text)):
                self._near.setdefault(key, set()).add(text)

    def matches(self, text: str) -> Iterator[tuple[str, bool]]:
        """Yield the units that may be this one, in order, and whether they are only alike."""
        mine = self._aliases.names(text)
        found = {one for unit in mine for one in self._equal.get(unit.name, ()) if self._agree(unit, one)}
        yield from ((one, False) for one in sorted(found))
        unit = unit_of(text)
        near = {one for key in _unit_keys(unit) for one in self._near.get(key, ())} - found
        yield from ((one, True) for one in sorted(near) if alike_units(unit, unit_of(one)))

    def _agree(self, unit: Unit, text: str) -> bool:
        return any(units_agree(unit, other) for other in self._aliases.names(text))


def _unit_keys(unit: Unit | None) -> Iterator[Hashable]:
    """Yield what two units share that are alike: the first two words, or all words but one."""
    words = tuple(unit.name.split()) if unit else ()
    if len(words) > 1:
        yield "head", words[:2]
        for place in range(len(words)):
            yield "but", place, words[:place], words[place + 1 :]
