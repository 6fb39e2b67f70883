"""A plain table as a file: XLSX, or CSV as spreadsheet programs in Indonesia open it.

Every cell is text, whatever it looks like: "01" keeps its zero and "=…" computes nothing. In CSV an
apostrophe shields what a spreadsheet program would compute; our reader takes it off again.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMPUTED = ("=", "+", "-", "@")
_WIDEST = 60
_LONGEST = 32_767  # characters that a cell of XLSX holds


def render_csv(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return semicolon-separated UTF-8 with a byte-order mark and Windows line ends."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in (headings, *rows):
        writer.writerow([f"'{cell}" if cell.startswith(_COMPUTED) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def render_xlsx(*sheets: tuple[str, Sequence[str], Sequence[Sequence[str | int]]]) -> bytes:
    """Return a workbook; a sheet is its name, its heading row (frozen) and its rows.

    Whole numbers become numbers, so that they can be summed.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        heading = workbook.add_format({"bold": True, "text_wrap": True, "bg_color": "#E4E7EC"})
        # "@" keeps "01" as it is when somebody edits the cell.
        text = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        number = workbook.add_format({"num_format": "0", "valign": "top"})
        for name, headings, rows in sheets:
            sheet = workbook.add_worksheet(name[:31])
            for column, title in enumerate(headings):
                sheet.write_string(0, column, title, heading)
                cells = [str(row[column]) for row in rows if column < len(row)]
                longest = max(map(len, (*cells, title, "123456")))
                sheet.set_column(column, column, min(longest + 2, _WIDEST), text)
            for line, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, int):
                        sheet.write_number(line, column, cell, number)
                    elif cell:
                        sheet.write_string(line, column, cell[:_LONGEST], text)
            sheet.freeze_panes(1, 0)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            if rows:
                sheet.autofilter(0, 0, len(rows), len(headings) - 1)
    return buffer.getvalue()
