"""A virus scanner beside the application that speaks clamd's INSTREAM; none when no address is set."""

from __future__ import annotations

import logging
import socket
import struct
from dataclasses import dataclass
from typing import BinaryIO

from flask import current_app

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 60.0
CHUNK = 1 << 18
LONGEST_ANSWER = 4096
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scanner said. `asked` is false when there is none, `answered` when it could not be asked.

    `found` is the name of what was found, "" for a clean file.
    """

    asked: bool = True
    answered: bool = True
    found: str = ""


NOT_ASKED = Scan(asked=False)
SILENT = Scan(answered=False)


@dataclass(frozen=True, slots=True)
class Scanner:
    """A scanner at "unix:/path" or "host:port"; "" is none."""

    address: str = ""

    def scan(self, stream: BinaryIO) -> Scan:
        """Send a file; never raise for a scanner that is away, busy or confused. The stream's position is lost."""
        if not self.address:
            return NOT_ASKED
        stream.seek(0)
        try:
            with self._connected() as line:
                line.settimeout(ANSWER_SECONDS)
                return _verdict(_asked(line, stream))
        except OSError:
            logger.warning("the virus scanner at %s does not answer", self.address)
            return SILENT

    def _connected(self) -> socket.socket:
        kind, _, rest = self.address.partition(":")
        if kind != "unix":
            return socket.create_connection((kind, int(rest)), timeout=CONNECT_SECONDS)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(CONNECT_SECONDS)
            line.connect(rest)
        except OSError:
            line.close()
            raise
        return line


def _asked(line: socket.socket, stream: BinaryIO) -> str:
    line.sendall(b"zINSTREAM\0")
    try:
        while piece := stream.read(CHUNK):
            line.sendall(struct.pack(">I", len(piece)) + piece)
        line.sendall(struct.pack(">I", 0))
    except BrokenPipeError:  # it has said enough: too large, most often
        pass
    said = b""
    while b"\0" not in said and len(said) < LONGEST_ANSWER:
        more = line.recv(LONGEST_ANSWER)
        if not more:
            break
        said += more
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _verdict(said: str) -> Scan:
    if said.endswith(" FOUND"):
        return Scan(found=said.removesuffix(" FOUND").partition(": ")[2].strip()[:200] or "?")
    if said.endswith(": OK"):
        return Scan()
    logger.warning("the virus scanner says %r", said)
    return SILENT


def current_scanner() -> Scanner:
    """Return the scanner of the running application."""
    return Scanner(current_app.config["CLAMD"])
