"""The agenda as a spreadsheet: a sheet for each room and day."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import xlsxwriter

from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.agenda_report import AgendaReport

_LINE_HEIGHT = 15.5
_PAPERS = {"A4": 9, "F4": 14}


def render_agenda_book(report: AgendaReport, catalogue: Catalogue) -> bytes:
    """Return the workbook; every cell is text. Same report, same bytes."""
    say = catalogue.say
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        workbook.set_properties(
            {
                "title": say(Text("Agenda: {competition}", competition=report.competition)),
                "created": report.printed_at.replace(tzinfo=None),
            }
        )
        cell = {"valign": "top", "border": 1, "border_color": "#98A2B3", "num_format": "@"}
        text = workbook.add_format({**cell, "text_wrap": True})
        heading = workbook.add_format({**cell, "bold": True, "bg_color": "#E4E7EC"})
        bold = workbook.add_format({"bold": True})
        taken: set[str] = set()
        for session in report.sessions:
            name = _sheet_name(f"{session.day:%d-%m} {session.room}", taken)
            sheet = workbook.add_worksheet(name)
            sheet.write_string(0, 0, report.competition, bold)
            about = f"{session.stage} · {catalogue.date(session.day)} · {session.hours}"
            sheet.write_string(1, 0, f"{about} · {session.room}", bold)
            sheet.write_string(2, 0, catalogue.list(session.judges))
            headings = _headings(several=report.several_groups)
            for column, (label, width) in enumerate(headings):
                sheet.write_string(4, column, say(label), heading)
                sheet.set_column(column, column, width)
            for line, row in enumerate(session.rows, start=5):
                cells = [row.start, row.end, row.number, row.title, row.agency,
                         *([row.group] if report.several_groups else []),
                         row.state, row.really]  # fmt: skip
                for column, value in enumerate(cells):
                    sheet.write_string(line, column, value, text)
                lines = max(_lines(c, w) for c, (_, w) in zip(cells, headings, strict=True))
                if lines > 1:
                    sheet.set_row(line, _LINE_HEIGHT * lines)
            sheet.freeze_panes(5, 0)
            sheet.set_landscape()
            sheet.set_paper(_PAPERS[report.paper])
            sheet.fit_to_pages(1, 0)
    return buffer.getvalue()


def _headings(*, several: bool) -> list[tuple[Text, int]]:
    """Return the columns, each with its width in characters; one group needs no column."""
    return [
        (Text("Start"), 8),
        (Text("End"), 14),
        (Text("No."), 8),
        (Text("Title"), 60),
        (Text("Agency"), 44),
        *([(Text("Group"), 14)] if several else []),
        (Text("State"), 16),
        (Text("In fact"), 14),
    ]


def _lines(cell: str, width: int) -> int:
    """Return how many lines a wrapped text takes; not every program finds that out by itself."""
    return -(-len(cell) // max(1, width - 1))


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a name of at most 31 characters that the format allows and that is not taken."""
    clean = re.sub(r"[\[\]:*?/\\']", " ", wanted).strip()[:27] or "-"
    name, number = clean, 2
    while name.casefold() in taken:
        name, number = f"{clean} {number}", number + 1
    taken.add(name.casefold())
    return name
