"""Fonts of printed papers: the files are those that FONTS.md names, and they hold every Vietnamese letter."""

from __future__ import annotations

import hashlib
import re

from PIL import ImageFont

from contest.infra.typesetting import FONTS, _fonts

LETTERS = "ăâđêôơưĂÂĐÊÔƠƯ" + "".join(
    chr(code) for code in range(0x1EA0, 0x1EFA)
)  # every toned letter that is not in Latin-1


def test_every_file_is_the_one_that_is_named() -> None:
    table = (FONTS / "FONTS.md").read_text(encoding="utf-8")
    named = dict(re.findall(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", table))
    files = [path for path in FONTS.iterdir() if path.name != "FONTS.md"]
    assert named == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_letters_of_papers_and_names_are_all_there() -> None:
    for file in ("Tinos_400Regular", "Tinos_700Bold", "BeVietnamPro_400Regular", "DancingScript_400Regular"):
        font = ImageFont.truetype(str(FONTS / f"{file}.ttf"), 40)
        missing = font.getmask("\ufffe").getbbox(), bytes(font.getmask("\ufffe"))
        lost = [
            letter for letter in LETTERS if (font.getmask(letter).getbbox(), bytes(font.getmask(letter))) == missing
        ]
        assert lost == [], file


def test_no_other_font_is_at_hand() -> None:
    assert {"Tinos", "Be Vietnam Pro", "Dancing Script"} <= set(_fonts().families())
    assert len(_fonts().families()) == 5
