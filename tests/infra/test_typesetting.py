"""Typst documents: values stay text, the same input gives the same bytes, and nothing of the machine is read."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import typst

from contest.infra.typesetting import typeset, typeset_long

NOON = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)
FONTS = {b"Tinos", b"NotoEmoji", b"NotoSansArabic"}
PAGE = """
#import "house.typ": *
#show: paper.with(title: "Thử", foot: values.foot)
#head(issuer: "Ban Tổ chức", motto: ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc"))
#values.name
#signatures((("role": "Thư ký", "name": "Đỗ Thị Ỷ"),))
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "page.typ"
    path.write_text(PAGE, encoding="utf-8")
    return path


def text_of(content: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


@pytest.mark.parametrize(
    "name", ["=1+1", '#read("/etc/passwd")', "*đậm* $x^2$ @nhãn <a>", "\\u{41}", "Đỗ Thị Ỷ", "#import sys", "// hết"]
)
def test_a_name_is_printed_as_it_stands(template: Path, name: str) -> None:
    made = typeset(template, {"name": name, "foot": ""}, made_at=NOON)
    assert name in text_of(made)


def test_every_script_and_emoji_find_a_letter(template: Path) -> None:
    made = typeset(template, {"name": "عربي עברית 🚀", "foot": "SHA-256"}, made_at=NOON)
    assert {font for font in FONTS if font in made} == FONTS
    assert "SHA-256" in text_of(made)


def test_a_sign_that_no_font_has_makes_a_plain_file(template: Path) -> None:
    values = {"name": "Đội 田 0\ufe0f\u20e3 Nắng", "foot": ""}
    made = typeset(template, values, made_at=NOON)
    long = typeset_long(template, [values, values], made_at=NOON)
    assert b"pdfaid" not in made
    assert ("Nắng" in text_of(made), text_of(long).count("Nắng")) == (True, 2)
    assert typeset(template, values, made_at=NOON) == made


def test_the_same_input_gives_the_same_bytes_of_an_archive_file(template: Path) -> None:
    first, second = (typeset(template, {"name": "Mầm Xanh", "foot": ""}, made_at=NOON) for _ in range(2))
    assert first == second
    assert b"pdfaid" in first


def test_a_template_reads_nothing_of_the_machine(template: Path) -> None:
    template.write_text('#read("/etc/passwd")', encoding="utf-8")
    with pytest.raises(typst.TypstError):
        typeset(template, {}, made_at=NOON)
    template.write_text('#read("../../../../../../etc/passwd")', encoding="utf-8")
    with pytest.raises(typst.TypstError):
        typeset(template, {}, made_at=NOON)


def test_a_picture_is_read_by_its_name_alone(template: Path) -> None:
    template.write_text('#image("/pictures/mark.svg", width: 10mm)', encoding="utf-8")
    mark = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'
    assert typeset(template, {}, made_at=NOON, pictures={"../../mark.svg": mark}).startswith(b"%PDF")


def test_a_long_file_is_its_parts_one_after_another(template: Path) -> None:
    parts = [{"name": f"Đội {number}", "foot": "F"} for number in range(3)]
    made = typeset_long(template, parts, made_at=NOON)
    assert text_of(made) == "\n".join(text_of(typeset(template, part, made_at=NOON)) for part in parts)
    assert made == typeset_long(template, parts, made_at=NOON)
    with pikepdf.open(BytesIO(made)) as whole, whole.open_metadata() as said:
        assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("2", "B")
        assert len(whole.Root["/OutputIntents"]) == 1
        assert "/StructTreeRoot" not in whole.Root


def test_a_long_file_with_a_plain_part_does_not_call_itself_an_archive_file(template: Path) -> None:
    parts = [{"name": "Đội 1", "foot": "F"}, {"name": "Đội \U0001f9ff\u0e9f\U00013000", "foot": "F"}]
    plain = typeset(template, parts[1], made_at=NOON)
    assert b"pdfaid" not in plain
    made = typeset_long(template, parts, made_at=NOON)
    with pikepdf.open(BytesIO(made)) as whole:
        assert len(whole.pages) == 2
        assert "/OutputIntents" not in whole.Root
        assert "/Metadata" not in whole.Root


def test_a_part_that_cannot_be_set_is_told(template: Path) -> None:
    template.write_text('#import "house.typ": *\n#values.nothing', encoding="utf-8")
    with pytest.raises(ChildProcessError, match="nothing"):
        typeset_long(template, [{}, {}], made_at=NOON)
