"""Answers as gzip: static files once, pages as they go out, and large frozen parts of pages once.

A page may hold a secret of its reader next to text from the address, which on its own invites guessing by size
(BREACH). The cookies here are SameSite=Lax: another site cannot make a browser ask for such a page unseen.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from contextlib import closing
from functools import cached_property
from itertools import groupby
from typing import Any

from flask import Flask, Response, request
from markupsafe import Markup

from contest.infra.cache import FrozenCache

# Below this the headers and a packet cost more than the text.
SMALLEST = 1024
FAST, DENSE = 1, 9
TEXTUAL = frozenset(
    {
        *("text/html", "text/css", "text/javascript", "text/plain", "text/csv", "text/xml"),
        *("application/javascript", "application/json", "application/manifest+json", "image/svg+xml"),
    }
)
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # no name, no time: the same text is the same bytes
_LAST_BLOCK = b"\x03\x00"
_statics: FrozenCache[bytes] = FrozenCache(256)


class Packed(Markup):
    """Safe HTML that is put into many answers: encoded and compressed once, at first use."""

    @cached_property
    def plain(self) -> bytes:
        """The text in UTF-8."""
        return self.encode()

    @cached_property
    def deflated(self) -> bytes:
        """Whole blocks of a deflate stream, to stand between others."""
        return _deflated(self.plain, DENSE)


def _deflated(data: bytes, level: int) -> bytes:
    """Compress on its own, without a last block; the flush ends it on a whole byte."""
    stream = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)


def gzipped(parts: Iterable[str]) -> bytes:
    """Return the parts one after another as one gzip member (RFC 1952); what is `Packed` is not compressed again."""
    out, check, size = [_HEADER], 0, 0
    for data, blocks in _blocks(parts):
        check, size = zlib.crc32(data, check), size + len(data)
        out.append(blocks)
    return b"".join([*out, _LAST_BLOCK, struct.pack("<LL", check, size & 0xFFFFFFFF)])


def _blocks(parts: Iterable[str]) -> Iterable[tuple[bytes, bytes]]:
    """Yield (text, deflate blocks); neighbours that are not `Packed` share theirs."""
    for packed, run in groupby(parts, key=lambda part: isinstance(part, Packed)):
        if packed:
            yield from ((part.plain, part.deflated) for part in run if isinstance(part, Packed))
        else:
            data = "".join(run).encode()
            yield data, _deflated(data, FAST)


def page(parts: Iterable[str]) -> Response:
    """Return an HTML page made of parts, compressed for browsers that take it."""
    if not wanted():
        return Response(b"".join(part.plain if isinstance(part, Packed) else part.encode() for part in parts))
    answer = Response(gzipped(parts))
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def wanted() -> bool:
    """Tell whether the browser takes gzip; `gzip;q=0` says no."""
    return request.accept_encodings["gzip"] > 0


def init_app(app: Flask) -> None:
    """Compress what is text, long enough, whole and not compressed yet."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in TEXTUAL:
            return response
        response.vary.add("Accept-Encoding")
        if response.status_code in (204, 206, 304) or "Content-Encoding" in response.headers or not wanted():
            return response
        if request.endpoint == "static":
            _pack_file(response)
        elif not response.is_streamed and not response.direct_passthrough:
            _pack_page(response)
        return response


def _pack_page(response: Response) -> None:
    data = response.get_data()
    if len(data) >= SMALLEST:
        _replace(response, zlib.compress(data, FAST, zlib.MAX_WBITS | 16))


def _pack_file(response: Response) -> None:
    """Put the kept compressed file in place of the open one, found by the tag that changes with the file."""
    tag, _ = response.get_etag()
    if tag is None or (response.content_length or 0) < SMALLEST:
        return
    opened: Any = response.response  # the server's own wrapper of the file
    with closing(opened):
        data = _statics.get(tag, lambda: zlib.compress(b"".join(opened), DENSE, zlib.MAX_WBITS | 16))
    response.direct_passthrough = False
    _replace(response, data)


def _replace(response: Response, data: bytes) -> None:
    response.set_data(data)
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)  # a range is cut from the plain file, never from this one
    tag, _ = response.get_etag()
    if tag is not None:  # the same text in other bytes: a weak tag still answers If-None-Match, and no range
        response.set_etag(tag, weak=True)
