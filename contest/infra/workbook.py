"""Excel out: tables that open cleanly, print on A4, compute again, and never turn text into a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from contest.infra.workbook_styles import Styles
from contest.lazy import lazy

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter import utility
else:
    xlsxwriter, utility = lazy("xlsxwriter"), lazy("xlsxwriter.utility")

# Excel refuses these in a sheet's name, and more than 31 characters; an apostrophe may not end one.
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
NAME_LIMIT = 31
TEXT_LIMIT = 32_767
LINE_POINTS, MOST_LINES = 13.5, 12
A4 = 9
CHART_ROWS, CHART_WIDTH, CHART_HEIGHT = 16, 620, 300


@dataclass(frozen=True, slots=True)
class Formula:
    """What a cell computes; `value` is what it gives now, for readers that do not compute. `array`: entered as one."""

    text: str
    value: str | int | Decimal | None
    array: bool = False


CellValue = str | int | Decimal | date | Formula | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `places` is None for text, else the number of printed decimals.

    `entry`: people fill it in, so it is tinted and not locked; `choices` are offered there. `open`: not locked, and
    not tinted. `money`: whole numbers in groups of three. `quiet`: small and grey, for what serves checking.
    """

    heading: str
    width: float = 14
    places: int | None = None
    entry: bool = False
    choices: tuple[str, ...] = ()
    open: bool = False
    money: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one column over the names in another, for the rows `first` to `last` of a sheet (from 0)."""

    title: str
    names: int
    values: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. Every row has one value per column; a Decimal becomes a real number, a str always stays text.

    `lead` stands between the title and the headings; without a `title` the headings are the very first row, as a mail
    merge wants them. `aside` is a line at the right of the title. `marks` name the cells of a column below its heading.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[CellValue]]
    frozen_columns: int = 1
    lead: tuple[CellValue, ...] = ()
    aside: CellValue = None
    charts: tuple[Chart, ...] = ()
    marks: tuple[tuple[int, str], ...] = ()
    printed: int = 0
    """How many columns go on paper; 0 for all."""

    @property
    def top(self) -> int:
        """Return the row of the headings, from 0."""
        return int(bool(self.title)) + bool(self.lead)


@dataclass(frozen=True, slots=True)
class Properties:
    """What Excel shows about the file. `mark` stands on every sheet: in its title, its header and its footer."""

    title: str
    author: str
    created: datetime
    mark: str = ""


def sheet_name(text: str) -> str:
    """Return a name that Excel takes."""
    return text.translate(_FORBIDDEN)[:NAME_LIMIT].strip()


def cell(row: int, column: int, *, fixed: bool = False) -> str:
    """Return the address of a cell from 0: "C5", or "$C$5" for one that stays when a formula is copied."""
    return str(utility.xl_rowcol_to_cell(row, column, row_abs=fixed, col_abs=fixed))


def span(first_row: int, first: int, last_row: int, last: int) -> str:
    """Return the address of a block that stays when a formula is copied."""
    return f"{cell(first_row, first, fixed=True)}:{cell(last_row, last, fixed=True)}"


def on(sheet: str, address: str) -> str:
    """Return an address on another sheet, by its name."""
    return f"'{sheet}'!{address}"


def write_workbook(sheets: Sequence[Sheet], properties: Properties, footer: str) -> bytes:
    """Return an .xlsx with one sheet per table: title line, frozen heading, filter, A4 landscape, repeated heading.

    Cells are locked without a password, those that people fill in are not. `footer` is printed at the left of every
    page; page numbers stand at the right.
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
        book.set_calc_mode("auto")
        styles = Styles(book)
        for sheet in sheets:
            target = book.add_worksheet(sheet_name(sheet.name))
            title = _marked(properties.mark, sheet.title) if sheet.title else ""
            _write_sheet(target, replace(sheet, title=title), styles)
            _lay_out(target, sheet, _marked(properties.mark, footer))
            _line_empty_seats(target, sheet, styles)
            for chart in sheet.charts:
                _draw(book, target, sheet, chart)
            for place, name in sheet.marks:
                last = max(len(sheet.rows), 1)
                block = span(sheet.top + 1, place, sheet.top + last, place)
                book.define_name(name, "=" + on(sheet_name(sheet.name), block))
            if properties.mark:
                target.set_header(f'&C&"Arial,Bold"&24{properties.mark}')
    return buffer.getvalue()


def _marked(mark: str, text: str) -> str:
    return f"{mark} · {text}" if mark else text


def _write_sheet(target: Any, sheet: Sheet, styles: Styles) -> None:
    top = sheet.top
    if sheet.title:
        target.write_string(0, 0, sheet.title, styles.title)
        if sheet.aside is not None:
            _write_cell(
                target, (0, (sheet.printed or len(sheet.columns)) - 1), sheet.aside, Column(""), styles, styles.aside
            )
    for place, value in enumerate(sheet.lead):
        _write_cell(target, (top - 1, place), value, sheet.columns[place], styles, styles.lead)
    for place, column in enumerate(sheet.columns):
        target.set_column(place, place, column.width)
        target.write_string(top, place, column.heading, styles.heading)
    target.set_row(top, _height([column.heading for column in sheet.columns], sheet.columns, bold=True))
    formats = [styles.of(column) for column in sheet.columns]
    for number, row in enumerate(sheet.rows, start=top + 1):
        height = _height(row, sheet.columns)
        if height > LINE_POINTS:
            target.set_row(number, height)
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(target, (number, place), value, column, styles, formats[place])


