"""The classes of data: what a column holds, who needs it, how long, and what an erasure does with it. Pure.

`contest.privacy.catalogue` classes every column of every table; a column without a class fails the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Data(StrEnum):
    """What a column holds."""

    TECHNICAL = "technical"
    """Numbers of rows, moments, states, settings of the contest: nothing about a person by itself."""
    PUBLIC = "public"
    """Words of the contest itself: its name, its rounds, its rubric."""
    LINK = "link"
    """The number of an account: a pseudonym, and nobody's any more once the account is erased."""
    IDENTITY = "identity"
    """A name of a person."""
    CONTACT = "contact"
    """An address or a phone number."""
    CHILD = "child"
    """Date of birth, school: what is known of a pupil."""
    CONTENT = "content"
    """What a person wrote or chose themselves."""
    REMARK = "remark"
    """What somebody else wrote in free text; it may name anybody."""
    MARKS = "marks"
    """Marks and notes of judges: secret before publication, and their authors' data."""
    CREDENTIAL = "credential"
    """Digests of passwords, links, devices."""
    FROZEN = "frozen"
    """Canonical documents whose fingerprint stands for good; names in them are commitments (`infra.sealing`)."""
    FILE = "file"
    """The key of a stored file."""
    TRAIL = "trail"
    """The chain of acts."""


PERSONAL = frozenset(
    {Data.IDENTITY, Data.CONTACT, Data.CHILD, Data.CONTENT, Data.REMARK, Data.MARKS, Data.FROZEN, Data.FILE}
)
"""Classes whose columns may tell something about a person in plain words."""


class Fate(StrEnum):
    """What an erasure does with a person's value."""

    KEEP = "keep"
    ALIAS = "alias"
    BLANK = "blank"
    SCRUB = "scrub"
    SHRED = "shred"
    FILE = "delete_file"


USUAL: Mapping[Data, Fate] = {
    Data.TECHNICAL: Fate.KEEP,
    Data.PUBLIC: Fate.KEEP,
    Data.LINK: Fate.KEEP,
    Data.IDENTITY: Fate.ALIAS,
    Data.CONTACT: Fate.BLANK,
    Data.CHILD: Fate.BLANK,
    Data.CONTENT: Fate.SCRUB,
    Data.REMARK: Fate.SCRUB,
    Data.MARKS: Fate.KEEP,
    Data.CREDENTIAL: Fate.BLANK,
    Data.FROZEN: Fate.SHRED,
    Data.FILE: Fate.KEEP,
    Data.TRAIL: Fate.KEEP,
}


class Keep(StrEnum):
    """How long rows are kept: the classes of the schedule in `retention`."""

    ALWAYS = "always"
    ACCOUNTS = "accounts"
    CONSENTS = "consents"
    ENTRIES = "entries"
    ACCESS = "access"
    MAIL = "mail"
    WAYS_IN = "ways_in"
    FILES = "files"


class Seen(StrEnum):
    """Who sees rows besides the person."""

    NOBODY = "nobody"
    COMMITTEE = "committee"
    JUDGES = "judges"
    EVERYBODY = "everybody"


class Whose(StrEnum):
    """Whose data a row is, in the export of a person."""

    NOBODY = "nobody"
    PERSON = "person"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table of the catalogue.

    `mine`: the columns by which rows are reached from a person (an account, a member, a team, an entry, a judge).
    `gone`: an erasure deletes the person's rows. `fates`: where a column departs from `USUAL`. `hidden`: columns that
    the export of a person leaves out although they are of a class that it holds.
    """

    table: str
    purpose: str
    seen: Seen
    keep: Keep
    columns: Mapping[str, Data]
    mine: tuple[str, ...] = ()
    whose: Whose = Whose.NOBODY
    gone: bool = False
    fates: Mapping[str, Fate] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    def fate(self, column: str) -> Fate:
        """Return what an erasure does with a column of a row that is the person's."""
        return self.fates.get(column, USUAL[self.columns[column]])

    def of(self, *classes: Data) -> tuple[str, ...]:
        """Return the columns of these classes, in their order."""
        return tuple(name for name, data in self.columns.items() if data in classes)


def entry(  # noqa: PLR0913  each says one thing of the table, by name
    table: str,
    purpose: str,
    seen: Seen = Seen.COMMITTEE,
    keep: Keep = Keep.ALWAYS,
    *,
    mine: str = "",
    whose: Whose | None = None,
    gone: bool = False,
    fates: Mapping[str, Fate] | None = None,
    hidden: str = "",
    **columns: str,
) -> TableEntry:
    """Return a table from its columns by class: `identity="name"`, `technical="id at"`, names with blanks between.

    Raises `ValueError` for a column with two classes, `KeyError` for an unknown class.
    """
    classed: dict[str, Data] = {}
    for data, names in columns.items():
        for name in names.split():
            if name in classed:
                raise ValueError(f"{table}.{name} has two classes")
            classed[name] = Data(data)
    ways = tuple(mine.split())
    owner = whose or (Whose.PERSON if ways else Whose.NOBODY)
    return TableEntry(table, purpose, seen, keep, classed, ways, owner, gone, fates or {}, frozenset(hidden.split()))
