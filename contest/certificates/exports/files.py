"""Certificates as files: one PDF, a .zip of single PDFs, and a picture for the preview."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import segno

from contest.certificates.look import Look
from contest.certificates.texts import file_stem
from contest.infra.typesetting import typeset, typeset_picture

TEMPLATE = Path(__file__).parent.parent / "typst" / "certificate.typ"
BACKGROUND, LOGO = "background.jpg", "logo.png"
ADDRESS = "/c/"
WORDS = {
    "vi": {"number": "Số", "check": "Quét mã hoặc mở địa chỉ để xác minh:"},
    "en": {"number": "No.", "check": "Scan or open the address to verify:"},
}
TEST_MARKS = {"vi": "BẢN THỬ", "en": "TEST"}
_LONG = re.compile(r".{24}(?=.{8})")
ZIP_TIME = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Printed:
    """A certificate as it is printed: its content, the secret of its address and the fingerprint of the content."""

    content: Mapping[str, Any]
    code: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Setting:
    """How and for whom pages are printed. `base`: the site's address, without a slash at its end."""

    look: Look
    title: str
    base: str
    made_at: datetime
    test: bool = False
    background: bytes | None = None
    logo: bytes | None = None


def certificates_pdf(printed: Sequence[Printed], setting: Setting) -> bytes:
    """Return one PDF with a page per certificate, in one pass: background and logo stand in it once.

    All must speak the languages of the first one. Raises `ValueError` without any.
    """
    return typeset(TEMPLATE, _values(printed, setting), made_at=setting.made_at, pictures=_pictures(setting))


def certificate_picture(printed: Printed, setting: Setting, *, dots: float = 72) -> bytes:
    """Return one certificate as PNG, drawn by the same template; `dots`: per inch."""
    return typeset_picture(TEMPLATE, _values([printed], setting), dots=dots, pictures=_pictures(setting))


def certificates_zip(
    printed: Sequence[Printed], setting: Setting, out: BinaryIO, *, told: Callable[[int], None] | None = None
) -> None:
    """Write a .zip with a PDF per certificate, named after its number and person; `told` hears how many are done."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # a PDF is compressed inside
        for place, one in enumerate(printed, start=1):
            entry = zipfile.ZipInfo(f"{single_name(one)}.pdf", ZIP_TIME)
            archive.writestr(entry, certificates_pdf([one], setting))
            if told:
                told(place)


def single_name(one: Printed) -> str:
    """Return a file's name without ending: "012-nguyen-van-an"; the number makes it unlike all others."""
    number, _, _rest = str(one.content["number"]).partition("/")
    return "-".join(part for part in (number.rjust(3, "0"), file_stem(str(one.content["name"]))) if part)


def _values(printed: Sequence[Printed], setting: Setting) -> dict[str, Any]:
    if not printed:
        raise ValueError("no certificate to print")
    languages = list(printed[0].content["languages"])
    look = setting.look
    return {
        "look": {
            "landscape": look.landscape,
            "frame": look.frame.value,
            "motto": look.motto,
            "accent": look.accent,
            "gold": look.gold,
        },
        "title": setting.title,
        "languages": languages,
        "language": languages[0],
        "words": WORDS[languages[0]],
        "test": setting.test,
        "test_mark": TEST_MARKS[languages[0]],
        "background": BACKGROUND if setting.background else None,
        "logo": LOGO if setting.logo else None,
        "certificates": [_page(one, setting.base) for one in printed],
    }


def _page(one: Printed, base: str) -> dict[str, Any]:
    address = f"{base}{ADDRESS}{one.code}"
    svg = io.BytesIO()
    segno.make(address, error="m", micro=False).save(svg, kind="svg", border=0, dark="#2b2622", xmldecl=False)
    return {
        "said": {language: _breaking(said) for language, said in one.content["said"].items()},
        "name": breakable(str(one.content["name"])),
        "number": one.content["number"],
        "address": address.partition("://")[2],
        "fingerprint": one.fingerprint,
        "qr": svg.getvalue().decode(),
    }


def breakable(text: str) -> str:
    """Return the text with invisible places to break inside words too long for a line."""
    return " ".join(_LONG.sub(lambda part: f"{part[0]}\u200b", word) for word in text.split(" "))


def _breaking(said: Any) -> Any:
    if isinstance(said, str):
        return breakable(said)
    if isinstance(said, list):
        return [_breaking(one) for one in said]
    return {name: _breaking(one) for name, one in said.items()}


def _pictures(setting: Setting) -> dict[str, bytes]:
    pictures = {BACKGROUND: setting.background, LOGO: setting.logo}
    return {name: content for name, content in pictures.items() if content}
