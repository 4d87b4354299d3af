"""Everything of award night at once, from a world in which certificates are issued and letters released."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pypdfium2

from tests.sweep.site import Site


def words(path: Path) -> str:
    """Return the text of a PDF, page after page."""
    document = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_certificates_and_letters_lie_beside_the_papers(site: Site, tmp_path: Path) -> None:
    out, round_code = tmp_path / "night", "nha-1"
    answer = site.app.test_cli_runner().invoke(
        args=["results", "papers", site.world.own.code, round_code, "--out", str(out)]
    )
    assert answer.exit_code == 0, answer.output
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    lines = [line.split("  ") for line in (out / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    listed = {name: digest for digest, name in lines}
    assert set(listed) == names - {"SHA256SUMS"}
    assert all(hashlib.sha256((out / name).read_bytes()).hexdigest() == digest for name, digest in listed.items())
    assert {f"certificates_{round_code}.pdf", f"letters_{round_code}.pdf"} <= names
    printed = words(out / f"certificates_{round_code}.pdf")
    assert any(code in printed for code in site.world.own.ids["certificate code"])
    assert len(words(out / f"letters_{round_code}.pdf")) > 500
