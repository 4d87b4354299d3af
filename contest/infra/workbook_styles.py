"""The looks of cells in a workbook, each made once per book."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Protocol

HEADER_FILL, HEADER_INK = "#7A1420", "#FFFFFF"
ENTRY_FILL, LEAD_FILL = "#FFF4CC", "#F3E9EA"
GRID, QUIET_INK = "#BBBBBB", "#666666"
# Keeps a number off the words in the next column.
_RIGHT = {"align": "right", "indent": 1}


class Kind(Protocol):
    """What a column says about the look of its cells."""

    @property
    def places(self) -> int | None:
        """Return the printed decimals; None for text."""

    @property
    def entry(self) -> bool:
        """Tell whether people fill it in."""

    @property
    def open(self) -> bool:
        """Tell whether it is not locked."""

    @property
    def money(self) -> bool:
        """Tell whether it holds amounts."""

    @property
    def quiet(self) -> bool:
        """Tell whether it serves checking only."""


class Styles:
    """The formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._known: dict[tuple[Any, ...], Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 14, "font_name": "Arial"})
        self.aside = book.add_format({"italic": True, "font_size": 10, "font_name": "Arial", "align": "right"})
        self.lead = self._cell(bold=True, bg_color=LEAD_FILL)
        self.heading = self._cell(
            bold=True, bg_color=HEADER_FILL, font_color=HEADER_INK, text_wrap=True, valign="vcenter"
        )
        self.empty = book.add_format({"border": 1, "border_color": GRID})
        self.day = self._cell(num_format="dd/mm/yyyy", align="left")
        self.moment = self._cell(num_format="dd/mm/yyyy hh:mm:ss", align="left")

    def _cell(self, **more: Any) -> Any:
        base = {"font_name": "Arial", "font_size": 10, "valign": "top", "border": 1, "border_color": GRID}
        return self._book.add_format({**base, **more})

    def of(self, column: Kind) -> Any:
        """Return the format of a column's cells."""
        key = (column.places, column.entry, column.open, column.money, column.quiet)
        if key not in self._known:
            self._known[key] = self._cell(**self._wishes(column))
        return self._known[key]

    def _wishes(self, column: Kind) -> dict[str, Any]:
        wishes: dict[str, Any] = {"text_wrap": True}
        if column.places is not None:
            wishes = {"num_format": _pattern(column), **_RIGHT}
        if column.entry:
            wishes |= {"bg_color": ENTRY_FILL, "locked": False}
        if column.open:
            wishes["locked"] = False
        if column.quiet:
            wishes |= {"font_color": QUIET_INK, "font_size": 8}
        return wishes

    def beside(self, column: Kind) -> Any:
        """Return the format of words in a column of numbers: they count for nothing, and look it."""
        key = ("beside", column.open)
        if key not in self._known:
            self._known[key] = self._cell(
                italic=True, font_color=QUIET_INK, text_wrap=True, locked=not column.open, **_RIGHT
            )
        return self._known[key]

    def plain_number(self, value: int | Decimal) -> Any:
        """Return the format of a number in a column of text, with the places that it has."""
        places = max(0, -int(value.as_tuple().exponent)) if isinstance(value, Decimal) else 0
        key = ("plain", places)
        if key not in self._known:
            self._known[key] = self._cell(num_format=_places(places), align="left")
        return self._known[key]


def _pattern(column: Kind) -> str:
    return "#,##0" if column.money else _places(column.places or 0)


def _places(places: int) -> str:
    return "0" if places == 0 else "0." + "0" * places
