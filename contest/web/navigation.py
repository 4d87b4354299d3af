"""The menu: packages offer items, the page asks for those of the person and edition in view."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import request


@dataclass(frozen=True, slots=True)
class NavItem:
    """One menu entry; `icon` names a symbol of the sprite. `active` is set by `items`.

    `area` is the address that all its pages lie below, where that is not the entry's own.
    """

    label: str
    href: str
    icon: str
    order: int = 50
    active: bool = False
    area: str = ""


Provider = Callable[[Any, Any], Iterable[NavItem]]
_providers: list[Provider] = []


def provider(function: Provider) -> Provider:
    """Register a function of (edition, identity) that yields the entries this person may use."""
    _providers.append(function)
    return function


def items(edition: Any, identity: Any) -> list[NavItem]:
    """Return the entries in order; the one that lies nearest above the page in view is active.

    An entry above other entries, such as the overview, is active on its own page only.
    """
    found = sorted((item for offer in _providers for item in offer(edition, identity)), key=lambda item: item.order)
    areas = {_area(item) for item in found}
    nearest = max((area for area in areas if _is_above(area, request.path, areas)), key=len, default=None)
    return [replace(item, active=True) if _area(item) == nearest else item for item in found]


def _area(item: NavItem) -> str:
    return item.area or item.href


def _is_above(href: str, path: str, addresses: set[str]) -> bool:
    below = href if href.endswith("/") else f"{href}/"
    holds_entries = any(other != href and other.startswith(below) for other in addresses)
    return path == href or (path.startswith(below) and not holds_entries)
