"""A table before it is loaded: its sheets, its headings, and what each column seems to mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.errors import KippError
from kipp_desktop.exchange.guessing import ColumnGuess, guess_columns, guess_header_row
from kipp_desktop.exchange.spreadsheet import read_workbook
from kipp_desktop.exchange.tables import (
    FIELDS,
    HEADER_ROWS,
    KEPT,
    LEFT_OUT,
    choose_sheet,
    find_header,
)
from kipp_desktop.services.importing import AS_GUESSED, Layout, recalled
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kipp_desktop.exchange.spreadsheet import Sheet, Workbook
    from kipp_desktop.exchange.tables import Kind
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class TableView:
    """A table as it would be read.

    ``sheets`` are (name, number of rows); ``top`` are the first rows of the chosen sheet as (row,
    cells), among which the headings stand in ``header_row``; ``choices`` are (field, its usual
    heading); ``remembered``: the columns were confirmed for an earlier file; ``problem`` says why
    the table cannot be read so, or is None.
    """

    sheets: tuple[tuple[str, int], ...]
    sheet: str
    header_row: int
    top: tuple[tuple[int, tuple[str, ...]], ...]
    columns: tuple[ColumnGuess, ...]
    choices: tuple[tuple[str, str], ...]
    remembered: bool
    problem: KippError | None

    def layout(self, chosen: Mapping[int, str | None] | None = None) -> Layout:
        """Return how the table is read with the columns as guessed, or as the user chose.

        ``chosen`` maps the place of a column to a field, to None (kept as it is) or to ``-``
        (left out).
        """
        pairs = []
        for column in self.columns:
            field = LEFT_OUT if column.left_out else column.field
            if chosen is not None and column.index in chosen:
                field = chosen[column.index]
            if not column.header and field in {None, LEFT_OUT}:
                continue  # nobody could say what is kept there
            pairs.append((f"#{column.index + 1}", KEPT if field is None else field))
        return Layout(self.sheet, self.header_row, tuple(pairs))


def look_at_table(
    home: Home, panel: Panel, path: Path, kind: Kind, layout: Layout = AS_GUESSED
) -> TableView:
    """Return what a table seems to hold, whether or not it can be read.

    Sheet and row of headings are those of ``layout``, else remembered, else guessed. Raises
    :class:`KippError` ``table-…`` for a file that is no table, and ``sheet-missing``.
    """
    home.context.step(0.0, Text("Reading the table"))
    workbook = read_workbook(path, cancelled=home.context.cancelled)
    found = recalled(panel.workbench, kind, workbook, layout) if not layout.mapping else layout
    sheet = _sheet(workbook, kind, found)
    row = found.header_row or _header_row(sheet, kind)
    problem = None
    try:
        find_header(sheet, kind, header_row=row, mapping=found.mapping)
    except KippError as error:
        problem = error
    return TableView(
        tuple((item.name, len(item.rows)) for item in workbook.sheets),
        sheet.name,
        row,
        tuple(
            (sheet.first_row + position, tuple(cells))
            for position, cells in enumerate(sheet.rows[:HEADER_ROWS])
        ),
        guess_columns(sheet, kind, row, found.mapping),
        tuple((field.id, field.column) for field in FIELDS[kind]),
        found is not layout,
        problem,
    )


def _sheet(workbook: Workbook, kind: Kind, layout: Layout) -> Sheet:
    try:
        return choose_sheet(workbook, kind, layout.sheet)
    except KippError:
        if layout.sheet is not None or not workbook.sheets:
            raise
    # No sheet has headings that are known: the longest is most likely the list.
    return max(workbook.sheets, key=lambda sheet: len(sheet.rows))


def _header_row(sheet: Sheet, kind: Kind) -> int:
    try:
        return find_header(sheet, kind).row
    except KippError:
        return guess_header_row(sheet, kind)
