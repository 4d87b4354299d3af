"""Pages that are rendered once and filled many times: text with holes for the parts that differ between requests."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from markupsafe import Markup

# Made anew by every process, so that no text of a person can look like a hole.
_TOKEN = secrets.token_hex(8)
_HOLE = re.compile(rf"\[{_TOKEN}:([^\]]*)\]")


def hole(name: str) -> Markup:
    """Return what to render where `name` will stand; it needs no escaping, whatever is filled in does."""
    return Markup(f"[{_TOKEN}:{name}]")  # noqa: S704  # nosec B704  # letters, digits and brackets only


class Stencil:
    """A rendered text cut at its holes."""

    def __init__(self, text: str) -> None:
        self._parts = _HOLE.split(text)
        self.names = frozenset(self._parts[1::2])

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the text with safe HTML in its holes; a hole without a value stays empty."""
        return "".join(self.parts(values))

    def parts(self, values: Mapping[str, str]) -> list[str]:
        """Return the pieces of what `fill` returns, for `compression.page`; the values are unchanged."""
        parts = self._parts.copy()
        parts[1::2] = [values.get(name, "") for name in parts[1::2]]
        return parts
