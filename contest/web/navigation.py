"""The menu: packages offer items, the page asks for those of the person and edition in view."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import request


@dataclass(frozen=True, slots=True)
class NavItem:
    """One menu entry; `icon` names a symbol of the sprite. `active` is set by `items`."""

    label: str
    href: str
    icon: str
    order: int = 50
    active: bool = False


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
    addresses = {item.href for item in found}
    above = [href for href in addresses if _is_above(href, request.path, addresses)]
    nearest = max(above, key=len, default=None)
    return [replace(item, active=True) if item.href == nearest else item for item in found]


def _is_above(href: str, path: str, addresses: set[str]) -> bool:
    below = href if href.endswith("/") else f"{href}/"
    holds_entries = any(other != href and other.startswith(below) for other in addresses)
    return path == href or (path.startswith(below) and not holds_entries)
