"""What hangs on an edition in packages to the right: they register a check, nobody here needs to know them."""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[[int], bool]
_checks: list[Check] = []


def hold(check: Check) -> Check:
    """Register a function of an edition's id that tells whether something was handed in to it."""
    _checks.append(check)
    return check


def is_held(edition_id: int) -> bool:
    """Tell whether anything was handed in, so that the edition cannot become a draft again."""
    return any(check(edition_id) for check in _checks)
