"""The one place from which this site asks another one: a host that the settings name, over TLS, in short.

Nothing that a visitor types is ever fetched. A name is resolved once and the connection goes to that very address. An
address of a private network is refused unless the settings allow it. An answer that leads elsewhere, comes too late or
is too long is none.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

SECONDS = 5.0
MOST_BYTES = 256 * 1024
_PIECE = 16 * 1024
# IPv4 behind a translator (RFC 6052), and the same inside of one network (RFC 8215).
_TRANSLATED, _LOCALLY_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48")


class Unreachable(Exception):
    """The other side cannot be asked, or gives no answer that could be used."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where may be asked: names of hosts, and whether private addresses and plain http to this machine are allowed."""

    hosts: Collection[str]
    own_network: bool = False


def fetch_json(url: str, way: Way, form: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the JSON object at an address, asked by GET, or by POST with a form.

    Raises `Unreachable` for any other host, a redirect, an error, a late, long or unreadable answer.
    """
    parts = urlsplit(url)
    deadline = time.monotonic() + SECONDS
    try:
        connection = _connection(parts, way)
    except (OSError, ValueError) as refused:
        raise Unreachable(f"{parts.hostname}: {refused}") from refused
    try:
        body = urlencode(form) if form is not None else None
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST" if form is not None else "GET", target or "/", body, headers)
        return _read(connection.getresponse(), deadline)
    except (OSError, ValueError, http.client.HTTPException) as refused:
        raise Unreachable(f"{parts.hostname}: {refused}") from refused
    finally:
        connection.close()


def allowed(url: str, way: Way) -> bool:
    """Tell whether an address may be asked, or people be sent to it."""
    parts = urlsplit(url)
    plain = parts.scheme == "http" and parts.hostname == "127.0.0.1" and way.own_network
    return (parts.scheme == "https" or plain) and parts.hostname in way.hosts and "@" not in parts.netloc


def _connection(parts: SplitResult, way: Way) -> http.client.HTTPConnection:
    if not allowed(parts.geturl(), way):
        raise ValueError("this host is not among those of the settings")
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _address(host, port, own_network=way.own_network)
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    connection.sock = socket.create_connection((address, port), SECONDS)
    if parts.scheme == "https":
        connection.sock = _secured(connection.sock, host)
    return connection


def _secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise


def _address(host: str, port: int, *, own_network: bool) -> str:
    """Return the first address of a host; raise `ValueError` when any of them is not of the open internet."""
    found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not own_network and not all(is_open(one) for one in found):
        raise ValueError("the name leads into a private network")
    return found[0]


def is_open(address: str) -> bool:
    """Tell whether an address is one of the open internet: not private, loopback, link-local, reserved or shared."""
    one = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(one, "ipv4_mapped", None) or getattr(one, "sixtofour", None)
    if one in _TRANSLATED:
        inner = ipaddress.IPv4Address(int(one) & 0xFFFFFFFF)
    closed = not one.is_global or one.is_multicast or one in _LOCALLY_TRANSLATED
    return not closed and (inner is None or is_open(str(inner)))


def _read(answer: http.client.HTTPResponse, deadline: float) -> dict[str, Any]:
    if answer.status != HTTPStatus.OK:
        raise ValueError(f"answered {answer.status}")
    content = bytearray()
    while piece := answer.read1(_PIECE):
        content += piece
        if len(content) > MOST_BYTES:
            raise ValueError("the answer is too long")
        if time.monotonic() > deadline:
            raise ValueError("the answer comes too slowly")
    found = json.loads(bytes(content))
    if not isinstance(found, dict):
        raise ValueError("the answer is no object")  # noqa: TRY004 - a fault of theirs, caught above like the others
    return found
