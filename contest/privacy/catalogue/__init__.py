"""Every column of every table with its class. Whoever adds a column says here what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contest.privacy.catalogue import contest, judging, people
from contest.privacy.classes import TableEntry

CATALOGUE: Mapping[str, TableEntry] = MappingProxyType(
    {one.table: one for one in (*people.TABLES, *judging.TABLES, *contest.TABLES)}
)
