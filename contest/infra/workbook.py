"""Excel out: plain tables that open cleanly, print on A4 and never turn text into a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from contest.lazy import lazy

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = lazy("xlsxwriter")

CellValue = str | int | Decimal | None
# Excel refuses these in a sheet's name, and more than 31 characters.
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
NAME_LIMIT = 31
A4 = 9
HEADER_FILL, HEADER_INK = "#7A1420", "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `places` is None for text, else the number of printed decimals."""

    heading: str
    width: float = 14
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. Every row has one value per column; a Decimal becomes a real number, a str always stays text."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[CellValue]]
    frozen_columns: int = 1


@dataclass(frozen=True, slots=True)
class Properties:
    """What Excel shows about the file. `mark` stands on every sheet: in its title, its header and its footer."""

    title: str
    author: str
    created: datetime
    mark: str = ""


def write_workbook(sheets: Sequence[Sheet], properties: Properties, footer: str) -> bytes:
    """Return an .xlsx with one sheet per table: title line, frozen heading, filter, A4 landscape, repeated heading.

    `footer` is printed at the left of every page; page numbers stand at the right.
    """
    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "dd/mm/yyyy",
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(
            {
                "title": _marked(properties.mark, properties.title),
                "author": properties.author,
                "created": properties.created.replace(tzinfo=None),
            }
        )
        styles = _Styles(book)
        for sheet in sheets:
            target = book.add_worksheet(sheet.name.translate(_FORBIDDEN)[:NAME_LIMIT])
            marked = replace(sheet, title=_marked(properties.mark, sheet.title))
            _write_sheet(target, marked, styles, _marked(properties.mark, footer))
            if properties.mark:
                target.set_header(f'&C&"Arial,Bold"&24{properties.mark}')
    return buffer.getvalue()


def _marked(mark: str, text: str) -> str:
    return f"{mark} · {text}" if mark else text


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._numbers: dict[int, Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 14, "font_name": "Arial"})
        self.text = book.add_format(
            {
                "font_name": "Arial",
                "font_size": 10,
                "valign": "top",
                "text_wrap": True,
                "border": 1,
                "border_color": "#BBBBBB",
            }
        )
        self.heading = book.add_format(
            {
                "bold": True,
                "font_name": "Arial",
                "font_size": 10,
                "bg_color": HEADER_FILL,
                "font_color": HEADER_INK,
                "text_wrap": True,
                "valign": "vcenter",
                "border": 1,
                "border_color": "#BBBBBB",
            }
        )

    def number(self, places: int) -> Any:
        """Return the format that prints `places` decimals."""
        if places not in self._numbers:
            pattern = "0" if places == 0 else "0." + "0" * places
            self._numbers[places] = self._book.add_format(
                {
                    "font_name": "Arial",
                    "font_size": 10,
                    "num_format": pattern,
                    "valign": "top",
                    "border": 1,
                    "border_color": "#BBBBBB",
                }
            )
        return self._numbers[places]


def _write_sheet(target: Any, sheet: Sheet, styles: _Styles, footer: str) -> None:
    target.write_string(0, 0, sheet.title, styles.title)
    for place, column in enumerate(sheet.columns):
        target.set_column(place, place, column.width)
        target.write_string(1, place, column.heading, styles.heading)
    for number, row in enumerate(sheet.rows, start=2):
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(target, number, place, value, column, styles)
    target.freeze_panes(2, sheet.frozen_columns)
    target.autofilter(1, 0, max(1, len(sheet.rows) + 1), len(sheet.columns) - 1)
    target.set_landscape()
    target.set_paper(A4)
    target.fit_to_pages(1, 0)
    target.repeat_rows(0, 1)
    target.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    # "&" starts a control code in Excel's footers; doubled it prints itself.
    target.set_footer(f"&L&8{footer.replace('&', '&&')}&R&8&P / &N")


def _write_cell(target: Any, row: int, place: int, value: CellValue, column: Column, styles: _Styles) -> None:
    if value is None:
        target.write_blank(row, place, None, styles.text)
    elif isinstance(value, str):
        target.write_string(row, place, value, styles.text)
    else:
        target.write_number(row, place, float(value), styles.number(column.places or 0))
