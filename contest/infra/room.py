"""How full the disk is: files stop before it is, so that what is small and dear can still be written."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

# The alarm comes while somebody can still do something: at a tenth of the disk, but not at hundreds of gigabytes.
SHARE = 10
MOST_ALARM = 10 << 30


@dataclass(frozen=True, slots=True)
class Room:
    """A reading of the disk, in bytes. `floor` is what files never take."""

    total: int
    free: int
    floor: int

    @property
    def left(self) -> int:
        """What files may still take."""
        return max(0, self.free - self.floor)

    @property
    def full(self) -> bool:
        """Whether no file is taken any more."""
        return self.free <= self.floor

    @property
    def low(self) -> bool:
        """Whether it is time to tell somebody: a tenth of the disk is left, or twice the floor."""
        return bool(self.floor) and self.free < max(2 * self.floor, min(self.total // SHARE, MOST_ALARM))


def usage(path: Path) -> tuple[int, int]:
    """Return the size of the disk under the nearest folder that exists, and what is free on it, in bytes."""
    while not path.exists() and path != path.parent:
        path = path.parent
    found = shutil.disk_usage(path)
    return found.total, found.free


def look(path: Path, floor: int) -> Room:
    """Read the disk under a folder."""
    total, free = usage(path)
    return Room(total, free, floor)
