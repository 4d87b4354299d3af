"""What is found inside of files, and what a copy without its author's notes still says."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from PIL import Image

from contest.infra import inspection
from contest.infra.children import office, pdf, picture
from tests.submissions.samples import pdf as plain_pdf
from tests.submissions.samples import picture as plain_picture
from tests.submissions.samples import pptx, zipped

PDF = "application/pdf"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAME = "Trần Anh Dũng"
PLAIN = "Tran Anh Dung"  # cameras write no other letters


def found(content: bytes) -> list[str]:
    return pdf.inspect(BytesIO(content)) if content.startswith(b"%PDF") else office.inspect(BytesIO(content))


def document(**root: Any) -> bytes:
    """A PDF whose catalogue holds more than pages."""
    out = BytesIO()
    with pikepdf.open(BytesIO(plain_pdf())) as made:
        for key, value in root.items():
            made.Root[f"/{key}"] = made.make_indirect(value)
        made.save(out)
    return out.getvalue()


def action(kind: str, **more: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **more)


def attached() -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(plain_pdf())) as made:
        made.attachments["so.csv"] = b"1;2"
        made.save(out)
    return out.getvalue()


def locked(*, user: str) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(plain_pdf())) as made:
        made.save(out, encryption=pikepdf.Encryption(owner="chu", user=user))
    return out.getvalue()


def packed() -> bytes:
    """A PDF as programs write it today, its objects packed together."""
    out = BytesIO()
    with pikepdf.open(BytesIO(plain_pdf())) as made:
        made.Root.OpenAction = action("JavaScript", JS="app.alert(1)")
        made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in out.getvalue()
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (plain_pdf(), []),
        (plain_pdf(pages=40), []),
        (document(OpenAction=action("URI", URI="https://example.vn/")), []),
        (document(OpenAction=action("JavaScript", JS="app.alert(1)")), ["script"]),
        (document(AA=pikepdf.Dictionary(O=action("JavaScript", JS="app.alert(1)"))), ["script"]),
        (document(OpenAction=action("Launch", F="cmd.exe")), ["launch"]),
        (document(OpenAction=action("GoTo", Next=action("SubmitForm", F="http://a.example/"))), ["launch"]),
        (document(AcroForm=pikepdf.Dictionary(XFA=pikepdf.Array([]))), ["script"]),
        (packed(), ["script"]),
        (attached(), ["embedded"]),
        (locked(user="mat-khau"), ["locked"]),
        (locked(user=""), []),
        (plain_pdf(pages=30)[:-400], ["damaged"]),
        (plain_pdf().replace(b"/Count 1", b"/Count 0").replace(b"[3 0 R]", b"[     ]"), ["damaged"]),
    ],
)
def test_a_document_that_does_more_than_show_pages_is_known(content: bytes, codes: list[str]) -> None:
    assert found(content) == codes


def relation(kind: str, target: str = "https://a.example/x", mode: str = ' TargetMode="External"') -> bytes:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    ).encode()


RELS = "ppt/slides/_rels/slide1.xml.rels"
CHART = "ppt/embeddings/Microsoft_Excel_Sheet1.xlsx"
TABLE = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}


def flipped(content: bytes) -> bytes:
    """The same archive with one bit of a picture inside turned over on its way."""
    place = content.index(b"many points") + 3
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize(
    ("extra", "codes"),
    [
        ({RELS: relation("hyperlink")}, []),
        ({RELS: relation("image", "../media/image1.png", "")}, []),
        ({RELS: relation("image")}, ["outside"]),
        ({RELS: relation("video")}, ["outside"]),
        ({"ppt/_rels/presentation.xml.rels": relation("attachedTemplate", "\\\\\\\\a\\\\x.potx")}, ["outside"]),
        ({RELS: relation("oleObject")}, ["embedded", "outside"]),
        ({RELS: relation("image").decode().encode("utf-16")}, ["outside"]),
        ({RELS: relation("oleObject", "../embeddings/oleObject1.bin", "")}, ["embedded"]),
        ({"ppt/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"}, ["embedded"]),
        ({"ppt/embeddings/plan.docx": zipped(TABLE)}, ["embedded"]),
        ({CHART: zipped(TABLE)}, []),
        ({CHART: b"no archive"}, ["embedded"]),
        ({CHART: zipped({**TABLE, "xl/vbaProject.bin": b"x"})}, ["embedded"]),
        ({CHART: zipped({**TABLE, "xl/externalLinks/externalLink1.xml": b"<x><ddeLink/></x>"})}, ["dde"]),
        ({CHART: zipped({**TABLE, "xl/_rels/workbook.xml.rels": relation("externalLinkPath")})}, ["outside"]),
        ({"ppt/activeX/activeX1.bin": b"x"}, ["macros"]),
        ({"ppt/slides/slide1.xml": b'<s><hlinkClick action="ppaction://program"/></s>'}, ["launch"]),
        ({"ppt/slides/slide1.xml": b"<s>\n<instrText> DDEAUTO c:\\\\cmd.exe </instrText></s>"}, ["dde"]),
        ({"ppt/slides/slide1.xml": b'<!DOCTYPE s [<!ENTITY a "b">]><s>&a;</s>'}, ["damaged"]),
        ({"ppt/slides/slide1.xml": b"<s><unclosed></s>"}, ["damaged"]),
        (
            {"[Content_Types].xml": b'<Types><Override ContentType="application/vnd.ms-office.vbaProject"/></Types>'},
            ["macros"],
        ),
    ],
)
def test_slides_that_do_more_than_show_themselves_are_known(extra: dict[str, bytes], codes: list[str]) -> None:
    assert found(pptx(extra=extra)) == codes


def test_a_turned_bit_inside_an_archive_is_known() -> None:
    stored = BytesIO()
    with ZipFile(stored, "w") as archive:
        archive.writestr("ppt/media/image1.png", b"many points" * 9)

    assert found(stored.getvalue()) == []
    assert found(flipped(stored.getvalue())) == ["damaged"]


def test_a_picture_whose_points_end_too_soon_is_known() -> None:
    whole = plain_picture("JPEG", (200, 200))

    assert picture.inspect(BytesIO(whole)) == []
    assert picture.inspect(BytesIO(whole[: len(whole) // 2])) == ["damaged"]


def signed_pdf() -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(plain_pdf("Nhom 7"))) as made:
        made.docinfo["/Author"] = NAME
        with made.open_metadata() as notes:
            notes["dc:creator"] = [NAME]
        made.save(out)
    return out.getvalue()


CORE = (
    '<?xml version="1.0"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    f'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{NAME}</dc:creator></cp:coreProperties>'
).encode()
SLIDE = '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:t>Ngập </a:t><a:t>lụt</a:t></a:p><a:p><a:t>Đèn</a:t></a:p></p:sld>'


def signed_pptx() -> bytes:
    return pptx(
        extra={
            "docProps/core.xml": CORE,
            "docProps/app.xml": f"<Properties><Company>{NAME}</Company></Properties>".encode(),
            "ppt/commentAuthors.xml": f'<l><cmAuthor id="0" name="{NAME}" initials="TD" lastIdx="1"/></l>'.encode(),
            "ppt/media/image1.jpg": signed_picture("JPEG"),
            "docProps/thumbnail.jpeg": plain_picture("JPEG"),
            "ppt/slides/slide1.xml": SLIDE.encode(),
        }
    )


def signed_picture(kind: str) -> bytes:
    notes = Image.Exif()
    notes[0x013B], notes[0x010F] = PLAIN, "Camera"
    notes.get_ifd(0x8825)[1] = "N"
    return plain_picture(kind, (40, 30), exif=notes)


def bare(content: bytes, content_type: str, tmp_path: Path) -> bytes:
    """What `inspection.strip` makes of it."""
    (tmp_path / "old").write_bytes(content)
    with (tmp_path / "old").open("rb") as source, (tmp_path / "new").open("wb") as target:
        inspection.strip(source, content_type, target)
    return (tmp_path / "new").read_bytes()


def told(content: bytes, content_type: str, tmp_path: Path) -> inspection.Words:
    (tmp_path / "told").write_bytes(content)
    with (tmp_path / "told").open("rb") as source:
        return inspection.words(source, content_type)


@pytest.mark.parametrize(
    ("content", "content_type", "text"),
    [
        (signed_pdf(), PDF, ("Nhom 7 1",)),
        (signed_pptx(), PPTX, ("Ngập lụt\nĐèn",)),
        (signed_picture("PNG"), "image/png", ()),
        (signed_picture("JPEG"), "image/jpeg", ()),
        (signed_picture("WEBP"), "image/webp", ()),
    ],
)
def test_a_copy_says_the_same_and_names_nobody(
    content: bytes, content_type: str, text: tuple[str, ...], tmp_path: Path
) -> None:
    before = told(content, content_type, tmp_path)
    assert any(NAME in value or PLAIN in value for value in before.notes.values())
    assert before.text == text

    clean = bare(content, content_type, tmp_path)

    after = told(clean, content_type, tmp_path)
    assert after.text == text
    assert not any(NAME in value for value in after.notes.values())
    assert NAME.encode() not in clean
    assert PLAIN.encode() not in clean
    assert not after.notes
    with inspect_file(clean, tmp_path) as again:
        assert inspection.inspect(again, content_type) == frozenset()


def inspect_file(content: bytes, tmp_path: Path) -> Any:
    path = tmp_path / hashlib.sha256(content).hexdigest()
    path.write_bytes(content)
    return path.open("rb")


def test_a_picture_inside_slides_loses_what_the_camera_wrote(tmp_path: Path) -> None:
    clean = bare(signed_pptx(), PPTX, tmp_path)

    with ZipFile(BytesIO(clean)) as archive:
        inside = archive.read("ppt/media/image1.jpg")
        assert archive.read("ppt/slides/slide1.xml") == SLIDE.encode()
    with Image.open(BytesIO(inside)) as shown:
        assert (shown.size, dict(shown.getexif())) == ((40, 30), {})


def test_what_cannot_be_copied_is_said(tmp_path: Path) -> None:
    with pytest.raises(inspection.NotStripped):
        bare(b"%PDF-1.4 nothing", PDF, tmp_path)
    with pytest.raises(inspection.NotStripped):
        bare(b"text", "text/plain", tmp_path)


def test_the_real_child_answers(tmp_path: Path) -> None:
    run = [sys.executable, "-I", str(inspection.RUN)]
    with inspect_file(document(OpenAction=action("Launch", F="x")), tmp_path) as source:
        done = subprocess.run([*run, "inspect", "pdf"], stdin=source, capture_output=True, check=True, env={})
    assert done.stdout == b'["launch"]'
    with inspect_file(signed_pptx(), tmp_path) as source, (tmp_path / "copy").open("wb") as target:
        subprocess.run([*run, "strip", "office"], stdin=source, stdout=target, check=True, env=dict(os.environ))
    assert office.inspect(BytesIO((tmp_path / "copy").read_bytes())) == []
