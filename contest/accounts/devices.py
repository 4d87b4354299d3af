"""What a browser calls itself, in words that a person recognises, and where it is, as coarsely as helps."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

_BROWSERS = (
    ("coc_coc", "Cốc Cốc"),
    ("Zalo", "Zalo"),
    ("FBAN", "Facebook"),
    ("FBAV", "Facebook"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """Return "Chrome · Android", as much of it as is known, else an empty string."""
    known = (next((name for mark, name in table if mark in user_agent), "") for table in (_BROWSERS, _SYSTEMS))
    return " · ".join(name for name in known if name)


def coarse_place(address: str) -> str:
    """Return an address without its end: "113.161.x.x", "2001:ee0:x"; empty for what is no address.

    It tells one's own network from a strange one; it does not tell a house, and nobody is asked where it lies.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    inner = found.ipv4_mapped if isinstance(found, IPv6Address) else found
    if inner is None:
        return ":".join([*(group.lstrip("0") or "0" for group in found.exploded.split(":")[:2]), "x"])
    return ".".join([*str(inner).split(".")[:2], "x", "x"])
