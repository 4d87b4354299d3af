"""What has just failed is left alone for a while, so that not everybody waits for it in turn."""

from __future__ import annotations

from time import monotonic

from contest.infra.cache import forget_with

PAUSE_SECONDS = 30.0


class Rest:
    """A pause after a failure; it belongs to this process."""

    def __init__(self) -> None:
        self._until = 0.0
        forget_with(self)

    @property
    def over(self) -> bool:
        """Tell whether it is time to try again."""
        return monotonic() >= self._until

    def begin(self) -> None:
        """Leave it alone from now on, for half a minute."""
        self._until = monotonic() + PAUSE_SECONDS

    def clear(self) -> None:
        """Try again at once."""
        self._until = 0.0
