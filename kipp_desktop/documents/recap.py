"""The recap of all marks as a spreadsheet: rekapitulasi.xlsx.

Numbers are numbers, so that they can be summed; text is text, whatever it looks like: "01" keeps
its zero and "=…" computes nothing. Spreadsheet programs show the decimal sign of the reader's own
settings.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from kipp_desktop.documents.wording import SIGNED_HOW, decimals, status_of
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.domain.report import RankRow, Report

# Codes of the file format; 14 is the folio that offices call F4.
_PAPERS = {"A4": 9, "F4": 14}
_LINE_HEIGHT = 15.5
_WIDEST = 60


def render_recap(report: Report, catalogue: Catalogue) -> bytes:
    """Return the workbook: ranking, all counted marks, method. Same report, same bytes."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as workbook:
        workbook.set_properties(
            {
                "title": catalogue.say(
                    Text("Recap of marks: {competition}", competition=report.competition)
                ),
                "author": report.organiser,
                "created": report.printed_at.replace(tzinfo=None),
            }
        )
        writer = _Writer(workbook, catalogue, report)
        writer.sheet(Text("Ranking"), *_ranking(report, catalogue))
        writer.sheet(Text("Marks"), *_marks(report, catalogue))
        writer.sheet(Text("Method"), *_method(report, catalogue))
    return buffer.getvalue()


class _Number(str):
    """A decimal string that is to become a number in its cell."""

    __slots__ = ()


