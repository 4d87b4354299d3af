"""Typed reading of a TOML table: every key asked for is known, every other one is a problem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.exchange.bundle.findings import (
    MAX_LINE,
    Findings,
    Place,
    check_code,
    check_number,
    check_text,
    nearest,
)
from contest.exchange.bundle.model import DOCUMENT

Choice = TypeVar("Choice", bound=StrEnum)
_YEARS = range(2000, 2101)
_LARGEST = 10**12
_HEADER = re.compile(r"\s*(\[{1,2})\s*([\w.\-]+)\s*\]{1,2}\s*(?:#.*)?")
_KEY = re.compile(r"\s*([\w\-]+)\s*=")


class LooseNumber(str):
    """A number written without quotes and with a point: its exact spelling, to be refused where it decides."""

    __slots__ = ()


def lines_of(text: str) -> dict[str, int]:
    """Map the paths of keys (`rounds[1].criteria[2].weight`) to lines, for messages only."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.fullmatch(line)
        key = _KEY.match(line)
        if header:
            prefix = _path_of(header[2], counts, several=header[1] == "[[")
            found.setdefault(prefix, number)
        elif key:
            found.setdefault(f"{prefix}.{key[1]}" if prefix else key[1], number)
    return found


def _path_of(dotted: str, counts: dict[str, int], *, several: bool) -> str:
    """Return the path of a header; tables of an array are numbered, a sub-table belongs to its last parent."""
    path = ""
    *parents, last = dotted.split(".")
    for part in parents:
        path = f"{path}.{part}" if path else part
        if path in counts:
            path = f"{path}[{counts[path]}]"
    path = f"{path}.{last}" if path else last
    if not several:
        return path
    counts[path] = counts.get(path, 0) + 1
    return f"{path}[{counts[path]}]"


