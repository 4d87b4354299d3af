"""Answers of an HTTP/1.1 server, read from the bytes as they come (RFC 9112)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from http import HTTPStatus

GZIP = 31  # zlib's window size for a gzip stream
END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; header names are in small letters, `size` counts every byte that came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes
    size: int

    @property
    def keeps(self) -> bool:
        """Tell whether the connection stays open."""
        return self.headers.get("connection", "").lower() != "close"

    def content(self) -> bytes:
        """Return the body as it was before it was compressed."""
        packed = self.headers.get("content-encoding", "") == "gzip"
        return zlib.decompress(self.body, GZIP) if packed else self.body


class Reader:
    """Collects the bytes of one connection. An answer that breaks the rules raises `ValueError`."""

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> Answer | None:
        """Take bytes and return the answer they complete, if they do; none at all means that the server hung up."""
        if not data:
            raise ValueError("the connection was closed before the answer was whole")
        self._kept += data
        head, found, _ = self._kept.partition(END)
        if not found:
            return None
        status, headers = _parse_head(head)
        start = len(head) + len(END)
        end, body = self._body(status, headers, start)
        if end is None:
            return None
        if len(self._kept) > end:
            raise ValueError("bytes after the end of the answer")
        self._kept = b""
        return Answer(status, headers, body, end)

    def _body(self, status: int, headers: dict[str, str], start: int) -> tuple[int | None, bytes]:
        """Return where the answer ends and its body; no end as long as bytes are missing."""
        if status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            return start, b""
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunks(start)
        if "content-length" not in headers:
            raise ValueError("an answer without a length")
        end = start + int(headers["content-length"])
        return (end, self._kept[start:end]) if len(self._kept) >= end else (None, b"")

    def _chunks(self, at: int) -> tuple[int | None, bytes]:
        parts: list[bytes] = []
        while True:
            line_end = self._kept.find(b"\r\n", at)
            if line_end < 0:
                return None, b""
            size = int(self._kept[at:line_end].partition(b";")[0], 16)
            start = line_end + 2
            end = start + size + 2
            if len(self._kept) < end:
                return None, b""
            if self._kept[end - 2 : end] != b"\r\n":
                raise ValueError("a chunk does not end where it said")
            if size == 0:
                return end, b"".join(parts)
            parts.append(self._kept[start : end - 2])
            at = end


def _parse_head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    if version != "HTTP/1.1":
        raise ValueError(f"not an HTTP/1.1 answer: {first[:40]!r}")
    pairs = (line.partition(":") for line in lines)
    return int(rest[:3]), {name.strip().lower(): value.strip() for name, _, value in pairs}