class _Writer:
    def __init__(self, workbook: Any, catalogue: Catalogue, report: Report) -> None:
        self._workbook = workbook
        self._catalogue = catalogue
        self._report = report
        cell = {"valign": "top", "border": 1, "border_color": "#98A2B3"}
        self._heading = workbook.add_format(
            {**cell, "bold": True, "text_wrap": True, "bg_color": "#E4E7EC", "valign": "vcenter"}
        )
        # "@" keeps "01" as it is when somebody edits the cell.
        self._text = workbook.add_format({**cell, "text_wrap": True, "num_format": "@"})
        self._formats = {
            digits: workbook.add_format({**cell, "num_format": _number_format(digits)})
            for digits in range(16)
        }

    def sheet(self, name: Text, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write a sheet with a frozen heading row, as wide as its texts, one page wide in print."""
        title = self._catalogue.say(name)
        sheet = self._workbook.add_worksheet(title)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, self._heading)
            cells = [row[column] for row in rows]
            digits = max((_digits(cell) for cell in cells if isinstance(cell, _Number)), default=0)
            for line, cell in enumerate(cells, start=1):
                if isinstance(cell, _Number):
                    sheet.write_number(line, column, float(cell), self._formats[min(digits, 15)])
                else:
                    sheet.write_string(line, column, cell, self._text)
            sheet.set_column(column, column, _width(heading, cells))
        widths = [
            _width(heading, [row[column] for row in rows])
            for column, heading in enumerate(headings)
        ]
        for line, row in enumerate(rows, start=1):
            lines = max(map(_lines, row, widths), default=1)
            if lines > 1:
                sheet.set_row(line, _LINE_HEIGHT * lines)
        sheet.freeze_panes(1, 0)
        if rows and len(headings) > 2:
            sheet.autofilter(0, 0, len(rows), len(headings) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(_PAPERS[self._report.paper])
        sheet.fit_to_pages(1, 0)
        sheet.set_header("&L" + _escaped(self._report.competition) + "&R" + _escaped(title))
        sheet.set_footer(
            "&L"
            + _escaped(self._report.results_id)
            + "&R"
            + self._catalogue.say(Text("Page {page} of {pages}", page="&P", pages="&N"))
        )


def _ranking(report: Report, catalogue: Catalogue) -> tuple[list[str], list[list[str]]]:
    say = catalogue.say
    several = len(report.groups) > 1
    judges = [judge.name for judge in report.judges]
    headings = [
        *([say(Text("Group"))] if several else []),
        *map(say, (Text("Place"), Text("No."), Text("Title"), Text("Agency"))),
        *judges,
        *map(say, (Text("Score"), Text("Judges"), Text("Award"), Text("Remark"))),
    ]
    rows = [
        [
            *([group.name] if several else []),
            _number(None if row.place is None else str(row.place)),
            row.number,
            row.title,
            row.organisation,
            *map(_number, row.judge_totals),
            _number(row.score),
            _Number(row.sheets),
            row.award or "",
            _remark(row, catalogue),
        ]
        for group in report.groups
        for row in group.rows
    ]
    return headings, rows


def _remark(row: RankRow, catalogue: Catalogue) -> str:
    if row.place is None:
        return catalogue.say(status_of(row))
    remarks: list[Text] = [Text("Shared place")] if row.shared else []
    if row.decided_by is not None:
        remarks.append(Text("order decided by {step}", step=row.decided_by))
    return "; ".join(map(catalogue.say, remarks))


def _marks(report: Report, catalogue: Catalogue) -> tuple[list[str], list[list[str]]]:
    say = catalogue.say
    criteria: dict[str, str] = {}
    for stage in report.stages:
        for criterion in stage.criteria:
            if criterion.leaf:
                criteria.setdefault(criterion.id, criterion.name)
    titles = {row.number: row.title for group in report.groups for row in group.rows}
    headings = [
        *map(say, (Text("Judge"), Text("No."), Text("Title"))),
        *criteria.values(),
        *map(say, (Text("Total"), Text("Source"), Text("Signed at"))),
    ]
    rows = []
    for sheet in report.sheets:
        marks = dict(sheet.marks)
        rows.append(
            [
                report.judges[sheet.judge].name,
                sheet.number,
                titles.get(sheet.number, ""),
                *(_number(marks.get(criterion)) for criterion in criteria),
                _number(sheet.total),
                say(SIGNED_HOW[sheet.source]) if sheet.source in SIGNED_HOW else sheet.source,
                catalogue.date_time(datetime.fromisoformat(sheet.signed_at)),
            ]
        )
    return headings, rows


def _method(report: Report, catalogue: Catalogue) -> tuple[list[str], list[list[str]]]:
    say = catalogue.say
    rows: list[list[str]] = [
        [say(Text("Organiser")), report.organiser],
        [say(Text("Year")), str(report.year)],
        [say(Text("Held on")), catalogue.date(report.held_on.date())],
        [say(Text("State")), say(Text("Draft") if report.draft else Text("Final"))],
    ]
    for stage in report.stages:
        rows += [
            [say(Text("Stage")), stage.name],
            [say(Text("Rubric")), stage.rubric_name],
            [say(Text("Source of the rubric")), stage.rubric_source],
            [say(Text("Combination of marks")), say(stage.method)],
            [say(Text("Highest possible score")), _Number(stage.maximum)],
        ]
        for criterion in stage.criteria:
            name = " " * 4 * criterion.depth + criterion.name
            rows.append(
                [say(Text("Weight of {criterion} (%)", criterion=name)), _Number(criterion.weight)]
            )
            if criterion.leaf:
                rows.append([say(Text("Scale")), decimals(catalogue, criterion.scale)])
    rows += [[say(Text("Method")), say(sentence)] for sentence in report.method]
    rows += [
        [say(Text("Results")), report.results_id],
        [say(Text("Desk key")), report.desk_fingerprint],
        [say(Text("Six words")), report.desk_words],
    ]
    return [say(Text("Competition")), report.competition], rows


def _number(decimal: str | None) -> str:
    return "" if decimal is None else _Number(decimal)


def _digits(decimal: str) -> int:
    return len(decimal.partition(".")[2])


def _number_format(digits: int) -> str:
    return f"0.{'0' * digits}" if digits else "0"


def _width(heading: str, cells: Iterable[str]) -> int:
    """Return a width in characters: the longest text, or word of the heading, within bounds."""
    words = max(map(len, heading.split()), default=0)
    longest = max(map(len, cells), default=0)
    return min(max(words, longest, 6) + 3, _WIDEST)


def _lines(cell: str, width: int) -> int:
    """Return how many lines a wrapped text takes; not every program finds that out by itself."""
    return -(-len(cell) // max(1, width - 1))


def _escaped(text: str) -> str:
    """Return ``text`` for a page header, where "&" starts a code and 255 characters are room."""
    return text.replace("&", "&&")[:100]