class Keys:
    """One table of the document. Each reader returns a value of the right type, or the default after a problem."""

    def __init__(self, findings: Findings, lines: dict[str, int], data: dict[str, Any], path: str = "") -> None:
        self.findings = findings
        self.lines = lines
        self.data = data
        self.path = path
        self.asked: set[str] = set()

    def place(self, key: str = "") -> Place:
        """Return where a key stands; an unknown line falls back to the table's."""
        path = ".".join(part for part in (self.path, key) if part)
        found = path
        while found and found not in self.lines and f"{found}[1]" not in self.lines:
            # First the array without its number, then the table around it.
            found = found[: found.rindex("[")] if found.endswith("]") else found.rpartition(".")[0]
        return DOCUMENT, self.lines.get(found, self.lines.get(f"{found}[1]")), path or None

    def finish(self) -> None:
        """Report the keys that nobody asked for."""
        for key in self.data:
            if key not in self.asked:
                known = nearest(key, self.asked)
                self.findings.add(self.place(key), "key_unknown", key=key, nearest=known)

    def text(self, key: str, limit: int = MAX_LINE, *, required: bool = False, block: bool = False) -> str:
        """Return a text in canonical form, "" when absent."""
        value = self._take(key, required=required)
        if value is None:
            return ""
        if not isinstance(value, str) or isinstance(value, LooseNumber):
            self.findings.add(self.place(key), "value_not_text", key=key)
            return ""
        clean = check_text(self.findings, self.place(key), value, limit, block=block)
        if required and not clean and not value.strip():
            self.findings.add(self.place(key), "value_missing", key=key)
        return clean

    def code(self, key: str = "code") -> str:
        """Return a required code."""
        text = self.text(key, required=True)
        return check_code(self.findings, self.place(key), text) if text else ""

    def local(self, key: str, limit: int = MAX_LINE, *, required: bool = False, block: bool = False) -> LocalText:
        """Return a wording: `{ vi = "…", en = "…" }`, or a plain text for the Vietnamese one."""
        if isinstance(self.data.get(key), str):
            return LocalText(vi=self.text(key, limit, required=required, block=block))
        table = self.table(key, required=required)
        if table is None:
            return LocalText()
        found = LocalText(table.text("vi", limit, block=block), table.text("en", limit, block=block))
        table.finish()
        if required and not (found.vi or found.en):
            self.findings.add(self.place(key), "value_missing", key=key)
        return found

    def integer(self, key: str, default: int, low: int = 0, high: int = 100_000) -> int:
        """Return a whole number within bounds."""
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.findings.add(self.place(key), "value_not_integer", key=key, low=low, high=high)
            return default
        return value

    def optional_integer(self, key: str, low: int = 0, high: int = 100_000) -> int | None:
        """Return a whole number within bounds, or None when absent."""
        self.asked.add(key)
        return self.integer(key, low, low, high) if key in self.data else None

    def boolean(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.findings.add(self.place(key), "value_not_boolean", key=key)
            return default
        return value

    def choice(self, key: str, default: Choice) -> Choice:
        """Return one of the values of the default's enumeration."""
        return self.optional_choice(key, type(default)) or default

    def optional_choice(self, key: str, kind: type[Choice]) -> Choice | None:
        """Return one of the enumeration's values, or None when absent."""
        text = self.text(key)
        if not text:
            return None
        allowed = [each.value for each in kind]
        if text not in allowed:
            self.findings.add(self.place(key), "value_not_choice", value=text, allowed=", ".join(allowed))
            return None
        return kind(text)

    def decimal(self, key: str, *, required: bool = False) -> Decimal | None:
        """Return an exact number: a quoted one or an integer; a bare float is a problem."""
        value = self._take(key, required=required)
        if value is None:
            return None
        if isinstance(value, LooseNumber):
            self.findings.add(self.place(key), "value_not_exact", key=key, value=value)
            return None
        huge = isinstance(value, int) and abs(value) > _LARGEST
        if isinstance(value, bool) or huge or not isinstance(value, int | str):
            self.findings.add(self.place(key), "value_not_number", key=key)
            return None
        try:
            return check_number(str(value))
        except RuleBroken as error:
            self.findings.broken(self.place(key), error)
            return None

    def day(self, key: str, *, required: bool = False) -> date | None:
        """Return a day, written as 2026-11-22 without quotation marks."""
        value = self._take(key, required=required)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime) or value.year not in _YEARS:
            self.findings.add(self.place(key), "value_not_day", key=key)
            return None
        return value

    def moment(self, key: str, zone: tzinfo, *, required: bool = False) -> datetime | None:
        """Return a moment in UTC; one without an offset is local time of the edition."""
        value = self._take(key, required=required)
        if value is None:
            return None
        if not isinstance(value, datetime) or value.year not in _YEARS:
            self.findings.add(self.place(key), "value_not_moment", key=key)
            return None
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)

    def texts(self, key: str) -> tuple[str, ...] | None:
        """Return a list of one-line texts, None when absent or unusable."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(type(each) is str for each in value):
            self.findings.add(self.place(key), "value_not_list", key=key)
            return None
        return tuple(check_text(self.findings, self.place(key), each, MAX_LINE) for each in value)

    def table(self, key: str, *, required: bool = False) -> Keys | None:
        """Return a nested table, None when absent."""
        value = self._take(key, required=required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.findings.add(self.place(key), "value_not_table", key=key)
            return None
        return Keys(self.findings, self.lines, value, self._under(key))

    def tables(self, key: str) -> Iterator[Keys]:
        """Yield the tables of an array (`[[key]]`), none when absent."""
        value = self._take(key)
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.findings.add(self.place(key), "value_not_tables", key=key)
            return
        for number, each in enumerate(value, start=1):
            yield Keys(self.findings, self.lines, each, self._under(f"{key}[{number}]"))

    def _under(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _take(self, key: str, *, required: bool = False) -> Any:
        self.asked.add(key)
        if required and key not in self.data:
            self.findings.add(self.place(key), "value_missing", key=key)
        return self.data.get(key)
