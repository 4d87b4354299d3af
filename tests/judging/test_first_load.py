"""How much the scoring page loads the first time, on the wire."""

from __future__ import annotations

import gzip
import re
from datetime import datetime
from pathlib import PurePosixPath

from flask.testing import FlaskClient

from tests.factories import Make
from tests.judging.test_judge_views import Judging
from tests.web.test_compression import GZIP, linked, wire

MOST = 150_000
# The scoring page asks for its style sheet, its script and its icons in one file each, and for nothing else by name.
FILES = {"scoring.css", "scoring.js", "scoring.svg", "theme.js", "favicon.svg"}
IMPORTS = re.compile(r"""(?:from|import)\s+["'](\.{1,2}/[^"']+)["']""")


def loaded(client: FlaskClient, address: str, sizes: dict[str, int]) -> None:
    """Note the size of a file and of the modules that it imports."""
    path = address.partition("?")[0]
    if path in sizes:
        return
    with client.get(address, headers=GZIP) as answer:
        assert answer.status_code == 200, address
        sizes[path] = wire(answer)
        packed = answer.headers.get("Content-Encoding") == "gzip"
        text = (gzip.decompress(answer.data) if packed else answer.data).decode() if path.endswith(".js") else ""
    for name in IMPORTS.findall(text):
        loaded(client, str(PurePosixPath("/").joinpath(_resolved(path, name))), sizes)


def _resolved(path: str, name: str) -> str:
    parts = path.split("/")[:-1]
    for part in name.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def test_the_scoring_page_loads_in_little(make: Make, client: FlaskClient, noon: datetime) -> None:
    judging = Judging(make, client, buttons=True)
    answer = client.get(judging.url, headers=GZIP)
    html = gzip.decompress(answer.data).decode()
    sizes = {"page": wire(answer)}
    for address in linked(html):
        if address.startswith("/static/"):
            loaded(client, address, sizes)
    assert {path.rpartition("/")[2] for path in sizes if path.startswith("/static/")} == FILES
    for weight in (400, 600):
        for script in ("latin", "vietnamese"):
            loaded(client, f"/static/vendor/be-vietnam-pro-5.3.0/{script}-{weight}.woff2", sizes)
    assert sum(sizes.values()) < MOST, (sum(sizes.values()), sizes)
