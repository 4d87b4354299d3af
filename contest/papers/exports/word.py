"""Papers as Word files for a committee that edits them: the same blocks, in the styles of an official paper.

A text goes into the file as text, whatever it looks like; letters that XML cannot hold are left out.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import docx
import segno
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from contest.papers.blocks import (
    Bars,
    Block,
    Break,
    Code,
    Column,
    Document,
    Fields,
    Head,
    Heading,
    Items,
    Lines,
    Para,
    Signatures,
    Spans,
    Table,
    Title,
)

FONT = "Times New Roman"
LONG, SHORT = Mm(297), Mm(210)
LEFT, RIGHT, EDGE = Mm(30), Mm(20), Mm(20)
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
ROOM_TO_SIGN = 4
QR = Mm(30)


def as_word(paper: Document, *, made_at: datetime) -> bytes:
    """Return a paper as .docx: A4 with the margins and page numbers of Nghị định 30/2020."""
    writer = _Writer(paper)
    for block in paper.blocks:
        writer.write(block)
    properties = writer.file.core_properties
    properties.title, properties.author = _clean(paper.title), ""
    properties.created = properties.modified = made_at.replace(tzinfo=None)
    out = io.BytesIO()
    writer.file.save(out)
    return out.getvalue()


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)


class _Writer:
    """Writes blocks one after the other."""

    def __init__(self, paper: Document) -> None:
        self.paper = paper
        self.file = docx.Document()
        self.width = (LONG if paper.landscape else SHORT) - LEFT - RIGHT
        self._page()
        self._style()

    def _page(self) -> None:
        section = self.file.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE if self.paper.landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (LONG, SHORT) if self.paper.landscape else (SHORT, LONG)
        section.left_margin, section.right_margin = LEFT, RIGHT
        section.top_margin = section.bottom_margin = EDGE
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True  # the first page shows no number
        number = section.header.paragraphs[0]
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _page_number(number)
        for footer in (section.footer, section.first_page_footer):
            self._small(footer.paragraphs[0], self.paper.foot)
        if self.paper.mark:
            self._small(section.first_page_header.paragraphs[0], self.paper.mark)

    def _small(self, paragraph: Any, text: str) -> None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(_clean(text)).font.size = Pt(8)

    def _style(self) -> None:
        style = self.file.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(self.paper.size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:eastAsia", "w:cs", "w:hAnsi"):
            fonts.set(qn(script), FONT)
        style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(6), 1.15
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "vi-VN" if self.paper.language == "vi" else "en-GB")
        style.element.get_or_add_rPr().append(language)

    def write(self, block: Block) -> None:
        """Write one block."""
        writers: dict[type[Any], Any] = {
            Head: self._head,
            Title: self._title,
            Heading: lambda one: self._line(one.text, bold=True, keep=True),
            Para: self._para,
            Items: self._items,
            Fields: self._fields,
            Table: lambda one: self._table(one.columns, one.rows, one.bold, small=one.small, tall=one.tall),
            Lines: lambda one: [self._dotted("") for _ in range(one.count)],
            Signatures: self._signatures,
            Bars: self._bars,
            Spans: self._spans,
            Code: self._code,
            Break: lambda _one: self.file.add_paragraph().add_run().add_break(WD_BREAK.PAGE),
        }
        writers[type(block)](block)

    def _line(self, text: str, *, bold: bool = False, italic: bool = False, align: str = "left", keep: bool = False,
              size: float = 0, into: Any = None) -> Any:  # fmt: skip
        paragraph = (into or self.file).add_paragraph()
        self._run(paragraph, text, bold=bold, italic=italic, size=size)
        paragraph.alignment = _ALIGN[align]
        paragraph.paragraph_format.keep_with_next = keep
        return paragraph

    def _run(self, paragraph: Any, text: str, *, bold: bool = False, italic: bool = False, size: float = 0) -> None:
        run = paragraph.add_run(_clean(text))
        run.bold, run.italic = bold, italic
        if size:
            run.font.size = Pt(size)

    def _grid(self, columns: int, shares: list[float]) -> Any:
        table = self.file.add_table(rows=1, cols=columns)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for cell, share in zip(table.rows[0].cells, shares, strict=True):
            cell.width = int(self.width * share / sum(shares))
        return table

    def _head(self, one: Head) -> None:
        left, right = self._grid(2, [1, 1.35]).rows[0].cells
        for cell, lines in (
            (
                left,
                (
                    (one.superior.upper(), 12, False, False),
                    (one.issuer.upper(), 12, True, False),
                    (one.number, 12, False, False),
                ),
            ),
            (
                right,
                (
                    (one.motto[0], 12, True, False),
                    (one.motto[1], 13, True, False),
                    (one.place_and_day, 13, False, True),
                ),
            ),
        ):
            first = cell.paragraphs[0]
            for text, size, bold, italic in lines:
                if text:
                    paragraph = first or cell.add_paragraph()
                    first = None
                    paragraph.alignment, paragraph.paragraph_format.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(2)
                    self._run(paragraph, text, bold=bold, italic=italic, size=size)

    def _title(self, one: Title) -> None:
        self._line(one.text.upper(), bold=True, align="centre", size=14).paragraph_format.space_before = Pt(12)
        if one.about:
            self._line(one.about, bold=True, align="centre")

    def _para(self, one: Para) -> None:
        paragraph = self.file.add_paragraph()
        if one.lead:
            self._run(paragraph, f"{one.lead} ", bold=True)
        self._run(paragraph, one.text, bold=one.style in ("bold", "centre"), italic=one.style == "italic")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if one.style == "centre" else WD_ALIGN_PARAGRAPH.JUSTIFY
        if not one.style:
            paragraph.paragraph_format.first_line_indent = Mm(10)

    def _items(self, one: Items) -> None:
        for number, text in enumerate(one.texts, start=1):
            paragraph = self._line(f"{number}. {text}" if one.numbered else f"– {text}")
            paragraph.paragraph_format.left_indent = Mm(8)
            paragraph.paragraph_format.first_line_indent = Mm(-5)

    def _fields(self, one: Fields) -> None:
        for label, value in one.pairs:
            paragraph = self._dotted(f"{label}: ") if not value else self._line(f"{label}: ")
            if value:
                self._run(paragraph, value, bold=True)

    def _dotted(self, label: str) -> Any:
        """Write a label with a dotted line to the right margin behind it."""
        paragraph = self._line(f"{label}\t")
        paragraph.paragraph_format.tab_stops.add_tab_stop(self.width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        return paragraph

    def _table(self, columns: tuple[Column, ...], rows: Any, bold: tuple[int, ...] = (), *, small: bool = False,
               tall: bool = False) -> None:  # fmt: skip
        size = 10 if small else 12
        table = self._grid(len(columns), [one.width for one in columns])
        table.style = "Table Grid"
        for cell, one in zip(table.rows[0].cells, columns, strict=True):
            self._cell(cell, one.title, "centre", size, bold=True)
        _repeat(table.rows[0])
        for number, row in enumerate(rows):
            added = table.add_row()
            if tall:
                added.height = Mm(12)
            for cell, text, one in zip(added.cells, row, columns, strict=True):
                self._cell(cell, text, one.align, size, bold=number in bold)
                cell.width = int(self.width * one.width / sum(other.width for other in columns))
        self.file.add_paragraph().paragraph_format.space_after = Pt(0)

    def _cell(self, cell: Any, text: str, align: str, size: float, *, bold: bool) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.alignment = _ALIGN[align]
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(1), 1.0
        self._run(paragraph, text, bold=bold, size=size)

    def _signatures(self, one: Signatures) -> None:
        alone = bool(one.copies) or len(one.signers) == 1  # one signature stands at the right
        shares = [1.0] * (len(one.signers) + alone)
        cells = list(self._grid(len(shares), shares).rows[0].cells)
        if alone:
            self._copies(cells.pop(0), one)
        for cell, signer in zip(cells, one.signers, strict=True):
            self._cell(cell, signer.role.upper(), "centre", 13, bold=True)
            self._line(signer.note, italic=True, align="centre", size=11, into=cell)
            for _ in range(ROOM_TO_SIGN):
                cell.add_paragraph()
            self._line(signer.name, bold=True, align="centre", into=cell)

    def _copies(self, cell: Any, one: Signatures) -> None:
        self._cell(cell, one.copies_title, "left", 12, bold=True)
        for text in one.copies:
            self._line(f"– {text}", size=11, into=cell)

    def _bars(self, one: Bars) -> None:
        self._line(one.title, bold=True, align="centre", keep=True)
        rows = [(bar.label, bar.text) for bar in one.bars]
        self._table((Column(one.heads[0], 3), Column(one.heads[1], 1, "right")), rows, small=True)

    def _spans(self, one: Spans) -> None:
        self._line(one.title, bold=True, align="centre", keep=True)
        rows = [(span.label, span.text) for span in one.spans]
        self._table((Column(one.heads[0], 2), Column(one.heads[1], 2)), rows, small=True)

    def _code(self, one: Code) -> None:
        picture = io.BytesIO()
        segno.make(one.text, error="m", micro=False).save(picture, kind="png", border=4, scale=8)
        left, right = self._grid(2, [1, 4]).rows[0].cells
        picture.seek(0)
        left.paragraphs[0].add_run().add_picture(picture, width=QR)
        self._cell(right, one.words, "left", 11, bold=False)


def _repeat(row: Any) -> None:
    """Let a row stand again at the top of each page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001  the library offers no other way


def _page_number(paragraph: Any) -> None:
    """Write the field that Word fills with the number of the page."""
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)  # noqa: SLF001  as above
