"""Compression: what is packed, what is left alone, and that every answer unpacks to itself."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, stream_with_context
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.wrappers import Response as BaseResponse

from contest.web import compression
from contest.web.compression import SMALLEST, Packed, gzipped, page

GZIP = {"Accept-Encoding": "gzip"}
LONG = "Bảng Vàng " * 400
FIRST_LOAD = 150_000  # bytes on the wire of the first page a person sees


@pytest.fixture
def bare(tmp_path: Path) -> FlaskClient:
    """A small application with one view per kind of answer."""
    app = Flask(__name__, static_folder=str(tmp_path), static_url_path="/static")
    (tmp_path / "app.css").write_text("a { color: red }\n" * 200, encoding="utf-8")
    (tmp_path / "small.css").write_text("a { color: red }\n", encoding="utf-8")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG" + bytes(4000))
    compression.init_app(app)
    made: dict[str, Callable[[], ResponseReturnValue]] = {
        "long": lambda: LONG,
        "short": lambda: "x" * (SMALLEST - 1),
        "enough": lambda: "x" * SMALLEST,
        "json": lambda: {"text": LONG},
        "pdf": lambda: Response(LONG, mimetype="application/pdf"),
        "events": lambda: Response(LONG, mimetype="text/event-stream"),
        "encoded": lambda: Response(zlib.compress(LONG.encode()), headers={"Content-Encoding": "deflate"}),
        "stream": lambda: Response(stream_with_context(iter([LONG, LONG]))),
        "part": lambda: Response(LONG, status=206, headers={"Content-Range": "bytes 0-9/10"}),
        "error": lambda: (LONG, 500),
        "varied": lambda: Response(LONG, headers={"Vary": "Cookie"}),
        "tagged": lambda: Response(LONG, headers={"ETag": '"abc"'}),
        "parts": lambda: page(["<p>", Packed(LONG), "</p>"]),
    }
    for name, view in made.items():
        app.add_url_rule(f"/{name}", name, view)
    return app.test_client()


def encoding(answer: BaseResponse) -> str | None:
    return answer.headers.get("Content-Encoding")


@pytest.mark.parametrize("path", ["/long", "/enough", "/json", "/error", "/parts", "/static/app.css"])
def test_text_is_packed_and_unpacks_to_itself(bare: FlaskClient, path: str) -> None:
    with bare.get(path) as plain, bare.get(path, headers=GZIP) as packed:
        assert encoding(plain) is None
        assert encoding(packed) == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert packed.content_length == len(packed.data) < len(plain.data)
        assert packed.status_code == plain.status_code
        assert packed.mimetype == plain.mimetype
        assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path", ["/short", "/pdf", "/events", "/stream", "/part", "/static/small.css", "/static/photo.png"]
)
def test_what_gains_nothing_or_must_not_change_is_left_alone(bare: FlaskClient, path: str) -> None:
    with bare.get(path) as plain, bare.get(path, headers=GZIP) as answer:
        assert encoding(answer) is None
        assert answer.data == plain.data


def test_what_is_encoded_already_stays(bare: FlaskClient) -> None:
    answer = bare.get("/encoded", headers=GZIP)
    assert encoding(answer) == "deflate"
    assert zlib.decompress(answer.data).decode() == LONG


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br, gzip;q=0.5", "gzip"),
        ("*", "gzip"),
        ("gzip;q=0", None),
        ("*;q=0", None),
        ("identity", None),
        ("br", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("path", ["/long", "/parts", "/static/app.css"])
def test_the_browser_decides(bare: FlaskClient, accepted: str, expected: str | None, path: str) -> None:
    with bare.get(path, headers={"Accept-Encoding": accepted}) as answer:
        assert encoding(answer) == expected
        assert len(answer.data) == answer.content_length


def test_other_reasons_to_vary_are_kept(bare: FlaskClient) -> None:
    assert bare.get("/varied", headers=GZIP).headers["Vary"] == "Cookie, Accept-Encoding"


def test_head_tells_the_size_that_get_has(bare: FlaskClient) -> None:
    for path in ("/long", "/static/app.css"):
        with bare.head(path, headers=GZIP) as head, bare.get(path, headers=GZIP) as get:
            assert (head.content_length, encoding(head)) == (get.content_length, "gzip")
            assert head.data == b""


def test_a_packed_page_has_a_tag_of_its_own(bare: FlaskClient) -> None:
    assert bare.get("/tagged").headers["ETag"] == '"abc"'
    assert bare.get("/tagged", headers=GZIP).headers["ETag"] == 'W/"abc"'


def test_a_file_the_browser_has_is_not_sent_again(bare: FlaskClient) -> None:
    with bare.get("/static/app.css", headers=GZIP) as first:
        tag = first.headers["ETag"]
    assert tag.startswith("W/")
    with bare.get("/static/app.css", headers={**GZIP, "If-None-Match": tag}) as again:
        assert (again.status_code, again.data) == (304, b"")
        assert "Accept-Encoding" in str(again.vary)
    with bare.get("/static/app.css", headers={**GZIP, "If-None-Match": 'W/"old"'}) as changed:
        assert (changed.status_code, encoding(changed)) == (200, "gzip")


def test_a_range_is_of_the_plain_file(bare: FlaskClient) -> None:
    with bare.get("/static/app.css", headers={**GZIP, "Range": "bytes=0-2"}) as part:
        assert (part.status_code, part.data, encoding(part)) == (206, b"a {", None)
    with bare.get("/static/app.css") as plain, bare.get("/static/app.css", headers=GZIP) as packed:
        assert plain.headers["Accept-Ranges"] == "bytes"
        assert "Accept-Ranges" not in packed.headers


def test_a_file_is_packed_once_and_anew_when_it_changes(
    bare: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []
    compress = zlib.compress

    def counted(data: bytes, level: int, bits: int) -> bytes:
        runs.append(len(data))
        return compress(data, level, bits)

    monkeypatch.setattr(zlib, "compress", counted)
    for _ in range(3):
        bare.get("/static/app.css", headers=GZIP).close()
    assert len(runs) == 1
    (tmp_path / "app.css").write_text("b { color: blue }\n" * 300, encoding="utf-8")
    with bare.get("/static/app.css", headers=GZIP) as answer:
        assert gzip.decompress(answer.data).startswith(b"b { color: blue }")
    assert len(runs) == 2


def parts() -> st.SearchStrategy[list[str]]:
    text = st.text(max_size=200)
    return st.lists(st.one_of(text, text.map(Packed)), max_size=8)


@given(parts())
def test_parts_unpack_to_the_text_they_make(pieces: list[str]) -> None:
    packed = gzipped(pieces)
    whole = "".join(str(piece) for piece in pieces).encode()
    assert gzip.decompress(packed) == whole
    # One member and nothing behind it: some readers stop at the first.
    reader = zlib.decompressobj(31)
    assert reader.decompress(packed) == whole
    assert reader.eof
    assert reader.unused_data == b""


def test_the_same_parts_are_the_same_bytes() -> None:
    assert gzipped([LONG, Packed(LONG)]) == gzipped([LONG, Packed(LONG)])


def test_a_large_part_is_compressed_once() -> None:
    part = Packed(LONG)
    assert part.deflated is part.deflated
    assert part.plain is part.plain
    assert isinstance(part.upper(), str)
    assert part == LONG


def linked(html: str) -> Iterator[str]:
    """The files a browser asks for at the first page, in the light theme and on a screen."""
    for link in re.findall(r"<link [^>]*>", html):
        if 'media="print"' not in link:
            yield re.search(r'href="([^"]+)"', link)[1]  # type: ignore[index]  # a link without address would fail too
    yield from re.findall(r'<script [^>]*src="([^"]+)"', html)
    yield from set(re.findall(r'<use href="([^"#]+)', html))


def wire(answer: BaseResponse) -> int:
    return len(answer.data) + len(str(answer.headers))


def modules(script: str, html: str) -> set[str]:
    """What a script loads: its imports, and the behaviours that the page asks for by an attribute."""
    asked = set(re.findall(r"data-[a-z-]+", html))
    behaviours = re.findall(r'\["([^"]+)", \(\) => import\("\./([^"]+)"\)\]', script)
    wanted = {name for selector, name in behaviours if asked & set(re.findall(r"data-[a-z-]+", selector))}
    return wanted | set(re.findall(r'from "\./([^"]+)"', script))


@pytest.mark.usefixtures("noon")
def test_the_sign_in_page_loads_in_little(client: FlaskClient) -> None:
    answer = client.get("/sign-in", headers=GZIP)
    html = gzip.decompress(answer.data).decode()
    fonts = (
        f"be-vietnam-pro-5.3.0/{script}-{weight}.woff2" for script in ("latin", "vietnamese") for weight in (400, 600)
    )
    wanted = [*linked(html), *(f"/static/vendor/{font}" for font in fonts)]
    sizes = {"/sign-in": wire(answer)}
    while wanted:
        path = wanted.pop()
        if path in sizes:
            continue
        with client.get(path, headers=GZIP) as file:
            assert file.status_code == 200, path
            sizes[path] = wire(file)
            travels_light = encoding(file) == "gzip" or len(file.data) < SMALLEST or path.endswith(".woff2")
            assert travels_light, path
            text = gzip.decompress(file.data) if encoding(file) else file.data
        if file.mimetype == "text/javascript":
            wanted += [f"/static/js/{name}" for name in modules(text.decode(), html)]
    assert {path.rpartition("/")[2] for path in sizes} >= {"keep.js", "menu.js", "typed.js"}
    assert len(sizes) > 15
    assert sum(sizes.values()) < FIRST_LOAD, sizes