def _height(row: Sequence[CellValue], columns: Sequence[Column], *, bold: bool = False) -> float:
    """Return the height in points that shows the longest text; not every program fits rows by itself."""
    room = 0.85 if bold else 1.2  # letters per unit of width, wrapping at words considered
    lines = 1
    for value, column in zip(row, columns, strict=True):
        if isinstance(value, str) and (bold or len(value) > column.width * room):
            lines = max(lines, -int(-len(value) // (column.width * room)))
    return min(lines, MOST_LINES) * LINE_POINTS + (LINE_POINTS / 2 if bold else 0)


def _write_cell(target: Any, at: tuple[int, int], value: CellValue, column: Column, styles: Styles, look: Any) -> None:
    row, place = at
    if isinstance(value, Formula):
        if column.places is None and look is not styles.lead and isinstance(value.value, int | Decimal):
            look = styles.plain_number(value.value)
        _write_formula(target, row, place, value, look)
    elif value is None:
        if not column.open:  # a matrix has many empty seats
            target.write_blank(row, place, None, look)
    elif isinstance(value, str):
        beside = column.places is not None and not column.entry and look is not styles.lead
        target.write_string(row, place, value[:TEXT_LIMIT], styles.beside(column) if beside else look)
    elif isinstance(value, datetime):
        target.write_datetime(row, place, value.replace(tzinfo=None), styles.moment)
    elif isinstance(value, date):
        target.write_datetime(row, place, datetime(value.year, value.month, value.day), styles.day)  # noqa: DTZ001
    else:
        target.write_number(row, place, float(value), look if column.places is not None else styles.plain_number(value))


def _write_formula(target: Any, row: int, place: int, formula: Formula, look: Any) -> None:
    value = "" if formula.value is None else formula.value
    shown = float(value) if isinstance(value, Decimal) else value
    if formula.array:
        target.write_array_formula(row, place, row, place, f"{{={formula.text}}}", look, shown)
    else:
        target.write_formula(row, place, f"={formula.text}", look, shown)


def _lay_out(target: Any, sheet: Sheet, footer: str) -> None:
    top, last = sheet.top, len(sheet.columns) - 1
    bottom = max(top + 1, top + len(sheet.rows))
    target.freeze_panes(top + 1, sheet.frozen_columns)
    target.autofilter(top, 0, bottom, last)
    target.set_landscape()
    target.set_paper(A4)
    target.fit_to_pages(1, 0)
    target.repeat_rows(0, top)
    if sheet.printed:
        target.print_area(0, 0, bottom, sheet.printed - 1)
    target.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    # "&" starts a control code in Excel's footers; doubled it prints itself.
    target.set_footer(f"&L&8{footer.replace('&', '&&')}&R&8&P / &N")
    target.ignore_errors({"number_stored_as_text": span(0, 0, bottom, last).replace("$", "")})
    target.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})
    for place, column in enumerate(sheet.columns):
        if column.choices:
            rule = {"validate": "list", "source": list(column.choices), "ignore_blank": True}
            target.data_validation(top + 1, place, bottom, place, rule)


def _line_empty_seats(target: Any, sheet: Sheet, styles: Styles) -> None:
    """Draw the grid through cells of open columns that were not written; one rule costs less than many blanks."""
    for place, column in enumerate(sheet.columns):
        if column.open and sheet.rows:
            rule = {"type": "blanks", "format": styles.empty}
            target.conditional_format(sheet.top + 1, place, sheet.top + len(sheet.rows), place, rule)


def _draw(book: Any, target: Any, sheet: Sheet, chart: Chart) -> None:
    """Put a chart at the right of the table; several stand below each other."""
    name, number = sheet_name(sheet.name), sheet.charts.index(chart)
    drawn = book.add_chart({"type": "bar"})
    column = sheet.columns[chart.values]
    drawn.add_series(
        {
            "name": column.heading,
            "categories": [name, chart.first, chart.names, chart.last, chart.names],
            "values": [name, chart.first, chart.values, chart.last, chart.values],
            "fill": {"color": "#7A1420"},
            "gap": 60,
            "data_labels": {"value": True},
        }
    )
    drawn.set_title({"name": chart.title, "name_font": {"size": 12, "name": "Arial"}, "overlay": False})
    drawn.set_legend({"none": True})
    drawn.set_y_axis({"reverse": True, "num_font": {"name": "Arial", "size": 9}})
    drawn.set_x_axis({"min": 0, "visible": False, "major_gridlines": {"visible": False}})  # the bars are labelled
    drawn.set_size({"width": CHART_WIDTH, "height": CHART_HEIGHT})
    target.insert_chart(sheet.top + 1 + number * CHART_ROWS, len(sheet.columns) + 1, drawn)
