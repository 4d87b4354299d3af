"""Links that a team gives instead of a file, mostly to a video."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from contest.errors import RuleBroken

LONGEST = 500
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST_AND_PORT = re.compile(r"(?=[^/:]+\.[^/:])[^/:]+:\d+(?:/|$)")


class LinkKind(StrEnum):
    """Where a link leads, as far as the page says it in words."""

    YOUTUBE = "youtube"
    DRIVE = "drive"
    VIMEO = "vimeo"
    OTHER = "other"


_HOSTS = {
    "youtube.com": LinkKind.YOUTUBE,
    "youtu.be": LinkKind.YOUTUBE,
    "drive.google.com": LinkKind.DRIVE,
    "docs.google.com": LinkKind.DRIVE,
    "vimeo.com": LinkKind.VIMEO,
}


@dataclass(frozen=True, slots=True)
class Link:
    """A web address that may be shown as a link."""

    url: str
    kind: LinkKind
    host: str


def read_link(text: str) -> Link:
    """Return the link that a person typed; "youtu.be/x" without a scheme means https.

    Raises `RuleBroken` "link_too_long" or "link_not_web" (any scheme but http and https, names of this machine or its
    network, a user name before the host).
    """
    typed = text.strip()
    if len(typed) > LONGEST:
        raise RuleBroken("link_too_long", longest=LONGEST)
    if not typed.isprintable() or any(c.isspace() or c in '\\<>"' for c in typed):
        raise RuleBroken("link_not_web")
    if not _SCHEME.match(typed) or _HOST_AND_PORT.match(typed):
        typed = f"https://{typed}"
    host = _host(typed)
    return Link(url=typed, kind=_kind(host), host=host)


def is_link(text: str) -> bool:
    """Tell whether the text can be shown as a link."""
    try:
        read_link(text)
    except RuleBroken:
        return False
    return True


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise RuleBroken("link_not_web") from error
    if not _public(parts, host):
        raise RuleBroken("link_not_web")
    return host


def _public(parts: SplitResult, host: str) -> bool:
    named = "." in host and all(host.split(".")) and not _is_address(host)
    return parts.scheme in ("http", "https") and named and parts.username is None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.rpartition(".")[2].isdigit()
    return True


def _kind(host: str) -> LinkKind:
    for known, kind in _HOSTS.items():
        if host == known or host.endswith(f".{known}"):
            return kind
    return LinkKind.OTHER
